// Random C headers that are valid by construction, as fast-check arbitraries: every kind of declaration that headers have,
// with names that mean something elsewhere. C11 6.7; GCC manual, "Attribute Syntax".

import fc from 'fast-check';
import { bytesOf, type FuzzInput } from './input.ts';

/** Names that JavaScript, TypeScript or the generated module use themselves. */
const ODD_NAMES: readonly string[] = (
  '__proto__ constructor prototype hasOwnProperty toString valueOf then delete new arguments eval await async yield ' +
  'let class function undefined NaN Infinity null true_ false_ this super default_ import export type of as any unknown ' +
  'never object string number bigint boolean symbol c records defineShim defineRecord libfuzz LibfuzzRequired open fn has ' +
  'Array Record Promise Object Symbol globalThis Uint8Array rest arg0 arg1 length name get set static public is keyof ' +
  'interface package private enum_ var with try catch finally throw in instanceof declare module namespace abstract'
).split(' ');

type Names = { take(wanted: string): string };

/** Each name once: C has one namespace for functions, typedefs, enumerators and variables. */
function names(): Names {
  const taken = new Set(['static', 'default', 'enum', 'typeof']);
  return {
    take: (wanted) => {
      let name = wanted;
      for (let n = 2; taken.has(name); n++) name = `${wanted}${n}`;
      taken.add(name);
      return name;
    },
  };
}

const name: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ODD_NAMES.filter((word) => !/^(static|default|enum)$/.test(word))),
  fc.constantFrom('é', 'naïve', '名前', '$dollar', 'a$b', '_', '__x', 'X', 'f', 'snake_case', 'CamelCase'),
  fc.stringMatching(/^[a-z_][a-z0-9_]{3,12}$/).map((word) => `v_${word}`),
);

const scalar: fc.Arbitrary<string> = fc.constantFrom(
  ...[
    'char',
    'signed char',
    'unsigned char',
    'short',
    'unsigned short int',
    'int',
    'unsigned',
    'long',
    'unsigned long',
  ],
  ...['long long', 'unsigned long long int', 'float', 'double', '_Bool', 'long unsigned', 'int long', 'char unsigned'],
  ...['size_t', 'uint8_t', 'int64_t', 'uint32_t', 'intptr_t', 'const char', 'volatile int', 'wchar_t', 'long double'],
);

/** How a type is declared around a name, from the inside out. */
type Layer = 'pointer' | 'const-pointer' | 'array' | 'function' | 'parenthesised';
const layers: fc.Arbitrary<readonly Layer[]> = fc.array(
  fc.constantFrom<Layer>('pointer', 'const-pointer', 'array', 'function', 'parenthesised'),
  { maxLength: 4 },
);

/** Wraps declarator layers around a name so that C allows each: no arrays of functions, no functions of arrays. */
function declarator(wanted: string, list: readonly Layer[], plainEnd: boolean): string {
  let text = wanted;
  let previous: 'none' | 'pointer' | 'array' | 'function' = plainEnd ? 'function' : 'none';
  for (const layer of list) {
    if (layer === 'parenthesised') text = text === '' ? text : `(${text})`;
    else if (layer === 'pointer' || layer === 'const-pointer') {
      text = previous === 'pointer' || previous === 'none' ? text : `(${text})`;
      if (previous === 'function' && plainEnd && text === `(${wanted})`) text = wanted;
      text = `*${layer === 'const-pointer' ? 'const ' : ''}${text}`;
      if (previous === 'array' || previous === 'function') text = text.startsWith('(') ? text : `${text}`;
      previous = 'pointer';
    } else if (layer === 'array') {
      if (previous === 'function') continue;
      text = previous === 'pointer' ? `(${text})[3]` : `${text}[3]`;
      previous = 'array';
    } else {
      if (previous !== 'pointer') continue;
      text = `(${text})(int, char *)`;
      previous = 'function';
    }
  }
  return text;
}

const attribute: fc.Arbitrary<string> = fc.constantFrom(
  ...['', '', '', '', '__attribute__((unused))', '__attribute__((deprecated("use */ `other` ${x} \\" \\\\ instead")))'],
);

interface FieldShape {
  readonly name: string;
  readonly type: string;
  readonly layers: readonly Layer[];
  readonly bits: number | undefined;
}
const field: fc.Arbitrary<FieldShape> = fc.record({
  name,
  type: scalar.filter((type) => type !== 'const char'),
  layers,
  bits: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined, freq: 4 }),
});

function fieldText({ name: wanted, type, layers: list, bits }: FieldShape, own: Names): string {
  const integer = !/float|double|wchar|volatile/.test(type);
  if (bits !== undefined && integer) {
    const width = type === '_Bool' ? Math.min(bits, 1) : bits;
    return `  ${type} ${width === 0 ? '' : own.take(wanted)} : ${width};`;
  }
  return `  ${type} ${declarator(own.take(wanted), list, false)};`;
}

const literal: fc.Arbitrary<string> = fc.oneof(
  fc.integer({ min: -70_000, max: 70_000 }).map(String),
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map((value) => `0x${value.toString(16)}u`),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value) => (Number.isInteger(value) ? `${value.toFixed(1)}` : `${value}`))
    .filter((text) => text.length < 40),
  fc.constantFrom(
    '"a" "b"',
    '"*/ `${globalThis.CANARY = 1}` \\u2028 \\\' </script>"',
    "'x'",
    '(1 << 3)',
    'sizeof(long)',
  ),
  fc.constantFrom(
    '((void *)0)',
    '__LINE__',
    'undeclared',
    '(int)-1',
    '~0u',
    '1.5f',
    'L"wide"',
    '-9223372036854775807 - 1',
  ),
);

const comment: fc.Arbitrary<string> = fc.constantFrom(
  ...['', '', '/** Plain. */\n', '// line\n', '/** @deprecated `${x}` <b>\u2028 {@link y} * / */\n', '/* \u2029 */\n'],
  '/**\n * @param a ``` \n * //# sourceMappingURL=x\n */\n',
);

type Piece = (own: Names) => string;

const functionPiece: fc.Arbitrary<Piece> = fc
  .record({
    comment,
    name,
    result: fc.constantFrom(
      'void',
      'int',
      'char *',
      'const char *',
      'uint64_t',
      'double',
      'struct odd *',
      'void *',
      'struct small',
    ),
    parameters: fc.array(fc.record({ name: fc.option(name, { nil: '' }), type: scalar, layers }), { maxLength: 5 }),
    tail: fc.constantFrom('', ', ...', ''),
    attribute,
    label: fc.constantFrom('', '', '', ' __asm__("odd$symbol")'),
  })
  .map((shape) => (own) => {
    const inner = names();
    const list = shape.parameters.map(
      (p) => `${p.type} ${declarator(p.name === '' ? '' : inner.take(p.name), p.name === '' ? [] : p.layers, false)}`,
    );
    const parameters = list.length === 0 ? 'void' : list.join(', ') + shape.tail;
    return `${shape.comment}${shape.result} ${own.take(shape.name)}(${parameters})${shape.label} ${shape.attribute};`;
  });

const recordPiece: fc.Arbitrary<Piece> = fc
  .record({
    comment,
    keyword: fc.constantFrom('struct', 'union'),
    tag: fc.option(name, { nil: '' }),
    fields: fc.array(field, { minLength: 1, maxLength: 6 }),
    nested: fc.option(fc.array(field, { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 3 }),
    nestedName: fc.option(name, { nil: '' }),
    packing: fc.constantFrom('', '', '', ' __attribute__((packed))', ' __attribute__((aligned(16)))'),
    alias: name,
    pragma: fc.constantFrom(0, 0, 0, 1, 2, 4),
  })
  .map((shape) => (own) => {
    const inner = names();
    const lines = shape.fields.map((f) => fieldText(f, inner));
    if (!lines.some((line) => !line.includes(':'))) lines.push(`  int ${inner.take('plain')};`);
    if (shape.nested !== undefined) {
      // Members of an unnamed member are members of the record.
      const deeper = shape.nestedName === '' ? inner : names();
      const body = shape.nested.map((f) => `  ${fieldText(f, deeper)}`);
      if (!body.some((line) => !line.includes(':'))) body.push(`    int ${deeper.take('plain')};`);
      const last = shape.nestedName === '' ? '' : ` ${inner.take(shape.nestedName)}`;
      lines.push(`  struct {\n${body.join('\n')}\n  }${last};`);
    }
    const tag = shape.tag === '' ? '' : ` ${own.take(shape.tag)}`;
    const text = `${shape.comment}typedef ${shape.keyword}${tag} {\n${lines.join('\n')}\n}${shape.packing} ${own.take(shape.alias)};`;
    return shape.pragma === 0 ? text : `#pragma pack(push, ${shape.pragma})\n${text}\n#pragma pack(pop)`;
  });

const enumPiece: fc.Arbitrary<Piece> = fc
  .record({
    comment,
    tag: fc.option(name, { nil: '' }),
    members: fc.array(
      fc.record({ name, value: fc.option(fc.integer({ min: -100, max: 1 << 30 }), { nil: undefined }) }),
      { minLength: 1, maxLength: 6 },
    ),
    wide: fc.boolean(),
  })
  .map((shape) => (own) => {
    const list = shape.members.map(
      ({ name: wanted, value }) => own.take(wanted) + (value === undefined ? '' : ` = ${value}`),
    );
    if (shape.wide) list.push(`${own.take('WIDE')} = 0x7fffffffffffffff`);
    return `${shape.comment}enum ${shape.tag === '' ? '' : own.take(shape.tag)} { ${list.join(', ')} };`;
  });

const typedefPiece: fc.Arbitrary<Piece> = fc
  .record({ name, type: scalar, layers })
  .map((shape) => (own) => `typedef ${shape.type} ${declarator(own.take(shape.name), shape.layers, false)};`);

const variablePiece: fc.Arbitrary<Piece> = fc
  .record({ name, type: scalar, layers })
  .map((shape) => (own) => `extern ${shape.type} ${declarator(own.take(shape.name), shape.layers, false)};`);

/** Macros have a namespace of their own, and hide what is declared under their name after them: so they are prefixed. */
const macroPiece: fc.Arbitrary<Piece> = fc
  .record({ name, value: literal, form: fc.constantFrom('', '', '(a, b...)') })
  .map((shape) => (own) => `#define M_${own.take(shape.name)}${shape.form} ${shape.value}`);

const conditionalPiece: fc.Arbitrary<Piece> = fc
  .record({
    condition: fc.constantFrom('0', '1', 'defined X', '__has_include(<stdint.h>)', "'a' == 97"),
    kept: functionPiece,
    other: typedefPiece,
  })
  .map((shape) => (own) => `#if ${shape.condition}\n${shape.kept(own)}\n#else\n${shape.other(own)}\n#endif`);

const piece: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 5, arbitrary: functionPiece },
  { weight: 4, arbitrary: recordPiece },
  { weight: 2, arbitrary: enumPiece },
  { weight: 2, arbitrary: typedefPiece },
  { weight: 1, arbitrary: variablePiece },
  { weight: 2, arbitrary: macroPiece },
  { weight: 1, arbitrary: conditionalPiece },
);

/** Headers that gcc accepts. */
export const validHeader: fc.Arbitrary<FuzzInput> = fc
  .record({ pieces: fc.array(piece, { minLength: 1, maxLength: 14 }), docs: fc.boolean() })
  .map(({ pieces, docs }) => {
    const own = names();
    for (const used of ['odd', 'small', 'size_t', 'wchar_t', 'X']) own.take(used);
    const head = '#include <stdint.h>\n#include <stddef.h>\nstruct odd;\nstruct small { char text[3]; };\n';
    const text = `${head}${pieces.map((make) => make(own)).join('\n')}\n`;
    return { kind: 'valid', text: bytesOf(text), docs, includeDirs: [] };
  });
