// 200 rounds of open, call and garbage collection, without workers and with one that starts and ends in each: the process holds what
// it held after the first rounds. On the test library, and on the real librbd and libiscsi where these are installed.
// Run: npx vitest run test/runtime/stress.test.ts

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary, root } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

interface Sample {
  /** Mappings of shared libraries, and all of them. */
  readonly libraries: number;
  readonly all: number;
  readonly rssKiB: number;
  readonly threads: number;
}

const ROUNDS = 200;

function program(
  name: string,
  ...args: string[]
): { status: number | null; signal: string | null; stdout: string; stderr: string } {
  const file = join(root, 'test/runtime/programs', name);
  return spawnSync(process.execPath, ['--expose-gc', file, ...args], { cwd: root, encoding: 'utf8', timeout: 240_000 });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** By how much each figure grows in a round: the median of the last quarter against that of the second; the first one warms up. */
function growth(samples: readonly Sample[]): Sample {
  const quarter = samples.length / 4;
  const per = (of: (sample: Sample) => number) =>
    (median(samples.slice(-quarter).map(of)) - median(samples.slice(quarter, 2 * quarter).map(of))) / (2 * quarter);
  return {
    libraries: per((s) => s.libraries),
    all: per((s) => s.all),
    rssKiB: per((s) => s.rssKiB),
    threads: per((s) => s.threads),
  };
}

describe.skipIf(noCompiler)(named('200 rounds', noCompiler), () => {
  let file = '';
  beforeAll(() => {
    file = buildLibrary('stress.c', 'libstress.so');
  });

  function run(threads: 'main' | 'workers', uses: number): Sample {
    const ended = program('stress.mjs', threads, String(ROUNDS), String(uses), file);
    expect(ended, ended.stderr).toMatchObject({ status: 0, signal: null });
    const { libraries, samples } = JSON.parse(ended.stdout) as { libraries: object; samples: Sample[] };
    const grown = growth(samples);
    console.log(
      `${threads}: ${JSON.stringify(libraries)}, at the end ${JSON.stringify(samples.at(-1))}, a round ${JSON.stringify(grown)}`,
    );
    expect(samples).toHaveLength(ROUNDS);
    return grown;
  }

  it('of forty times open, call, callback, thread pool and collection each leave no mapping, no thread and no memory', {
    timeout: 300_000,
  }, () => {
    const { libraries, all, threads, rssKiB } = run('main', 40);
    expect({ libraries, threads }).toEqual({ libraries: 0, threads: 0 });
    // V8 takes one now and then.
    expect(all).toBeLessThan(0.1);
    // A type of koffi's that each use would leave is 1.4 KiB, and 56 KiB a round; JavaScript's own heap moves by pages of 256 KiB.
    expect(rssKiB).toBeLessThan(25);
  });

  // koffi 3.3.4 keeps the stack, its guard page and the heap of a worker that has ended, three mappings, and the worker's types: it
  // never deletes what belongs to a thread. One of the six ways to end is before the worker loads it.
  it("of a worker that starts and ends in one of six ways leave nothing but koffi's own three mappings", {
    timeout: 300_000,
  }, () => {
    const { libraries, all, threads, rssKiB } = run('workers', 1);
    expect({ libraries, threads }).toEqual({ libraries: 0, threads: 0 });
    expect(all).toBeLessThan(3.2);
    expect(rssKiB).toBeLessThan(160);
  });
});

describe.skipIf(noCompiler)(named('process.exit() while eight workers are at work', noCompiler), () => {
  it.each(['sync', 'async', 'callback'])('ends well where they make calls: %s', (work) => {
    const file = buildLibrary('stress.c', 'libstress.so');
    for (let round = 0; round < 3; round++) {
      const ended = program('exits.mjs', '8', 'ready', work, file);
      expect(ended, ended.stderr).toMatchObject({ status: 0, signal: null });
    }
  });
});
