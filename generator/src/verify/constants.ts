// The facts of a constant: its type is asserted, its value is read back from an object, where every expression that may
// initialise a static object is a constant.

import type { ConstantDecl, ConstantValue } from '../model/api.ts';
import { SPELLINGS } from '../model/c-text.ts';
import { scalarLayout } from '../scalars.ts';
import type { IntegerType, Target } from '../target.ts';
import type { Subject } from './assertions.ts';

export function probeConstant(subject: Subject, { name, value }: ConstantDecl): void {
  if (value.kind === 'int') probeInteger(subject, name, value);
  else if (value.kind === 'float') probeFloat(subject, name, value);
  else if (value.pointer) assertPointed(subject, name, value.value);
  else probeString(subject, name, value);
}

/** Names for the types that a suffix such as F32 gives a constant, where the compiler has these types. */
const EXTENDED = {
  float: ['dlshim_float32'],
  double: ['dlshim_float64', 'dlshim_float32x'],
  ldouble: ['dlshim_float64x'],
} as const;

/** Declares those names. */
export function declareExtendedTypes({ writer }: Pick<Subject, 'writer'>): void {
  writer.line('#if defined(__FLT32_MANT_DIG__) && !defined(__clang__)');
  for (const name of Object.values(EXTENDED).flat()) writer.line(`typedef ${name.replace('dlshim_f', '_F')} ${name};`);
  writer.line('#else');
  for (const [type, names] of Object.entries(EXTENDED))
    for (const name of names) writer.line(`typedef ${SPELLINGS[type as 'double']} ${name};`);
  writer.line('#endif');
}

type Of<K extends ConstantValue['kind']> = Extract<ConstantValue, { kind: K }>;

function probeInteger({ writer, target }: Subject, name: string, { value, type }: Of<'int'>): void {
  const spelling = SPELLINGS[type];
  writer.assert('constant', hasType(name, spelling), `constant ${name} is of type ${spelling}`);
  const { size } = scalarLayout(target, type);
  const bytes = new Uint8Array(size);
  for (let at = 0, rest = value; at < size; at++, rest >>= 8n) bytes[at] = Number(rest & 0xffn);
  writer.probe(
    'constant',
    `constant ${name} is ${value}`,
    { type: spelling, initialiser: `(${name})`, align: size },
    { bytes },
  );
}

/** The type of the constant's value: what `__typeof__` says of an enumerator or a character is not promoted. */
function hasType(name: string, spelling: string): string {
  return `__builtin_types_compatible_p(__typeof__(${name}), ${spelling})`;
}

function probeFloat({ writer, target }: Subject, name: string, { value, type }: Of<'float'>): void {
  const spelling = SPELLINGS[type as 'double'];
  const extended = EXTENDED[type as 'double'].map((alias) => ` || ${hasType(name, alias)}`).join('');
  writer.assert('constant', hasType(name, spelling) + extended, `constant ${name} is of type ${spelling}`);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, target.endianness === 'little');
  const text = Object.is(value, -0) ? '-0' : String(value);
  writer.probe(
    'constant',
    `constant ${name} is ${text}`,
    { type: 'double', initialiser: `(${name})`, align: 8 },
    { bytes, ...(Number.isNaN(value) ? { isNaN: true as const } : {}) },
  );
}

function probeString({ writer, target }: Subject, name: string, { value, wide }: Of<'string'>): void {
  const { bytes, unit } = encoded(value, wide, target);
  const length = bytes.length / unit;
  const text = JSON.stringify(value);
  writer.assert('constant', `sizeof(${name}) == ${bytes.length}`, `constant ${name} has ${length - 1} characters`);
  writer.probe(
    'constant',
    `constant ${name} is ${text}`,
    { type: `__typeof__(${name})`, initialiser: name, align: unit },
    { bytes },
  );
}

/** With its terminating zero. */
function encoded(value: string, wide: Of<'string'>['wide'], target: Target): { bytes: Uint8Array; unit: number } {
  if (wide === undefined) return { bytes: new TextEncoder().encode(`${value}\0`), unit: 1 };
  const { wchar, char16, char32 } = target.aliases;
  const unit = scalarLayout(
    target,
    ({ L: wchar, u: char16, U: char32 } satisfies Record<string, IntegerType>)[wide],
  ).size;
  const text = `${value}\0`;
  const codes = unit === 2 ? text.split('').map((c) => c.charCodeAt(0)) : Array.from(text, (c) => c.codePointAt(0)!);
  const bytes = new Uint8Array(codes.length * unit);
  const view = new DataView(bytes.buffer);
  for (const [at, code] of codes.entries()) {
    if (unit === 2) view.setUint16(at * 2, code, target.endianness === 'little');
    else view.setUint32(at * 4, code, target.endianness === 'little');
  }
  return { bytes, unit };
}

/** A string behind a cast cannot initialise an array; GCC compares what it points to, Clang does not. */
function assertPointed({ writer }: Subject, name: string, value: string): void {
  const bytes = new TextEncoder().encode(value);
  const literal = [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  writer.assert(
    'constant',
    `__builtin_memcmp(${name}, "${literal}", ${bytes.length + 1}) == 0`,
    `constant ${name} is ${JSON.stringify(value)}`,
    { orElse: 'this compiler cannot compare a string behind a cast' },
  );
}
