// A server and a volume in, a connection with it out: one for all images that are open in it. It stays for a while after the last one, for
// the next: glfs_fini(3) takes ten seconds, which nobody waits for here.

import { lookup } from 'node:dns/promises';
import type { Pointer } from '@dlshim/runtime';
import type { glfs } from '@dlshim/shims/libgfapi';
import type { Argument } from './thread.ts';
import { callGluster, leaveToGluster } from './threads.ts';
import type { GlusterUrl } from './url.ts';

export interface Volume {
  readonly fs: Pointer<glfs>;
  /** To be called once: it is not used any more. */
  readonly release: () => void;
}

interface Shared {
  readonly connection: Promise<Pointer<glfs>>;
  users: number;
  leaving: NodeJS.Timeout | undefined;
}

/** How long a connection stays that nobody uses, in milliseconds. */
const STAY = 30_000;

const volumes = new Map<string, Shared>();

/** Rejects with ENOTCONN where nobody answers at the server, ENOENT where it has no such volume, and ETIMEDOUT. */
export async function useVolume(place: GlusterUrl, timeout: number): Promise<Volume> {
  const { transport, host, port, volume, logfile, debug } = place;
  const key = JSON.stringify([transport, host, port, volume, logfile, debug, timeout]);
  const shared: Shared = volumes.get(key) ?? {
    connection: connect(place, timeout),
    users: 0,
    leaving: undefined,
  };
  volumes.set(key, shared);
  shared.users++;
  clearTimeout(shared.leaving);
  const release = () => {
    if (--shared.users > 0) return;
    shared.leaving = setTimeout(() => {
      volumes.delete(key);
      shared.connection.then((fs) => leaveToGluster('glfs_fini', [fs]));
    }, STAY).unref();
  };
  try {
    return { fs: await shared.connection, release };
  } catch (error) {
    if (volumes.get(key) === shared) volumes.delete(key);
    throw copyOf(error as Error); // Others wait for it too, and say of it which image they meant.
  }
}

function copyOf(error: Error): Error {
  return Object.assign(new Error(error.message, { cause: error }), error);
}

async function connect(place: GlusterUrl, timeout: number): Promise<Pointer<glfs>> {
  const { transport, port, volume, logfile = '/dev/null', debug = 4 } = place;
  const host = transport === 'unix' ? place.host : (await lookup(place.host)).address;
  const call = (syscall: string, ...args: readonly Argument[]) =>
    callGluster({ syscall, args: () => args, after: (result) => result }, timeout);
  const fs = (await call('glfs_new', volume)) as Pointer<glfs>;
  try {
    await call('glfs_set_volfile_server', fs, transport, host, port);
    await call('glfs_set_logging', fs, logfile, debug);
    // What could not be written is kept after a flush that failed, for the next one.
    await call('glfs_set_xlator_option', fs, '*-write-behind', 'resync-failed-syncs-after-fsync', 'on');
    // A brick that does not answer is given up when our own time is over, and not after 42 s.
    if (timeout > 0) await call('glfs_set_xlator_option', fs, '*-client-*', 'ping-timeout', String(Math.ceil(timeout)));
    await call('glfs_init', fs);
    return fs;
  } catch (error) {
    setTimeout(() => leaveToGluster('glfs_fini', [fs]), STAY).unref();
    throw error;
  }
}
