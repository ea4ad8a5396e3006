// The dmg driver, on disk images of every kind that macOS and its predecessors write: what QEMU, 7-Zip and dmg2img read of them, chunks at
// their borders, and what is not read, with and without libbz2. What is damaged is in drivers-dmg-hostile.test.ts, what all drivers do in
// drivers-conformance.test.ts.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pretend } from '@dlshim/runtime/testing';
import { libbz2 } from '@dlshim/shims/libbz2';
import { beforeAll, describe, expect, test } from 'vitest';
import { blockOpener } from '../../examples/dist/drivers/open.js';
import { named } from '../needs.ts';
import { node } from '../tools.ts';
import { same } from './content.ts';
import { file, folder, MIB, type Options, opened, openSource, SECTOR, sample, source } from './dmg-files.ts';
import { type ChunkKind, type ChunkPlan, chunked, type DmgPlan, dmg, noBzip2 } from './dmg-writer.ts';
import { watched } from './loop.ts';

/** What reads disk images besides, each with the reason where it is not there. Debian's qemu-img has no module for their bzip2, and none
 *  reads ADC or a trailer at the start; dmg2img knows no resource forks. */
const tools = Object.fromEntries(
  (['7zz', 'dmg2img', 'qemu-img'] as const).map((tool) => [
    tool,
    spawnSync(tool, ['--help']).error ? `${tool} is not installed` : undefined,
  ]),
);

describe.skipIf(noBzip2)(named('an image that others read too', noBzip2), () => {
  const content = sample(MIB + 3 * SECTOR);
  content.fill(0, 300 * SECTOR, 700 * SECTOR);
  const middle = 1000 * SECTOR;
  const plan = (...kinds: ChunkKind[]): DmgPlan => ({
    tables: [
      { chunks: chunked(content.subarray(0, middle), 128 * SECTOR, ...kinds) },
      { chunks: chunked(content.subarray(middle), 100 * SECTOR, ...kinds) },
    ],
  });
  const zeroes = plan('zlib').tables.map(({ chunks }) => ({
    chunks: chunks.map((chunk): ChunkPlan => (chunk.content.some(Boolean) ? chunk : { ...chunk, kind: 'zero' })),
  }));
  const cases: readonly { what: string; plan: DmgPlan; by: readonly string[] }[] = [
    { what: 'zlib', plan: plan('zlib'), by: ['qemu-img', '7zz', 'dmg2img'] },
    { what: 'zlib and nothing compressed', plan: plan('zlib', 'raw'), by: ['qemu-img', '7zz', 'dmg2img'] },
    { what: 'zlib and zeroes', plan: { tables: zeroes }, by: ['qemu-img', '7zz', 'dmg2img'] },
    { what: 'bzip2', plan: plan('bzip2'), by: ['7zz', 'dmg2img'] },
    { what: 'ADC', plan: plan('adc'), by: ['7zz', 'dmg2img'] },
    { what: 'all of them', plan: plan('zlib', 'bzip2', 'adc', 'raw'), by: ['7zz', 'dmg2img'] },
    { what: 'a resource fork', plan: { ...plan('zlib'), layout: 'resources' }, by: ['qemu-img', '7zz'] },
    { what: 'the trailer first', plan: { ...plan('zlib', 'bzip2'), trailer: 'start' }, by: ['7zz', 'dmg2img'] },
  ];
  const readers: Readonly<Record<string, (path: string, out: string) => string[]>> = {
    '7zz': (path, out) => ['sh', '-c', '7zz e -tdmg -so "$0" > "$1"', path, out],
    dmg2img: (path, out) => ['dmg2img', '-s', path, out],
    'qemu-img': (path, out) => ['qemu-img', 'convert', '-f', 'dmg', '-O', 'raw', path, out],
  };

  describe.each(cases)('$what', ({ plan, by }) => {
    test('reads as what it was made of', async () => {
      const image = await opened(plan, { verify: true });
      expect(same(await image.read(0, image.size), content)).toBe(true);
      expect((await image.info()).details).toMatchObject({ verified: 'tables, data', tables: 2 });
    });

    for (const tool of by)
      test.skipIf(tools[tool])(named(`reads as what ${tool} reads`, tools[tool]), async () => {
        const [path, out] = [file(plan), join(folder, 'out')];
        const [command, ...args] = readers[tool]!(path, out);
        const run = spawnSync(command!, args, { encoding: 'utf8' });
        expect(run.status, run.stderr).toBe(0);
        const image = await blockOpener().open(path, { readOnly: true });
        expect(same(readFileSync(out), await image.read(0, image.size))).toBe(true);
        await image.close();
      });
  });
});

describe.skipIf(noBzip2)(named('random access', noBzip2), () => {
  const content = sample(200 * SECTOR);
  const kinds: readonly ChunkKind[] = ['zlib', 'raw', 'bzip2', 'adc', 'zero', 'ignored'];
  // Chunks of 1 to 13 sectors, two tables that are not in the order of the image, and sectors between them that nothing has.
  const chunks: ChunkPlan[] = [];
  for (let [at, n] = [0, 0]; at < 150; n++) {
    const sectors = Math.min(1 + ((n * 5) % 13), 150 - at);
    chunks.push({ kind: kinds[n % kinds.length]!, content: content.subarray(at * SECTOR, (at + sectors) * SECTOR) });
    at += sectors;
  }
  for (const { kind, content: part } of chunks) if (kind === 'zero' || kind === 'ignored') part.fill(0);
  content.fill(0, 150 * SECTOR, 170 * SECTOR);
  content.fill(0, 190 * SECTOR);
  const last = { at: 170, chunks: chunked(content.subarray(170 * SECTOR, 190 * SECTOR), 7 * SECTOR, 'zlib', 'raw') };
  let image: Buffer;
  beforeAll(() => {
    image = dmg({ tables: [last, { at: 0, chunks }], sectors: 200 });
  });
  const borders = [0, 150 * SECTOR, 170 * SECTOR, 177 * SECTOR, 190 * SECTOR, content.length];
  for (const { content: part } of chunks) borders.push(part.byteOffset);

  test.each([1, 512])('is right at each border of chunks, on a file whose blocks have %i bytes', async (alignment) => {
    const padded = alignment === 1 ? image : Buffer.concat([image, Buffer.alloc(-image.length & 511, 0xee)]);
    const driver = await openSource(source(padded, alignment).driver);
    expect(driver.size).toBe(content.length);
    const near = borders.flatMap((border) => [-513, -512, -1, 0, 1, 511, 512].map((step) => border + step));
    const places = near.filter((place) => place >= 0 && place <= content.length);
    const ranges = places.flatMap((from) =>
      [1, 2, 512, 1000, 6000].map((length) => [from, Math.min(from + length, content.length)] as const),
    );
    const read = await Promise.all(ranges.map(([from, to]) => driver.read(from, to - from)));
    const wrong = ranges.filter(([from, to], at) => !same(read[at]!, content.subarray(from, to)));
    expect(wrong).toEqual([]);
  });

  test('decompresses a chunk once for all who ask at the same time, and keeps as much as the option says', async () => {
    const plan = { tables: [{ chunks: chunked(content.subarray(0, 40 * SECTOR), 10 * SECTOR, 'zlib', 'bzip2') }] };
    const count = async (options: Options) => {
      const memory = source(dmg(plan));
      const driver = await openSource(memory.driver, options);
      memory.reads.length = 0;
      await Promise.all(Array.from({ length: 20 }, (_, at) => driver.read(at * SECTOR, SECTOR)));
      const once = memory.reads.length;
      for (const chunk of [0, 1, 0, 1]) await driver.read(chunk * 10 * SECTOR, 100);
      return [once, memory.reads.length];
    };
    expect(await count({})).toEqual([2, 2]);
    expect(await count({ cache: '6K' })).toEqual([2, expect.any(Number)]);
    expect((await count({ cache: 0 }))[1]).toBe(6);
    expect((await count({ cache: '6K' }))[1]).toBeGreaterThan(4);
  });

  test('waits at its end for reads, and closes the file then', async () => {
    const memory = source(image);
    const driver = await openSource(memory.driver);
    const reading = driver.read(0, content.length);
    const closing = driver.close();
    expect(memory.isClosed()).toBe(false);
    expect(same(await reading, content)).toBe(true);
    await closing;
    expect(memory.isClosed()).toBe(true);
    await expect(driver.info()).rejects.toMatchObject({ code: 'ESHUTDOWN' });
  });

  test('says what reading the file says, and touches no buffer after that', async () => {
    const memory = source(image);
    const driver = await openSource(memory.driver);
    memory.fail(Object.assign(new Error('the disk is gone'), { code: 'EIO', syscall: 'read' }));
    const target = new Uint8Array(content.length);
    const error = await driver.read(0, target).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'EIO', syscall: 'read', message: expect.stringContaining('the disk is gone') });
    const after = target.slice();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(same(target, after)).toBe(true);
  });
});

describe.skipIf(noBzip2)(named('what is not read', noBzip2), () => {
  const part = sample(8 * SECTOR);
  const mixed = (kind: ChunkKind): DmgPlan => ({
    tables: [
      {
        chunks: [
          { kind: 'zlib', content: part },
          { kind, content: part },
          { kind: 'raw', content: part },
        ],
      },
    ],
  });

  test.each([
    ['lzfse', /compressed by lzfse, which this driver does not read/],
    ['lzma', /compressed by lzma, which this driver does not read/],
    ['unknown', /compressed by type 0x80000123, which/],
  ] as const)('%s is refused where it is, and what is beside it is read', async (kind, words) => {
    const image = await opened(mixed(kind));
    expect(same(await image.read(0, part.length), part)).toBe(true);
    expect(same(await image.read(2 * part.length, part.length), part)).toBe(true);
    const read = image.read(part.length - 1, 2);
    await expect(read).rejects.toMatchObject({ code: 'ENOTSUP', message: expect.stringMatching(words) });
    await expect(read).rejects.toThrow(`the chunk for ${part.length} bytes at ${part.length}, in`);
    expect((await image.info()).details.compressions).toContain(kind === 'unknown' ? '0x80000123' : kind);
  });

  test('bzip2 is refused with what to install where libbz2 is not, and all else is read', async () => {
    using _ = pretend(libbz2, { absent: true });
    const image = await opened(mixed('bzip2'));
    expect(same(await image.read(0, part.length), part)).toBe(true);
    expect(same(await image.read(2 * part.length, part.length), part)).toBe(true);
    await expect(image.read(part.length, 1)).rejects.toMatchObject({
      code: 'ENOTSUP',
      message: expect.stringMatching(/compressed by bzip2[\s\S]*apt install libbz2-1\.0/),
    });
    const { features, details } = await image.info();
    expect(features).toEqual(['adc', 'zlib']);
    expect(details).not.toHaveProperty('library');
  });

  test('bzip2 is refused where libbz2 is one that strangers’ files can overflow', async () => {
    using _ = pretend(libbz2, { like: '1.0.5' });
    const image = await opened(mixed('bzip2'));
    await expect(image.read(part.length, 1)).rejects.toMatchObject({
      code: 'ENOTSUP',
      message: expect.stringContaining('does not check the lengths of runs'),
    });
    expect((await image.info()).features).toEqual(['adc', 'zlib']);
  });

  test('writing is refused, by any name', async () => {
    const path = file(mixed('zlib'));
    const before = readFileSync(path);
    await expect(blockOpener().open(path)).rejects.toMatchObject({ code: 'EROFS' });
    const make = blockOpener().open(path, { create: MIB }, { format: 'dmg' });
    await expect(make).rejects.toMatchObject({ code: 'EROFS' });
    expect(same(readFileSync(path), before)).toBe(true);
  });

  test('a raw file is said to be none, and is read as raw where that is asked for', async () => {
    const path = file(part);
    await expect(blockOpener().open(path, { readOnly: true })).rejects.toMatchObject({
      code: 'EINVAL',
      message: expect.stringMatching(
        /^\/.*\.dmg: it has no trailer \(koly\).* a raw one, which the format raw opens as it is$/,
      ),
    });
    const image = await blockOpener().open(path, { readOnly: true }, { format: 'raw' });
    expect(same(await image.read(0, part.length), part)).toBe(true);
    await image.close();
  });
});

describe.skipIf(noBzip2)(named('the event loop turns', noBzip2), () => {
  test('while large chunks are decompressed', async () => {
    const content = sample(16 * MIB);
    const image = await opened({
      tables: [{ chunks: chunked(content, 4 * MIB, 'bzip2', 'adc', 'zlib', 'raw') }],
    });
    const { result, turns } = await watched(() => image.read(0, content.length));
    expect(same(result, content)).toBe(true);
    // ADC alone pauses sixteen times.
    expect(turns).toBeGreaterThan(16);
  });

  test('while tables of many chunks are read', async () => {
    const part = sample(SECTOR);
    const chunks = Array.from({ length: 100_000 }, () => ({ kind: 'raw', content: part }) as const);
    const path = file({ tables: [{ chunks }] });
    const { result, turns } = await watched(() => blockOpener().open(path, { readOnly: true }));
    expect((await result.info()).details.chunks).toBe(100_000);
    expect(same(await result.read(99_999 * SECTOR, SECTOR), part)).toBe(true);
    await result.close();
    expect(turns).toBeGreaterThan(5);
  });
});

describe('probing', () => {
  const content = sample(8 * SECTOR);
  const code = `
    import { readFileSync } from 'node:fs';
    import { drivers } from './examples/dist/drivers/open.js';
    import { openFile } from './examples/dist/drivers/file/file.js';
    const mapped = () => new Set(readFileSync('/proc/self/maps', 'utf8').match(/\\/\\S+\\.(?:node|so)\\b\\S*$/gm)).size;
    const before = mapped();
    const file = await openFile(process.argv[1], { readOnly: true });
    const found = await drivers.probe(file);
    await file.close();
    console.log(JSON.stringify({ found: found[0] ?? null, maps: mapped() - before }));
  `;
  const image = (trailer: 'end' | 'start') => dmg({ tables: [{ chunks: chunked(content, SECTOR, 'zlib') }], trailer });
  test.each([
    ['the trailer at the end', image('end'), 100],
    ['the trailer at the start', image('start'), 90],
    ['the name alone', content, 10],
  ])('by %s maps no library', (_, bytes, score) => {
    const run = node('--input-type=module', '-e', code, file(bytes));
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual({ found: { driver: 'dmg', format: 'dmg', score }, maps: 0 });
  });
});
