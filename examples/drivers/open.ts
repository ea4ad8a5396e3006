// What a person names in, the driver for it, opened, out: `rbd:…`, `iscsi://…`, `http://…`, `file:…` or a path. A driver and its library
// are loaded when its first image is opened, and not before.

import {
  DriverError,
  type DriverReport,
  type Drivers,
  defineDrivers,
  type GivenOptions,
} from '@dlshim/runtime/drivers';
import { type BlockDriver, type BlockHost, INTERFACE, type OpenOptions, refusal } from './block.ts';
import { openFile } from './file/file.ts';
import { known } from './known.ts';

/** How an image is opened besides. */
export interface OpenHow {
  /** `raw` for what it is byte by byte, or the name of a format. Unless given, the bytes of a file decide; what is behind a protocol, or
   *  is made, is raw: whoever may write to a raw image decides what its bytes look like. */
  readonly format?: string | undefined;
  /** Of the driver of the protocol, and for a file without one of the format's; `NAME.OPTION` is that of the driver NAME. */
  readonly options?: GivenOptions | undefined;
  /** Gives up waiting for a driver and its library, which may hang in its constructor. */
  readonly signal?: AbortSignal | undefined;
}

/** One program's drivers, and how it opens images by them. */
export interface BlockOpener {
  readonly drivers: Drivers<BlockHost, OpenOptions, BlockDriver>;
  /** Rejects with a DriverError for a protocol, format or option that is not known and for a driver that cannot be used, and as the
   *  driver's own function does. */
  open(name: string, request?: OpenOptions, how?: OpenHow): Promise<BlockDriver>;
}

/** A program's own, with its own list of what is loaded; `report` hears of drivers that were passed over, or take long. */
export function blockOpener(report?: (report: DriverReport) => void): BlockOpener {
  const host = { name: 'blockimg', version: '1.0.0', interface: INTERFACE };
  const drivers = defineDrivers(known, { host, ...(report && { report }) });
  return { drivers, open: (name, request = {}, how = {}) => openWith(drivers, name, request, how) };
}

async function openWith(
  drivers: BlockOpener['drivers'],
  name: string,
  request: OpenOptions,
  how: OpenHow,
): Promise<BlockDriver> {
  const { signal } = how;
  const protocol = drivers.protocolOf(name);
  const isFile = protocol === undefined || protocol === 'file';
  const driver = drivers.known.find(({ protocols = [] }) => protocol !== undefined && protocols.includes(protocol));
  if (how.format !== undefined) checkFormat(drivers, how.format, name, request);
  if (!isFile && !driver) {
    const all = drivers.known.flatMap(({ protocols = [] }) => protocols.map((each) => `${each}:`));
    const remedy = `There are ${all.join(', ')}; a file of that name is file:${name}`;
    throw new DriverError('unknown', undefined, `${name}: no driver for ${protocol}: is known.`, remedy);
  }
  const content = isFile
    ? await openFile(name.replace(/^file:(\/\/(?=\/))?/i, ''), request)
    : await drivers.open(name, request, { options: optionsOf(driver?.name, how, true), signal });
  try {
    const isProbed = how.format === undefined && isFile && request.create === undefined;
    const format = isProbed ? (await drivers.probe(content, { signal }))[0]?.format : how.format;
    if (format === undefined || format === 'raw') return content;
    const reader = drivers.known.find(({ formats = [] }) => formats.includes(format));
    return await drivers.openFormat(format, content, request, {
      options: optionsOf(reader?.name, how, isFile),
      signal,
    });
  } catch (error) {
    await content.close();
    throw error;
  }
}

/** Before anything is opened. */
function checkFormat(
  { known: all }: BlockOpener['drivers'],
  format: string,
  name: string,
  { create }: OpenOptions,
): void {
  const formats = ['raw', ...all.flatMap(({ formats: own = [] }) => own)];
  if (!formats.includes(format))
    throw new DriverError('unknown', undefined, `no format '${format}' is known.`, `There are ${formats.join(', ')}.`);
  if (create !== undefined && format !== 'raw')
    throw refusal('EROFS', `${name} is not made: files of the format ${format} are only read here`);
}

/** The options that are a driver's own. */
function optionsOf(driver: string | undefined, { options = {} }: OpenHow, isPlain: boolean): GivenOptions {
  const own = Object.entries(options).flatMap(([key, value]) => {
    const [, of, name = key] = /^([^.]+)\.(.+)$/.exec(key) ?? [];
    return of === driver || (of === undefined && isPlain) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(own);
}

const program = blockOpener();
/** Those of a program that needs no other. */
export const drivers: BlockOpener['drivers'] = program.drivers;
export const openBlock: BlockOpener['open'] = program.open;
