// Values through calls of every kind, both ways, on random C functions: see run.ts. A longer run: npm run abi -- --count 5000.
// Run: npx vitest run test/abi

import { beforeAll, describe, expect, it } from 'vitest';
import { compilers, named, noCompiler } from '../needs.ts';
import { node } from '../tools.ts';
import type { Report } from './run.ts';

/** In a process of its own, so that a crash is a failure with the function's number in it. */
function run(...options: string[]): { status: number | null; errors: string; report: Report } {
  const { status, stdout, stderr } = node('test/abi/run.mjs', '--json', ...options);
  return { status, errors: stderr, report: stdout === '' ? ({} as Report) : (JSON.parse(stdout) as Report) };
}

describe.skipIf(noCompiler)(named('random C functions', noCompiler), () => {
  let ended: ReturnType<typeof run>;
  beforeAll(() => {
    ended = run('--count', '600', '--library', '600', '--cases', '12', '--async', '2', '--worker', '2', '--seed', '1');
  });

  it('get the values of JavaScript and give theirs unchanged: plainly, on the thread pool, and in a worker thread', () => {
    const { status, errors, report } = ended;
    expect(report.findings, errors).toEqual([]);
    expect(status, errors).toBe(0);
    const { sync, async, worker } = report.called;
    console.log(
      `${report.functions} functions, ${report.records} records: ${sync} plain calls, ${async} on the pool, ${worker} in a worker`,
    );
    expect(report.functions).toBe(600);
    expect(sync).toBeGreaterThan(6000);
    expect(async).toBeGreaterThan(800);
    expect(worker).toBeGreaterThan(150);
  });

  it('are refused for a documented reason alone, and those are few', () => {
    const { refused, functions } = ended.report;
    const reasons = Object.keys(refused).sort();
    expect(reasons).toEqual([
      'a packed record by value',
      'a record by value that is aligned to more than 8 bytes',
      'a record by value with a bit-field',
    ]);
    const count = Object.values(refused).reduce((sum, number) => sum + number, 0);
    console.log(
      `${count} of ${functions} refused: ${reasons.map((reason) => `${refused[reason]} ${reason}`).join(', ')}`,
    );
    expect(count).toBeLessThan(functions / 10);
  });
});

describe.skipIf(noCompiler)(named('one wrong bit', noCompiler), () => {
  it.each([
    ['of an argument, as C sees it', '-DABI_FLIP_ARGUMENTS=1', /C saw [0-9a-f]+ around byte 0 of its arguments/],
    ['of what C hands out', '-DABI_FLIP_RESULTS=1', /(result|a\d+)\S*( argument \d+\S*)?: \S.* expected, got/],
  ])('%s is found, with the seed, the declaration and the values', (_, flag, message) => {
    const { status, report } = run('--count', '40', '--cases', '4', '--seed', '5', '--cc', `cc ${flag}`);
    expect(status).toBe(1);
    const [finding = ''] = report.findings;
    expect(finding).toMatch(/^seed 5: /);
    expect(finding).toMatch(message);
    expect(finding).toMatch(/\babi_\d+\(.*\);\n {2}with \{ parameters: \[/);
  });
});

describe.skipIf(noCompiler)(named('random C functions', noCompiler), () => {
  it.each(['--check', '--trace'])('get and give the same with %s', (flag) => {
    const { status, errors, report } = run('--count', '120', '--cases', '6', '--seed', '3', flag);
    expect(report.findings).toEqual([]);
    expect(status, errors.slice(-2000)).toBe(0);
    expect(errors !== '').toBe(flag === '--trace');
  });
});

const noClang = compilers[1]!.missing;
describe.skipIf(noClang)(named('functions that clang compiled', noClang), () => {
  it('get and give the same', () => {
    const { status, errors, report } = run('--count', '150', '--cases', '6', '--seed', '9', '--cc', 'clang');
    expect(report.findings, errors).toEqual([]);
    expect(status, errors).toBe(0);
  });
});
