// What is true of a library, by other means than the shim's: its file as readelf(1) and nm(1) show it, its headers as a C compiler reads
// them, its package's version. A library of an installation in, answers out.

import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AlternativeDescriptor } from '../../runtime/src/contract/descriptor.ts';
import { compileFlags, type LibraryFile, library } from '../needs.ts';
import type { Installation, LibraryName } from './installation.ts';

/** When a feature is there, as library.json has it. */
export type FeatureFile =
  | readonly string[]
  | {
      readonly symbols?: readonly string[];
      readonly versions?: string;
      readonly reported?: string;
      readonly constants?: readonly string[];
      readonly members?: readonly string[];
      readonly any?: readonly FeatureFile[];
      readonly not?: FeatureFile;
    };

/** The slots of a shim: undefined for a function with one signature. */
export type Slots = Readonly<Record<string, AlternativeDescriptor | undefined>>;

export interface ConfiguredLibrary extends LibraryFile {
  readonly features?: Readonly<Record<string, FeatureFile>>;
}

/** What library.json says. */
export function configured(name: LibraryName): ConfiguredLibrary {
  return library(name) as ConfiguredLibrary;
}

export class Truth {
  readonly #installation: Installation;
  readonly #name: LibraryName;
  readonly config: ConfiguredLibrary;
  /** Its release. */
  readonly version: string;
  readonly soname: string | undefined;
  /** Of it and of what it needs, for what librbd has from librados: `name`, and `name@VERSION` where there are symbol versions. */
  readonly exports: ReadonlySet<string>;

  constructor(installation: Installation, name: LibraryName) {
    this.#installation = installation;
    this.#name = name;
    this.config = configured(name);
    const { file, version } = installation.libraries[name];
    this.version = version;
    const { soname, needed } = dynamicOf(file);
    this.soname = soname;
    this.exports = new Set([file, ...needed].flatMap(exportsOf));
  }

  /** What it says of its own version: what its headers call that, else its release. */
  get reported(): string {
    const prefix = `${this.#name.toUpperCase()}_VER_`;
    const parts = ['MAJOR', 'MINOR', 'EXTRA'].map((part) => this.#macros().get(prefix + part));
    return parts.every((part) => part !== undefined) ? parts.join('.') : this.version;
  }

  /** Whether it has a function; of one that had several signatures, whether it has that of an alternative. A library with symbol versions
   *  may have several at a time. */
  offers(slot: string, alternative: AlternativeDescriptor | undefined): boolean {
    const { of: symbol, versions, symbolVersion } = alternative ?? { of: slot };
    if (!this.exports.has(symbol) || versions === undefined) return this.exports.has(symbol);
    const isVersioned = [...this.exports].some((name) => name.startsWith(`${symbol}@`));
    if (symbolVersion !== undefined && isVersioned) return this.exports.has(`${symbol}@${symbolVersion}`);
    return versions.split(',').some((range) => {
      const [first = '', last = first] = range.split('..');
      return compareReleases(this.version, first) >= 0 && (last === '' || compareReleases(this.version, last) <= 0);
    });
  }

  /** Whether a feature is there, of a shim with these slots. */
  has(feature: FeatureFile, slots: Slots): boolean {
    if (isList(feature)) return this.has({ symbols: feature }, slots);
    const { symbols = [], versions, reported, constants = [], members = [], any, not, ...others } = feature;
    if (Object.keys(others).length > 0) throw new Error(`conditions that are not checked: ${Object.keys(others)}`);
    const functions = symbols.flatMap((pattern) => matching(pattern, Object.keys(slots)));
    return (
      functions.every((slot) => this.offers(slot, slots[slot])) &&
      (versions === undefined || satisfies(this.version, versions)) &&
      (reported === undefined || satisfies(this.reported, reported)) &&
      constants.every((constant) => this.#compiles(`(void)(${constant});`)) &&
      members.every((member) => this.#compiles(mention(member))) &&
      (any === undefined || any.some((each) => this.has(each, slots))) &&
      (not === undefined || !this.has(not, slots))
    );
  }

  /** What a C compiler makes of C text behind the library's headers. */
  compile(text: string, ...flags: string[]): { status: number | null; stdout: string; stderr: string } {
    const input = `${this.config.headers.map((header) => `#include <${header}>\n`).join('')}#line 1 "asked"\n${text}`;
    const options = { input, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
    return spawnSync('cc', [...this.#flags(), '-w', ...flags, '-xc', '-'], options);
  }

  #compiles(statement: string): boolean {
    return this.compile(`int main(void) { ${statement} return 0; }\n`, '-fsyntax-only').status === 0;
  }

  /** The macros of its headers. */
  #macros(): Map<string, string> {
    const { stdout } = this.compile('', '-dM', '-E');
    return new Map([...stdout.matchAll(/^#define (\w+) (.*)$/gm)].map(([, name, value]) => [name!, value!]));
  }

  /** The suite's headers come before the machine's. */
  #flags(): string[] {
    const { include } = this.#installation;
    const triplets = readdirSync(include).filter((name) => /-linux-gnu\w*$/.test(name));
    const configured = compileFlags(this.config).map((flag) => flag.replace(/^-I\/usr\/include/, `-I${include}`));
    return [`-I${include}`, ...triplets.map((name) => `-I${join(include, name)}`), ...configured];
  }
}

const seen = new Map<string, readonly string[]>();

/** What a file exports: each name by itself, and with its symbol version. */
function exportsOf(file: string): readonly string[] {
  const known = seen.get(file) ?? readExports(file);
  seen.set(file, known);
  return known;
}

function readExports(file: string): readonly string[] {
  const text = execFileSync('nm', ['-D', '--defined-only', file], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return text.split('\n').flatMap((line) => {
    const [, name, version] = /^\S+ \S (\S+?)(?:@@?(\S+))?$/.exec(line) ?? [];
    if (name === undefined) return [];
    return version === undefined ? [name] : [name, `${name}@${version}`];
  });
}

/** What a library calls itself, and the files beside it that it asks for. */
function dynamicOf(file: string): { soname: string | undefined; needed: string[] } {
  const text = execFileSync('readelf', ['-d', file], { encoding: 'utf8' });
  const all = (tag: string) => [...text.matchAll(new RegExp(`\\(${tag}\\).*\\[(.*)\\]`, 'g'))].map(([, name]) => name!);
  const beside = new Set(readdirSync(dirname(file)));
  const isBase = (name: string) => /^lib(c|m|dl|pthread|stdc\+\+)\.so/.test(name);
  const needed = all('NEEDED').filter((name) => beside.has(name) && !isBase(name));
  return { soname: all('SONAME')[0], needed: needed.map((name) => join(dirname(file), name)) };
}

/** The names that a pattern stands for; one without `*` stands for itself. */
function matching(pattern: string, names: readonly string[]): readonly string[] {
  if (!pattern.includes('*')) return [pattern];
  const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
  return names.filter((name) => expression.test(name));
}

/** `iscsi_url.transport` as an expression that only compiles where there is such a member. */
function mention(member: string): string {
  const [record, ...path] = member.split('.');
  return `(void)__builtin_offsetof(struct ${record}, ${path.join('.')});`;
}

/** Whether a release meets conditions such as `>=1.9.3 <6.0.0`. */
function satisfies(version: string, conditions: string): boolean {
  return conditions.split(/\s+(?=[<>=])/).every((condition) => {
    const [, operator, bound] = /^([<>]=?|=)\s*(\S+)$/.exec(condition)!;
    const order = compareReleases(version, bound!);
    if (operator === '=') return order === 0;
    return operator!.startsWith('<')
      ? order < 0 || (operator === '<=' && order === 0)
      : order > 0 || (operator === '>=' && order === 0);
  });
}

/** As numbers between dots: 1.10 is newer than 1.9, and 9 the same as 9.0. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  for (let i = 0; i < Math.max(left!.length, right!.length); i++) {
    const order = (left![i] ?? 0) - (right![i] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

function isList(feature: FeatureFile): feature is readonly string[] {
  return Array.isArray(feature);
}
