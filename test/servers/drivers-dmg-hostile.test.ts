// The dmg driver, on what is damaged or made to do harm: errors that say what and where, or the right bytes; no crash, no wait without an
// end, no memory that is claimed and not needed.

import { beforeAll, describe, expect, test } from 'vitest';
import type { BlockDriver } from '../../examples/dist/drivers/block.js';
import { named } from '../needs.ts';
import { bytes, same } from './content.ts';
import { MIB, type Options, opened, openSource, SECTOR, sample } from './dmg-files.ts';
import { type ChunkPlan, chunked, type DmgPlan, dmg, noBzip2, propertyList } from './dmg-writer.ts';

describe.skipIf(noBzip2)(named('what is wrong', noBzip2), () => {
  const part = sample(8 * SECTOR);
  const [raw, zlib]: ChunkPlan[] = [
    { kind: 'raw', content: part },
    { kind: 'zlib', content: part },
  ];
  const one = (chunk: ChunkPlan, more: Partial<DmgPlan> = {}): DmgPlan => ({
    tables: [{ chunks: [raw!, chunk] }],
    ...more,
  });
  const entry = (chunk: ChunkPlan, values: ChunkPlan['entry']): DmgPlan => one({ ...chunk, entry: values! });
  const list = (plist: string): DmgPlan => one(zlib!, { plist });
  const good = dmg(one(zlib!));
  const patched = (at: number, hex: string): Buffer => {
    const image = Buffer.from(good);
    Buffer.from(hex, 'hex').copy(image, at < 0 ? image.length + at : at);
    return image;
  };
  const huge = 2n ** 64n - 1n;

  test.each([
    ['a chunk that starts in another', entry(zlib!, { sector: 7 }), /chunk 2 of table 0: it starts at 3584.*overlap/],
    ['two tables for one place', { tables: [{ chunks: [raw!] }, { at: 4, chunks: [raw!] }] }, /table 1: .*overlap/],
    [
      'a chunk beyond the image',
      one(zlib!, { sectors: 15 }),
      /chunk 2 of table 0: .*beyond the end of the image, 7680/,
    ],
    ['a chunk of very many sectors', entry(zlib!, { sectors: huge }), /beyond the end of the image/],
    ['a chunk at a place that no file has', entry(zlib!, { sector: huge }), /beyond the end of the image/],
    ['data beyond the file', entry(zlib!, { offset: 1 << 20 }), /bytes at 1048576 are beyond the end of the file/],
    ['data at a place that no file has', entry(zlib!, { offset: huge }), /beyond the end of the file/],
    ['data of very many bytes', entry(zlib!, { length: huge }), /beyond the end of the file/],
    ['a chunk that is too large', { ...entry(zlib!, { sectors: 131_073 }), sectors: huge >> 20n }, /at most 67108864/],
    ['what is not compressed, in fewer bytes', entry(raw!, { length: 512 }), /512 bytes for 4096, and it is not/],
    ['no tables', list('<plist><dict></dict></plist>'), /no tables of chunks/],
    ['a table without data', list(propertyList([[]]).replace(/<data>[\s\S]*<\/data>/, '<true/>')), /table 0.*no data/],
    ['a table that is none', list(propertyList([[Buffer.alloc(300)]])), /table 0 of chunks: it is none \(mish\)/],
    ['a table of nothing', list(propertyList([[]])), /table 0 of chunks: it is none/],
    ['no property list', list('what is this'), /its property list is wrong: it ends too early/],
    ['a tag that does not end', list('<plist><dict><key>a</key><array'), /a tag that does not end, character 25/],
    ['a value that does not end', list('<plist><dict><key>resource-fork</key><dict>'), /it ends too early/],
    ['tags that cross', list('<plist><dict><key>a</key><array></dict></plist>'), /<\/dict> closes <array>/],
    ['a list that is too deep', list(`<plist>${'<array>'.repeat(100_000)}`), /too deep/],
    ['an end that is missing', good.subarray(0, -1), /no trailer/],
    ['a file of nothing', Buffer.alloc(0), /0 bytes are no disk image/],
    ['a trailer that points out of the file', patched(-512 + 216, 'ffffffffffffffff'), /property list, .* is beyond/],
    ['a trailer of very many sectors', patched(-512 + 492, 'ffffffffffffffff'), /it would have 18446744073709552000/],
    ['a trailer of another size', patched(-512 + 8, '00000100'), /says that it has 256 bytes/],
  ] as [string, DmgPlan | Buffer, RegExp][])('%s is told, and where', async (_, image, words) => {
    const error = await opened(image).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'EINVAL', message: expect.stringMatching(words) });
    expect((error as Error).message).toMatch(/^\/.*\d+\.dmg: /);
  });

  test.each([
    ['a part of an image', patched(-512 + 60, '00000003'), /one of 3 files of one image/],
    ['a trailer of another version', patched(-512 + 4, '00000005'), /of version 5, and 4 is read/],
    ['what is encrypted', Buffer.concat([Buffer.from('encrcdsa'), Buffer.alloc(1024)]), /it is encrypted/],
  ] as [string, Buffer, RegExp][])('%s is refused', async (_, image, words) => {
    await expect(opened(image)).rejects.toMatchObject({ code: 'ENOTSUP', message: expect.stringMatching(words) });
  });

  test('a table that says it has more chunks than are there is told', async () => {
    const plist = propertyList([
      [Buffer.concat([Buffer.from('mish'), Buffer.alloc(196), Buffer.from('ffffffff', 'hex')])],
    ]);
    await expect(opened(list(plist))).rejects.toThrow('table 0 of chunks: 4294967295 chunks in 204 bytes');
  });

  test('a resource fork that points out of itself, or whose resources share their data, is told', async () => {
    const image = dmg({ ...one(zlib!), layout: 'resources' });
    const at = Number(image.readBigUInt64BE(image.length - 512 + 40));
    const patch = (place: number, value: number) => {
      const copy = Buffer.from(image);
      copy.writeUInt32BE(value, at + place);
      return copy;
    };
    const map = image.readUInt32BE(at + 4);
    await expect(opened(patch(0, 0xfffffff0))).rejects.toThrow('its resource fork is wrong: its data at');
    await expect(opened(patch(4, 0xfffffff0))).rejects.toThrow('its resource fork is wrong: the map at');
    // 65,536 of them.
    await expect(opened(patch(map + 30 + 8 + 4, 0xffff_001e))).rejects.toThrow(/its resource fork is wrong: /);
  });

  test.each([
    ['zlib', /zlib data is damaged: /],
    ['bzip2', /bzip2 data is damaged: /],
    ['adc', /adc data is damaged/],
  ] as const)('damaged %s data is told when it is read, and what it is about', async (kind, words) => {
    const image = dmg({ tables: [{ chunks: [raw!, { kind, content: part }] }] });
    image.fill(0xff, 4096, 4200);
    const driver = await opened(image);
    expect(same(await driver.read(0, part.length), part)).toBe(true);
    const read = driver.read(4096, 4096);
    await expect(read).rejects.toMatchObject({ code: 'EIO', message: expect.stringMatching(words) });
    await expect(read).rejects.toThrow(`${driver.name}, the chunk for 4096 bytes at 4096, in`);
    if (kind === 'bzip2') await expect(read).rejects.toMatchObject({ syscall: 'BZ2_bzBuffToBuffDecompress' });
    // It is not remembered as what it is not.
    await expect(driver.read(4096, 1)).rejects.toMatchObject({ code: 'EIO' });
  });

  test.each(['zlib', 'bzip2', 'adc'] as const)('%s data of another length is told', async (kind) => {
    // What ADC leaves over is not looked at.
    for (const sectors of kind === 'adc' ? [9] : [7, 9]) {
      const driver = await opened(one({ kind, content: part, entry: { sectors } }, { sectors: 17 }));
      await expect(driver.read(4096, 512)).rejects.toMatchObject({ code: 'EIO' });
    }
  });

  test('`verify` finds a wrong bit anywhere in the data, and in a table’s checksum', async () => {
    const options = { verify: true };
    for (const bit of [0, 8 * 4095 + 7, 8 * 4110]) {
      const image = Buffer.from(good);
      image[bit >> 3]! ^= 1 << (bit & 7);
      await expect(opened(image, options)).rejects.toMatchObject({
        code: 'EIO',
        message: expect.stringMatching(/: it is damaged: the checksum of its data is [\da-f]{8}, and should be /),
      });
    }
    await expect(opened(patched(-512 + 352 + 8, '00000000'), options)).rejects.toThrow('the checksum of the tables is');
    const without = Buffer.from(good);
    for (const at of [80, 352]) without.writeUInt32BE(0, without.length - 512 + at);
    expect((await (await opened(without, options)).info()).details.verified).toBe('nothing: it has no checksums');
  });
});

describe.skipIf(noBzip2)(named('files from strangers', noBzip2), () => {
  const content = sample(256 * SECTOR);
  const plan: DmgPlan = { tables: [{ chunks: chunked(content, 32 * SECTOR, 'zlib', 'bzip2', 'adc', 'raw') }] };
  const packed: DmgPlan = { tables: [{ chunks: chunked(content, 32 * SECTOR, 'zlib', 'bzip2') }] };
  const CODES = new Set(['EINVAL', 'EIO', 'ENOTSUP', 'ENOMEM']);

  /** Reads some of it. Gives what came of it: bytes or a code. */
  async function attempt(image: Buffer, options: Options = {}): Promise<Uint8Array | string> {
    let driver: BlockDriver | undefined;
    try {
      driver = await openSource(fast(image), options);
      const length = Math.min(driver.size, content.length);
      const start = await driver.read(0, length);
      await driver.read(driver.size - length, length);
      return start;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      expect(CODES, message).toContain(code);
      return code!;
    } finally {
      await driver?.close();
    }
  }
  const fast = (image: Buffer): BlockDriver =>
    ({
      name: 'memory',
      size: image.length,
      alignment: 1,
      close: async () => {},
      read: async (offset: number, target: Uint8Array | number) => {
        const buffer = typeof target === 'number' ? new Uint8Array(target) : target;
        expect(offset >= 0 && offset + buffer.length <= image.length).toBe(true);
        buffer.set(image.subarray(offset, offset + buffer.length));
        return buffer;
      },
    }) as unknown as BlockDriver;

  let random: Uint32Array;
  let next = 0;
  beforeAll(() => {
    random = new Uint32Array(bytes(400_000, 77).buffer);
  });
  const upTo = (limit: number): number => random[next++ % random.length]! % limit;

  test('that are cut anywhere are refused', async () => {
    const image = dmg(plan);
    for (let cut = 0; cut < 100; cut++) expect(await attempt(image.subarray(0, upTo(image.length)))).toBe('EINVAL');
  });

  test('with wrong bits in what has checksums give the right bytes or an error', async () => {
    const image = dmg(packed);
    const data = Number(image.readBigUInt64BE(image.length - 512 + 32));
    let errors = 0;
    for (let round = 0; round < 300; round++) {
      const copy = Buffer.from(image);
      for (let flips = 1 + upTo(3); flips > 0; flips--) copy[upTo(data)]! ^= 1 << upTo(8);
      const result = await attempt(copy);
      if (typeof result === 'string') errors++;
      else expect(same(result, content)).toBe(true);
    }
    expect(errors).toBeGreaterThan(200);
  });

  test.each(['plist', 'resources'] as const)(
    'with anything wrong anywhere (%s) give bytes or an error',
    async (layout) => {
      const image = dmg({ ...plan, layout });
      const trailer = image.length - 512;
      const data = Number(image.readBigUInt64BE(trailer + 32));
      const before = process.memoryUsage().rss;
      const outcomes = new Set<string>();
      for (let round = 0; round < 400; round++) {
        const copy = Buffer.from(image);
        for (let changes = 1 + upTo(4); changes > 0; changes--) {
          const from = round % 3 === 0 ? trailer : data;
          const at = from + upTo(image.length - from - 8);
          const value = [0n, 1n, 0x7fffffffn, 0xffffffffn, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n][upTo(7)]!;
          if (upTo(2) === 0) copy[at]! ^= 1 << upTo(8);
          else copy.writeBigUInt64BE(value, at);
        }
        const result = await attempt(copy, { verify: upTo(4) === 0 });
        outcomes.add(typeof result === 'string' ? result : 'bytes');
      }
      expect([...outcomes]).toEqual(expect.arrayContaining(['EINVAL', 'bytes']));
      expect(process.memoryUsage().rss - before).toBeLessThan(512 * MIB);
    },
  );

  test('with wrong fields in a table give bytes or an error', async () => {
    const image = dmg(plan);
    const outcomes = new Set<string>();
    const text = image.toString('latin1');
    const [start, end] = [text.indexOf('<data>') + 6, text.indexOf('</data>')];
    const table = Buffer.from(text.slice(start, end), 'base64');
    for (let round = 0; round < 400; round++) {
      const copy = Buffer.from(table);
      for (let changes = 1 + upTo(2); changes > 0; changes--) {
        const field = 204 + 4 * upTo((table.length - 204) / 4);
        copy.writeUInt32BE([upTo(2 ** 32), upTo(300), 0x80000004 + upTo(5)][upTo(3)]!, field);
      }
      // As long as before: base64 of so many bytes.
      const base64 = copy.toString('base64').padEnd(end - start, '\n');
      const result = await attempt(Buffer.from(text.slice(0, start) + base64 + text.slice(end), 'latin1'));
      outcomes.add(typeof result === 'string' ? result : 'bytes');
    }
    expect([...outcomes].sort()).toEqual(expect.arrayContaining(['EINVAL', 'EIO', 'ENOTSUP', 'bytes']));
  });

  test('that claim much memory for little data do not get it', async () => {
    const small = sample(SECTOR);
    const sectors = (64 * MIB) / SECTOR;
    const chunks = Array.from({ length: 64 }, (_, at): ChunkPlan => {
      const kind = (['zlib', 'bzip2', 'adc'] as const)[at % 3]!;
      return { kind, content: small, entry: { sector: at * sectors, sectors } };
    });
    const driver = await openSource(fast(dmg({ tables: [{ chunks }], sectors: 64 * sectors })));
    const before = process.memoryUsage().rss;
    const reads = await Promise.allSettled(chunks.map((_, at) => driver.read(at * 64 * MIB, 1)));
    expect(reads.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * MIB);
    await driver.close();
  });
});
