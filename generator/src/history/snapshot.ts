// Api <-> canonical JSON: the facts of one version of a library on one target. One declaration a line, in the order of the
// headers; see declarations.ts for one of these. No path, no time.

import type { Api, ConstantDecl, EnumDecl, LibraryExports } from '../model/api.ts';
import {
  constantFromJson,
  constantToJson,
  enumFromJson,
  enumToJson,
  functionFromJson,
  functionToJson,
  type Json,
  type JsonObject,
  type RawConstant,
  type RawEnum,
  type RawFunction,
  type RawRecord,
  type RawTypedef,
  type RawUnsupported,
  type RawVariable,
  recordFromJson,
  recordToJson,
  sectionText,
  typedefFromJson,
  typedefToJson,
  unsupportedFromJson,
  unsupportedToJson,
  variableFromJson,
  variableToJson,
} from './declarations.ts';
import { snapshotProblem } from './shape.ts';

/** The version of this format. */
const SNAPSHOT_FORMAT = 1;

/** `targets` are those that the same Api is of; its own where nothing is said. */
export function snapshotToJson(api: Api, targets: readonly string[] = [api.target]): string {
  const head: [string, Json | undefined][] = [
    ['format', SNAPSHOT_FORMAT],
    ['library', api.library],
    ['version', api.version],
    ['target', targets.length === 1 ? targets[0] : targets],
    ['headers', api.headers],
    ['ownHeaders', api.ownHeaders],
    ['notExported', api.notExported],
    ['exports', api.exports && exportsToJson(api.exports)],
  ];
  const sections = [
    sectionText('functions', api.functions.map(functionToJson)),
    sectionText('records', api.records.map(recordToJson)),
    sectionText('enums', api.enums.map(withEnumerators)),
    sectionText('typedefs', api.typedefs.map(typedefToJson)),
    sectionText('variables', api.variables.map(variableToJson)),
    sectionText('constants', api.constants.map(constantToJson)),
    sectionText('unsupported', api.unsupported.map(unsupportedToJson)),
  ];
  const lines = head.filter(([, v]) => v !== undefined).map(([k, v]) => `  ${JSON.stringify(k)}: ${JSON.stringify(v)}`);
  return `{\n${[...lines, ...sections].join(',\n')}\n}\n`;
}

function withEnumerators(d: EnumDecl): JsonObject {
  const enumerators = d.enumerators.map((e): Json => [e.name, e.value.toString(), ...(e.doc ? [e.doc] : [])]);
  return { ...enumToJson(d), enumerators };
}

/** Symbols by their versions: the default ones under `versions`, others under `hidden`. */
function exportsToJson({ sonames, undeclared, symbolVersions }: LibraryExports): JsonObject {
  const byVersion = (isDefault: boolean): JsonObject | undefined => {
    const found = new Map<string, string[]>();
    for (const one of symbolVersions)
      if (one.isDefault === isDefault) found.set(one.version, [...(found.get(one.version) ?? []), one.symbol]);
    return found.size > 0 ? Object.fromEntries(found) : undefined;
  };
  return { sonames, undeclared, versions: byVersion(true), hidden: byVersion(false) };
}

/** Something in the file is not as a snapshot has it. The message names the file's place in words. */
export class SnapshotError extends Error {}

/** Reads what snapshotToJson wrote; of several targets the Api is of the wanted one where that is among them, else of the first.
 *  Throws a SnapshotError that says what is wrong. */
export function snapshotFromJson(text: string, wanted?: string): Api {
  return wantedOf(snapshotsFromJson(text), wanted);
}

/** The Api of each target that the file is of; they share everything but that. */
export function snapshotsFromJson(text: string): readonly Api[] {
  let data: Raw;
  try {
    data = JSON.parse(text) as Raw;
  } catch (error) {
    throw new SnapshotError(`not JSON: ${(error as Error).message}`);
  }
  if (typeof data !== 'object' || data === null) throw new SnapshotError('not a snapshot');
  if (data.format !== SNAPSHOT_FORMAT) {
    throw new SnapshotError(`its format is ${JSON.stringify(data.format)}; this dlshim reads ${SNAPSHOT_FORMAT}`);
  }
  const problem = snapshotProblem(data);
  if (problem !== undefined) throw new SnapshotError(`a section is missing or damaged: ${problem}`);
  try {
    const api: Omit<Api, 'target'> = {
      library: data.library,
      version: data.version,
      headers: data.headers,
      ownHeaders: data.ownHeaders,
      ...(data.notExported ? { notExported: data.notExported } : {}),
      ...(data.exports ? { exports: exportsFromJson(data.exports) } : {}),
      functions: data.functions.map(functionFromJson),
      records: data.records.map(recordFromJson),
      enums: data.enums.map(({ enumerators, ...frame }): EnumDecl => {
        const list = enumerators.map(([name, value, doc]) => ({ name, value: BigInt(value), ...(doc ? { doc } : {}) }));
        return { ...enumFromJson(frame), enumerators: list };
      }),
      typedefs: data.typedefs.map(typedefFromJson),
      variables: data.variables.map(variableFromJson),
      constants: data.constants.map(constant),
      unsupported: data.unsupported.map(unsupportedFromJson),
    };
    return [data.target].flat().map((target) => ({ ...api, target }));
  } catch (error) {
    if (error instanceof SnapshotError) throw error;
    throw new SnapshotError(`a section is missing or damaged: ${(error as Error).message}`);
  }
}

/** What a file says for the wanted target where that is among its own, else for the first of these. */
export function wantedOf<T extends { readonly target: string }>(of: readonly T[], wanted: string | undefined): T {
  return of.find(({ target }) => target === wanted) ?? of[0]!;
}

function constant(d: RawConstant): ConstantDecl {
  const read = constantFromJson(d);
  if (!read) throw new SnapshotError(`the constant ${d.name} has no value`);
  return read;
}

function exportsFromJson({ sonames, undeclared, versions = {}, hidden = {} }: RawExports): LibraryExports {
  const list = (from: RawExports['versions'], isDefault: boolean) =>
    Object.entries(from ?? {}).flatMap(([version, symbols]) =>
      symbols.map((symbol) => ({ symbol, version, isDefault })),
    );
  return { sonames, undeclared, symbolVersions: [...list(versions, true), ...list(hidden, false)] };
}

interface RawExports {
  readonly sonames: readonly string[];
  readonly undeclared: readonly string[];
  readonly versions?: Readonly<Record<string, readonly string[]>>;
  readonly hidden?: Readonly<Record<string, readonly string[]>>;
}

/** The shape of the file; what is not as declared here fails in the conversions above. */
interface Raw {
  readonly format: number;
  readonly library: string;
  readonly version: string;
  readonly target: string | readonly string[];
  readonly headers: readonly string[];
  readonly ownHeaders: readonly string[];
  readonly notExported?: readonly string[];
  readonly exports?: RawExports;
  readonly functions: readonly RawFunction[];
  readonly records: readonly RawRecord[];
  readonly enums: readonly (RawEnum & {
    readonly enumerators: readonly [name: string, value: string, doc?: string][];
  })[];
  readonly typedefs: readonly RawTypedef[];
  readonly variables: readonly RawVariable[];
  readonly constants: readonly RawConstant[];
  readonly unsupported: readonly RawUnsupported[];
}
