// A descriptor with eras and the versions that are possible in, the layouts and signatures that hold out. Where several are possible, what
// all of them agree on holds, and the rest is refused when it is used. Pure.

import type { FieldDescriptor, RecordDescriptor, ShimDescriptor } from '../contract/descriptor.ts';
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

/** What holds in the installed version. */
export interface Chosen {
  /** With the layouts and the function types that hold. */
  readonly descriptor: ShimDescriptor;
  /** The records that are not the same in all versions: those with eras, and those that hold such a one. */
  readonly names: ReadonlySet<string>;
  /** The signature of a function that has eras; undefined for one that has none. Throws where it cannot be decided. */
  signature(name: string): string | undefined;
  /** Of each record and function with eras: the versions whose layout or signature it has, in words. */
  readonly layouts: Readonly<Record<string, string>>;
  readonly signatures: Readonly<Record<string, string>>;
}

/** Whether anything of a shim is not the same in all versions. */
export function hasEras({ history, layouts = {}, signatures = {} }: ShimDescriptor): boolean {
  return history !== undefined && Object.keys(layouts).length + Object.keys(signatures).length > 0;
}

/** Chooses; undefined where the shim has no eras. `refuse` makes the error of what cannot be decided. */
export function chooseEras(
  descriptor: ShimDescriptor,
  inference: Inference | undefined,
  refuse: RecordEra['refuse'],
): Chosen | undefined {
  const { layouts, signatures } = descriptor;
  if (!inference || !hasEras(descriptor)) return undefined;
  const chooser = new Chooser(descriptor, inference, refuse);
  const texts = chooser.signatures();
  const overridden = Object.entries(descriptor.callbacks ?? {}).map(([name, text]) => {
    const found = texts.get(name);
    return [name, found === undefined ? text : found.length === 1 ? found[0]! : ''] as const;
  });
  const callbacks = descriptor.callbacks ? { callbacks: Object.fromEntries(overridden) } : {};
  return {
    descriptor: { ...descriptor, records: chooser.records(), ...callbacks },
    names: chooser.affected,
    signature(name) {
      const found = texts.get(name);
      if (found === undefined || found.length === 1) return found?.[0];
      throw refuse(`the signature of ${name}`);
    },
    layouts: Object.fromEntries(Object.entries(layouts ?? {}).map(([name, eras]) => [name, chooser.words(eras, null)])),
    signatures: Object.fromEntries(
      Object.entries(signatures ?? {}).map(([name, eras]) => [name, chooser.words(eras, undefined)]),
    ),
  };
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

class Chooser {
  readonly #descriptor: ShimDescriptor;
  readonly #inference: Inference;
  readonly #refuse: RecordEra['refuse'];
  readonly #made = new Map<string, EraRecord>();
  readonly affected: ReadonlySet<string>;

  constructor(descriptor: ShimDescriptor, inference: Inference, refuse: RecordEra['refuse']) {
    this.#descriptor = descriptor;
    this.#inference = inference;
    this.#refuse = refuse;
    this.affected = holdersOf(descriptor.records, Object.keys(descriptor.layouts ?? {}));
  }

  records(): Records {
    const { records, layouts = {} } = this.#descriptor;
    if (this.affected.size === 0) return records;
    const older = new Set(Object.values(layouts).flatMap((eras) => eras.map(([, key]) => key)));
    const same = Object.entries(records).filter(([name]) => !older.has(name));
    const chosen: Record<string, RecordDescriptor> = Object.assign(Object.create(null), Object.fromEntries(same));
    for (const name of this.affected) chosen[name] = this.#record(name);
    return chosen;
  }

  signatures(): ReadonlyMap<string, readonly string[]> {
    const { signatures = {}, required, weak, callbacks = {}, history } = this.#descriptor;
    const texts = new Map<string, readonly string[]>();
    for (const [name, eras] of Object.entries(signatures)) {
      const holder = [required, weak, callbacks].find((each) => Object.hasOwn(each, name));
      if (!holder) continue;
      const picked = eras.map(([ranges, text]) => [ranges, pick(text)] as const);
      texts.set(name, valuesOf(this.#inference, history!, picked, pick(holder[name]!)));
    }
    return texts;
  }

  /** The eras that are possible, in words. */
  words(eras: readonly (readonly [ranges: string, value: unknown])[], otherwise: unknown): string {
    const all = eras.map(([ranges, value]) => [ranges, { ranges, value }] as const);
    const found = valuesOf<{ ranges: string; value: unknown } | undefined>(
      this.#inference,
      this.#descriptor.history!,
      all,
      undefined,
    );
    const texts = found.map((era) => {
      if (!era) return otherwise === null ? 'not there' : "the shim's own";
      return era.value === null ? 'not there' : rangesInWords(era.ranges);
    });
    return texts.length === 1 ? texts[0]! : `not decided: ${texts.join(', or ')}`;
  }

  /** The layouts that are possible. */
  #layoutsOf(name: string): readonly RecordDescriptor[] {
    const { records, layouts = {}, history } = this.#descriptor;
    if (!Object.hasOwn(layouts, name)) return Object.hasOwn(records, name) ? [records[name]!] : [];
    const keys = valuesOf<string | null>(this.#inference, history!, layouts[name]!, null);
    return keys.flatMap((key) => (key !== null && Object.hasOwn(records, key) ? [records[key]!] : []));
  }

  #record(name: string): EraRecord {
    const known = this.#made.get(name);
    if (known) return known;
    const record = merge(
      this.#layoutsOf(name),
      this.#everyLayoutOf(name),
      (nested) => this.#isDecided(nested),
      this.#refuse,
    );
    this.#made.set(name, record);
    return record;
  }

  #isDecided(name: string): boolean {
    return !this.affected.has(name) || this.#record(name).era.isDecided;
  }

  #everyLayoutOf(name: string): readonly RecordDescriptor[] {
    const { records, layouts = {} } = this.#descriptor;
    const keys = new Set([name, ...(Object.hasOwn(layouts, name) ? layouts[name]! : []).map(([, key]) => key)]);
    return [...keys].flatMap((key) => (key !== null && Object.hasOwn(records, key) ? [records[key]!] : []));
  }
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
