// A server and the name of a file on it in, the file as an image of the ssh driver out, until the test is over.

import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { BlockDriver, OpenOptions } from '../../examples/dist/drivers/block.js';
import { openBlock } from '../../examples/dist/drivers/open.js';
import { type Ssh, start } from './ssh.mjs';

export type Options = Readonly<Record<string, string | number | boolean>>;

/** Whatever the machine's ssh_config says. */
export async function open(url: string, request: OpenOptions = {}, options: Options = {}): Promise<BlockDriver> {
  const driver = await openBlock(url, request, { options: { config: 'none', ...options } });
  onTestFinished(() => driver.close());
  return driver;
}

/** Another server, for one test. */
export async function serving(how: Parameters<typeof start>[0]): Promise<Ssh> {
  const server = await start(how);
  onTestFinished(() => server.stop());
  return server;
}

/** A file of the server, and what opens it. */
export function at(server: Ssh, name: string): { url: string; file: string; options: Options } {
  const file = join(server.files, name);
  const url = `ssh://${server.user}@${server.host}:${server.port}${file}`;
  return { url, file, options: { host_key: server.fingerprint, identity: server.key } };
}
