// What every driver of the examples does, on its real server: one suite for all. What only one of them does is in its own file.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { DriverReport } from '@dlshim/runtime/drivers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { BlockDriver, OpenOptions } from '../../examples/dist/drivers/block.js';
import { blockOpener, drivers } from '../../examples/dist/drivers/open.js';
import { named } from '../needs.ts';
import { node } from '../tools.ts';
import { bytes, same } from './content.ts';
import { watched } from './loop.ts';
import { noServer } from './servers.mjs';
import { subjects } from './subjects/index.ts';
import type { Running, Subject } from './subjects/subject.ts';

const MIB = 1 << 20;
/** One request at a time: with several, the HTTP driver of QEMU 7.2 now and then waits for ever for what has come already. */
const CONVERT = ['convert', '-m', '1'];
/** No whole number of megabytes, and whole blocks. */
const SIZE = 4 * MIB + 3 * 512;

const scratch = mkdtempSync(join(tmpdir(), 'dlshim-conformance-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** One driver alone, for runs with another version of its library (test/versions). */
const only = process.env.CONFORMANCE_OF;
const tested = subjects.filter(({ driver }) => only === undefined || driver === only);

test('the suite has every driver that blockimg knows', () => {
  expect(subjects.map(({ driver }) => driver)).toEqual(drivers.known.map(({ name }) => name));
});

describe.each(tested)('$driver', (subject) => {
  const missing = subject.missing ?? noServer(...subject.needs);
  describe.skipIf(missing)(named('on its server', missing), () => suite(subject));
});

function suite({ driver: name, library, can, alignment }: Subject): void {
  let server: Running;
  let content: Uint8Array<ArrayBuffer>;
  let address: string;

  beforeAll(async () => {
    content = bytes(SIZE, 7);
    // Zeroes, as images have.
    content.fill(0, MIB, 2 * MIB);
  });
  beforeAll(async () => {
    const { subjects } = await import('./subjects/index.ts');
    server = await subjects.find(({ driver }) => driver === name)!.start();
    address = await server.put('shared', content);
  });
  afterAll(() => server?.stop());

  async function opened(at: string, request: OpenOptions = {}, by = blockOpener()): Promise<BlockDriver> {
    const image = await by.open(at, request);
    onTestFinished(() => image.close());
    return image;
  }
  const reading = () => opened(address, { readOnly: true });
  /** An image of its own, to write to, and what is in it. */
  async function writing(title: string): Promise<{ image: BlockDriver; model: Uint8Array<ArrayBuffer> }> {
    const image = await opened(await server.put(title, content));
    return { image, model: content.slice() };
  }
  async function agrees(title: string, image: BlockDriver, model: Uint8Array): Promise<void> {
    expect(same(await image.read(0, model.length), model)).toBe(true);
    await image.flush();
    expect(same(await server.get(title), model)).toBe(true);
  }

  describe('reads', () => {
    test('all of an image, and knows what it is', async () => {
      const image = await reading();
      expect(image).toMatchObject({ size: SIZE, alignment, blank: false });
      expect(same(await image.read(0, SIZE), content)).toBe(true);
      const info = await image.info();
      expect(info).toMatchObject({ driver: name, size: SIZE, alignment });
      expect(JSON.parse(JSON.stringify(info))).toEqual(info);
    });

    test('any range, into a buffer that is given or a new one', async () => {
      const image = await reading();
      for (const [offset, length] of ranges(40, alignment)) {
        expect(same(await image.read(offset, length), content.subarray(offset, offset + length))).toBe(true);
        const target = new Uint8Array(length);
        expect(await image.read(offset, target)).toBe(target);
        expect(same(target, content.subarray(offset, offset + length))).toBe(true);
      }
      expect((await image.read(SIZE, 0)).length).toBe(0);
    });

    test('many ranges at once, while the event loop turns', async () => {
      const image = await reading();
      const wanted = ranges(64, alignment);
      const { result, turns } = await watched(() =>
        Promise.all(wanted.map(([offset, length]) => image.read(offset, length))),
      );
      const wrong = wanted.filter(
        ([offset, length], at) => !same(result[at]!, content.subarray(offset, offset + length)),
      );
      expect(wrong).toEqual([]);
      expect(turns).toBeGreaterThan(1);
    });

    test('nothing that is not there', async () => {
      const image = await reading();
      await expect(image.read(SIZE, alignment)).rejects.toThrow(RangeError);
      await expect(image.read(SIZE - alignment, 2 * alignment)).rejects.toThrow(RangeError);
      await expect(image.read(-alignment, alignment)).rejects.toThrow(RangeError);
      await expect(image.read(0.5, alignment)).rejects.toThrow(RangeError);
      if (alignment > 1) await expect(image.read(1, alignment)).rejects.toThrow(RangeError);
    });

    test('what qemu-img reads', async () => {
      const qemu = server.qemu?.('shared');
      if (!qemu) return;
      const copy = join(scratch, 'copy.raw');
      execFileSync('qemu-img', [...CONVERT, '-f', qemu.format, '-O', 'raw', qemu.address, copy]);
      expect(same(readFileSync(copy), content)).toBe(true);
    });
  });

  test('writes nothing where it is open for reading alone', async () => {
    const image = await reading();
    const denied = { code: 'EROFS' };
    await expect(image.write(0, bytes(alignment))).rejects.toMatchObject(denied);
    await expect(image.writeZeroes(0, alignment)).rejects.toMatchObject(denied);
    await expect(image.discard(0, alignment)).rejects.toMatchObject(denied);
    if (image.resize) await expect(image.resize(SIZE)).rejects.toMatchObject(denied);
    expect(same(await server.get('shared'), content)).toBe(true);
  });

  when(!can.write)('is not opened for writing', async () => {
    await expect(opened(address)).rejects.toMatchObject({ code: 'EROFS' });
    const [format] = drivers.known.find((known) => known.name === name)?.formats ?? [];
    const made = blockOpener().open(server.address('new'), { create: SIZE }, { format });
    await expect(made).rejects.toMatchObject({ code: 'EROFS' });
  });

  if (can.write)
    describe('writes', () => {
      test('any range, zeroes too, and others read it', async () => {
        const { image, model } = await writing('written');
        for (const [at, [offset, length]] of ranges(60, alignment).entries()) {
          const data = bytes(length, at + 3);
          if (at % 5 === 0) {
            await image.writeZeroes(offset, length);
            model.fill(0, offset, offset + length);
          } else {
            await image.write(offset, data);
            model.set(data, offset);
          }
        }
        await agrees('written', image, model);
        const qemu = server.qemu?.('written');
        if (!qemu) return;
        const said = execFileSync('qemu-img', ['info', '--output=json', '-f', qemu.format, qemu.address], {
          encoding: 'utf8',
        });
        expect(JSON.parse(said)).toMatchObject({ 'virtual-size': SIZE });
        const copy = join(scratch, 'written.raw');
        execFileSync('qemu-img', [...CONVERT, '-f', qemu.format, '-O', 'raw', qemu.address, copy]);
        expect(same(readFileSync(copy), model)).toBe(true);
      });

      test('many ranges at once', async () => {
        const { image, model } = await writing('at-once');
        const step = 64 << 10;
        const pieces = Array.from({ length: 48 }, (_, at) => ({ offset: at * step, data: bytes(step - 512, at + 1) }));
        await Promise.all(pieces.map(({ offset, data }) => image.write(offset, data)));
        for (const { offset, data } of pieces) model.set(data, offset);
        await agrees('at-once', image, model);
      });

      test('and discards without touching what is beside', async () => {
        const { image, model } = await writing('discarded');
        await image.discard(MIB, MIB / 2);
        await image.write(MIB, model.subarray(MIB, MIB + MIB / 2));
        await agrees('discarded', image, model);
      });

      test('nothing beyond the end', async () => {
        const { image, model } = await writing('ends');
        await expect(image.write(SIZE, bytes(alignment))).rejects.toThrow(RangeError);
        await expect(image.writeZeroes(SIZE - alignment, 2 * alignment)).rejects.toThrow(RangeError);
        await expect(image.discard(-alignment, alignment)).rejects.toThrow(RangeError);
        await agrees('ends', image, model);
      });
    });

  when(can.resize)('changes the size', async () => {
    const { image, model } = await writing('resized');
    await image.resize!(SIZE + MIB);
    expect(image.size).toBe(SIZE + MIB);
    const larger = new Uint8Array(SIZE + MIB);
    larger.set(model);
    await agrees('resized', image, larger);
    await image.resize!(MIB);
    await agrees('resized', image, model.subarray(0, MIB));
    await expect(image.read(MIB, 1)).rejects.toThrow(RangeError);
  });

  when(can.create)('makes an image, and not while it is in use', async () => {
    const at = server.address('made');
    const image = await opened(at, { create: SIZE });
    expect(image).toMatchObject({ size: SIZE, blank: true });
    await image.write(512, content.subarray(0, 512));
    const model = new Uint8Array(SIZE);
    model.set(content.subarray(0, 512), 512);
    await agrees('made', image, model);
    await expect(opened(at, { create: SIZE })).rejects.toMatchObject({ code: 'EBUSY' });
    await agrees('made', image, model);
    await image.close();
    expect((await opened(at, { readOnly: true })).blank).toBe(false);
  });

  test('waits at its end for what is under way, and is closed then', async () => {
    const image = await blockOpener().open(address, { readOnly: true });
    const reads = ranges(8, alignment).map(([offset, length]) => image.read(offset, length));
    const closed = image.close();
    await expect(image.read(0, alignment)).rejects.toMatchObject({ code: 'ESHUTDOWN' });
    const settled = await Promise.allSettled(reads);
    expect(settled.filter(({ status }) => status === 'rejected')).toEqual([]);
    await closed;
    await image.close();
    await expect(image.read(0, alignment)).rejects.toMatchObject({ code: 'ESHUTDOWN' });
  });

  test('is opened, read at many places at once, and closed, time and again', async () => {
    const { open } = blockOpener();
    const wanted = ranges(32, alignment);
    for (let round = 0; round < 8; round++) {
      const image = await open(address, { readOnly: true });
      await Promise.all(wanted.map(([offset, length]) => image.read(offset, length)));
      await image.close();
    }
  });

  test('says what the server says', async () => {
    for (const { what, address: at, code } of server.refused)
      await expect(opened(at, { readOnly: true, timeout: 10 }), what).rejects.toMatchObject({
        code,
        // Which image it was.
        message: expect.stringContaining(/^rbd:[^:]+|^[^?]+/.exec(at)![0]),
      });
  });

  describe('and its library', () => {
    test('is mapped when it is first opened, and no other driver’s is', () => {
      const code = `
        import { readFileSync } from 'node:fs';
        import { openBlock } from './examples/dist/drivers/open.js';
        const maps = () => [...new Set(readFileSync('/proc/self/maps', 'utf8').match(/\\/\\S+\\.so[.\\d]*$/gm))];
        const before = maps();
        const image = await openBlock(process.argv[1], { readOnly: true });
        await image.read(0, ${alignment});
        await image.close();
        console.log(JSON.stringify({ before, after: maps() }));
        process.exit();
      `;
      const run = node('--input-type=module', '-e', code, address);
      expect(run.stderr).toBe('');
      const { before, after } = JSON.parse(run.stdout) as Record<'before' | 'after', string[]>;
      const libraries = subjects.map((each) => each.library.file);
      const named = (files: readonly string[], start: string) => files.find((file) => basename(file).startsWith(start));
      expect(libraries.filter((start) => named(before, start))).toEqual([]);
      const own = named(after, library.file)!;
      // librbd needs libbz2 itself.
      const needed = execFileSync('ldd', [own], { encoding: 'utf8' });
      const others = libraries.filter((start) => start !== library.file && !needed.includes(`/${start}`));
      expect(others.filter((start) => named(after, start))).toEqual([]);
    });

    test('being absent is an error that says what to install, or less is done', async () => {
      using _ = library.pretendAbsent();
      if (library.required) {
        await expect(opened(address, { readOnly: true })).rejects.toMatchObject({
          name: 'DriverError',
          kind: 'absent',
          driver: name,
          message: expect.stringContaining('apt install'),
        });
      } else {
        const image = await opened(address, { readOnly: true });
        expect(image.size).toBe(SIZE);
        await expect(image.read(0, SIZE)).rejects.toMatchObject({ code: 'ENOTSUP' });
      }
    });

    when(library.pretendOld !== undefined)('being too old is another error', async () => {
      using _ = library.pretendOld!();
      const error = await opened(address, { readOnly: true }).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ name: 'DriverError', kind: 'refused', driver: name });
    });

    describe.each(library.masked ?? [])('without $feature', ({ pretend, lacks }) => {
      test('does the same by other means, and says so', async () => {
        const reports: DriverReport[] = [];
        const full = await (await reading()).info();
        using _ = pretend();
        const by = blockOpener((report) => reports.push(report));
        const image = await opened(address, { readOnly: true }, by);
        expect(same(await image.read(0, SIZE), content)).toBe(true);
        const { features } = await image.info();
        expect(full.features.filter((one) => !features.includes(one))).toEqual(lacks === undefined ? [] : [lacks]);
        if (!can.write) return;
        const title = `masked-${Math.random().toString(36).slice(2)}`;
        const other = await opened(await server.put(title, content), {}, by);
        const model = content.slice();
        await other.write(512, content.subarray(0, 4096));
        model.set(content.subarray(0, 4096), 512);
        await other.writeZeroes(MIB / 2, MIB / 4);
        model.fill(0, MIB / 2, MIB / 2 + MIB / 4);
        await agrees(title, other, model);
        expect(reports).toEqual([]);
      });
    });
  });
}

/** Tests of what a driver can do are not there for one that cannot: that is nothing left out. */
function when(can: boolean): (title: string, body: () => Promise<void>) => void {
  return (title, body) => {
    if (can) test(title, body);
  };
}

/** Ranges of an image: short and long ones, its start and its end, none of which is empty. */
function ranges(count: number, alignment: number): [offset: number, length: number][] {
  const random = new Uint32Array(bytes(count * 8, 5).buffer);
  const fixed: [number, number][] = [
    [0, alignment],
    [SIZE - alignment, alignment],
  ];
  return Array.from({ length: count }, (_, at) => {
    const [where, long] = [random[2 * at]! / 2 ** 32, random[2 * at + 1]! / 2 ** 32];
    const length = Math.ceil((SIZE / 2) ** long / alignment) * alignment;
    return fixed[at] ?? [Math.floor((where * (SIZE - length)) / alignment) * alignment, length];
  });
}
