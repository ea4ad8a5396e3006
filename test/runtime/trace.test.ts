// What DLSHIM_TRACE prints: one line for each call, with its arguments decoded. Run: npx vitest run test/runtime/trace.test.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary, buildModule, runProgram } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

describe.skipIf(noCompiler)(named('a trace', noCompiler), () => {
  const path = () => buildLibrary('callbacks.c', 'libcallbacks.so');
  let lines: string[];
  beforeAll(() => {
    buildModule('callbacks');
    const ended = runProgram('traced.mjs', [path()], { env: { DLSHIM_TRACE: '1' } });
    expect(ended, ended.errors).toMatchObject({ status: 0 });
    lines = ended.errors.trim().split('\n');
  });

  /** The lines about a function, without what differs from run to run. */
  function of(symbol: string): string[] {
    return lines
      .filter((line) => line.includes(symbol))
      .map((line) => line.replace(/0x[0-9a-f]+/g, '0x…').replace(/[\d.]+ ms, /, ''));
  }

  it('has one line for each call, each with library, function, arguments, result, duration and thread', () => {
    const format = /^dlshim callbacks[. ].*\) (= .*|! .*|started) \[(\d+\.\d{3} ms, )?thread \d+\]$/;
    expect(lines.filter((line) => !format.test(line))).toEqual([]);
    expect(of('cb_small')).toEqual(['dlshim callbacks.cb_small(1, -2, 0.5) = -1 (-EPERM?) [thread 0]']);
  });

  it('shows strings quoted and cut, handles by name, and what C has written', () => {
    expect(of('cb_open')).toEqual([
      'dlshim callbacks.cb_open("disk\\n0", [file_t:0x…]) = 0 [thread 0]',
      'dlshim callbacks.cb_open("none", [null]) = -2 (-ENOENT?) [thread 0]',
      `dlshim callbacks.cb_open("${'a'.repeat(64)}"…, [file_t:0x…]) = 0 [thread 0]`,
    ]);
    expect(of('cb_use')).toEqual(['dlshim callbacks.cb_use(file_t:0x…, true) = 6 [thread 0]']);
    expect(of('cb_read')).toEqual([
      'dlshim callbacks.cb_read(file_t:0x…, 3, <3 bytes: 78 78 78>) = 3 [thread 0]',
      `dlshim callbacks.cb_read(file_t:0x…, 20, <20 bytes:${' 78'.repeat(16)} …>) = 20 [thread 0]`,
    ]);
    expect(of('cb_list')).toEqual(['dlshim callbacks.cb_list(<2 bytes: 00 00>, [6]) = -34 (-ERANGE?) [thread 0]']);
    expect(of('cb_texts')).toEqual(['dlshim callbacks.cb_texts(["a", "bc"], 2) = 3 [thread 0]']);
    expect(of('cb_fixed')).toEqual([
      'dlshim callbacks.cb_fixed([1, 1, 1, 1, 1, 1, 1, 1, … 16 elements]) = 2 [thread 0]',
    ]);
  });

  it('decodes records, and follows no address that is in them', () => {
    expect(of('cb_item')).toEqual([
      'dlshim callbacks.cb_item({id: 7, low: 5, high: 1000, name: "seven", text: 0x…, pair: {a: 1, b: 2.5}}, 48) = undefined [thread 0]',
    ]);
    expect(of('cb_sum_pair')).toEqual(['dlshim callbacks.cb_sum_pair({a: 1, b: 2.5}) = 3.5 [thread 0]']);
  });

  it('shows what stands behind ... with its type', () => {
    expect(of('cb_sum_of')).toEqual(['dlshim callbacks.cb_sum_of(2, i32:40, i32:2) = 42 [thread 0]']);
  });

  it('shows callbacks, before the call that they ran in', () => {
    expect(of('cb_each')).toEqual([
      'dlshim callbacks the callback for parameter 1 of cb_each(0, null) = 10 [thread 0]',
      'dlshim callbacks the callback for parameter 1 of cb_each(1, null) ! Error: enough [thread 0]',
      'dlshim callbacks.cb_each(3, function visit, null) ! Error: enough [thread 0]',
    ]);
    expect(of('cb_keep')[0]).toMatch(/^dlshim callbacks\.cb_keep\(0x…\) = undefined/);
  });

  it('shows the start and the end of an asynchronous call under one number', () => {
    const [started, ended, ...more] = of('cb_wait#');
    expect(more).toEqual([]);
    const number = /#\d+/.exec(started!)![0];
    expect(started).toBe(`dlshim callbacks.cb_wait${number}(5, 3) started [thread 0]`);
    expect(ended).toBe(`dlshim callbacks.cb_wait${number}(5, 3) = 3 [thread 0]`);
    const reads = of('cb_order#');
    expect(new Set(reads.map((line) => /#\d+/.exec(line)![0])).size).toBe(2);
  });

  it('shows calls that are refused, and those of worker threads with their thread', () => {
    expect(of('cb_total')).toEqual([
      expect.stringMatching(/^dlshim callbacks\.cb_total\({…}, 1\) ! TypeError: .* \[thread 0\]$/),
    ]);
    const workers = runProgram('traced.mjs', [path(), 'worker'], { env: { DLSHIM_TRACE: '1' } });
    expect(workers.errors).toMatch(/^dlshim callbacks\.cb_order\(2\) = 2 \[[\d.]+ ms, thread 1\]$/m);
  });

  it('shows the call that crashed, where starts are asked for', () => {
    const run = (DLSHIM_TRACE_STARTS: string) =>
      runProgram('traced.mjs', [path(), 'crash'], { env: { DLSHIM_TRACE: '1', DLSHIM_TRACE_STARTS } });
    const crashed = run('1');
    expect(crashed.signal).toBe('SIGSEGV');
    expect(crashed.errors.trim().split('\n').at(-1)).toBe('dlshim callbacks.cb_total(0x10, 4) started [thread 0]');
    expect(run('0').errors).not.toContain('cb_total(0x10');
  });

  it('is silent for other libraries, and where it is not asked for', () => {
    const run = (setting: string) => runProgram('traced.mjs', [path()], { env: { DLSHIM_TRACE: setting } }).errors;
    expect(run('librbd')).toBe('');
    expect(run('')).toBe('');
    expect(run('0')).toBe('');
    expect(run('librbd,callbacks').split('\n').length).toBe(lines.length + 1);
  });

  it('composes with the checks: what they refuse is seen', () => {
    const both = runProgram('traced.mjs', [path()], { env: { DLSHIM_TRACE: '1', DLSHIM_CHECK: '1' } });
    expect(both.errors).toMatch(
      /cb_total\({…}, 1\) ! ArgumentError: cb_total, parameter 0 \(from 0\) of callbacks: wanted a buffer/,
    );
    expect(both.errors).toMatch(/cb_each\(3, function visit, null\) ! Error: enough/);
  });
});
