// npm run conformance: what dlshim makes of 40 real libraries, held against gcc, clang and bindgen. A row for each.

import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { hasApt, install, installedVersion, isRoot } from '../../scripts/debian.mjs';
import { missingPackages, readCorpus } from './corpus.mjs';
import { examine } from './examine.mjs';
import { HEAD, rowText, summary } from './report.mjs';
import { inParallel } from './tools.mjs';

const HELP = `npm run conformance [-- options] [libraries…]

For each library of test/conformance/corpus.json: the functions, records, enumerators and constants that dlshim reads from its
headers, compared with what gcc declares (-aux-info), lays out (DWARF) and evaluates (probes), with bindgen's list of functions,
with dlshim verify through gcc and clang, and its preprocessor's tokens with those of gcc -E -P.

  --json         print the rows as JSON
  --verbose      name every constant that gcc evaluates and dlshim does not
  --no-install   install nothing, even as root
  --no-bindgen   leave bindgen out
  --keep         keep the files that the compilers were given, in build/conformance
  --out <file>   also write the rows as JSON to this file

Exit codes: 0 all green; 1 something is wrong or missing; 2 usage.
`;

/** @typedef {import('./examine.mjs').Row | { library: string, skipped?: string, error?: string }} Outcome */

const { flags, names } = readArguments();
const compilers = ['gcc', 'clang'];
const tools = [...compilers, 'binutils', 'pkg-config', ...(flags['no-bindgen'] ? [] : ['bindgen'])];
const libraries = chooseLibraries();
const lacking = prepare([...new Set([...tools.filter(isAbsent), ...libraries.flatMap(missingPackages)])]);

let done = 0;
if (!flags.json) process.stdout.write(HEAD);
const outcomes = await inParallel(libraries, availableParallelism(), async (library) => {
  const outcome = await outcomeOf(library);
  done++;
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${done}/${libraries.length} ${library.name}`);
  return outcome;
});
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');

const json = `${JSON.stringify(outcomes, undefined, 2)}\n`;
if (flags.out !== undefined) writeFileSync(flags.out, json);
if (flags.json) process.stdout.write(json);
else for (const outcome of outcomes) process.stdout.write(rowText(outcome, flags.verbose ?? false));
const { text, green } = summary(outcomes);
(flags.json ? process.stderr : process.stdout).write(text);
if (!green) process.exitCode = 1;

/** @param {import('./corpus.mjs').Library} library @returns {Promise<Outcome>} */
async function outcomeOf(library) {
  const packages = [...tools, ...library.headerPackages.debian].filter((name) => lacking.has(name));
  if (packages.length) return { library: library.name, skipped: `not installed: ${packages.join(' ')}` };
  try {
    return await examine(library, { keep: flags.keep ?? false, bindgen: !flags['no-bindgen'], compilers });
  } catch (error) {
    return { library: library.name, error: error instanceof Error ? error.message : String(error) };
  }
}

function readArguments() {
  const boolean = { type: /** @type {const} */ ('boolean') };
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        help: { ...boolean, short: 'h' },
        json: boolean,
        verbose: boolean,
        keep: boolean,
        'no-install': boolean,
        'no-bindgen': boolean,
        out: { type: 'string' },
      },
    });
    if (values.help) {
      process.stdout.write(HELP);
      process.exit(0);
    }
    return { flags: values, names: positionals };
  } catch (error) {
    return usage(error);
  }
}

function chooseLibraries() {
  try {
    return readCorpus(names);
  } catch (error) {
    return usage(error);
  }
}

/** @param {unknown} error @returns {never} */
function usage(error) {
  process.stderr.write(`conformance: ${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  process.exit(2);
}

/** @param {string} tool */
function isAbsent(tool) {
  return hasApt() && installedVersion(tool) === undefined;
}

/** Installs what is missing where that is possible. Returns what is missing still. @param {readonly string[]} packages */
function prepare(packages) {
  if (packages.length === 0) return new Set();
  if (flags['no-install'] || !hasApt() || !isRoot()) {
    process.stderr.write(`conformance: not installed: ${packages.join(' ')}\n`);
    return new Set(packages);
  }
  process.stderr.write(`conformance: installing ${packages.join(' ')}\n`);
  const error = install(packages);
  if (error !== undefined) process.stderr.write(`conformance: apt-get failed:\n${error}\n`);
  return new Set(packages.filter((name) => installedVersion(name) === undefined));
}
