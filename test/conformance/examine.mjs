// One library of the corpus, from headers to a row. In: a library. Out: what dlshim makes of it, and where others disagree.

import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';
import { compare } from './compare.mjs';
import { gccAlignments, gccConstants, preprocessed } from './constants.mjs';
import { compilerFlags, corpusFile } from './corpus.mjs';
import { bindgenFunctions, gccFunctions } from './functions.mjs';
import { expressionMacros, ownMacros } from './macros.mjs';
import { gccDeclarations } from './records.mjs';
import { cli, firstLines, inFolder, run } from './tools.mjs';

/** @typedef {{ held: number, failed: readonly string[] }} Verified */

/**
 * @typedef {object} Row
 * @property {string} library
 * @property {number} functions
 * @property {number} supported
 * @property {Readonly<Record<string, number>>} unsupported Counts by reason.
 * @property {Readonly<Record<'gcc' | 'bindgen' | 'records' | 'enumerators' | 'variables', number>>} compared How much others saw:
 *   functions of gcc and of bindgen, and gcc's records, enumerators and variables.
 * @property {number} records
 * @property {{ found: number, all: number, missed: readonly string[] }} constants Macros that gcc evaluates.
 * @property {number} tokens What `gcc -E -P` makes of the headers, and our preprocessor with it.
 * @property {number} milliseconds
 * @property {Readonly<Record<string, Verified>>} verify By compiler.
 * @property {readonly string[]} missing
 * @property {readonly string[]} wrong
 */

/** @param {import('./corpus.mjs').Library} library @param {{ keep: boolean, bindgen: boolean, compilers: readonly string[] }} options
 *  @returns {Promise<Row>} */
export function examine(library, { keep, bindgen, compilers }) {
  return inFolder(
    library.name,
    async (folder) => {
      const { facts, milliseconds } = await readFacts(library.name);
      const truth = await gatherTruth(library, folder, bindgen);
      const { missing, wrong, missedConstants } = compare(facts, truth);
      /** @type {Record<string, Verified>} */
      const verify = {};
      for (const compiler of compilers) verify[compiler] = await verifyWith(library.name, compiler);
      const preprocessor = await comparePreprocessor(library);
      const functions = Object.values(facts.functions);
      return {
        library: library.name,
        functions: functions.length,
        supported: functions.filter(({ unsupported }) => unsupported === null).length,
        unsupported: countReasons(functions.flatMap(({ unsupported }) => unsupported ?? [])),
        compared: {
          gcc: truth.functions.size,
          bindgen: truth.bindgen?.size ?? 0,
          records: truth.declarations.records.size,
          enumerators: truth.declarations.enumerators.size,
          variables: truth.declarations.variables.size,
        },
        records: Object.keys(facts.records).length,
        constants: {
          found: truth.constants.size - missedConstants.length,
          all: truth.constants.size,
          missed: missedConstants,
        },
        tokens: preprocessor.tokens,
        milliseconds: Math.round(milliseconds),
        verify,
        missing,
        wrong: [...wrong, ...(preprocessor.wrong ? [preprocessor.wrong] : [])],
      };
    },
    keep,
  );
}

/** The preprocessor's tokens against gcc's. @param {import('./corpus.mjs').Library} library */
async function comparePreprocessor(library) {
  const jiti = createJiti(import.meta.url);
  /** @type {typeof import('./preprocessor.ts')} */
  const { comparePreprocessor } = await jiti.import(fileURLToPath(new URL('./preprocessor.ts', import.meta.url)));
  const flags = compilerFlags(library);
  const only = (/** @type {string} */ letter) => flags.filter((f) => f.startsWith(`-${letter}`)).map((f) => f.slice(2));
  const input = { headers: library.headers, includeDirs: only('I'), defines: only('D') };
  const { tokens, difference, error } = comparePreprocessor(input);
  return { tokens, wrong: (difference ?? error) && `preprocessor: ${difference ?? error}` };
}

/** @param {string} name */
async function readFacts(name) {
  const { status, stdout, stderr, milliseconds } = await run(process.execPath, [
    cli,
    'snapshot',
    '--facts',
    '--config',
    corpusFile,
    name,
  ]);
  if (status !== 0) throw new Error(`dlshim snapshot --facts ended with ${status}: ${firstLines(stderr)}`);
  return { facts: /** @type {import('./compare.mjs').Facts} */ (JSON.parse(stdout)), milliseconds };
}

/** What gcc and bindgen say. @param {import('./corpus.mjs').Library} library @param {string} folder @param {boolean} bindgen
 *  @returns {Promise<import('./compare.mjs').Truth>} */
export async function gatherTruth(library, folder, bindgen) {
  const declarations = await gccDeclarations(library, folder);
  const headers = await preprocessed(library, folder);
  const macros = await expressionMacros(library, await ownMacros(library, folder), folder);
  const records = [...declarations.records];
  const tagged = new Map(records.map(([name, { kind, tagged }]) => [tagged ? `${kind} ${name}` : name, name]));
  const alignments = await gccAlignments(headers, [...tagged.keys()], folder);
  return {
    functions: await gccFunctions(library, folder),
    bindgen: bindgen ? await bindgenFunctions(library, folder) : undefined,
    declarations,
    alignments: new Map([...alignments].map(([type, align]) => [tagged.get(type) ?? type, align])),
    constants: await gccConstants(headers, macros, folder),
  };
}

/** @param {string} name @param {string} compiler @returns {Promise<Verified>} */
async function verifyWith(name, compiler) {
  const { stdout, stderr, status } = await run(process.execPath, [
    cli,
    'verify',
    '--config',
    corpusFile,
    '--cc',
    compiler,
    '--json',
    name,
  ]);
  if (status !== 0 && stdout === '')
    return { held: 0, failed: [`dlshim verify ended with ${status}: ${firstLines(stderr)}`] };
  /** @type {{ result: { held: number, failed: string[], errors: string[] } }[]} */
  const [{ result } = { result: { held: 0, failed: [], errors: ['dlshim verify says nothing'] } }] = JSON.parse(stdout);
  return { held: result.held, failed: [...result.failed, ...result.errors] };
}

/** Reasons without the parameter that they name. @param {readonly string[]} reasons */
export function countReasons(reasons) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const reason of reasons) {
    const kind = reason.startsWith('inline:')
      ? 'inline'
      : reason.replace(/^.*?(?:its result|parameter \w+)(?:, member [\w()]+)*:? /, '').replace(/\b\d+\b/g, 'N');
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
