// History <-> canonical JSON. One version a line, one era of a declaration a line, by name; `in` says which versions it is of (ranges.ts)
// where it is not of all of them. Nothing in it depends on the order in which versions were added, and a version that changes
// nothing adds one line. No path, no time.

import type { Enumerator } from '../model/api.ts';
import { compareText, compareVersions } from './compare.ts';
import {
  constantFromJson,
  enumFromJson,
  functionFromJson,
  type JsonObject,
  type RawConstant,
  type RawEnum,
  type RawFunction,
  type RawRecord,
  type RawTypedef,
  type RawUnsupported,
  type RawVariable,
  recordFromJson,
  sectionText,
  typedefFromJson,
  unsupportedFromJson,
  variableFromJson,
} from './declarations.ts';
import { versionsOf } from './entries.ts';
import { HistoryError } from './error.ts';
import { type ExportLine, exportLines, exportsFromLines } from './export-lines.ts';
import type { EnumEntry, History, HistoryEntry, HistoryVersion, VersionSet } from './history.ts';
import { indexesFrom, rangesFromText, rangesText } from './ranges.ts';
import type { Section } from './sections.ts';
import * as sections from './sections.ts';
import { historyProblem } from './shape.ts';
import { wantedOf } from './snapshot.ts';

/** The version of this format. */
const HISTORY_FORMAT = 1;

/** `targets` are those that the same history is of; its own where nothing is said. */
export function historyToJson(history: History, targets: readonly string[] = [history.target]): string {
  const all = indexesFrom(0, history.versions.length);
  const name = (index: number): string => history.versions[index]!.version;
  const lines = <T extends object>(entries: readonly HistoryEntry<T>[], section: Section<T>, base = all) =>
    entries.flatMap(({ eras }) =>
      eras.map(({ versions, decl }): JsonObject => {
        const { name: called, ...rest } = section.toJson(decl);
        const ranges = versions.length === base.length ? undefined : rangesText(versions, base, name);
        return { name: called, in: ranges, ...rest };
      }),
    );
  const enumerators = history.enums.flatMap((entry) =>
    lines(entry.enumerators, sections.enumerators, versionsOf(entry)).map((line) => ({ of: entry.key, ...line })),
  );
  const head = [
    ['format', HISTORY_FORMAT],
    ['library', history.library],
    ['target', targets.length === 1 ? targets[0] : targets],
  ].map(([key, value]) => `  "${key as string}": ${JSON.stringify(value)}`);
  const body = [
    sectionText('versions', history.versions.map(versionToJson)),
    sectionText('functions', lines(history.functions, sections.functions)),
    sectionText('records', lines(history.records, sections.records)),
    sectionText('enums', lines(history.enums, sections.enums)),
    sectionText('enumerators', enumerators),
    sectionText('typedefs', lines(history.typedefs, sections.typedefs)),
    sectionText('variables', lines(history.variables, sections.variables)),
    sectionText('constants', lines(history.constants, sections.constants)),
    sectionText('unsupported', lines(history.unsupported, sections.unsupported)),
    sectionText('exports', exportLines(history)),
  ];
  return `{\n${[...head, ...body].join(',\n')}\n}\n`;
}

function versionToJson({ version, source, headers, ownHeaders, sonames, exportsKnown }: HistoryVersion): JsonObject {
  return { version, source, headers, ownHeaders, sonames, exports: exportsKnown || undefined };
}

/** Reads what historyToJson wrote; `wanted` as snapshotFromJson has it. Throws a HistoryError that says what is wrong. */
export function historyFromJson(text: string, wanted?: string): History {
  return wantedOf(historiesFromJson(text), wanted);
}

/** The history of each target that the file is of; they share everything but that. */
export function historiesFromJson(text: string): readonly History[] {
  let data: Raw;
  try {
    data = JSON.parse(text) as Raw;
  } catch (error) {
    throw new HistoryError(`not JSON: ${(error as Error).message}`);
  }
  if (typeof data !== 'object' || data === null) throw new HistoryError('not a history');
  if (data.format !== HISTORY_FORMAT) {
    throw new HistoryError(`its format is ${JSON.stringify(data.format)}; this dlshim reads ${HISTORY_FORMAT}`);
  }
  const problem = historyProblem(data);
  if (problem !== undefined) throw new HistoryError(`a section is missing or damaged: ${problem}`);
  const versions = data.versions.map(versionFromJson);
  checkOrder(versions);
  const read = new Reader(versions);
  const enums = read.entries('enums', data.enums, enumFromJson, sections.enums);
  const history = {
    library: data.library,
    versions,
    functions: read.entries('functions', data.functions, functionFromJson, sections.functions),
    records: read.entries('records', data.records, recordFromJson, sections.records),
    enums: withEnumerators(read, enums, data.enumerators),
    typedefs: read.entries('typedefs', data.typedefs, typedefFromJson, sections.typedefs),
    variables: read.entries('variables', data.variables, variableFromJson, sections.variables),
    constants: read.entries('constants', data.constants, constant, sections.constants),
    unsupported: read.entries('unsupported', data.unsupported, unsupportedFromJson, sections.unsupported),
    exports: [],
  };
  const exports = exportsFromLines(history, data.exports, read.ranges);
  return [data.target].flat().map((target) => ({ ...history, target, exports }));
}

function constant(raw: RawConstant) {
  const read = constantFromJson(raw);
  if (!read) throw new HistoryError('it has no value');
  return read;
}

function versionFromJson({ version, source, headers, ownHeaders, sonames, exports }: RawVersion): HistoryVersion {
  return { version, source, headers, ownHeaders, sonames, exportsKnown: exports === true };
}

function checkOrder(versions: readonly HistoryVersion[]): void {
  for (const [at, { version }] of versions.entries()) {
    const before = versions[at - 1]?.version;
    if (before !== undefined && compareVersions(before, version) >= 0)
      throw new HistoryError(`versions: ${version} stands behind ${before}: each is once there, oldest first`);
  }
}

function withEnumerators(
  read: Reader,
  enums: readonly HistoryEntry<EnumEntry['eras'][number]['decl']>[],
  lines: Raw['enumerators'],
): EnumEntry[] {
  const byEnum = new Map<string, RawEnumerator[]>(enums.map(({ key }) => [key, []]));
  for (const line of lines) {
    const list = byEnum.get(line.of);
    if (!list) throw new HistoryError(`enumerators: ${line.name} is of ${line.of}, which is no enumeration of it`);
    list.push(line);
  }
  const decode = ({ name, value, doc }: RawEnumerator): Enumerator => ({
    name,
    value: BigInt(value),
    ...(doc ? { doc } : {}),
  });
  return enums.map((entry) => {
    const list = byEnum.get(entry.key)!;
    return {
      ...entry,
      enumerators: read.entries('enumerators', list, decode, sections.enumerators, versionsOf(entry)),
    };
  });
}

/** Lines of sections to entries, with what is wrong named by section and line. */
class Reader {
  readonly #all: VersionSet;
  readonly #name: (index: number) => string;
  /** Few texts are many lines'. */
  readonly #known = new Map<string, VersionSet>();

  constructor(versions: readonly HistoryVersion[]) {
    this.#all = indexesFrom(0, versions.length);
    this.#name = (index) => versions[index]!.version;
  }

  readonly ranges = (text: string | undefined, base: VersionSet): VersionSet => {
    if (text === undefined) return base;
    const id = `${base.join()} ${text}`;
    let found = this.#known.get(id);
    if (!found) {
      found = rangesFromText(text, base, this.#name);
      this.#known.set(id, found);
    }
    return found;
  };

  entries<R extends { readonly in?: string }, T extends object>(
    section: string,
    lines: readonly R[],
    decode: (line: Omit<R, 'in'>) => T,
    { keyOf }: Section<T>,
    base: VersionSet = this.#all,
  ): HistoryEntry<T>[] {
    const byKey = new Map<string, { versions: VersionSet; decl: T }[]>();
    for (const [at, { in: text, ...line }] of lines.entries()) {
      try {
        const decl = decode(line);
        const key = keyOf(decl);
        const eras = byKey.get(key) ?? [];
        const versions = this.ranges(text, base);
        if (versions.length === 0) throw new HistoryError('it is of no version');
        const both = versions.find((index) => eras.some((era) => era.versions.includes(index)));
        if (both !== undefined) throw new HistoryError(`${key} is there twice in ${this.#name(both)}`);
        byKey.set(key, [...eras, { versions, decl }]);
      } catch (error) {
        throw new HistoryError(`a section is missing or damaged: ${section}: [${at}] ${(error as Error).message}`);
      }
    }
    return [...byKey]
      .map(([key, eras]) => ({ key, eras: eras.sort((a, b) => a.versions[0]! - b.versions[0]!) }))
      .sort((a, b) => compareText(a.key, b.key));
  }
}

type InVersions<T> = T & { readonly in?: string };
interface RawVersion extends Omit<HistoryVersion, 'exportsKnown'> {
  readonly exports?: true;
}
interface RawEnumerator {
  readonly of: string;
  readonly name: string;
  readonly value: string;
  readonly doc?: string;
  readonly in?: string;
}

/** The shape of the file, as `shape.ts` has checked it. */
interface Raw {
  readonly format: number;
  readonly library: string;
  readonly target: string | readonly string[];
  readonly versions: readonly RawVersion[];
  readonly functions: readonly InVersions<RawFunction>[];
  readonly records: readonly InVersions<RawRecord>[];
  readonly enums: readonly InVersions<RawEnum>[];
  readonly enumerators: readonly RawEnumerator[];
  readonly typedefs: readonly InVersions<RawTypedef>[];
  readonly variables: readonly InVersions<RawVariable>[];
  readonly constants: readonly InVersions<RawConstant>[];
  readonly unsupported: readonly InVersions<RawUnsupported>[];
  readonly exports: readonly ExportLine[];
}
