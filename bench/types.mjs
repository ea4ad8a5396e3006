// tsc over GTK's shim against tsc over an empty file, whole processes in turn, under the strictest checks and with skipLibCheck,
// as users have it; no declarations are made, which is for those who publish shims. The shim imports the built runtime.

import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { corpusFile } from '../test/conformance/corpus.mjs';
import { inTurn, measure, median, out, root } from './measure.mjs';

const { resolve } = createRequire(import.meta.url);
const tsc = join(dirname(resolve('typescript/package.json')), 'bin/tsc');

/** @param {{ runs: number, progress: (text: string) => void }} options */
export function benchTypes({ runs, progress }) {
  const folder = join(out, 'types');
  mkdirSync(folder, { recursive: true });
  measure(process.execPath, [
    join(root, 'generator/dist/cli.js'),
    ...['generate', '--config', corpusFile, 'gtk3', '--out', folder],
  ]);
  writeFileSync(join(folder, 'empty.ts'), 'export {};\n');
  for (const name of ['gtk3', 'empty']) writeFileSync(join(folder, `${name}.json`), settings(`${name}.ts`));
  const check = (/** @type {string} */ name) => measure(process.execPath, [tsc, '-p', join(folder, `${name}.json`)]);
  /** @type {{ shim: import('./measure.mjs').Cost, empty: import('./measure.mjs').Cost }[]} */
  const pairs = [];
  for (let round = 0; round <= runs; round++) {
    progress(`round ${round}/${runs} tsc`);
    const [shim, empty] = inTurn(
      round,
      () => check('gtk3'),
      () => check('empty'),
    );
    if (round > 0) pairs.push({ shim, empty });
  }
  return {
    shim: { ms: median(pairs.map((p) => p.shim.ms)), mib: median(pairs.map((p) => p.shim.mib)) },
    empty: { ms: median(pairs.map((p) => p.empty.ms)), mib: median(pairs.map((p) => p.empty.mib)) },
    goals: [
      {
        name: "tsc over gtk3's shim / over an empty file",
        ratio: median(pairs.map((p) => p.shim.ms / p.empty.ms)),
        aim: 3,
      },
    ],
  };
}

/** @param {string} file */
function settings(file) {
  return JSON.stringify({
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      noEmit: true,
      declaration: false,
      isolatedDeclarations: false,
      skipLibCheck: true,
      types: ['node'],
    },
    files: [file],
  });
}

/** @param {ReturnType<typeof benchTypes>} result */
export function typesText({ shim, empty }) {
  return `tsc, whole processes in turn, medians\n  gtk3.ts ${shim.ms.toFixed(0)} ms, an empty file ${empty.ms.toFixed(0)} ms\n`;
}
