// openAsync(): the loader works on the thread pool, the event loop turns, and what comes out is what open() gives.
// Run: npx vitest run test/runtime/open-async.test.ts

import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary, root, runProgram } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

describe.skipIf(noCompiler)(named('openAsync()', noCompiler), () => {
  let [slow, stress] = ['', ''];
  beforeAll(() => {
    slow = buildLibrary('slow.c', 'libslow.so.1');
    stress = buildLibrary('stress.c', 'libstress.so');
  });

  const run = (scenario: string, env: Record<string, string>, other = stress) =>
    runProgram('open-async.mjs', [scenario, slow, other], { env });
  const shown = (scenario: string, env: Record<string, string>, other?: string) => {
    const ended = run(scenario, env, other);
    expect(ended, ended.errors).toMatchObject({ status: 0, signal: null });
    return JSON.parse(ended.output);
  };

  it('lets the event loop turn while a constructor runs, and gives the table of open()', () => {
    const { turns, ...rest } = shown('turns', { SLOW_MS: '1000' });
    expect(rest).toEqual({ answer: 42, same: true });
    expect(turns).toBeGreaterThan(2);
  });

  it('loads once, also beside open(), which waits for the loader', () => {
    const count = join(mkdtempSync(join(tmpdir(), 'dlshim-slow-')), 'count');
    expect(shown('concurrent', { SLOW_MS: '200', SLOW_COUNT: count })).toEqual({ same: true, answer: 42 });
    expect(readFileSync(count, 'utf8')).toBe('x');
  });

  it('rejects with what open() throws, and keeps nothing of it', () => {
    const { pairs, tried, after } = shown('errors', {});
    for (const [later, now] of pairs) expect(later).toEqual(now);
    expect(pairs.map(([one]: [{ name: string }]) => one.name)).toEqual([
      ...[
        'LibraryAbsentError',
        'LibraryAbsentError',
        'RequireError',
        'TypeError',
        'TypeError',
        'PathError',
        'TypeError',
      ],
    ]);
    expect({ tried, after }).toEqual({ tried: 'undefined', after: 42 });
  });

  it("has the loader's own words, which it speaks to the thread that asked", () => {
    const text = join(root, 'package.json');
    const { later, now } = shown('rejected', {}, text);
    expect(later).toEqual(now);
    expect(later.message).toContain('invalid ELF header');
  });

  it('does not keep process.exit() from ending the process while a constructor hangs', () => {
    const ended = run('exit', { SLOW_MS: 'ever' });
    expect(ended, ended.errors).toMatchObject({ status: 3, signal: null, output: '{"leaving":3}\n' });
  });

  it('does not keep an uncaught error from ending the process, and being shown', () => {
    const ended = run('throws', { SLOW_MS: 'ever' });
    expect(ended).toMatchObject({ status: 1, signal: null });
    expect(ended.errors).toContain('something else');
  });

  it('takes one thread of the pool, however many wait for a library that hangs', () => {
    expect(shown('queue', { SLOW_MS: 'ever', UV_THREADPOOL_SIZE: '2' })).toEqual({ read: true });
  });

  it('does not ask the loader while it is at the next library, which hangs', () => {
    expect(shown('behind', { SLOW_MS: 'ever' })).toEqual({ touched: 'number' });
  });

  it('blocks the worker that calls it, and not the main thread', () => {
    const { turns, answer } = shown('worker', { SLOW_MS: '1000' });
    expect(answer).toBe(42);
    expect(turns).toBeGreaterThan(2);
  });

  it('keeps to what a test pretends, and loads what is behind that on the thread pool, too', () => {
    const { turns, ...rest } = shown('pretend', { SLOW_MS: '1000' });
    expect(rest).toEqual({ first: ['DLSHIM_ABSENT', 'undefined'], second: 7, third: 'DLSHIM_SYMBOLS', real: 42 });
    expect(turns).toBeGreaterThan(2);
  });
});
