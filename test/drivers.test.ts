// What the drivers of the examples do without a server: URLs, files, ranges within blocks, copies, and who gets the thread pool.

import { execFileSync, spawnSync } from 'node:child_process';
import { linkSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { copy } from '../examples/dist/blockimg/copy.js';
import type { BlockDriver } from '../examples/dist/drivers/block.js';
import { openFile } from '../examples/dist/drivers/file/file.js';
import { openBlock } from '../examples/dist/drivers/open.js';
import { parseRbdUrl } from '../examples/dist/drivers/rbd/url.js';
import { inLane } from '../examples/dist/drivers/shared/lanes.js';
import { readBytes, writeBytes } from '../examples/dist/drivers/shared/unaligned.js';
import { node, root } from './tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlshim-drivers-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
const MIB = 1 << 20;

/** Different at each place. */
function content(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 7 + 1) & 0xff));
}

describe('rbd: URLs', () => {
  const rbd = (url: string) => {
    const { pool, namespace, image, snapshot, conf, id, options } = parseRbdUrl(url);
    return { pool, namespace, image, snapshot, conf, id, options: Object.fromEntries(options) };
  };
  const plain = { namespace: '', snapshot: undefined, conf: undefined, id: undefined, options: {} };

  test.each([
    ['rbd:a/b', { ...plain, pool: 'a', image: 'b' }],
    ['rbd:a/n/b@s', { ...plain, pool: 'a', namespace: 'n', image: 'b', snapshot: 's' }],
    [
      'rbd:a/b:conf=/etc/c.conf:id=me:rbd_cache=false:mon_host=127.0.0.1\\:6789',
      {
        ...plain,
        pool: 'a',
        image: 'b',
        conf: '/etc/c.conf',
        id: 'me',
        options: { rbd_cache: 'false', mon_host: '127.0.0.1:6789' },
      },
    ],
    ['rbd:a\\/x/b\\@y@s\\:t:k=v=w', { ...plain, pool: 'a/x', image: 'b@y', snapshot: 's:t', options: { k: 'v=w' } }],
  ])('%s', (url, expected) => {
    expect(rbd(url)).toEqual(expected);
  });

  test.each([
    'rbd:',
    'rbd:a',
    'rbd:/b',
    'rbd:a/',
    'rbd:a/n/b/c',
    'rbd:a/b@',
    'rbd:a/b@s@t',
    'rbd:a/b:conf',
    'file:a/b',
  ])('%s is none', (url) => {
    expect(() => parseRbdUrl(url)).toThrow(TypeError);
  });
});

describe('a file', () => {
  test('is made, written, read, resized and told of', async () => {
    const file = await openBlock(`file:${path('made')}`, { create: 10_000 });
    expect(file).toMatchObject({ size: 10_000, blank: true, alignment: 1 });
    await file.write(9_000, content(1_000));
    await file.writeZeroes(9_500, 100);
    await file.flush();
    expect(content(500).equals(await file.read(9_000, 500))).toBe(true);
    await expect(file.read(9_999, 2)).rejects.toThrow(RangeError);
    await expect(file.write(-1, content(1))).rejects.toThrow(RangeError);
    await file.resize!(9_600);
    expect(await file.info()).toMatchObject({ driver: 'file', size: 9_600, readOnly: false });
    await file.close();
    await file.close();
    await expect(file.read(0, 1)).rejects.toMatchObject({ code: 'ESHUTDOWN' });
    const expected = Buffer.concat([Buffer.alloc(9_000), content(500), Buffer.alloc(100)]);
    expect(readFileSync(path('made')).equals(expected)).toBe(true);
  });

  test('that is not there, or a folder, is an error of the system', async () => {
    await expect(openBlock(path('nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(openBlock(folder, { readOnly: true })).rejects.toMatchObject({ code: 'EISDIR' });
  });

  test('that becomes shorter meanwhile is an EIO and not zeroes', async () => {
    writeFileSync(path('short'), content(1000));
    const file = await openFile(path('short'), { readOnly: true });
    writeFileSync(path('short'), content(10));
    await expect(file.read(0, 1000)).rejects.toMatchObject({ code: 'EIO' });
    await file.close();
  });
});

/** A device in memory, of whole blocks, that counts what it is asked for. */
function memory(bytes: Uint8Array, alignment = 512, blank = false) {
  const calls = { write: 0, writeZeroes: 0 };
  const whole = (...values: number[]): void => {
    for (const value of values) expect(value % alignment).toBe(0);
  };
  const driver = {
    name: 'memory',
    size: bytes.length,
    alignment,
    blank,
    read: async (offset: number, target: number | Uint8Array) => {
      const into = typeof target === 'number' ? new Uint8Array(target) : target;
      whole(offset, into.length);
      into.set(bytes.subarray(offset, offset + into.length));
      return into;
    },
    write: async (offset: number, data: Uint8Array) => {
      whole(offset, data.length);
      calls.write += data.length;
      bytes.set(data, offset);
    },
    writeZeroes: async (offset: number, length: number) => {
      whole(offset, length);
      calls.writeZeroes += length;
      bytes.fill(0, offset, offset + length);
    },
    flush: async () => {},
    discard: async () => {},
    info: async () => expect.fail('not asked for'),
    close: async () => {},
  } as unknown as BlockDriver;
  return { driver, calls };
}

describe('a file that is in use', () => {
  const blockimg = (...args: string[]) =>
    spawnSync(process.execPath, ['examples/dist/blockimg.js', ...args], { encoding: 'utf8', timeout: 20_000 });
  const image = path('kept');
  writeFileSync(image, content(3 * MIB));
  linkSync(image, path('kept-too'));
  symlinkSync(image, path('kept-as-well'));

  test.each(['kept', 'kept-too', 'kept-as-well'])(
    'is not made anew as a copy of itself, nor read into itself: %s',
    (name) => {
      for (const args of [
        ['convert', image, path(name)],
        ['convert', image, `file:${path(name)}`],
        ['read', '--output', path(name), image],
        ['write', '--offset', '1K', '--input', path(name), image],
      ]) {
        expect(blockimg(...args)).toMatchObject({
          status: 1,
          stderr: `blockimg: ${path(name)} is in use already, under this or another name, and would lose what it has\n`,
        });
        expect(readFileSync(image).equals(content(3 * MIB))).toBe(true);
      }
    },
  );

  test('may be made anew once it is closed', async () => {
    const first = await openFile(path('again'), { create: 10 });
    const second = await openFile(path('again'), { readOnly: true });
    await first.close();
    await expect(openFile(path('again'), { create: 20 })).rejects.toMatchObject({ code: 'EBUSY' });
    await second.close();
    await second.close();
    const third = await openFile(path('again'), { create: 20 });
    expect(third.size).toBe(20);
    await third.close();
  });

  test('what is no ordinary file has no size, and is refused without waiting for it', () => {
    execFileSync('mkfifo', [path('pipe')]);
    for (const file of ['/dev/zero', path('pipe')]) {
      expect(blockimg('convert', file, path('nothing'))).toMatchObject({
        status: 1,
        stderr: `blockimg: ${file} is not an ordinary file\n`,
      });
    }
  });
});

describe('blockimg', () => {
  const blockimg = (...args: string[]) => node(join(root, 'examples/dist/blockimg.js'), ...args);

  test('leaves a target as it is where the source cannot be opened', () => {
    writeFileSync(path('target.img'), 'before');
    expect(blockimg('convert', path('none'), path('target.img'))).toMatchObject({ status: 1 });
    expect(readFileSync(path('target.img'), 'utf8')).toBe('before');
  });

  test('says no more of a file than it knows: whether it can be written to is not among that', () => {
    writeFileSync(path('told.img'), content(100));
    const { stdout } = blockimg('info', '--json', path('told.img'));
    expect(JSON.parse(stdout)).toMatchObject({ driver: 'file', size: 100, features: ['resize'] });
    expect(JSON.parse(stdout)).not.toHaveProperty('readOnly');
  });

  test('without a command prints its help as an error', () => {
    const expected = {
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/a command is needed[\s\S]*blockimg convert/),
    };
    expect(blockimg()).toMatchObject(expected);
    expect(blockimg('--quiet')).toMatchObject(expected);
  });

  test('lists its drivers, and tells their libraries and options', () => {
    expect(blockimg('drivers')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^DRIVER +OPENS +LIBRARY\n[\s\S]*^rbd +rbd: +librbd$/m),
    });
    expect(blockimg('drivers', 'rbd').stdout).toMatch(/^rbd: images in a Ceph cluster[\s\S]*uses +.*write_zeroes/);
    const all = JSON.parse(blockimg('drivers', '--json').stdout) as { name: string }[];
    expect(all.map(({ name }) => name)).toContain('iscsi');
    expect(blockimg('drivers', 'nothing')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('there are '),
    });
  });

  test('tells which drivers can be used here, and what to do for the others', () => {
    const without = (name: string, ...args: string[]) =>
      spawnSync(process.execPath, [join(root, 'examples/dist/blockimg.js'), 'drivers', '--check', ...args], {
        encoding: 'utf8',
        env: { ...process.env, [name]: '/no/such/library.so' },
      }).stdout;
    expect(without('DLSHIM_LIBSSH', 'ssh')).toMatch(
      /^ssh +not installed +libssh cannot be used\n[\s\S]*apt install libssh-4/m,
    );
    expect(without('DLSHIM_LIBBZ2', 'dmg')).toMatch(
      /^dmg +usable +libbz2 cannot be used: it does less\n[\s\S]*libbz2/m,
    );
    const [ssh] = JSON.parse(without('DLSHIM_LIBSSH', '--json', 'ssh')) as object[];
    expect(ssh).toMatchObject({
      driver: 'ssh',
      kind: 'absent',
      error: { kind: 'absent' },
      libraries: [{ library: 'libssh' }],
    });
  });

  test('refuses options and formats that there are not, before it opens anything', () => {
    writeFileSync(path('plain'), content(100));
    const refused = [
      [['--option', 'nothing=1', 'rbd:a/b'], "there is no option 'nothing'"],
      [['--format', 'nothing', path('plain')], "no format 'nothing' is known"],
      [['--option', '=1', path('plain')], 'takes KEY=VALUE'],
      [['--option', 'cache=1M', path('plain')], 'a raw file has no options'],
      [['--option', 'dmg.cache=1M', 'rbd:a/b'], "the driver 'dmg' is not what opens this image"],
      [['--option', 'htpp.sslverify=off', 'http://127.0.0.1:1/x'], "no driver 'htpp' is known"],
    ] as const;
    for (const [args, words] of refused)
      expect(blockimg('info', ...args)).toMatchObject({
        status: 2,
        stdout: '',
        stderr: expect.stringContaining(words),
      });
  });

  test('prints no passwords of addresses that it does not understand', () => {
    const addresses = [
      'htp://alice:S3CRET@h/x',
      'gluster://alice:S3CRET@127.0.0.1/x',
      'rbd:p:key=S3CRET',
      'rbd:p/i:S3CRET:key=S3CRET',
      'http://alice:S3CRET@127.0.0.1:1/x',
      'ssh://alice:S3CRET@127.0.0.1:1/x',
      'nfs://alice:S3CRET@127.0.0.1/x',
    ];
    for (const address of addresses) {
      const { status, stdout, stderr } = blockimg('info', '--timeout', '5', address);
      expect(status).not.toBe(0);
      expect(`${stdout}${stderr}`).not.toContain('S3CRET');
    }
  });

  test('names a protocol that it does not know, and those that it does', () => {
    for (const name of ['ftp://x/y', 'nbd:x', 'NBD:x']) {
      const words = new RegExp(`'${name.slice(0, 3).toLowerCase()}:' is known[\\s\\S]*\\brbd\\b`);
      expect(blockimg('info', name)).toMatchObject({ status: 2, stderr: expect.stringMatching(words) });
    }
  });

  test('refuses to write to a snapshot before it asks a cluster', () => {
    const snapshot = 'rbd:rbd/disk0@monday:conf=/no/such/file';
    const words = expect.stringContaining('rbd:rbd/disk0@monday is a snapshot');
    expect(blockimg('write', '--input', path('told.img'), snapshot)).toMatchObject({ status: 1, stderr: words });
    expect(blockimg('convert', path('told.img'), snapshot)).toMatchObject({ status: 1, stderr: words });
  });
});

describe('ranges within blocks', () => {
  test('any range is read, and written without changing what is around', async () => {
    const bytes = content(4096);
    const { driver } = memory(bytes);
    const expected = content(4096);
    for (const [offset, length] of [
      [0, 512],
      [1, 1],
      [511, 2],
      [100, 3000],
      [4095, 1],
      [512, 0],
    ] as const) {
      expect(Buffer.compare(await readBytes(driver, offset, length), expected.subarray(offset, offset + length))).toBe(
        0,
      );
      await writeBytes(driver, offset, Buffer.alloc(length, 0xee));
      expected.fill(0xee, offset, offset + length);
      expect(Buffer.compare(bytes, expected)).toBe(0);
    }
  });
});

describe('a copy', () => {
  const never = new AbortController().signal;
  /** Data, zeroes, and an end within a block. */
  const source = (() => {
    const bytes = content(3 * MIB + 100);
    return bytes.fill(0, MIB / 2, 2 * MIB);
  })();

  test('has the same bytes; zeroes are cleared, and not written', async () => {
    const bytes = content(4 * MIB);
    const { driver, calls } = memory(bytes);
    const seen: number[] = [];
    const result = await copy(memory(source, 1).driver, driver, never, (done) => seen.push(done));
    expect(result).toEqual({ written: source.length - 1.5 * MIB, zero: 1.5 * MIB });
    expect(calls.writeZeroes).toBe(1.5 * MIB);
    expect(bytes.subarray(0, source.length).equals(source)).toBe(true);
    expect(bytes.subarray(source.length).equals(content(4 * MIB).subarray(source.length))).toBe(true);
    expect(seen.at(-1)).toBe(source.length);
  });

  test('to what is blank sends no zeroes at all', async () => {
    const bytes = Buffer.alloc(4 * MIB);
    const { driver, calls } = memory(bytes, 512, true);
    await copy(memory(source, 1).driver, driver, never, () => {});
    expect(calls.writeZeroes).toBe(0);
    expect(bytes.subarray(0, source.length).equals(source)).toBe(true);
  });

  test('to a file leaves holes', async () => {
    const file = await openFile(path('sparse'), { create: 64 * MIB });
    const bytes = Buffer.alloc(64 * MIB);
    bytes.write('here', 40 * MIB);
    expect(await copy(memory(bytes, 1).driver, file, never, () => {})).toEqual({
      written: 64 << 10,
      zero: 64 * MIB - (64 << 10),
    });
    await file.close();
    expect(statSync(path('sparse')).blocks * 512).toBeLessThanOrEqual(MIB);
    expect(readFileSync(path('sparse')).equals(bytes)).toBe(true);
  });

  test('ends with the first error, and when it is told to', async () => {
    const { driver } = memory(Buffer.alloc(64 * MIB));
    const from = memory(Buffer.alloc(64 * MIB, 1)).driver;
    const broken = { ...driver, write: () => Promise.reject(new Error('no more room')) };
    await expect(copy(from, broken, never, () => {})).rejects.toThrow('no more room');
    const stop = new AbortController();
    const stopped = copy(from, driver, stop.signal, (done) => {
      if (done >= 20 * MIB) stop.abort(new Error('enough'));
    });
    await expect(stopped).rejects.toThrow('enough');
  });
});

test('calls on the thread pool run two at a time, in the order of asking, whatever becomes of them', async () => {
  const order: number[] = [];
  let [under, most] = [0, 0];
  const work = (i: number) => async () => {
    order.push(i);
    most = Math.max(most, ++under);
    await sleep(5);
    under--;
    if (i % 3 === 0) throw new Error(`${i}`);
    return i;
  };
  const results = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => inLane(work(i))));
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(2);
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(4);
});
