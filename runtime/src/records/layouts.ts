// Record layouts in, typed views of C memory out: an object with an accessor per member over JavaScript's or C's own bytes.
// Nothing is copied, and a module that defines 200 records pays for those it uses. Offsets come from the generator, which
// follows the target's ABI; this file only applies them.

import type { FieldDescriptor, RecordDescriptor } from '../contract/descriptor.ts';
import { type Layout, layoutOf } from '../contract/targets.ts';
import { viewMemory } from '../ffi.ts';
import type { Pointer, RecordBytes } from '../types.ts';
import type { RecordEra } from '../versions/chosen.ts';
import { eraOf } from './eras.ts';
import { ambiguousMembers, createAccessor, flexibleMember, type Nested, type NestedRecord } from './fields.ts';
import type { Accessor } from './scalars.ts';

/**
 * A C struct or union: makes views of it.
 *
 * Lifetime. `alloc` and `from` are over JavaScript's memory: it lives as long as the view, and C may use it only during the call
 * that it is passed to (with `bytesOf`). `at` is over C's memory: it is valid until C frees or moves that memory, which the view
 * cannot know; reading it later is undefined behaviour. When in doubt take a copy with `read`.
 *
 * Passing. A pointer to the record takes `bytesOf(view)` or an address. A record by value takes a plain object or a view; of a
 * union, a plain object has the one member that is meant. A union by value, as a result, has all members as properties.
 *
 * 64-bit members arrive as a number while exact, else as a bigint. Setting a number out of range throws a RangeError.
 * Array members are views too: a typed array over the same memory, or a frozen array of nested views.
 */
export interface RecordType<T> {
  /** The name of the struct or union in C. */
  readonly name: string;
  /** sizeof, in bytes. */
  readonly size: number;
  /** _Alignof, in bytes. */
  readonly align: number;
  /** A new one in JavaScript's memory, all zero. Where its last member is a flexible array, with `count` elements of that. */
  alloc(count?: number): T;
  /** Memory of JavaScript's for `count` of them in a row, all zero: what to pass where C takes an array; see them with `from`. */
  bytes(count: number): RecordBytes<T>;
  /** A view of the one at an address, without a copy, and of `count` elements of its flexible array member: as many as C has there.
   *  Throws a TypeError for null. */
  at(pointer: Pointer<T> | null, count?: number): T;
  /** A plain object copied from an address or a view: nested records and arrays too, and strings, which it follows to where they
   *  are. Where members share memory, those that lead to strings are getters: only you know which one C has set.
   *  `count` as for `at`.
   *  Throws a TypeError for null. */
  read(source: Pointer<T> | T | null, count?: number): T;
  /** A view of the one in these bytes, from `offset` on; writing to it writes to the bytes. A flexible array member has as many elements
   *  as fit, or `count`. */
  from(bytes: Uint8Array, offset?: number, count?: number): T;
}

/** The memory of a view, without a copy: what to pass to a function that takes a pointer to the record. */
export function bytesOf<T extends object>(view: T): RecordBytes<T> {
  const data = View.dataOf(view);
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength) as RecordBytes<T>;
}

/** Whether a value is a view of a record. */
export function isView(value: unknown): boolean {
  return View.isView(value);
}

/** The record `name` of a generated module. Its accessors are built when it is first used. One that is not laid out in the same way in
 *  all versions of the library is that of the installed one, and can be used after `open()` only. */
export function defineRecord<T>(name: string, records: Readonly<Record<string, RecordDescriptor>>): RecordType<T> {
  return new InstalledRecord(name, records) as unknown as RecordType<T>;
}

/** Looks up the records of a module by name, for members that are records. */
export function recordsOf(records: Readonly<Record<string, RecordDescriptor>>): Nested {
  return (name) => recordOf(name, records);
}

// One implementation per layout, so that a nested view and a direct one are of the same class.
const implementations = new WeakMap<object, Map<string, RecordImplementation>>();

function recordOf(name: string, records: Readonly<Record<string, RecordDescriptor>>): RecordImplementation {
  const known = implementations.get(records) ?? new Map<string, RecordImplementation>();
  implementations.set(records, known);
  const record = known.get(name) ?? new RecordImplementation(name, records);
  known.set(name, record);
  return record;
}

/** Base of all views. The memory is a private member, so that no name of a C member can collide with it. */
class View {
  readonly #data: DataView;
  /** Of its flexible array member. */
  readonly #count: number;

  constructor(data: DataView, count = 0) {
    this.#data = data;
    this.#count = count;
  }

  static countOf(view: View): number {
    return view.#count;
  }

  static dataOf(view: object): DataView {
    if (typeof view === 'object' && view !== null && #data in view) return view.#data;
    throw new TypeError('not a view of a record');
  }

  static isView(value: unknown): value is View {
    return typeof value === 'object' && value !== null && #data in value;
  }

  /** Defines a member as accessors on a class of views. */
  static define(prototype: object, name: string, { get, set }: Accessor): void {
    Object.defineProperty(prototype, name, {
      enumerable: true,
      configurable: true,
      get(this: View) {
        return get(this.#data, this.#count);
      },
      set(this: View, value: unknown) {
        set(this.#data, value, this.#count);
      },
    });
  }
}

type Views = new (data: DataView, count?: number) => View;

/** A record as the installed version has it: of whichever layout open() has chosen last. */
class InstalledRecord {
  readonly name: string;
  readonly #records: Readonly<Record<string, RecordDescriptor>>;
  /** Where it is the same in all versions. */
  #fixed: RecordImplementation | undefined;
  /** Of the records that were chosen last. */
  #last: { readonly records: object; readonly record: RecordImplementation } | undefined;

  constructor(name: string, records: Readonly<Record<string, RecordDescriptor>>) {
    this.name = name;
    this.#records = records;
  }

  get #now(): RecordImplementation {
    if (this.#fixed) return this.#fixed;
    const records = eraOf(this.#records, this.name);
    if (this.#last?.records === records) return this.#last.record;
    const record = recordOf(this.name, records);
    if (records === this.#records) this.#fixed = record;
    else this.#last = { records, record };
    return record;
  }

  get size(): number {
    return this.#now.size;
  }

  get align(): number {
    return this.#now.align;
  }

  alloc(count?: number): View {
    return this.#now.alloc(count);
  }

  bytes(count: number): Uint8Array {
    return this.#now.bytes(count);
  }

  at(pointer: bigint | null, count?: number): View {
    return this.#now.at(pointer, count);
  }

  from(bytes: Uint8Array, offset?: number, count?: number): View {
    return this.#now.from(bytes, offset, count);
  }

  read(source: bigint | View | null, count?: number): object {
    return (ownerOf(source, this.name) ?? this.#now).read(source, count);
  }
}

/** The layout that a view was made with, where it is one of this record. */
function ownerOf(source: unknown, name: string): RecordImplementation | undefined {
  if (!View.isView(source)) return undefined;
  const owner = (source as unknown as Classified)[OWNER];
  return owner.name === name ? owner : undefined;
}

class RecordImplementation implements NestedRecord {
  readonly name: string;
  readonly #records: Readonly<Record<string, RecordDescriptor>>;
  #known: Layout | undefined;
  #views: Views | undefined;
  #tail: ReturnType<typeof flexibleMember> | null | undefined;

  constructor(name: string, records: Readonly<Record<string, RecordDescriptor>>) {
    this.name = name;
    this.#records = records;
  }

  get size(): number {
    const { size, era } = this.#layout;
    if (era && !era.isSizeDecided) throw era.refuse(`the size of the record ${this.name}`);
    return size;
  }

  get align(): number {
    return this.#layout.align;
  }

  alloc(count = 0): View {
    return new this.#View(new DataView(new ArrayBuffer(this.#sizeWith('alloc', count))), count);
  }

  bytes(count: number): Uint8Array {
    if (!Number.isInteger(count) || count < 0)
      throw new RangeError(`${this.name}.bytes: a count is needed, and got ${count}`);
    return new Uint8Array((count === 1 ? this.#layout.size : this.size) * count);
  }

  at(pointer: bigint | null, count = 0): View {
    if (typeof pointer !== 'bigint' || pointer === 0n)
      throw new TypeError(`${this.name}.at: not an address: ${pointer}`);
    return new this.#View(new DataView(viewMemory(pointer, this.#sizeWith('at', count))), count);
  }

  from(bytes: Uint8Array, offset = 0, count?: number): View {
    const tail = this.#flexible;
    const rest = bytes.byteLength - offset - (tail?.offset ?? 0);
    const elements = count ?? (tail && tail.size > 0 ? Math.max(0, Math.floor(rest / tail.size)) : 0);
    const size = this.#sizeWith('from', elements);
    if (offset < 0 || offset + size > bytes.byteLength) {
      throw new RangeError(`${this.name}.from: ${size} bytes needed at ${offset}, and there are ${bytes.byteLength}`);
    }
    return new this.#View(new DataView(bytes.buffer, bytes.byteOffset + offset, size), elements);
  }

  read(source: bigint | View | null, count = 0): object {
    const view = View.isView(source) ? source : this.at(source, count);
    const bytes = bytesOf(view);
    // Of C's memory no more than any of the layouts has that are possible.
    const isAll = View.isView(source) || !this.#layout.era || this.#layout.era.isSizeDecided;
    const copy = new Uint8Array(bytes.length);
    copy.set(isAll ? bytes : bytes.subarray(0, this.#layout.era!.least));
    return plain(this.from(copy, 0, View.countOf(view))) as object;
  }

  /** sizeof with a flexible array member of so many elements. */
  #sizeWith(caller: string, count: number): number {
    if (!Number.isInteger(count) || count < 0) throw new RangeError(`${this.name}.${caller}: not a count: ${count}`);
    const tail = this.#flexible;
    if (count > 0 && !tail) throw new TypeError(`${this.name}.${caller}: it has no flexible array member to count`);
    const { size } = this.#layout;
    return tail ? Math.max(size, tail.offset + count * tail.size) : size;
  }

  get #flexible(): ReturnType<typeof flexibleMember> {
    if (this.#tail === undefined) this.#tail = flexibleMember(this.#layout.fields, recordsOf(this.#records)) ?? null;
    return this.#tail ?? undefined;
  }

  viewOf(view: DataView, offset: number): View {
    const { size, era } = this.#layout;
    // The largest layout that is possible may be larger than what is there.
    const length = era && !era.isSizeDecided ? Math.min(size, view.byteLength - offset) : size;
    return new this.#View(new DataView(view.buffer, view.byteOffset + offset, length));
  }

  assign(view: DataView, offset: number, value: unknown): void {
    if (typeof value !== 'object' || value === null) throw new TypeError(`${this.name}: an object is needed`);
    if (View.isView(value)) {
      if (!(value instanceof this.#View)) throw new TypeError(`${this.name}: a view of another record`);
      new Uint8Array(view.buffer, view.byteOffset + offset, this.size).set(bytesOf(value).subarray(0, this.size));
      return;
    }
    const target = this.viewOf(view, offset) as unknown as Record<string, unknown>;
    const { fields, era } = this.#layout;
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined && era?.absent.includes(name)) continue;
      const isMember = Object.hasOwn(fields, name) || era?.undecided.includes(name) || era?.absent.includes(name);
      if (!isMember) throw new TypeError(`${this.name} has no member '${name}'`);
      target[name] = member;
    }
  }

  /** Its members of which nobody knows where they are. */
  get undecided(): readonly string[] {
    return this.#layout.era?.undecided ?? [];
  }

  get #layout(): Layout {
    this.#known ??= layoutOf(this.#records, this.name);
    if (!this.#known) throw new TypeError(`no layout of the record '${this.name}'`);
    const { era } = this.#known;
    if (era && !era.isThere) throw new TypeError(`the installed version has no record ${this.name}`);
    return this.#known;
  }

  get #View(): Views {
    this.#views ??= this.#build();
    return this.#views;
  }

  #build(): Views {
    const Views = class extends View {};
    // A C member may be called so; and only members are to be seen.
    Reflect.deleteProperty(Views.prototype, 'constructor');
    const { fields, era } = this.#layout;
    const nested = recordsOf(this.#records);
    let ambiguous: ReadonlySet<string> | undefined;
    const findAmbiguous = () => {
      ambiguous ??= ambiguousMembers(fields, nested);
      return ambiguous;
    };
    Object.defineProperty(Views.prototype, AMBIGUOUS, { value: findAmbiguous });
    Object.defineProperty(Views.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: inspectView });
    for (const [name, field] of Object.entries<FieldDescriptor>(fields)) {
      const accessor = createAccessor(`${this.name}.${name}`, field, nested);
      View.define(Views.prototype, name, accessor);
    }
    if (era) defineOthers(Views.prototype, this.name, era);
    Object.defineProperty(Views.prototype, OWNER, { value: this });
    return Views;
  }
}

/** Members that are not there in the installed version, and those of which nobody knows where they are. */
function defineOthers(prototype: object, record: string, { absent, undecided, refuse }: RecordEra): void {
  const define = (name: string, get: () => unknown, set: () => never, enumerable: boolean) =>
    Object.defineProperty(prototype, name, { get, set, enumerable, configurable: true });
  for (const name of absent) {
    const refuseToSet = (): never => {
      throw new TypeError(`${record}.${name}: the installed version has no such member`);
    };
    define(name, () => undefined, refuseToSet, false);
  }
  for (const name of undecided) {
    const throws = (): never => {
      throw refuse(`where ${record}.${name} is`);
    };
    define(name, throws, throws, true);
  }
}

function inspectView(this: View): unknown {
  return plain(this);
}

/** Views to plain objects; numbers' arrays are over the view's memory still, which read() has copied. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!View.isView(value)) return value;
  const prototype = Object.getPrototypeOf(value) as Classified;
  const ambiguous = prototype[AMBIGUOUS]();
  const { undecided } = prototype[OWNER];
  const result = {};
  for (const name of Object.keys(prototype)) {
    const read = Object.getOwnPropertyDescriptor(prototype, name)!.get!;
    const get = () => plain(read.call(value));
    const property = ambiguous.has(name) || undecided.includes(name) ? { get } : { value: get(), writable: true };
    Object.defineProperty(result, name, { ...property, enumerable: true, configurable: true });
  }
  return result;
}

/** Of a class of views: its members that are not to be read unasked. */
const AMBIGUOUS = Symbol('ambiguous');
/** Of a class of views: the record in whose layout they are. */
const OWNER = Symbol('owner');

interface Classified {
  readonly [AMBIGUOUS]: () => ReadonlySet<string>;
  readonly [OWNER]: RecordImplementation;
}
