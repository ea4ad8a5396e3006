// npm run bench: ratios within one run, each beside its aim. Nothing fails unless it is asked to.

import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readCorpus } from '../test/conformance/corpus.mjs';
import { benchDrivers, driversText } from './drivers.mjs';
import { benchGenerate, generateText } from './generate.mjs';
import { benchHistory, historyText } from './history.mjs';
import { benchImports, importsText } from './imports.mjs';
import { goalText, root } from './measure.mjs';
import { benchOpen, openText } from './open.mjs';
import { benchProbe, probeText } from './probe.mjs';
import { benchTrimmed, trimmedText } from './trimmed.mjs';
import { benchTypes, typesText } from './types.mjs';

const HELP = `npm run bench [-- options] [libraries…]

  generate   dlshim generate against bindgen --dynamic-loading, for each library of test/conformance/corpus.json and for all in one run
  types      tsc over GTK's shim against tsc over an empty file
  calls      a call through a table against plain koffi and against Node-API in C
  open       open() of librbd and of GTK against dlopen and dlsym in C
  imports    import of all fourteen shims
  trimmed    shims of what a program uses against whole ones: sizes and imports
  history    20 versions merged into a history and generated from, against one
  probe      inspect({ load: false }) of librbd against loading it
  drivers    start-up of blockimg with all drivers known, with none, and with all their libraries loaded
  rbd        reads through the rbd driver against the same loop in C, on a Ceph cluster of its own

  --only <part>  one of these; may be repeated (default: all)
  --runs <n>     pairs of runs for each figure (default: 5)
  --json         print the figures as JSON
  --assert       exit 1 where an aim is missed

With libraries named, only generate is run, for these.
`;

const CORPUS = readCorpus([]).map(({ name }) => name);

/** What a part gives: its aims, and how its figures are shown. @typedef {{ goals: import('./measure.mjs').Goal[], text: string, figures: object }} Part */

const progress = (/** @type {string} */ text) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
};

/** @type {Record<string, (runs: number, libraries: readonly string[]) => Part | Promise<Part>>} */
const PARTS = {
  generate(runs, only) {
    if (spawnSync('bindgen', ['--version']).error) usage('bindgen is not installed: npm run setup -- --bench');
    const result = benchGenerate({ runs, only, progress });
    return part(result, generateText(result));
  },
  types(runs) {
    const result = benchTypes({ runs, progress });
    return part(result, typesText(result));
  },
  calls() {
    progress('calls');
    const program = join(root, 'bench/calls.mjs');
    const { text, ...result } = JSON.parse(execFileSync(process.execPath, [program, '--json'], { encoding: 'utf8' }));
    return part(result, text);
  },
  open(runs) {
    const result = benchOpen({ runs, progress });
    return part(result, openText(result));
  },
  imports(runs) {
    const result = benchImports({ runs, progress });
    return part(result, importsText(result));
  },
  trimmed(runs) {
    const result = benchTrimmed({ runs, progress });
    return part(result, trimmedText(result));
  },
  history(runs) {
    const result = benchHistory({ runs, progress });
    return part(result, historyText(result));
  },
  probe(runs) {
    const result = benchProbe({ runs, progress });
    return part(result, probeText(result));
  },
  drivers(runs) {
    const result = benchDrivers({ runs, progress });
    return part(result, driversText(result));
  },
  async rbd(runs) {
    const { benchRbd, noRbd, rbdText } = await import('./rbd-reads.mjs');
    if (noRbd !== undefined)
      return { goals: [], figures: { notMeasured: noRbd }, text: `rbd: not measured: ${noRbd}\n` };
    const result = await benchRbd({ runs, progress });
    return part(result, rbdText(result));
  },
};

const { values: flags, positionals: libraries } = readArguments();
const runs = Number(flags.runs ?? 5);
if (!Number.isInteger(runs) || runs < 1) usage(`--runs takes a number from 1 on, and not ${flags.runs}`);
const unknown = libraries.filter((library) => !CORPUS.includes(library));
if (unknown.length > 0) usage(`the corpus has no library ${unknown.join(', ')}; it has ${CORPUS.join(' ')}`);
const names = libraries.length > 0 ? ['generate'] : (flags.only ?? Object.keys(PARTS));
for (const name of names) if (!Object.hasOwn(PARTS, name)) usage(`there is no part '${name}'`);

/** @type {Record<string, object>} */
const figures = {};
const goals = [];
for (const name of names) {
  const result = await /** @type {typeof PARTS[string]} */ (PARTS[name])(runs, libraries);
  progress('');
  if (!flags.json) process.stdout.write(`${result.text}\n`);
  figures[name] = result.figures;
  goals.push(...result.goals);
}
if (flags.json) process.stdout.write(`${JSON.stringify({ runs, ...figures, goals }, undefined, 2)}\n`);
else process.stdout.write(`aims\n${goals.map(goalText).join('')}`);
if (flags.assert && goals.some(({ ratio, aim }) => ratio > aim)) process.exitCode = 1;

/** @param {{ goals: import('./measure.mjs').Goal[] }} result @param {string} text @returns {Part} */
function part({ goals, ...figures }, text) {
  return { goals, figures, text };
}

/** @param {string} message @returns {never} */
function usage(message) {
  process.stderr.write(`bench: ${message}\n\n${HELP}`);
  process.exit(2);
}

function readArguments() {
  const boolean = /** @type {const} */ ({ type: 'boolean' });
  const text = /** @type {const} */ ({ type: 'string' });
  try {
    const parsed = parseArgs({
      allowPositionals: true,
      options: {
        help: { ...boolean, short: 'h' },
        json: boolean,
        assert: boolean,
        runs: text,
        only: { ...text, multiple: true },
      },
    });
    if (parsed.values.help) {
      process.stdout.write(HELP);
      process.exit(0);
    }
    return parsed;
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}
