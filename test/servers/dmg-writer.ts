// Content in, a disk image of macOS (UDIF) out, with chunks of any kind, as `hdiutil` and its predecessors make them: tables in a property
// list or a resource fork, the trailer at the end or at the start. For the tests: what is wrong on purpose can be said, too.

import { execFileSync, spawnSync } from 'node:child_process';
import { crc32, deflateSync } from 'node:zlib';
import { noLibrary } from '../needs.ts';

/** Why there are no images with bzip2 here; undefined where there are. */
export const noBzip2: string | undefined =
  noLibrary('libbz2.so.1.0') ??
  (spawnSync('bzip2', ['--help']).error === undefined ? undefined : 'bzip2(1) is not installed');

const SECTOR = 512;

export type ChunkKind = keyof typeof TYPES;

const TYPES = {
  zero: 0,
  raw: 1,
  ignored: 2,
  adc: 0x80000004,
  zlib: 0x80000005,
  bzip2: 0x80000006,
  lzfse: 0x80000007,
  lzma: 0x80000008,
  unknown: 0x80000123,
};

export interface ChunkPlan {
  readonly kind: ChunkKind;
  /** Whole sectors. */
  readonly content: Uint8Array;
  /** What the table says instead of the truth, in the units that it has. */
  readonly entry?: Partial<Record<'sector' | 'sectors' | 'offset' | 'length', number | bigint>>;
}

export interface DmgPlan {
  /** One after the other in the image, unless `at` says otherwise. */
  readonly tables: readonly { readonly chunks: readonly ChunkPlan[]; readonly at?: number }[];
  readonly layout?: 'plist' | 'resources';
  readonly trailer?: 'end' | 'start';
  /** Of the image, instead of what the tables have. */
  readonly sectors?: number | bigint;
  /** The property list itself. */
  readonly plist?: string;
}

export function dmg({ tables, layout = 'plist', trailer = 'end', sectors, plist }: DmgPlan): Buffer {
  const start = trailer === 'start' ? SECTOR : 0;
  const data: Buffer[] = [];
  const blkx: Buffer[] = [];
  const sums: number[] = [];
  let [length, next] = [0, 0];
  for (const { chunks, at } of tables) {
    const first = at ?? next;
    const entries: Buffer[] = [entryOf(0x7ffffffe, 0, 0, length, 0)];
    let [sector, sum] = [0, 0];
    for (const { kind, content, entry = {} } of chunks) {
      const packed = pack(kind, content);
      const count = content.length / SECTOR;
      const { offset = length, length: size = packed.length } = entry;
      entries.push(entryOf(TYPES[kind], entry.sector ?? sector, entry.sectors ?? count, offset, size));
      if (kind !== 'ignored') sum = crc32(content, sum);
      data.push(packed);
      length += packed.length;
      sector += count;
    }
    entries.push(entryOf(0xffffffff, sector, 0, length, 0));
    sums.push(sum);
    blkx.push(tableOf(first, sector, entries, sum));
    next = first + sector;
  }
  const fork = Buffer.concat(data);
  const list =
    layout === 'resources' ? resourceFork(blkx) : Buffer.from(plist ?? propertyList(blkx.map((one) => [one])));
  const koly = Buffer.alloc(SECTOR);
  koly.write('koly');
  koly.writeUInt32BE(4, 4);
  koly.writeUInt32BE(SECTOR, 8);
  koly.writeUInt32BE(1, 12);
  koly.writeBigUInt64BE(BigInt(start), 24);
  koly.writeBigUInt64BE(BigInt(fork.length), 32);
  koly.writeUInt32BE(1, 56);
  koly.writeUInt32BE(1, 60);
  checksum(koly, 80, crc32(fork));
  const range = layout === 'resources' ? 40 : 216;
  koly.writeBigUInt64BE(BigInt(start + fork.length), range);
  koly.writeBigUInt64BE(BigInt(list.length), range + 8);
  checksum(koly, 352, crc32(Buffer.concat(sums.map(u32))));
  koly.writeUInt32BE(1, 488);
  koly.writeBigUInt64BE(BigInt(sectors ?? next), 492);
  return Buffer.concat(trailer === 'start' ? [koly, fork, list] : [fork, list, koly]);
}

/** Content as one table of chunks of so many bytes, of these kinds in turn. */
export function chunked(content: Uint8Array, size: number, ...kinds: readonly ChunkKind[]): ChunkPlan[] {
  return Array.from({ length: Math.ceil(content.length / size) }, (_, at) => ({
    kind: kinds[at % kinds.length]!,
    content: content.subarray(at * size, (at + 1) * size),
  }));
}

function pack(kind: ChunkKind, content: Uint8Array): Buffer {
  switch (kind) {
    case 'zero':
    case 'ignored':
      return Buffer.alloc(0);
    case 'adc':
      return compressAdc(content);
    case 'zlib':
      return deflateSync(content);
    case 'bzip2':
      return execFileSync('bzip2', ['-c'], { input: content, maxBuffer: 1 << 28 });
    default:
      return Buffer.from(content);
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function checksum(bytes: Buffer, at: number, sum: number): void {
  bytes.writeUInt32BE(2, at);
  bytes.writeUInt32BE(32, at + 4);
  bytes.writeUInt32BE(sum, at + 8);
}

function entryOf(type: number, ...numbers: readonly (number | bigint)[]): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.writeUInt32BE(type);
  for (const [at, value] of numbers.entries()) bytes.writeBigUInt64BE(BigInt(value), 8 + 8 * at);
  return bytes;
}

function tableOf(first: number, sectors: number, entries: readonly Buffer[], sum: number): Buffer {
  const bytes = Buffer.alloc(204);
  bytes.write('mish');
  bytes.writeUInt32BE(1, 4);
  bytes.writeBigUInt64BE(BigInt(first), 8);
  bytes.writeBigUInt64BE(BigInt(sectors), 16);
  bytes.writeUInt32BE(2056, 32);
  checksum(bytes, 64, sum);
  bytes.writeUInt32BE(entries.length, 200);
  return Buffer.concat([bytes, ...entries]);
}

/** As macOS writes it: `data` is the pieces of each table's base64. */
export function propertyList(tables: readonly (readonly Buffer[])[]): string {
  const entries = tables.map((pieces, at) => {
    const lines = Buffer.concat([...pieces])
      .toString('base64')
      .replace(/.{52}/g, '$&\n\t\t\t\t');
    return `\t\t\t<dict>
\t\t\t\t<key>Attributes</key>
\t\t\t\t<string>0x0050</string>
\t\t\t\t<key>CFName</key>
\t\t\t\t<string>part ${at} (Apple &amp; others : ${at})</string>
\t\t\t\t<key>Data</key>
\t\t\t\t<data>
\t\t\t\t${lines}
\t\t\t\t</data>
\t\t\t\t<key>ID</key>
\t\t\t\t<string>${at}</string>
\t\t\t\t<key>Name</key>
\t\t\t\t<string>part ${at} (Apple &amp; others : ${at})</string>
\t\t\t</dict>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
\t<key>resource-fork</key>
\t<dict>
\t\t<key>blkx</key>
\t\t<array>
${entries.join('')}\t\t</array>
\t\t<key>plst</key>
\t\t<array/>
\t</dict>
</dict>
</plist>
`;
}

/** The tables as resources of type blkx, after another of another type. */
function resourceFork(tables: readonly Buffer[]): Buffer {
  const resources = [Buffer.from('what this is nobody knows'), ...tables];
  const places: number[] = [];
  const data: Buffer[] = [];
  for (const resource of resources) {
    places.push(data.reduce((sum, { length }) => sum + length, 0));
    data.push(u32(resource.length), resource);
  }
  const all = Buffer.concat(data);
  const map = Buffer.alloc(28 + 2 + 2 * 8 + 12 * resources.length);
  map.writeUInt16BE(28, 24);
  map.writeUInt16BE(map.length, 26);
  map.writeUInt16BE(1, 28);
  for (const [at, [type, count, first]] of [['STR ', 1, 0] as const, ['blkx', tables.length, 1] as const].entries()) {
    map.write(type, 30 + 8 * at, 'latin1');
    map.writeUInt16BE(count - 1, 34 + 8 * at);
    map.writeUInt16BE(18 + 12 * first, 36 + 8 * at);
  }
  for (const [at, place] of places.entries()) {
    map.writeUInt16BE(at, 46 + 12 * at);
    map.writeUInt16BE(0xffff, 48 + 12 * at);
    map.writeUInt32BE(place, 50 + 12 * at);
  }
  const header = Buffer.alloc(256);
  for (const [at, value] of [256, 256 + all.length, all.length, map.length].entries())
    header.writeUInt32BE(value, 4 * at);
  header.copy(map, 0, 0, 16);
  return Buffer.concat([header, all, map]);
}

/** By the longest copy of what three bytes last began, where that is worth it. */
export function compressAdc(content: Uint8Array): Buffer {
  const output: number[] = [];
  const last = new Map<number, number>();
  let [at, plain] = [0, 0];
  const flush = (to: number): void => {
    for (; plain < to; plain += 128) {
      const run = content.subarray(plain, Math.min(plain + 128, to));
      output.push(0x80 | (run.length - 1), ...run);
    }
    plain = to;
  };
  while (at < content.length) {
    const key = (content[at]! << 16) | (content[at + 1]! << 8) | content[at + 2]!;
    const from = at + 2 < content.length ? last.get(key) : undefined;
    last.set(key, at);
    const distance = at - (from ?? 0);
    let length = 0;
    if (from !== undefined && distance <= 65_536)
      while (length < 67 && at + length < content.length && content[from + length] === content[at + length]) length++;
    const isNear = length >= 3 && length <= 18 && distance <= 1024;
    if (!isNear && length < 4) {
      at++;
      continue;
    }
    flush(at);
    if (isNear) output.push(((length - 3) << 2) | ((distance - 1) >> 8), (distance - 1) & 0xff);
    else output.push(0x40 | (length - 4), (distance - 1) >> 8, (distance - 1) & 0xff);
    at += length;
    plain = at;
  }
  flush(content.length);
  return Buffer.from(output);
}
