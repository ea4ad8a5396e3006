// What a person names in, the driver for it, opened, out: `rbd:…`, `iscsi://…`, `file:…` or a path. A driver and its library are loaded
// when its first image is opened, and not before.

import { defineDrivers, type GivenOptions } from '@dlshim/runtime/drivers';
import { type BlockDriver, INTERFACE, type OpenOptions } from './block.ts';
import { openFile } from './file/file.ts';
import { known } from './known.ts';

/** The drivers of this program. */
export const drivers = defineDrivers(known, { host: { name: 'blockimg', version: '1.0.0', interface: INTERFACE } });

/** How an image is opened besides: by which driver, and its own options. */
export interface OpenHow {
  /** `raw` for what it is byte by byte, or the name of a format. Unless given, the bytes of a file decide; what is behind a protocol is raw. */
  readonly format?: string | undefined;
  readonly options?: GivenOptions;
}

/** Rejects with a DriverError for a protocol or format that is not known and for a driver that cannot be used, and as the driver's own function does. */
export async function openBlock(name: string, request: OpenOptions = {}, how: OpenHow = {}): Promise<BlockDriver> {
  const protocol = drivers.protocolOf(name);
  const isFile = protocol === undefined || protocol === 'file';
  const file = isFile
    ? await openFile(name.replace(/^file:(\/\/(?=\/))?/, ''), request)
    : await drivers.open(name, request, how);
  return file;
}
