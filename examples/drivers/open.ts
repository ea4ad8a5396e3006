// What a person names in, the driver for it, opened, out: `rbd:…`, `iscsi://…`, `file:…` or a path. A library is loaded when its
// first image is opened, and not before.

import type { BlockDriver, OpenOptions } from './driver.ts';
import { openFile } from './file.ts';
import { openIscsi } from './iscsi.ts';
import { openRbd } from './rbd.ts';

export async function openBlock(name: string, options: OpenOptions = {}): Promise<BlockDriver> {
  const [, scheme] = /^([a-z]+):/.exec(name) ?? [];
  switch (scheme) {
    case 'rbd':
      return openRbd(name, options);
    case 'iscsi':
      return openIscsi(name, options);
    case 'file':
      return openFile(name.replace(/^file:(\/\/(?=\/))?/, ''), options);
    default:
      return openFile(name, options);
  }
}
