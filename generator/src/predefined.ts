// In: a target. Out: its predefined macros. Those that follow from the data model and the floating formats are computed
// (C11 5.2.4.2, 6.10.8; the names are those of the compiler that the target has); the others the target lists.

import { type AliasName, type IntegerType, isSigned, sizeOf, type Target } from './target.ts';
import { CLANG_SPELLINGS, clangAliasMacros } from './targets/clang.ts';
import { floatMacros } from './targets/floats.ts';
import { GCC_SPELLINGS } from './targets/gcc.ts';

/** The predefined macros of a target, each as `NAME text` or `NAME(parameter) text`. */
export function predefinedMacros(target: Target): string[] {
  const order = target.endianness === 'little' ? '__ORDER_LITTLE_ENDIAN__' : '__ORDER_BIG_ENDIAN__';
  const lines = [
    ...target.macros.map((macro) => (macro.includes(' ') ? macro : `${macro} 1`)),
    `__BYTE_ORDER__ ${order}`,
    ...sizeMacros(target),
    ...limitMacros(target),
    ...aliasMacros(target),
    ...Object.entries(target.floats).flatMap(([name, { format, suffix }]) =>
      floatMacros(name, format, suffix, target.compiler),
    ),
  ];
  if (!target.charSigned) lines.push('__CHAR_UNSIGNED__ 1');
  if (target.compiler === 'clang') lines.push(...clangAliasMacros(target, suffixOf));
  else lines.push(`__FLOAT_WORD_ORDER__ ${order}`);
  return lines;
}

function sizeMacros(target: Target): string[] {
  const { sizes, aliases } = target;
  const named = {
    SHORT: 'short',
    INT: 'int',
    LONG: 'long',
    LONG_LONG: 'llong',
    INT128: 'int128',
    FLOAT: 'float',
    DOUBLE: 'double',
    LONG_DOUBLE: 'ldouble',
    POINTER: 'pointer',
  } as const;
  const lines = Object.entries(named).map(([name, size]) => `__SIZEOF_${name}__ ${sizes[size]}`);
  for (const alias of ['size', 'ptrdiff', 'wchar', 'wint'] as const)
    lines.push(`__SIZEOF_${alias.toUpperCase()}_T__ ${sizeOf(aliases[alias], target)}`);
  return lines;
}

/** Clang has none for the one, and another name for the other. */
const CLANG_HAS_NO_WIDTH: ReadonlySet<IntegerType> = new Set(['schar', 'llong']);

/** The limits and widths of the basic types. */
function limitMacros(target: Target): string[] {
  const named = { SCHAR: 'schar', SHRT: 'short', INT: 'int', LONG: 'long', LONG_LONG: 'llong' } as const;
  return Object.entries(named).flatMap(([name, type]) => [
    `__${name}_MAX__ ${maximum(type, target)}`,
    ...(target.compiler === 'clang' && CLANG_HAS_NO_WIDTH.has(type)
      ? []
      : [`__${name}_WIDTH__ ${sizeOf(type, target) * 8}`]),
  ]);
}

/** `__SIZE_TYPE__`, `__SIZE_MAX__`, `__SIZE_WIDTH__`, `__INT64_C`, and so on for each alias. */
function aliasMacros(target: Target): string[] {
  const lines: string[] = [];
  const spellings = target.compiler === 'gcc' ? GCC_SPELLINGS : CLANG_SPELLINGS;
  for (const [alias, type] of Object.entries(target.aliases) as [AliasName, IntegerType][]) {
    const name = alias.toUpperCase();
    lines.push(`__${name}_TYPE__ ${spellings[type]}`);
    if (name.startsWith('CHAR')) continue;
    lines.push(`__${name}_MAX__ ${maximum(type, target)}`);
    const exact = /^U?INT\d+$/.test(name);
    const hasWidth = target.compiler === 'clang' ? /^UINT(MAX|PTR)$/ : /^$/;
    if ((!name.startsWith('UINT') && !exact) || hasWidth.test(name))
      lines.push(`__${name}_WIDTH__ ${sizeOf(type, target) * 8}`);
    if (exact || name.endsWith('INTMAX'))
      lines.push(`__${name}_C(c) c${suffixOf(type) === '' ? '' : ` ## ${suffixOf(type)}`}`);
    if (name === 'WCHAR' || name === 'WINT' || name === 'SIG_ATOMIC')
      lines.push(`__${name}_MIN__ ${isSigned(type, target) ? `(-__${name}_MAX__ - 1)` : '0U'}`);
  }
  return lines;
}

function maximum(type: IntegerType, target: Target): string {
  const digits = '7'.padEnd(sizeOf(type, target) * 2, 'f');
  return `0x${isSigned(type, target) ? digits : digits.replace('7', 'f')}${suffixOf(type)}`;
}

/** The suffix that gives a constant this type; none for types that promote to int. */
function suffixOf(type: IntegerType): string {
  const suffixes: Partial<Record<IntegerType, string>> = {
    uint: 'U',
    long: 'L',
    ulong: 'UL',
    llong: 'LL',
    ullong: 'ULL',
  };
  return suffixes[type] ?? '';
}
