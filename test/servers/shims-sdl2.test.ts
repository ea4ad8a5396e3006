// SDL 2 through its shim, with the video driver that draws nowhere: a window with its title, and an event that comes back.

import { realpathSync } from 'node:fs';
import { bytesOf } from '@dlshim/runtime';
import {
  SDL_Event,
  SDL_INIT_VIDEO,
  SDL_USEREVENT,
  SDL_version,
  SDL_WINDOW_HIDDEN,
  SDL_WINDOWPOS_UNDEFINED,
  sdl2,
} from '@dlshim/shims/sdl2';
import { expect, onTestFinished, test } from 'vitest';
import { named, noLibrary } from '../needs.ts';

const noSdl = noLibrary('libSDL2-2.0.so.0');

test.skipIf(noSdl)(named("SDL's dummy video driver makes a window that keeps its title", noSdl), () => {
  const { fn } = sdl2.open();
  expect(fn.SDL_setenv('SDL_VIDEODRIVER', 'dummy', 1)).toBe(0);
  expect(fn.SDL_Init(SDL_INIT_VIDEO), fn.SDL_GetError() ?? '').toBe(0);
  onTestFinished(() => fn.SDL_Quit());
  expect(fn.SDL_GetCurrentVideoDriver()).toBe('dummy');

  const at = SDL_WINDOWPOS_UNDEFINED;
  const window = fn.SDL_CreateWindow('first title', at, at, 320, 200, SDL_WINDOW_HIDDEN);
  expect(fn.SDL_GetWindowTitle(window)).toBe('first title');
  fn.SDL_SetWindowTitle(window, 'naïve 窓');
  expect(fn.SDL_GetWindowTitle(window)).toBe('naïve 窓');
  const [width, height] = [[0], [0]];
  fn.SDL_GetWindowSize(window, width, height);
  expect([...width, ...height]).toEqual([320, 200]);

  fn.SDL_FlushEvents(0, 0xffff);
  const sent = SDL_Event.alloc();
  sent.type = SDL_USEREVENT;
  sent.user.code = -42;
  sent.user.windowID = fn.SDL_GetWindowID(window);
  expect(fn.SDL_PushEvent(bytesOf(sent))).toBe(1);
  const received = SDL_Event.alloc();
  expect(fn.SDL_PollEvent(bytesOf(received))).toBe(1);
  expect(received.type).toBe(SDL_USEREVENT);
  expect(received.user.code).toBe(-42);
  expect(received.user.windowID).toBe(sent.user.windowID);
  expect(fn.SDL_PollEvent(bytesOf(received))).toBe(0);
  fn.SDL_DestroyWindow(window);
});

test.skipIf(noSdl)(named('SDL tells the version of the file that was loaded', noSdl), () => {
  const version = SDL_version.alloc();
  sdl2.open().fn.SDL_GetVersion(bytesOf(version));
  expect(version.major).toBe(2);
  // libSDL2-2.0.so.0.2600.5 is SDL 2.26.5.
  expect(sdl2.inspect().path).toContain('libSDL2-2.0.so.0');
  expect(realpathSync(sdl2.inspect().path!)).toContain(`.${version.minor}00.${version.patch}`);
});
