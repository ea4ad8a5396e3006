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
  /** Of the driver of the protocol or, where that has none of the name, of the format; `NAME.OPTION` is that of the driver NAME. */
  readonly options?: GivenOptions | undefined;
  /** Gives up waiting for a driver and its library, which may hang in its constructor. */
  readonly signal?: AbortSignal | undefined;
  /** For so many seconds, 0 for ever, a driver and its library are waited for. */
  readonly patience?: number | undefined;
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
  const isProbed = how.format === undefined && isFile && request.create === undefined;
  const readerOf = (format: string | undefined) => drivers.known.find(({ formats = [] }) => formats.includes(format!));
  const options = (readers: readonly Known[]) => share(drivers.known, how.options ?? {}, driver, readers);
  // Before anything is opened, as far as it is known which drivers there will be.
  options(isProbed ? drivers.known.filter(({ formats }) => formats) : [readerOf(how.format)].filter((one) => !!one));
  const content = driver
    ? await opening(drivers, driver, how, () =>
        drivers.open(name, request, { options: options([readerOf(how.format)!].filter(Boolean)).get(driver), signal }),
      )
    : isFile
      ? await openFile(name.replace(/^file:(\/\/(?=\/))?/i, ''), request)
      : await drivers.open(name, request, { signal });
  try {
    const format = isProbed ? (await drivers.probe(content, { signal }))[0]?.format : how.format;
    const reader = readerOf(format);
    const given = options(reader ? [reader] : []);
    if (!reader || format === undefined) return content;
    return await opening(drivers, reader, how, () =>
      drivers.openFormat(format, content, request, { options: given.get(reader), signal }),
    );
  } catch (error) {
    await content.close();
    throw error;
  }
}

type Known = BlockOpener['drivers']['known'][number];

/** Loads a driver for as long as somebody waits, and opens with it: that has limits of its own. */
async function opening(
  drivers: BlockOpener['drivers'],
  { name }: Known,
  { signal, patience }: OpenHow,
  open: () => Promise<BlockDriver>,
): Promise<BlockDriver> {
  const limits = [signal, patience ? AbortSignal.timeout(patience * 1000) : undefined].filter((one) => !!one);
  if (limits.length > 0) await drivers.load(name, { signal: AbortSignal.any(limits) });
  return open();
}

/** Gives each option to the driver that has it: the one that is named before its dot, else the protocol's, else the format's. Throws a DriverError for
 *  one that is nobody's. */
function share(
  known: readonly Known[],
  options: GivenOptions,
  driver: Known | undefined,
  readers: readonly Known[],
): Map<Known, Record<string, string | number | boolean | undefined>> {
  const open = [...(driver ? [driver] : []), ...readers];
  const shared = new Map<Known, Record<string, string | number | boolean | undefined>>();
  for (const [key, value] of Object.entries(options)) {
    const [, of, name = key] = /^([^.]+)\.(.+)$/.exec(key) ?? [];
    const has = (each: Known) => Object.hasOwn(each.options ?? {}, name);
    const owner = of === undefined ? open.find(has) : open.find((each) => each.name === of);
    if (!owner || !has(owner)) throw strayOption(known, open, of, name);
    shared.set(owner, { ...shared.get(owner), [name]: value });
  }
  return shared;
}

function strayOption(
  known: readonly Known[],
  open: readonly Known[],
  of: string | undefined,
  name: string,
): DriverError {
  const names = (all: readonly Known[]) => all.map((each) => each.name).join(', ');
  if (of !== undefined && !known.some((each) => each.name === of))
    return new DriverError('options', of, `${of}.${name}: no driver '${of}' is known.`, `There are ${names(known)}.`);
  const takers = of === undefined ? open : open.filter((each) => each.name === of);
  if (takers.length === 0) {
    const what = of === undefined ? 'a raw file has no options' : `the driver '${of}' is not what opens this image`;
    return new DriverError('options', of, `there is no option '${name}' here: ${what}.`);
  }
  const there = takers.map((each) => `${each.name}: ${Object.keys(each.options ?? {}).join(', ') || 'none'}`);
  return new DriverError('options', of, `there is no option '${name}'.`, `There are: ${there.join('; ')}.`);
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

const program = blockOpener();
/** Those of a program that needs no other. */
export const drivers: BlockOpener['drivers'] = program.drivers;
export const openBlock: BlockOpener['open'] = program.open;
