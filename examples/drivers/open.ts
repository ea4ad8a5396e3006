// What a person names in, the driver for it, opened, out: `rbd:…`, `iscsi://…`, `file:…` or a path. A library is loaded when its
// first image is opened, and not before.

import type { BlockDriver, OpenOptions } from './driver.ts';
import { openFile } from './file.ts';
import { openIscsi } from './iscsi.ts';
import { openRbd } from './rbd.ts';

/** Longer than a letter, which is a drive to Windows. */
const SCHEME = /^([a-z][a-z0-9+.-]+):/i;

/** Rejects with a TypeError for a scheme that nothing here knows, and as the driver's own function does. */
export async function openBlock(name: string, options: OpenOptions = {}): Promise<BlockDriver> {
  const [, scheme] = SCHEME.exec(name) ?? [];
  switch (scheme) {
    case 'rbd':
      return openRbd(name, options);
    case 'iscsi':
      return openIscsi(name, options);
    case 'file':
      return openFile(name.replace(/^file:(\/\/(?=\/))?/, ''), options);
    case undefined:
      return openFile(name, options);
    default:
      throw new TypeError(
        `${name}: unknown scheme ${scheme}; rbd:, iscsi: and file: are known, and file:${name} is a file of that name`,
      );
  }
}
