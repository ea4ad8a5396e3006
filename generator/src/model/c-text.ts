// CType -> C: a declaration of a name with that type, for doc comments and for the file that `verify` compiles.
// Layers are wrapped around the name from the inside out, as declarators are read (C11 6.7.6).

import { type CType, type FloatingName, type IntegerName, unreachable } from './ctype.ts';

/** How a record or enum without a tag is written. */
export type AnonymousName = (key: string) => string;

const hidden: AnonymousName = (key) => (/^(struct|union|enum) /.test(key) && !key.includes('::') ? key : '{ … }');

/** How C spells the arithmetic types. */
export const SPELLINGS: Readonly<Record<IntegerName | FloatingName, string>> = {
  bool: '_Bool',
  char: 'char',
  schar: 'signed char',
  uchar: 'unsigned char',
  short: 'short',
  ushort: 'unsigned short',
  int: 'int',
  uint: 'unsigned int',
  long: 'long',
  ulong: 'unsigned long',
  llong: 'long long',
  ullong: 'unsigned long long',
  int128: '__int128',
  uint128: 'unsigned __int128',
  float: 'float',
  double: 'double',
  ldouble: 'long double',
  float16: '_Float16',
  float32: '_Float32',
  float64: '_Float64',
  float32x: '_Float32x',
  float64x: '_Float64x',
  float128: '_Float128',
};

/** `int (*f)(const char *)` from the type and the name `f`; with an empty name, the type name alone. */
export function cDeclaration(type: CType, name: string, anonymous: AnonymousName = hidden): string {
  const qualifier =
    (type.const ? 'const ' : '') + (type.volatile ? 'volatile ' : '') + (type.restrict ? 'restrict ' : '');
  const leaf = (text: string): string =>
    name ? `${qualifier}${text} ${name}`.replace(/\* (?=[\w(*])/g, '*') : qualifier + text;
  switch (type.kind) {
    case 'void':
      return leaf('void');
    case 'integer':
    case 'floating':
      return leaf(SPELLINGS[type.name]);
    case 'complex':
      return leaf(`${SPELLINGS[type.name]} _Complex`);
    case 'va_list':
      return leaf('__builtin_va_list');
    case 'typedef':
      return leaf(type.name);
    case 'record':
    case 'enum':
      return leaf(anonymous(type.key));
    case 'unsupported':
      return leaf(`⟨${type.reason}⟩`);
    case 'pointer': {
      const inner = type.to.kind === 'array' || type.to.kind === 'function';
      const starred = `*${qualifier.trimEnd()}${qualifier && name ? ' ' : ''}${name}`;
      return cDeclaration(type.to, inner ? `(${starred})` : starred, anonymous);
    }
    case 'array':
      return cDeclaration(type.of, `${name}[${type.length ?? ''}]`, anonymous);
    case 'function': {
      const list = type.parameters.map((p) => cDeclaration(p.type, p.name ?? '', anonymous));
      if (type.variadic) list.push('...');
      if (list.length === 0 && !type.unprototyped) list.push('void');
      const noreturn = type.noreturn ? ' __attribute__((noreturn))' : '';
      return cDeclaration(type.result, `${name}(${list.join(', ')})${noreturn}`, anonymous);
    }
    default:
      return unreachable(type);
  }
}
