// What a C library of the ABI tests consists of: types, records and functions as plain data, and the fast-check arbitraries that make
// them. Nothing here knows how C spells a declaration (source.ts) or how JavaScript passes a value (values.ts).
// Follows C11 6.2.5 and 6.7.2.1; sizes are those of the LP64 targets, and only keep records to 64 bytes.

import fc from 'fast-check';

export type Type =
  | { readonly kind: 'integer'; readonly c: string; readonly size: 1 | 2 | 4 | 8; readonly signed: boolean }
  | { readonly kind: 'bool' }
  | { readonly kind: 'floating'; readonly size: 4 | 8 }
  | { readonly kind: 'address' }
  /** `const char *`, to a NUL-terminated string. */
  | { readonly kind: 'text' }
  /** `char[length]`, in records only. */
  | { readonly kind: 'chars'; readonly length: number }
  /** In records only. */
  | { readonly kind: 'array'; readonly of: Type; readonly length: number }
  | { readonly kind: 'record'; readonly record: Record };

export interface Member {
  readonly type: Type;
  /** The width of a bit-field. */
  readonly bits?: number;
}

export interface Record {
  /** Its tag in C, and its name in the shim. */
  readonly name: string;
  readonly kind: 'struct' | 'union';
  readonly members: readonly Member[];
  readonly attribute?: 'packed' | 'aligned(16)';
}

export type Parameter =
  | { readonly kind: 'value'; readonly type: Type }
  /** `T *` to `count` elements; `counted` ones have their number in the next parameter. C reads them, and writes them unless const. */
  | {
      readonly kind: 'elements';
      readonly of: Type;
      readonly count: number;
      readonly constant: boolean;
      readonly counted: boolean;
    }
  /** A pointer to a function that C calls once, during the call. */
  | { readonly kind: 'callback'; readonly parameters: readonly Type[]; readonly result: Type | undefined };

export interface CFunction {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** What is passed behind `...`; undefined where the function is not variadic. */
  readonly rest: readonly Type[] | undefined;
  readonly result: Type | undefined;
}

export interface Library {
  readonly records: readonly Record[];
  readonly functions: readonly CFunction[];
}

const integer = (c: string, size: 1 | 2 | 4 | 8, signed: boolean): Type => ({ kind: 'integer', c, size, signed });

export const INT: Type = integer('int', 4, true);

const INTEGERS: readonly Type[] = [
  integer('char', 1, true),
  integer('signed char', 1, true),
  integer('unsigned char', 1, false),
  integer('short', 2, true),
  integer('unsigned short', 2, false),
  INT,
  integer('unsigned int', 4, false),
  integer('long', 8, true),
  integer('unsigned long', 8, false),
  integer('long long', 8, true),
  integer('unsigned long long', 8, false),
  integer('int8_t', 1, true),
  integer('uint8_t', 1, false),
  integer('int16_t', 2, true),
  integer('uint16_t', 2, false),
  integer('int32_t', 4, true),
  integer('uint32_t', 4, false),
  integer('int64_t', 8, true),
  integer('uint64_t', 8, false),
  integer('size_t', 8, false),
  integer('enum abi_sign', 4, true),
  integer('enum abi_level', 4, false),
];

const FLOAT: Type = { kind: 'floating', size: 4 };
const DOUBLE: Type = { kind: 'floating', size: 8 };
const BOOL: Type = { kind: 'bool' };
const ADDRESS: Type = { kind: 'address' };
const TEXT: Type = { kind: 'text' };

/** Numbers that an element of an array can be. */
const number = fc.oneof({ arbitrary: fc.constantFrom(...INTEGERS), weight: 3 }, fc.constantFrom(FLOAT, DOUBLE));
const scalar = fc.oneof({ arbitrary: number, weight: 6 }, fc.constantFrom(BOOL, ADDRESS, TEXT));
/** What the default argument promotions leave (C11 6.5.2.2p6). */
const promoted = fc.constantFrom(
  ...INTEGERS.filter((type) => type.kind === 'integer' && type.size >= 4 && !type.c.startsWith('enum')),
  DOUBLE,
  ADDRESS,
  TEXT,
);

/** Size and alignment in bytes, without attributes and bit-fields: what keeps records small. */
export function extentOf(type: Type): { readonly size: number; readonly align: number } {
  switch (type.kind) {
    case 'integer':
    case 'floating':
      return { size: type.size, align: type.size };
    case 'bool':
      return { size: 1, align: 1 };
    case 'address':
    case 'text':
      return { size: 8, align: 8 };
    case 'chars':
      return { size: type.length, align: 1 };
    case 'array': {
      const { size, align } = extentOf(type.of);
      return { size: size * type.length, align };
    }
    case 'record': {
      let [size, align] = [0, 1];
      for (const member of type.record.members) {
        const inner = extentOf(member.type);
        align = Math.max(align, inner.align);
        const at = type.record.kind === 'union' ? 0 : Math.ceil(size / inner.align) * inner.align;
        size = Math.max(size, at + inner.size);
      }
      return { size: Math.ceil(size / align) * align, align };
    }
    default:
      return type satisfies never;
  }
}

/** The most bytes of a record that passes by value. */
const MOST = 64;

/** As many of the members as fit. */
function fitting(kind: Record['kind'], members: readonly Member[]): readonly Member[] {
  const kept: Member[] = [];
  for (const member of members) {
    const type: Type = { kind: 'record', record: { name: '', kind, members: [...kept, member] } };
    if (extentOf(type).size <= MOST) kept.push(member);
  }
  return kept.length > 0 ? kept : [{ type: INT }];
}

function memberType(inner: readonly Record[]): fc.Arbitrary<Type> {
  const of: fc.Arbitrary<Type> =
    inner.length > 0 ? fc.oneof({ arbitrary: scalar, weight: 3 }, fc.constantFrom(...inner).map(recordType)) : scalar;
  const length = fc.integer({ min: 1, max: 5 });
  const chars = length.map((n): Type => ({ kind: 'chars', length: 3 * n }));
  // An array of char is text.
  const element = fc.oneof(
    { arbitrary: of.filter((type) => type.kind !== 'integer' || type.c !== 'char'), weight: 6 },
    { arbitrary: chars, weight: 1 },
  );
  const arrayOf = (of: fc.Arbitrary<Type>) => fc.record({ kind: fc.constant('array' as const), of, length });
  return fc.oneof(
    { arbitrary: of, weight: 6 },
    { arbitrary: arrayOf(element), weight: 2 },
    { arbitrary: arrayOf(arrayOf(element)), weight: 1 },
    { arbitrary: chars, weight: 1 },
  );
}

const recordType = (record: Record): Type => ({ kind: 'record', record });

/** A bit-field or, mostly, a plain member. */
function bitMember(): fc.Arbitrary<Member> {
  const unsigned = INTEGERS.filter((type) => type.kind === 'integer' && /^(unsigned )?int$/.test(type.c));
  return fc
    .tuple(fc.constantFrom(...unsigned), fc.integer({ min: 1, max: 32 }))
    .map(([type, bits]) => ({ type, bits }));
}

/** Bodies that pass by value. */
function plainBody(inner: readonly Record[]): fc.Arbitrary<Body> {
  const member = memberType(inner).map((type): Member => ({ type }));
  // Members of one kind are what calling conventions look at: { float, float, float }, { double, double }.
  const alike = fc
    .tuple(fc.constantFrom(FLOAT, DOUBLE, ...INTEGERS), fc.integer({ min: 1, max: 8 }))
    .map(([type, length]) => Array<Member>(length).fill({ type }));
  const mixed = fc.array(member, { minLength: 1, maxLength: 8 });
  const few = fc.array(member, { minLength: 1, maxLength: 4 });
  return fc.oneof(
    { arbitrary: fc.oneof(alike, mixed, mixed).map((members) => ({ kind: 'struct' as const, members })), weight: 4 },
    { arbitrary: few.map((members) => ({ kind: 'union' as const, members })), weight: 1 },
  );
}

/** Bodies that pass by pointer alone: with bit-fields, packed, aligned. */
function awkwardBody(inner: readonly Record[]): fc.Arbitrary<Body> {
  const member = memberType(inner).map((type): Member => ({ type }));
  const members = fc.array(member, { minLength: 1, maxLength: 6 });
  const withBits = fc
    .tuple(members, fc.array(bitMember(), { minLength: 1, maxLength: 4 }))
    .map((lists) => lists.flat());
  const attribute = fc.constantFrom('packed' as const, 'aligned(16)' as const);
  return fc.oneof(
    withBits.map((members): Body => ({ kind: 'struct', members })),
    fc.tuple(members, attribute).map(([members, attribute]): Body => ({ kind: 'struct', members, attribute })),
  );
}

type Body = Omit<Record, 'name'>;

/** Records, of which later ones contain earlier ones, and those that pass by pointer alone. */
function sampleRecords(
  count: number,
  seed: number,
): { readonly plain: readonly Record[]; readonly awkward: readonly Record[] } {
  const plain: Record[] = [];
  const awkward: Record[] = [];
  const add = (list: Record[], bodies: readonly Body[]) => {
    for (const { members, ...body } of bodies) {
      const name = `abi_record_${plain.length + awkward.length}`;
      list.push({ ...body, members: fitting(body.kind, members), name });
    }
  };
  const rounds = 3;
  for (let round = 0; round < rounds; round++) {
    const numRuns = Math.ceil(count / rounds);
    add(plain, fc.sample(plainBody([...plain]), { numRuns, seed: seed + round }));
  }
  add(awkward, fc.sample(awkwardBody(plain), { numRuns: Math.ceil(count / 6), seed: seed + rounds }));
  return { plain, awkward };
}

function parameter(value: fc.Arbitrary<Type>, record: fc.Arbitrary<Type>): fc.Arbitrary<Parameter> {
  const element = fc.oneof({ arbitrary: scalar, weight: 4 }, { arbitrary: record, weight: 1 });
  return fc.oneof(
    { arbitrary: value.map((type): Parameter => ({ kind: 'value', type })), weight: 10 },
    {
      arbitrary: fc
        .record({
          kind: fc.constant('elements' as const),
          of: element,
          count: fc.integer({ min: 1, max: 6 }),
          constant: fc.boolean(),
          counted: fc.boolean(),
        })
        .map((p): Parameter => {
          // C does not write strings through a pointer to pointers: nobody could say who frees them.
          if (p.of.kind === 'text') return { ...p, constant: true };
          // A `const char *` is a string.
          return p.of.kind === 'integer' && p.of.c === 'char' ? { ...p, constant: false } : p;
        }),
      weight: 3,
    },
    {
      arbitrary: fc.record({
        kind: fc.constant('callback' as const),
        parameters: fc.array(value, { maxLength: 8 }),
        // A string that JavaScript returned would have to live somewhere.
        result: fc.option(
          value.filter((type) => !holdsText(type)),
          { nil: undefined },
        ),
      }),
      weight: 1,
    },
  );
}

/** Whether a `const char *` is in it. */
export function holdsText(type: Type): boolean {
  if (type.kind === 'array') return holdsText(type.of);
  if (type.kind === 'record') return type.record.members.some((member) => holdsText(member.type));
  return type.kind === 'text';
}

/** A library of `count` functions; the same seed gives the same one. */
export function sampleLibrary(count: number, seed: number): Library {
  const { plain, awkward } = sampleRecords(Math.max(24, Math.ceil(count / 3)), seed);
  const record = fc.constantFrom(...plain).map(recordType);
  const refused = fc.constantFrom(...awkward).map(recordType);
  const value = fc.oneof(
    { arbitrary: scalar, weight: 100 },
    { arbitrary: record, weight: 50 },
    { arbitrary: refused, weight: 1 },
  );
  const any = parameter(value, fc.oneof(record, refused));
  const result = fc.option(fc.oneof({ arbitrary: scalar, weight: 10 }, { arbitrary: record, weight: 10 }), {
    nil: undefined,
    freq: 8,
  });
  const few = fc.array(any, { minLength: 1, maxLength: 6 });
  const many = fc.array(any, { minLength: 7, maxLength: 40 });
  const alike = fc
    .tuple(fc.oneof(scalar, record), fc.integer({ min: 1, max: 40 }))
    .map(([type, length]) => Array<Parameter>(length).fill({ kind: 'value', type }));
  const shape = fc.record({
    parameters: fc.oneof(
      { arbitrary: few, weight: 4 },
      { arbitrary: many, weight: 2 },
      { arbitrary: alike, weight: 1 },
    ),
    rest: fc.array(promoted, { maxLength: 8 }),
    result,
  });
  // fast-check's samples grow from simple to large ones, so that a library has both.
  const functions = fc.sample(shape, { numRuns: count, seed: seed + 100 }).map(
    ({ parameters, rest, result }, at): CFunction => ({
      name: `abi_${at}`,
      parameters: cutTo(parameters, 40),
      rest: at % 6 === 0 ? rest : undefined,
      result,
    }),
  );
  return { records: [...plain, ...awkward], functions };
}

/** At most so many C parameters: counted elements take two. */
function cutTo(parameters: readonly Parameter[], most: number): readonly Parameter[] {
  const kept: Parameter[] = [];
  let used = 0;
  for (const one of parameters) {
    used += one.kind === 'elements' && one.counted ? 2 : 1;
    if (used <= most) kept.push(one);
  }
  return kept;
}

/** Why a function cannot be called, by the limits that the project documents: its records that pass by value. */
export function refusalOf({ parameters, result }: CFunction): string | undefined {
  const values = parameters.flatMap((p) => {
    if (p.kind === 'value') return [p.type];
    return p.kind === 'callback' ? [...p.parameters, ...(p.result ? [p.result] : [])] : [];
  });
  for (const type of [...values, ...(result ? [result] : [])]) {
    const reason = valueRefusal(type);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function valueRefusal(type: Type): string | undefined {
  if (type.kind === 'array') return valueRefusal(type.of);
  if (type.kind !== 'record') return undefined;
  const { attribute, members } = type.record;
  if (attribute === 'packed') return 'a packed record by value';
  if (attribute === 'aligned(16)') return 'a record by value that is aligned to more than 8 bytes';
  for (const member of members) {
    if (member.bits !== undefined) return 'a record by value with a bit-field';
    const reason = valueRefusal(member.type);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
