// A library with a live thread and thread-local destructors stays mapped, whatever the program does; the same program on plain
// koffi crashes. Both run side by side.
// Run: npx vitest run test/runtime/residency.test.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary, runProgram } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

const scenarios = {
  return: 'the main thread opens it, drops it, collects garbage and returns',
  exit: 'the main thread opens it, drops it, collects garbage and calls process.exit()',
  worker: 'a worker opens it and ends, and the main thread goes on',
  terminate: 'four workers open it at once and are terminated',
  'exit-busy': 'process.exit() is called while workers use it',
};

describe.skipIf(noCompiler)(named('a library with a live thread and thread-local destructors', noCompiler), () => {
  let file = '';
  beforeAll(() => {
    file = buildLibrary('resident.c', 'libresident.so');
  });

  const run = (backend: string, scenario: string) =>
    runProgram('resident.mjs', [backend, file, scenario], { node: ['--expose-gc'] });

  for (const [scenario, title] of Object.entries(scenarios)) {
    it(`through a shim stays resident and the process ends well when ${title}`, () => {
      for (let round = 0; round < 3; round++) {
        const ended = run('dlshim', scenario);
        expect(ended, ended.errors).toMatchObject({ status: 0, signal: null, output: 'resident\n' });
      }
    });

    it(`through plain koffi kills the process when ${title}`, () => {
      expect(run('koffi', scenario)).toMatchObject({ signal: 'SIGSEGV' });
    });
  }
});
