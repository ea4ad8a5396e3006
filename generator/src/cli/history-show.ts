// dlshim history show: one name of a library through all its versions: since when, until when, and what it was in each.

import { eraAt, versionsOf } from '../history/entries.ts';
import type { EnumEntry, History, HistoryEntry, VersionSet } from '../history/history.ts';
import { indexesFrom, rangesText } from '../history/ranges.ts';
import { apiAt } from '../history/select.ts';
import { LayoutError, recordLayout } from '../layout/layout.ts';
import type { ConstantValue, RecordDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import { didYouMean } from '../model/near.ts';
import { TypeTable } from '../model/types.ts';
import type { Target } from '../target.ts';
import { one } from './history.ts';
import { readHistory } from './history-files.ts';
import { colors, UsageError } from './output.ts';
import { type SourceFlags, targetsOf } from './source.ts';

/** What a name is, in all versions that have it as such. */
interface Shown {
  /** `function`, `struct`, `enumerator of enum x`. */
  readonly kind: string;
  readonly name: string;
  readonly since: string;
  /** The last version that has it; null where the newest has. */
  readonly until: string | null;
  /** As ranges. */
  readonly versions: string;
  readonly eras: readonly { readonly versions: string; readonly text: string }[];
}

interface ShownExport {
  readonly symbol: string;
  /** Among the versions whose exports are known. */
  readonly exportedIn: string;
  readonly symbolVersions: readonly { readonly name: string; readonly versions: string; readonly defaultIn: string }[];
}

export async function show(libraryName: string, name: string, flags: SourceFlags): Promise<void> {
  const library = await one(libraryName, flags);
  const target = targetsOf(library, flags)[0]!;
  const history = readHistory(library, target);
  const shown = new Lookup(history, target).of(name);
  const exported = exportOf(history, name);
  if (shown.length === 0) {
    throw new UsageError(`no version of ${libraryName} has ${name}${didYouMean(name, allNames(history))}`);
  }
  if (flags.json) {
    const value = { library: libraryName, target: target.name, name, declarations: shown, exports: exported ?? null };
    process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
    return;
  }
  const c = colors(process.stdout);
  for (const { kind, name: called, eras, ...rest } of shown) {
    process.stdout.write(`${c.bold(called)}: ${kind} of ${libraryName}, ${inWords(rest, history)}\n`);
    const width = Math.max(...eras.map(({ versions }) => versions.length));
    for (const { versions, text } of eras) {
      const [first, ...more] = text.split('\n');
      process.stdout.write(`  ${c.dim(versions.padEnd(width))}  ${first}\n`);
      for (const line of more) process.stdout.write(`  ${' '.repeat(width)}  ${line}\n`);
    }
  }
  if (exported) process.stdout.write(exportText(exported));
}

/** `since 16.2.15`, `until 1.8.0`, `in all 12 versions`. */
function inWords({ since, until, versions }: Pick<Shown, 'since' | 'until' | 'versions'>, history: History): string {
  const count = history.versions.length;
  if (since === history.versions[0]!.version && until === null && !versions.includes(','))
    return count === 1 ? `in ${since}, the only version` : `in all ${count} versions`;
  if (versions.includes(',')) return `in ${versions.replaceAll(',', ', ')}`;
  const from = since === history.versions[0]!.version ? '' : `since ${since}`;
  return [from, until === null ? '' : `until ${until}`].filter(Boolean).join(' ');
}

function exportText({ symbol, exportedIn, symbolVersions }: ShownExport): string {
  const lines = symbolVersions.map(({ name, versions, defaultIn }) => {
    const which = defaultIn === versions ? 'the default' : defaultIn === '' ? 'hidden' : `the default in ${defaultIn}`;
    return `  ${symbol}@${name}: ${versions}, ${which}\n`;
  });
  return `exported, as far as it is known: ${exportedIn || 'nowhere'}\n${lines.join('')}`;
}

function exportOf(history: History, name: string): ShownExport | undefined {
  const known = history.versions.flatMap(({ exportsKnown }, at) => (exportsKnown ? [at] : []));
  const decl = [...history.functions, ...history.variables].find(({ key }) => key === name)?.eras.at(-1)?.decl;
  if (!decl || known.length === 0) return undefined;
  const symbol = decl.symbol ?? name;
  const entry = history.exports.find((one) => one.symbol === symbol);
  const text = (set: VersionSet): string => rangesText(set, known, (index) => history.versions[index]!.version);
  return {
    symbol,
    exportedIn: text(entry?.versions ?? []),
    symbolVersions: (entry?.symbolVersions ?? []).map((one) => ({
      name: one.name,
      versions: text(one.versions),
      defaultIn: text(one.isDefault),
    })),
  };
}

function allNames(history: History): readonly string[] {
  const lists = [history.functions, history.variables, history.typedefs, history.constants, history.records];
  const plain = lists.flatMap((list) => list.map(({ key }) => key.replace(/^(?:struct|union) /, '')));
  return [...plain, ...history.enums.flatMap(({ key, enumerators }) => [key, ...enumerators.map((e) => e.key)])];
}

class Lookup {
  readonly #history: History;
  readonly #target: Target;
  readonly #all: VersionSet;

  constructor(history: History, target: Target) {
    this.#history = history;
    this.#target = target;
    this.#all = indexesFrom(0, history.versions.length);
  }

  /** A name as C has it: `rbd_open`, `scsi_task` or `struct scsi_task`, `RBD_MAX`. */
  of(name: string): readonly Shown[] {
    const { functions, variables, typedefs, constants, records, enums, unsupported } = this.#history;
    const named = <T>(list: readonly HistoryEntry<T>[]) => list.filter(({ key }) => key === name);
    const tagged = <E extends { readonly key: string }>(list: readonly E[]) =>
      list.filter(({ key }) => key === name || key.replace(/^(?:struct|union|enum) /, '') === name);
    return [
      ...named(functions).map((e) => this.#shown('function', e, (d) => this.#declared(d))),
      ...named(variables).map((e) => this.#shown('variable', e, (d) => `extern ${this.#declared(d)}`)),
      ...named(typedefs).map((e) => this.#shown('typedef', e, (d) => `typedef ${cDeclaration(d.type, d.name)};`)),
      ...tagged(records).map((e) => this.#shown('record', e, (d, at) => this.#record(d, at))),
      ...tagged(enums).map((e) => this.#shown('enumeration', e, (_, at) => enumText(e, at))),
      ...enums.flatMap((owner) =>
        named(owner.enumerators).map((e) =>
          this.#shown(`enumerator in ${owner.key}`, e, (d) => `${d.name} = ${d.value}`),
        ),
      ),
      ...named(constants).map((e) => this.#shown('macro', e, (d) => `#define ${d.name} ${constantText(d.value)}`)),
      ...unsupported
        .filter(({ eras }) => eras[0]!.decl.name === name)
        .map((e) => this.#shown('no part of a shim', e, (d) => `${d.kind}: ${d.reason}`)),
    ];
  }

  /** `text`: what it is in a version; versions with the same text are one era. */
  #shown<T>(kind: string, entry: HistoryEntry<T>, text: (decl: T, at: number) => string): Shown {
    const set = versionsOf(entry);
    const eras = new Map<string, number[]>();
    for (const at of set) {
      const now = text(eraAt(entry, at)!.decl, at);
      eras.set(now, [...(eras.get(now) ?? []), at]);
    }
    const { versions } = this.#history;
    const last = set.at(-1)!;
    return {
      kind,
      name: entry.key.replace(/^\w+ (?=\S+$)/, (tag) => (kind === 'no part of a shim' ? '' : tag)),
      since: versions[set[0]!]!.version,
      until: last === versions.length - 1 ? null : versions[last]!.version,
      versions: this.#ranges(set),
      eras: [...eras].map(([now, those]) => ({ versions: this.#ranges(those), text: now })),
    };
  }

  #ranges(set: VersionSet): string {
    return rangesText(set, this.#all, (index) => this.#history.versions[index]!.version);
  }

  #declared(d: History['functions' | 'variables'][number]['eras'][number]['decl']): string {
    const notes = [
      ...(d.symbol === undefined ? [] : [`symbol ${d.symbol}`]),
      ...(d.deprecated === undefined ? [] : ['deprecated']),
      ...(d.unsupported === undefined ? [] : [`not supported: ${d.unsupported}`]),
    ];
    return `${cDeclaration(d.type, d.name)};${notes.length ? ` /* ${notes.join('; ')} */` : ''}`;
  }

  /** Sizes and offsets may change with a record inside it. */
  #record(d: RecordDecl, at: number): string {
    if (!d.fields) return `${d.key}; /* incomplete */`;
    const { version } = this.#history.versions[at]!;
    try {
      const layout = recordLayout(d, new TypeTable(apiAt(this.#history, version)), this.#target);
      const lines = d.fields.map((field, n) => {
        const { offset, width } = layout.fields[n]!;
        const place = width === undefined ? `${offset / 8}` : `${Math.floor(offset / 8)}.${offset % 8}`;
        const bits = width === undefined ? '' : `:${width}`;
        return `  ${place.padStart(5)}  ${cDeclaration(field.type, field.name ?? '')}${bits};`;
      });
      return [`${d.key} of ${layout.size} bytes, aligned to ${layout.align}`, ...lines].join('\n');
    } catch (error) {
      if (error instanceof LayoutError) return `${d.key}: ${error.message}`;
      throw error;
    }
  }
}

function enumText({ enumerators, key, eras }: EnumEntry, at: number): string {
  const those = enumerators.flatMap((one) => eraAt(one, at)?.decl ?? []);
  const count = `${those.length} enumerator${those.length === 1 ? '' : 's'}`;
  const frame = eras.find((era) => era.versions.includes(at))!.decl;
  return `${key}: ${count}, in ${frame.underlying}`;
}

function constantText(value: ConstantValue): string {
  return value.kind === 'string' ? JSON.stringify(value.value) : String(value.value);
}
