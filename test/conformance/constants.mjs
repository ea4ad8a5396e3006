// Which macros gcc can evaluate, and to what. In: the expansions of macros. Out: the value of each that is an integer, floating or string
// constant, and the alignment of types. One file of probes, one line each: lines that gcc refuses are dropped, the values of the
// rest are read from the assembly text (GNU as manual 7: .byte, .value, .long, .quad, .zero, .string, .ascii).

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilerFlags, includes } from './corpus.mjs';
import { firstLines, outputOf, run } from './tools.mjs';

/** @typedef {{ kind: 'int' | 'float' | 'string', value: string }} Constant As `dlshim snapshot --facts` writes them. */

/** @param {string} headers What the preprocessor makes of the headers. @param {ReadonlyMap<string, string>} macros Expansions.
 *  @param {string} folder */
export async function gccConstants(headers, macros, folder) {
  const expansions = [...macros.values()];
  const classes = await runProbes(headers, expansions.map(classProbe), join(folder, 'classes.i'));
  const probes = expansions.flatMap((text, at) => valueProbes(text, at, classOf(classes, at)));
  const { data, strings } = await runProbes(headers, probes, join(folder, 'values.i'));
  /** @type {Map<string, Constant>} */
  const constants = new Map();
  for (const [at, name] of [...macros.keys()].entries()) {
    const constant = readConstant({ data, strings }, at);
    if (constant) constants.set(name, constant);
  }
  return constants;
}

/** The alignment of each type that gcc knows under its name. @param {string} headers @param {readonly string[]} types
 *  @param {string} folder */
export async function gccAlignments(headers, types, folder) {
  const probes = types.map((type, at) => `const unsigned long long a_${at} = _Alignof(${type});`);
  const { data } = await runProbes(headers, probes, join(folder, 'alignments.i'));
  return new Map(types.flatMap((type, at) => (data.has(`a_${at}`) ? [[type, Number(integer(data, `a_${at}`))]] : [])));
}

/** A library's headers, preprocessed: in the probes no macro stands in the way, and errors are reported where the probe is.
 *  @param {import('./corpus.mjs').Library} library @param {string} folder */
export async function preprocessed(library, folder) {
  const source = join(folder, 'headers.c');
  writeFileSync(source, includes(library));
  return outputOf('gcc', ['-std=gnu17', '-w', '-E', ...compilerFlags(library), source]);
}

/** gcc's type classes (__builtin_classify_type): 1 to 4 are integers, 5 pointers and arrays, 8 floating types.
 *  @param {string} text @param {number} at */
function classProbe(text, at) {
  return `const int c_${at} = __builtin_classify_type(${text});`;
}

/** @param {Assembly} assembly @param {number} at */
function classOf({ data }, at) {
  return data.has(`c_${at}`) ? Number(integer(data, `c_${at}`)) : 0;
}

/** @param {string} text @param {number} at @param {number} type @returns {string[]} */
function valueProbes(text, at, type) {
  if (type >= 1 && type <= 4) {
    return [`const unsigned long long i_${at} = (unsigned long long) (${text});`, `const int n_${at} = (${text}) < 0;`];
  }
  if (type === 8) return [`const double d_${at} = (double) (${text});`];
  if (type !== 5) return [];
  return [`const void *const p_${at} = (${text});`, `const unsigned long long w_${at} = sizeof *(${text});`];
}

/** @param {Assembly} assembly @param {number} at @returns {Constant | undefined} */
function readConstant({ data, strings }, at) {
  if (data.has(`i_${at}`) && data.has(`n_${at}`)) {
    const value = integer(data, `i_${at}`);
    if (value === undefined) return undefined;
    return { kind: 'int', value: String(integer(data, `n_${at}`) ? BigInt.asIntN(64, value) : value) };
  }
  if (data.has(`d_${at}`)) {
    const bits = integer(data, `d_${at}`);
    return bits === undefined
      ? undefined
      : { kind: 'float', value: String(new Float64Array(BigUint64Array.of(bits).buffer)[0]) };
  }
  const target = data.get(`p_${at}`)?.[0];
  const bytes = typeof target === 'string' ? strings.get(target) : undefined;
  const width = data.has(`w_${at}`) ? Number(integer(data, `w_${at}`)) : 0;
  return bytes === undefined || width === 0 ? undefined : { kind: 'string', value: text(bytes, width) };
}

/** The characters of a string literal, without the terminating one. @param {readonly number[]} bytes @param {number} width */
function text(bytes, width) {
  const content = Buffer.from(bytes.slice(0, -width));
  if (width === 1) return content.toString('utf8');
  if (width === 2) return content.toString('utf16le');
  return Array.from({ length: content.length / 4 }, (_, i) => String.fromCodePoint(content.readUInt32LE(i * 4))).join(
    '',
  );
}

/** Compiles until gcc refuses no line any more. @param {string} headers @param {readonly string[]} probes One a line.
 *  @param {string} source @returns {Promise<Assembly>} */
async function runProbes(headers, probes, source) {
  const flags = ['-std=gnu17', '-w', '-fmax-errors=0', '-O0', '-S', '-o', '-', '-x', 'cpp-output'];
  let left = [...probes];
  for (;;) {
    writeFileSync(
      source,
      `${headers}\n# 1 "dlshim-probes"\n${left.map((line) => `${line.replaceAll('\n', ' ')}\n`).join('')}`,
    );
    const { status, stdout, stderr } = await run('gcc', [...flags, source]);
    if (status === 0) return parseAssembly(stdout);
    const refused = new Set(
      [...stderr.matchAll(/^dlshim-probes:(\d+):(?:\d+:)? error:/gm)].map((match) => Number(match[1])),
    );
    if (refused.size === 0) throw new Error(`gcc refuses ${source}: ${firstLines(stderr)}`);
    left = left.filter((_, at) => !refused.has(at + 1));
  }
}

/**
 * @typedef {object} Assembly
 * @property {Map<string, (number | bigint | string)[]>} data What stands under each label: bytes, or the symbol of an address.
 * @property {Map<string, number[]>} strings The bytes under each local label.
 */

/** @param {string} assembly @returns {Assembly} */
export function parseAssembly(assembly) {
  /** @type {Assembly['data']} */
  const data = new Map();
  /** @type {(number | bigint | string)[] | undefined} */
  let current;
  for (const line of assembly.split('\n')) {
    const label = /^([.\w$]+):/.exec(line);
    if (label) {
      current = [];
      data.set(/** @type {string} */ (label[1]), current);
      continue;
    }
    const directive = /^\t\.(\w+)\t(.*)$/.exec(line);
    if (directive && current)
      current.push(...values(/** @type {string} */ (directive[1]), /** @type {string} */ (directive[2])));
  }
  const isBytes = (/** @type {(number | bigint | string)[]} */ list) => list.every((item) => typeof item === 'number');
  const strings = new Map([...data].filter(([name, list]) => name.startsWith('.L') && isBytes(list)));
  return { data, strings: /** @type {Map<string, number[]>} */ (strings) };
}

/** @type {Readonly<Record<string, number>>} */
const WIDTHS = { byte: 1, value: 2, short: 2, long: 4, quad: 8 };

/** The bytes of a data directive; an address is its symbol. @param {string} directive @param {string} operand @returns {(number | string)[]} */
function values(directive, operand) {
  if (directive === 'zero') return new Array(Number.parseInt(operand, 10)).fill(0);
  if (directive === 'string') return [...unescaped(operand), 0];
  if (directive === 'ascii') return unescaped(operand);
  const width = WIDTHS[directive];
  if (width === undefined) return [];
  if (!/^-?\d+$/.test(operand)) return [operand];
  const value = BigInt.asUintN(width * 8, BigInt(operand));
  return Array.from({ length: width }, (_, at) => Number((value >> BigInt(at * 8)) & 0xffn));
}

/** @param {string} quoted */
function unescaped(quoted) {
  /** @type {number[]} */
  const bytes = [];
  const named = /** @type {Record<string, number>} */ ({ n: 10, t: 9, r: 13, b: 8, f: 12, '"': 34, '\\': 92 });
  const pattern = /\\([0-7]{1,3})|\\(.)|([^\\])/gu;
  for (const [, octal, letter, plain] of quoted.replace(/^"|"$/g, '').matchAll(pattern)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (letter !== undefined) bytes.push(named[letter] ?? letter.charCodeAt(0));
    else bytes.push(...Buffer.from(/** @type {string} */ (plain), 'utf8'));
  }
  return bytes;
}

/** The little-endian number under a label; undefined where an address stands there.
 *  @param {Assembly['data']} data @param {string} label */
function integer(data, label) {
  let value = 0n;
  for (const [at, byte] of (data.get(label) ?? []).entries()) {
    if (typeof byte !== 'number') return undefined;
    value |= BigInt(byte) << BigInt(at * 8);
  }
  return value;
}
