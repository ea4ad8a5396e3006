// spice-server through its shim, in a process of its own (spice-server.mjs): it listens on loopback, and a client that speaks the
// protocol by itself (spice-client.ts) gets the main channel with the right password, and not with a wrong one.

import { fileURLToPath } from 'node:url';
import {
  SPICE_CHANNEL_EVENT_CONNECTED,
  SPICE_CHANNEL_EVENT_DISCONNECTED,
  SPICE_CHANNEL_EVENT_INITIALIZED,
} from '@dlshim/shims/spice_server';
import { expect, onTestFinished, test, vi } from 'vitest';
import { named, noLibrary } from '../needs.ts';
import { accepts, type Daemon, freePort, readLog } from './daemon.mjs';
import { noServer } from './servers.mjs';
import { inSite } from './site.mjs';
import { link, MAIN_CHANNEL, MAIN_INIT } from './spice-client.ts';

const noSpice = noServer() ?? noLibrary('libspice-server.so.1');
const PERMISSION_DENIED = 7;

test.skipIf(noSpice)(named('spice-server answers the link message and opens the main channel', noSpice), async () => {
  const server = await inSite('spice', async (site) => {
    const port = await freePort();
    const program = fileURLToPath(new URL('spice-server.mjs', import.meta.url));
    const options = { name: 'spice-server', ready: ({ output }: Daemon) => readLog(output).includes('listening') };
    const daemon = await site.daemon(process.execPath, [program, `${port}`, 'the password'], options);
    return { port, daemon };
  });
  onTestFinished(() => server.stop());
  const { port, daemon } = server;
  const told = (): unknown[] =>
    readLog(daemon.output)
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as unknown);

  const { magic, major, error, result, message } = await link(port, 'the password');
  expect({ magic, major, error, result, message }).toEqual({
    magic: 'REDQ',
    major: 2,
    error: 0,
    result: 0,
    message: MAIN_INIT,
  });
  // Which channel it is, is known once it is initialized.
  await vi.waitFor(() =>
    expect(told()).toMatchObject([
      { listening: port },
      { event: SPICE_CHANNEL_EVENT_CONNECTED },
      { event: SPICE_CHANNEL_EVENT_INITIALIZED, type: MAIN_CHANNEL },
      { event: SPICE_CHANNEL_EVENT_DISCONNECTED, type: MAIN_CHANNEL },
    ]),
  );

  expect(await link(port, 'a guess')).toMatchObject({ magic: 'REDQ', error: 0, result: PERMISSION_DENIED });
  expect(readLog(daemon.output)).toContain('Invalid password');

  daemon.signal('SIGTERM');
  expect(await daemon.end).toBe('exited with 0');
  expect(told().at(-1)).toEqual({ clients: 0, timers: 0, watches: 0 });
  expect(await accepts(port)).toBe(false);
});
