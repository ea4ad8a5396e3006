// npm run bench: ratios within one run, each beside its aim. Nothing fails unless it is asked to.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchGenerate, generateText } from './generate.mjs';
import { goalText, root } from './measure.mjs';
import { benchTypes, typesText } from './types.mjs';

const HELP = `npm run bench [-- options] [libraries…]

dlshim generate against bindgen --dynamic-loading, for each library of test/conformance/corpus.json and for all in one run; tsc
over GTK's shim; what a call costs.

  --runs <n>     pairs of runs for each figure (default: 5)
  --json         print the figures as JSON
  --assert       exit 1 where an aim is missed

With libraries named, only these are measured, and neither tsc nor calls.
`;

/** @param {string} message @returns {never} */
function usage(message) {
  process.stderr.write(`bench: ${message}\n\n${HELP}`);
  process.exit(2);
}

const { values: flags, positionals: only } = readArguments();
const runs = Number(flags.runs ?? 5);
if (!Number.isInteger(runs) || runs < 1) usage(`--runs takes a number from 1 on, and not ${flags.runs}`);
if (spawnSync('bindgen', ['--version']).error) usage('bindgen is not installed: npm run setup -- --bench');
const progress = (/** @type {string} */ text) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
};

const generate = benchGenerate({ runs, only, progress });
const types = only.length === 0 ? benchTypes({ runs, progress }) : undefined;
const goals = [...generate.goals, ...(types?.goals ?? [])];
progress('');
if (flags.json) {
  process.stdout.write(`${JSON.stringify({ runs, generate, types, goals }, undefined, 2)}\n`);
} else {
  process.stdout.write(`${generateText(generate)}\n${types ? `${typesText(types)}\n` : ''}`);
  process.stdout.write(`aims\n${goals.map(goalText).join('')}`);
  if (only.length === 0) calls();
}
if (flags.assert && goals.some(({ ratio, aim }) => ratio > aim)) process.exitCode = 1;

function calls() {
  process.stdout.write('\n');
  const { status } = spawnSync(process.execPath, [join(root, 'bench/calls.mjs')], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

function readArguments() {
  const boolean = /** @type {const} */ ({ type: 'boolean' });
  try {
    const options = { help: { ...boolean, short: 'h' }, json: boolean, assert: boolean };
    const parsed = parseArgs({ allowPositionals: true, options: { ...options, runs: { type: 'string' } } });
    if (parsed.values.help) {
      process.stdout.write(HELP);
      process.exit(0);
    }
    return parsed;
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}
