// Each system's loader, as the runtime drives it: which functions it calls, with which flags, in which order. glibc runs for real in
// the other tests; here all four are held against loaders that only record.
// Run: npx vitest run test/runtime/loaders.test.ts

import { describe, expect, it } from 'vitest';
import { darwin } from '../../runtime/src/loading/platforms/darwin.ts';
import { glibc } from '../../runtime/src/loading/platforms/glibc.ts';
import { musl } from '../../runtime/src/loading/platforms/musl.ts';
import { createPlatform } from '../../runtime/src/loading/platforms/platform.ts';
import { windows } from '../../runtime/src/loading/platforms/windows.ts';
import { fakeNatives } from './fake-natives.ts';

const HANDLE = 0x7000n;

/** dlopen that knows these files. */
function posixFunctions(known: Readonly<Record<string, bigint>>) {
  return {
    dlopen: (file: string | null) => (file === null ? 1n : (known[file] ?? null)),
    dlerror: () => 'the words of the loader',
    dlsym: (_handle: bigint | null, name: string) => (name.startsWith('x_') ? 0x42n : null),
    dladdr(_address: bigint, info: BigUint64Array) {
      info[0] = 0x9000n;
      return 1;
    },
    dlinfo(_handle: bigint, _request: number, map: BigUint64Array) {
      map[0] = 0x100n;
      return 0;
    },
  };
}

describe('the loader of a system', () => {
  it('is chosen by the system, and on Linux by the C library', () => {
    const functions = posixFunctions({});
    const windowsNatives = fakeNatives({});
    expect(createPlatform(fakeNatives(functions, { symbols: { gnu_get_libc_version: 1n } }), 'linux').system).toBe(
      'glibc',
    );
    expect(createPlatform(fakeNatives(functions), 'linux').system).toBe('musl');
    expect(createPlatform(fakeNatives(functions), 'darwin').system).toBe('darwin');
    expect(createPlatform(windowsNatives, 'win32').system).toBe('windows');
    expect([...windowsNatives.dlls]).toEqual(['kernel32.dll']);
  });

  it('has no function that unloads', () => {
    const functions = posixFunctions({});
    for (const system of ['linux', 'darwin', 'win32'] as const) {
      const platform = createPlatform(fakeNatives(functions), system);
      expect(Object.keys(platform).filter((name) => /close|free|unload|release/i.test(name))).toEqual([]);
    }
  });
});

describe('glibc', () => {
  const memory = { [String(0x108n)]: 0x200n, [String(0x200n)]: '/opt/libx.so.1', [String(0x9000n)]: '/opt/liby.so' };

  it('loads with RTLD_NOW | RTLD_NODELETE, and RTLD_DEEPBIND unless told not to', () => {
    const natives = fakeNatives(posixFunctions({ 'libx.so.1': HANDLE }));
    const platform = glibc(natives);
    expect(platform.load('libx.so.1', { deep: true })).toBe(HANDLE);
    expect(platform.load('libx.so.1', { deep: false })).toBe(HANDLE);
    expect(natives.calls.map(({ args }) => args)).toEqual([
      ['libx.so.1', 0x100a],
      ['libx.so.1', 0x1002],
    ]);
  });

  it('gives the loader the bare name, and keeps its words', () => {
    const platform = glibc(fakeNatives(posixFunctions({})));
    expect(platform.candidates('libx.so.1')).toEqual(['libx.so.1']);
    expect(platform.load('libx.so.1', { deep: true })).toBe('the words of the loader');
  });

  it('finds what is loaded with RTLD_NOLOAD, and its file in the link map', () => {
    const natives = fakeNatives(posixFunctions({ '/opt/libx.so.1': HANDLE }), { memory });
    const platform = glibc(natives);
    expect(platform.find('/opt/libx.so.1')).toBe(HANDLE);
    expect(platform.find('libz.so.1')).toBeUndefined();
    expect(platform.fileOf(HANDLE)).toBe('/opt/libx.so.1');
    expect(platform.fileAt(5n)).toBe('/opt/liby.so');
    expect(natives.calls.filter(({ name }) => name === 'dlopen').map(({ args }) => args[1])).toEqual([0x6, 0x6]);
    expect(natives.calls.find(({ name }) => name === 'dlinfo')?.args.slice(0, 2)).toEqual([HANDLE, 2]);
  });
});

describe('loading on the thread pool', () => {
  const file = '/opt/libx.so.1';
  const natives = (known: Record<string, bigint>) => {
    const fake = fakeNatives({
      ...posixFunctions(known),
      _dyld_image_count: () => 0,
    });
    const later: unknown[] = [];
    const start = <A extends unknown[], R>(func: (...args: A) => R) => {
      return async (...args: A): Promise<R> => {
        later.push(args);
        return func(...args);
      };
    };
    return Object.assign(fake, { later: start, started: later });
  };

  it.each([
    ['glibc', glibc, 0x100a],
    ['musl', musl, 0x1002],
    ['macOS', darwin, 0x86],
  ] as const)('of %s has the flags of loading at once', async (_name, platform, flags) => {
    const fake = natives({ [file]: HANDLE });
    expect(await platform(fake).loadLater!(file, { deep: true })).toBe(HANDLE);
    expect(fake.started).toEqual([[file, flags]]);
  });

  it("asks again where it is refused: the loader's words are for the thread that asked", async () => {
    const fake = natives({});
    expect(await glibc(fake).loadLater!(file, { deep: false })).toBe('the words of the loader');
    expect(fake.calls.map(({ name }) => name)).toEqual(['dlopen', 'dlopen', 'dlerror']);
  });

  it('is not there for natives that cannot, and on Windows', () => {
    expect(glibc(fakeNatives(posixFunctions({}))).loadLater).toBeUndefined();
    expect(windows(natives({})).loadLater).toBeUndefined();
  });
});

describe('musl', () => {
  // Two entries of the list of loaded objects: l_name at 8, l_next at 24.
  const memory = {
    [String(0x108n)]: 0x500n,
    [String(0x500n)]: '/usr/bin/node',
    [String(0x118n)]: 0x300n,
    [String(0x308n)]: 0x600n,
    [String(0x600n)]: '/opt/libx.so.1',
  };

  it('never binds deep, which it cannot', () => {
    const natives = fakeNatives(posixFunctions({ '/opt/libx.so.1': HANDLE }));
    const platform = musl(natives);
    expect(platform.bindsDeep).toBe(false);
    expect(platform.load('/opt/libx.so.1', { deep: true })).toBe(HANDLE);
    expect(natives.calls.map(({ args }) => args)).toEqual([['/opt/libx.so.1', 0x1002]]);
  });

  it('takes a library that was loaded by its path for its bare name, where musl would load a second copy', () => {
    const natives = fakeNatives(posixFunctions({ '/opt/libx.so.1': HANDLE, 'libx.so.1': 0x8000n }), { memory });
    expect(musl(natives).load('libx.so.1', { deep: false })).toBe(HANDLE);
    expect(musl(natives).find('libx.so.1')).toBe(HANDLE);
    expect(musl(natives).load('libother.so.1', { deep: false })).toBe('the words of the loader');
  });
});

describe('macOS', () => {
  const images = ['/usr/bin/node', '/opt/homebrew/lib/libx.1.dylib'];
  const functions = {
    ...posixFunctions({ '/opt/homebrew/lib/libx.1.dylib': HANDLE, '/usr/bin/node': 1n }),
    _dyld_image_count: () => images.length,
    _dyld_get_image_name: (index: number) => images[index] ?? null,
  };

  it('loads with RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE, whose values are its own', () => {
    const natives = fakeNatives(functions);
    expect(darwin(natives, {}).load('/opt/homebrew/lib/libx.1.dylib', { deep: true })).toBe(HANDLE);
    expect(natives.calls.map(({ args }) => args)).toEqual([['/opt/homebrew/lib/libx.1.dylib', 0x86]]);
  });

  it('makes absolute paths of a bare name, since dyld would look into the current folder', () => {
    const exists = (path: string) => !path.startsWith('/opt/local');
    const env = { DYLD_LIBRARY_PATH: '/mine::relative', DYLD_FALLBACK_LIBRARY_PATH: '/usr/local/lib' };
    expect(darwin(fakeNatives(functions), env, exists).candidates('libx.1.dylib')).toEqual([
      '/mine/libx.1.dylib',
      '/usr/local/lib/libx.1.dylib',
      '/opt/homebrew/lib/libx.1.dylib',
      '/usr/lib/libx.1.dylib',
    ]);
    // A library of the system has no file, and dyld knows it all the same.
    expect(darwin(fakeNatives(functions), {}, () => false).candidates('libz.1.dylib')).toEqual([
      '/usr/lib/libz.1.dylib',
    ]);
  });

  it('finds an image by its name and the file of a handle among the images', () => {
    const natives = fakeNatives(functions);
    const platform = darwin(natives, {});
    expect(platform.find('libx.1.dylib')).toBe(HANDLE);
    expect(platform.find('libother.dylib')).toBeUndefined();
    expect(platform.fileOf(HANDLE)).toBe('/opt/homebrew/lib/libx.1.dylib');
    expect(natives.calls.filter(({ name }) => name === 'dlopen').every(({ args }) => args[1] === 0x12)).toBe(true);
  });

  it('asks the whole process through RTLD_DEFAULT, which is -2', () => {
    const natives = fakeNatives(functions);
    expect(darwin(natives, {}).global('x_one')).toBe(0x42n);
    expect(natives.calls.at(-1)?.args).toEqual([0xffff_ffff_ffff_fffen, 'x_one']);
  });
});

describe('Windows', () => {
  const text = (words: string) => (buffer: Buffer) => buffer.write(words, 'utf16le') / 2;
  const functions = {
    LoadLibraryExW: (file: string) => (file.endsWith('x.dll') ? HANDLE : null),
    GetModuleHandleExW(_flags: number, name: string | bigint, module: BigUint64Array) {
      module[0] = typeof name === 'bigint' || name.endsWith('x.dll') ? HANDLE : 0n;
      return module[0] ? 1 : 0;
    },
    GetProcAddress: (_module: bigint, name: string) => (name.startsWith('x_') ? 0x42n : null),
    GetLastError: () => 126,
    GetModuleFileNameW: (_module: bigint, buffer: Buffer) => text('C:\\lib\\x.dll')(buffer),
    FormatMessageW: (_f: number, _s: null, _c: number, _l: number, buffer: Buffer) =>
      text('The specified module could not be found.\r\n')(buffer),
  };

  it('loads with LOAD_LIBRARY_SEARCH_* only, so that neither the current folder nor PATH is searched, and pins by address', () => {
    const natives = fakeNatives(functions);
    expect(windows(natives).load('x.dll', { deep: true })).toBe(HANDLE);
    const [load, pin] = natives.calls;
    expect(load).toEqual({ name: 'LoadLibraryExW', args: ['x.dll', null, 0x1000] });
    expect(pin).toMatchObject({ name: 'GetModuleHandleExW', args: [0x5, HANDLE, expect.anything()] });
  });

  it("looks beside the DLL for what it needs where the DLL's folder is known", () => {
    const natives = fakeNatives(functions);
    windows(natives).load('C:\\lib\\x.dll', { deep: false });
    expect(natives.calls[0]?.args[2]).toBe(0x1100);
  });

  it('gives the number of an error and its text', () => {
    expect(windows(fakeNatives(functions)).load('none.dll', { deep: false })).toBe(
      'none.dll: error 126: The specified module could not be found.',
    );
  });

  it('does not hold on to a library that it could not pin', () => {
    const natives = fakeNatives({ ...functions, GetModuleHandleExW: () => 0 });
    expect(windows(natives).load('x.dll', { deep: false })).toMatch(/error 126/);
  });

  it('finds a module without counting a reference, its file, and the file of an address', () => {
    const natives = fakeNatives(functions);
    const platform = windows(natives);
    expect(platform.find('x.dll')).toBe(HANDLE);
    expect(platform.find('other.dll')).toBeUndefined();
    expect(platform.fileOf(HANDLE)).toBe('C:\\lib\\x.dll');
    expect(platform.fileAt(HANDLE)).toBe('C:\\lib\\x.dll');
    const flags = natives.calls.filter(({ name }) => name === 'GetModuleHandleExW').map(({ args }) => args[0]);
    expect(flags).toEqual([0x2, 0x2, 0x6]);
    expect(platform.lacking(HANDLE, ['x_one', 'y_two'])).toEqual(['y_two']);
  });
});
