// A descriptor with eras and the versions that are possible in, the layouts and signatures that hold out. Where several are possible, what
// all of them agree on holds, and the rest is refused when it is used. Which versions are possible is asked for when the first layout or
// signature that depends on it is. Pure.

import type { Era, FieldDescriptor, RecordDescriptor, ShimDescriptor } from '../contract/descriptor.ts';
import { pick } from '../contract/targets.ts';
import { valuesOf } from './eras.ts';
import { type Inference, rangesInWords } from './inference.ts';

type Records = Readonly<Record<string, RecordDescriptor>>;

/** What is known of a record beyond its layout. */
export interface RecordEra {
  /** Members that it has in other versions only. */
  readonly absent: readonly string[];
  /** Members that are not at one place, or not of one type, in all versions that are possible. */
  readonly undecided: readonly string[];
  readonly isSizeDecided: boolean;
  /** The size of the smallest layout that is possible. */
  readonly least: number;
  /** Whether the installed version has such a record. */
  readonly isThere: boolean;
  /** Whether the whole layout is decided, that of nested records too. */
  readonly isDecided: boolean;
  /** What to throw where `what` is used and cannot be decided. */
  readonly refuse: (what: string) => Error;
}

/** A record in an era. */
export interface EraRecord extends RecordDescriptor {
  readonly era: RecordEra;
}

/** Whether anything of a shim is not the same in all versions. */
export function hasEras({ history, layouts = {}, signatures = {} }: ShimDescriptor): boolean {
  return history !== undefined && Object.keys(layouts).length + Object.keys(signatures).length > 0;
}

/** The layouts and signatures of the installed version. */
export class Chosen {
  /** With the layouts that hold; older ones are not among them. */
  readonly records: Records;
  readonly #descriptor: ShimDescriptor;
  readonly #infer: () => Inference;
  readonly #refuse: RecordEra['refuse'];
  readonly #made = new Map<string, EraRecord>();
  readonly #older: ReadonlySet<string | null>;
  #names: ReadonlySet<string> | undefined;

  /** `infer` says which versions are possible; `refuse` makes the error of what cannot be decided. */
  constructor(descriptor: ShimDescriptor, infer: () => Inference, refuse: RecordEra['refuse']) {
    const { layouts = {} } = descriptor;
    this.#descriptor = descriptor;
    this.#infer = infer;
    this.#refuse = refuse;
    this.#older = new Set(
      Object.entries(layouts).flatMap(([name, eras]) => eras.map(([, key]) => key).filter((key) => key !== name)),
    );
    this.records = Object.keys(layouts).length > 0 ? this.#view() : descriptor.records;
  }

  /** The records that are not the same in all versions: those with eras, and those that hold such a one. */
  get names(): ReadonlySet<string> {
    if (this.#names) return this.#names;
    const { records, layouts = {} } = this.#descriptor;
    this.#names = holdersOf(records, Object.keys(layouts));
    return this.#names;
  }

  /** The signature of a function or a function type that has eras; undefined for one that has none. Throws where it cannot be decided. */
  signature(name: string): string | undefined {
    const { signatures = {}, required, weak, callbacks = {}, history } = this.#descriptor;
    const holder = [required, weak, callbacks].find((each) => Object.hasOwn(each, name));
    if (!holder || !Object.hasOwn(signatures, name)) return undefined;
    const eras = signatures[name]!.map(([ranges, text]) => [ranges, text === null ? null : pick(text)] as const);
    const [text, ...others] = valuesOf<string | null>(this.#infer(), history!, eras, pick(holder[name]!));
    if (others.length > 0) throw this.#refuse(`the signature of ${name}`);
    if (text !== null) return text;
    throw new TypeError(
      `the installed version has another function type ${name}: name a parameter or a member that takes it, callback('function', parameter, …) or callback('record.member', …)`,
    );
  }

  /** Of each record with eras: the versions whose layout it has, in words. */
  layouts(): Readonly<Record<string, string>> {
    return this.#words(this.#descriptor.layouts ?? {}, 'not there');
  }

  /** The same of functions. */
  signatures(): Readonly<Record<string, string>> {
    return this.#words(this.#descriptor.signatures ?? {}, "the shim's own");
  }

  #words(all: Readonly<Record<string, readonly Era<unknown>[]>>, otherwise: string): Readonly<Record<string, string>> {
    const words = Object.entries(all).map(([name, eras]) => {
      const texts = eras.map(
        ([ranges, value]) => [ranges, value === null ? 'not there' : rangesInWords(ranges)] as const,
      );
      const found = valuesOf(this.#infer(), this.#descriptor.history!, texts, otherwise);
      return [name, found.length === 1 ? found[0]! : `not decided: ${found.join(', or ')}`];
    });
    return Object.fromEntries(words);
  }

  /** Looks like an object of records. */
  #view(): Records {
    const { records } = this.#descriptor;
    const look = (name: string | symbol) => {
      if (typeof name !== 'string' || !Object.hasOwn(records, name) || this.#older.has(name)) return undefined;
      return this.names.has(name) ? this.#record(name) : records[name];
    };
    return new Proxy({} as Record<string, RecordDescriptor>, {
      get: (_, name) => look(name),
      has: (_, name) => look(name) !== undefined,
      ownKeys: () => Object.keys(records).filter((name) => !this.#older.has(name)),
      getOwnPropertyDescriptor: (_, name) => {
        const value = look(name);
        return value && { value, enumerable: true, configurable: true };
      },
    });
  }

  #record(name: string): EraRecord {
    const known = this.#made.get(name);
    if (known) return known;
    const isDecided = (nested: string) => !this.names.has(nested) || this.#record(nested).era.isDecided;
    const record = merge(this.#possible(name), this.#every(name), isDecided, this.#refuse);
    this.#made.set(name, record);
    return record;
  }

  /** The layouts of a record that are possible. */
  #possible(name: string): readonly RecordDescriptor[] {
    const { records, layouts = {}, history } = this.#descriptor;
    if (!Object.hasOwn(layouts, name)) return [records[name]!];
    return this.#at(valuesOf<string | null>(this.#infer(), history!, layouts[name]!, null));
  }

  /** All layouts of it. */
  #every(name: string): readonly RecordDescriptor[] {
    const { layouts = {} } = this.#descriptor;
    const eras = Object.hasOwn(layouts, name) ? layouts[name]! : [];
    return this.#at([...new Set([name, ...eras.map(([, key]) => key)])]);
  }

  #at(keys: readonly (string | null)[]): readonly RecordDescriptor[] {
    const { records } = this.#descriptor;
    return keys.flatMap((key) => (key !== null && Object.hasOwn(records, key) ? [records[key]!] : []));
  }
}

/** Some records, and all that have one of them by value. */
export function holdersOf(records: Records, names: readonly string[]): ReadonlySet<string> {
  const found = new Set(names);
  if (found.size === 0) return found;
  const holds = ({ fields }: RecordDescriptor) =>
    Object.values(fields).some((field) => nestedIn(pick<FieldDescriptor>(field)[0]).some((name) => found.has(name)));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [name, record] of Object.entries(records)) if (!found.has(name) && holds(record)) found.add(name);
  }
  return found;
}

/** The records that a member has by value, itself or in an array: `{timeval}[2]`. What a function type mentions is none of it. */
function nestedIn(type: string): readonly string[] {
  const name = /^\{([^}]+)\}/.exec(type)?.[1];
  return name === undefined ? [] : [name];
}

type Field = FieldDescriptor;

/** What several layouts of one record agree on; its size is that of the largest, so that there is room for any. */
function merge(
  possible: readonly RecordDescriptor[],
  every: readonly RecordDescriptor[],
  isDecided: (name: string) => boolean,
  refuse: RecordEra['refuse'],
): EraRecord {
  const fieldsOf = (record: RecordDescriptor) =>
    new Map(Object.entries(record.fields).map(([name, field]) => [name, pick<Field>(field)]));
  const layouts = possible.map(fieldsOf);
  const names = new Set(every.flatMap(({ fields }) => Object.keys(fields)));
  const isThere = (name: string) => layouts.some((fields) => fields.has(name));
  const isAgreed = (name: string) =>
    new Set(layouts.map((fields) => JSON.stringify(fields.get(name)))).size === 1 && isThere(name);
  const agreed = [...names].filter(isAgreed);
  const sizes = possible.map(({ size }) => pick(size));
  const nested = agreed.flatMap((name) => nestedIn(layouts[0]!.get(name)![0]));
  return {
    kind: (possible.at(-1) ?? every[0])?.kind ?? 'struct',
    size: Math.max(0, ...sizes),
    align: Math.max(1, ...possible.map(({ align }) => pick(align))),
    fields: Object.fromEntries(agreed.map((name) => [name, layouts[0]!.get(name)!])),
    era: {
      absent: [...names].filter((name) => !isThere(name)),
      undecided: [...names].filter((name) => isThere(name) && !isAgreed(name)),
      isSizeDecided: new Set(sizes).size === 1,
      least: sizes.length > 0 ? Math.min(...sizes) : 0,
      isThere: possible.length > 0,
      isDecided: new Set(possible.map(textOf)).size === 1 && nested.every(isDecided),
      refuse,
    },
  };
}

/** All of a layout that C acts on. */
function textOf({ kind, size, align, fields }: RecordDescriptor): string {
  const members = Object.entries(fields).map(([name, field]) => [name, pick<Field>(field)]);
  return JSON.stringify([kind, pick(size), pick(align), members]);
}
