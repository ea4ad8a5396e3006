// libbz2 through its shim, on real data: what it compresses bzip2(1) reads, and the other way; buffers, streams and files; on the thread
// pool too.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocate, bytesAt, free, type Pointer } from '@dlshim/runtime';
import {
  BZ_DATA_ERROR,
  BZ_DATA_ERROR_MAGIC,
  BZ_FINISH,
  BZ_FINISH_OK,
  BZ_OK,
  BZ_OUTBUFF_FULL,
  BZ_STREAM_END,
  BZ_UNEXPECTED_EOF,
  bz_stream,
  libbz2,
} from '@dlshim/shims/libbz2';
import { describe, expect, test } from 'vitest';
import { named, noLibrary } from '../needs.ts';
import { bytes, same } from './content.ts';

const noBzip2 =
  noLibrary('libbz2.so.1.0') ??
  (spawnSync('bzip2', ['--version', '-c'], { input: '' }).error ? 'bzip2(1) is not installed' : undefined);

describe.skipIf(noBzip2)(named('libbz2', noBzip2), () => {
  // Half of it can be compressed.
  const content = Buffer.concat([bytes(300_000), new Uint8Array(300_000).fill(0x61)]);
  const bzip2 = (input: Uint8Array, ...flags: string[]) =>
    execFileSync('bzip2', [...flags, '-c'], { input, maxBuffer: 1 << 24 });

  test('compresses a buffer that bzip2(1) reads, and decompresses what that wrote, on the thread pool', async () => {
    const { async } = libbz2.open();
    const [packed, length] = [new Uint8Array(700_000), new Uint32Array([700_000])];
    expect(await async.BZ2_bzBuffToBuffCompress(packed, length, content, content.length, 9, 0, 0)).toBe(BZ_OK);
    expect(length[0]).toBeLessThan(400_000);
    expect(same(bzip2(packed.subarray(0, length[0]), '-d'), content)).toBe(true);

    const [back, size] = [new Uint8Array(content.length), new Uint32Array([content.length])];
    const written = bzip2(content, '-1');
    expect(await async.BZ2_bzBuffToBuffDecompress(back, size, written, written.length, 0, 0)).toBe(BZ_OK);
    expect(size[0]).toBe(content.length);
    expect(same(back, content)).toBe(true);
  });

  test('tells a buffer that is too small, damaged, cut or no bzip2 at all', () => {
    const { fn } = libbz2.open();
    const packed = bzip2(content);
    const decompress = (source: Uint8Array, room = content.length) => {
      const length: [number] = [room];
      return fn.BZ2_bzBuffToBuffDecompress(new Uint8Array(room), length, source, source.length, 0, 0);
    };
    expect(decompress(packed)).toBe(BZ_OK);
    expect(decompress(packed, 1000)).toBe(BZ_OUTBUFF_FULL);
    const damaged = Uint8Array.from(packed);
    damaged[10]! ^= 0xff;
    expect(decompress(damaged)).toBe(BZ_DATA_ERROR);
    expect(decompress(packed.subarray(0, 5000))).toBe(BZ_UNEXPECTED_EOF);
    expect(decompress(content)).toBe(BZ_DATA_ERROR_MAGIC);
  });

  test('compresses and decompresses streams in pieces', () => {
    const { fn } = libbz2.open();
    type Step = (stream: Pointer<bz_stream>) => number;
    /** Runs a stream to its end, with so many bytes of room at a time. All is memory of C's: libbz2 keeps the addresses between calls. */
    const run = (start: Step, step: Step, end: Step, input: Uint8Array, room: number): Buffer => {
      const stream = allocate(bz_stream.size) as Pointer<bz_stream>;
      const [source, target] = [allocate(input.length), allocate(room)] as Pointer<number>[];
      bytesAt(source!, input.length).set(input);
      const state = bz_stream.at(stream);
      Object.assign(state, { next_in: source, avail_in: input.length });
      expect(start(stream)).toBe(BZ_OK);
      const pieces: Uint8Array[] = [];
      for (let result = -1; result !== BZ_STREAM_END; ) {
        Object.assign(state, { next_out: target, avail_out: room });
        result = step(stream);
        expect([BZ_OK, BZ_FINISH_OK, BZ_STREAM_END]).toContain(result);
        pieces.push(bytesAt(target!, room - state.avail_out).slice());
      }
      const output = Buffer.concat(pieces);
      expect([state.total_in_lo32, state.total_in_hi32, state.total_out_lo32]).toEqual([
        input.length,
        0,
        output.length,
      ]);
      expect(end(stream)).toBe(BZ_OK);
      for (const memory of [stream, source, target]) free(memory!);
      return output;
    };
    const packed = run(
      (stream) => fn.BZ2_bzCompressInit(stream, 5, 0, 30),
      (stream) => fn.BZ2_bzCompress(stream, BZ_FINISH),
      (stream) => fn.BZ2_bzCompressEnd(stream),
      content,
      1000,
    );
    expect(same(bzip2(packed, '-d'), content)).toBe(true);
    const back = run(
      (stream) => fn.BZ2_bzDecompressInit(stream, 0, 1),
      (stream) => fn.BZ2_bzDecompress(stream),
      (stream) => fn.BZ2_bzDecompressEnd(stream),
      packed,
      4096,
    );
    expect(same(back, content)).toBe(true);
  });

  test('writes a file that bzip2(1) reads, and reads one that it wrote', () => {
    const { fn } = libbz2.open();
    const folder = mkdtempSync(join(tmpdir(), 'dlshim-bz2-'));
    const [ours, theirs] = [join(folder, 'ours.bz2'), join(folder, 'theirs.bz2')];
    const writing = fn.BZ2_bzopen(ours, 'w9')!;
    expect(fn.BZ2_bzwrite(writing, content, content.length)).toBe(content.length);
    fn.BZ2_bzclose(writing);
    expect(same(bzip2(readFileSync(ours), '-d'), content)).toBe(true);

    writeFileSync(theirs, bzip2(content));
    const reading = fn.BZ2_bzopen(theirs, 'r')!;
    const back = new Uint8Array(content.length);
    expect(fn.BZ2_bzread(reading, back, back.length)).toBe(back.length);
    expect(same(back, content)).toBe(true);
    expect(fn.BZ2_bzread(reading, back, 1)).toBe(0);
    const code: [number] = [-1];
    expect(fn.BZ2_bzerror(reading, code)).toBe('OK');
    expect(code).toEqual([BZ_OK]);
    fn.BZ2_bzclose(reading);
    expect(fn.BZ2_bzopen(join(folder, 'absent.bz2'), 'r')).toBeNull();
  });
});
