// Constant expressions against gcc: value and type of each, by a program that gcc compiles and this test runs.
// Longer than 400 lines because most of it is one table of expressions.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Environment,
  evaluate,
  evaluateCondition,
  type NotConstant,
  type Value,
} from '../../generator/src/expression/evaluate.ts';
import type { Token } from '../../generator/src/token.ts';
import { named, noGcc } from '../needs.ts';
import { gccTokens, inTemporaryFolder, run, target } from './support.ts';

const value = (text: string, env: Environment = {}): Value | NotConstant<Token> =>
  evaluate(run(text).unit.tokens, target, env);
const reason = (text: string): string | undefined => {
  const result = value(text);
  return result.kind === 'not-constant' ? result.reason : undefined;
};

const INTEGERS: readonly string[] = [
  '0',
  '1',
  '42',
  '2147483647',
  '2147483648',
  '4294967295',
  '9223372036854775807',
  '0x7fffffff',
  '0x80000000',
  '0xffffffff',
  '0x100000000',
  '0x7fffffffffffffff',
  '0x8000000000000000',
  '0xffffffffffffffff',
  '010',
  '037777777777',
  '0b1011',
  '0B1',
  '1u',
  '1U',
  '1l',
  '1L',
  '1ul',
  '1LU',
  '1ll',
  '1LL',
  '1ull',
  '1LLU',
  '4294967296u',
  '0x80000000l',
  '0xffffffffffffffffll',
  "'a'",
  "'\\n'",
  "'\\0'",
  "'\\x7f'",
  "'\\xff'",
  "'\\377'",
  "'\\''",
  "'\"'",
  "'\\\\'",
  "'\\e'",
  "'ab'",
  "'abcd'",
  "'abcde'",
  "'\\xff\\xff'",
  "L'a'",
  "L'\\xffffffff'",
  "u'\\xffff'",
  "U'\\xffffffff'",
  "U'\\U0001F600'",
  "'\\u00e9'",
  "L'\u00e9'",
  "'\u00e9'",
  "'?'",
  "'\\?'",
  '-1',
  '+1',
  '~0',
  '!0',
  '!5',
  '-1u',
  '~0u',
  '~0ul',
  '- -1',
  '-2147483647-1',
  '-0x80000000',
  '!0.5',
  "+'a'",
  '1+2*3',
  '(1+2)*3',
  '10-3-2',
  '100/7',
  '-100/7',
  '100%7',
  '-100%7',
  '100%-7',
  '-7/2u',
  '1<<4',
  '1u<<31',
  '1ll<<40',
  '1<<31',
  '-16>>2',
  '0x80000000>>4',
  '1<2',
  '2<=1',
  '3>2',
  '3>=4',
  '1==1',
  '1!=1',
  '-1<0u',
  '-1<0ul',
  '-1l<0u',
  '1&&0',
  '1||0',
  '0&&1/0',
  '1||1/0',
  '5&3',
  '5|3',
  '5^3',
  '~5&0xff',
  '1?2:3',
  '0?2:3',
  '1?2:3u',
  '0?-1:3u',
  '1?1:1/0',
  '1?0:0l',
  '5?:6',

  '1?2:0?4:5',
  '1+1u',
  '1+1l',
  '1u+1l',
  '1ul+1ll',
  '1ll+1ul',
  "'a'+1",
  '1u-2',
  '1-2u',
  '0ul-1',
  '4294967295u+1',
  '4294967295u*4294967295u',
  '18446744073709551615ul*3',
  '(char)300',
  '(unsigned char)300',
  '(signed char)200',
  '(short)70000',
  '(unsigned short)-1',
  '(int)4294967295',
  '(unsigned)-1',
  '(unsigned int)-1',
  '(long)-1',
  '(unsigned long)-1',
  '(long int)5',
  '(long unsigned int)5',
  '(unsigned long long int)-1',
  '(long long)5',
  '(_Bool)5',
  '(_Bool)0.1',
  '(_Bool)0',
  '(int)3.9',
  '(int)-3.9',
  '(unsigned char)255.5',
  '(long)1e18',
  '(char)-1 < 0',
  '(unsigned char)1 - 2',
  '(short)1 + (char)1',
  '(const int)5',
  '(int const)5',
  '(volatile unsigned)5',
  '(int)(char)(unsigned char)200',
  '-(unsigned char)1',
  '(unsigned)1 << 31',
  '~(unsigned char)0',
  '(1)+(2)',
  '(int) + 1',
  '(int) - 1',
  'sizeof(int)',
  'sizeof(char)',
  'sizeof(long double)',
  'sizeof(unsigned long)',
  'sizeof(void *)',
  'sizeof(int *)',
  'sizeof(short) * 2',
  'sizeof 1',
  'sizeof 1l',
  'sizeof(1)',
  "sizeof 'a'",
  'sizeof "abc"',
  'sizeof("abc")',
  'sizeof L"abc"',
  'sizeof "a" "bc"',
  'sizeof "\\x41\\0"',
  'sizeof u"ab"',
  'sizeof U"ab"',
  'sizeof 1.0f',
  'sizeof(1+1.0)',
  'sizeof -1',
  'sizeof(char)+1',
  '_Alignof(int)',
  '__alignof__(long double)',
  '_Alignof(short)',
  '-sizeof(int) > 0',
  'sizeof(int) - 5',
  '__extension__ 5',
  '(__int128)1 >> 1 == 0',
  '1.5 > 1',
  '1.0 == 1',
  '0.1f == 0.1',
  '(int)(0.1f*10)',
  '1e3 > 999',
  '0x1p4 == 16',
  '0x1.8p1 == 3',
  '.5 < 1.',
  '2.5L > 2.5',
  '(1 ? 1 : 2.0) == 1',
  '1 ? 0 : 1.5f',
  "'a' == 97 ? 'b' : 'c'",
  '1 == 1 == 1',
  '3 > 2 > 1',
  '1 | 2 ^ 3 & 4',
  '1 << 2 + 1',
  '1 + 2 << 1',
  '!1 + 1',
  '-1 * -1',
  '~-1',
  '- ~ ! 0',
  '2 - -2',
  '1 + + 1',
];

const FLOATS: readonly string[] = [
  '1.0',
  '1.5f',
  '0.1',
  '0.1f',
  '1e10',
  '1e-3f',
  '.5',
  '5.',
  '0x1p-3',
  '0x1.8p3',
  '0xA.Bp0f',
  '1.0/3',
  '1.0f/3',
  '1.0f/3.0',
  '1/2.0',
  '-1.5',
  '+1.5f',
  '1.5+1',
  '(float)0.1',
  '(double)0.1f',
  '(double)1',
  '(float)16777217',
  '1?1:2.5',
  '0?1:2.5f',
  '3.0f*0.1f',
  '1e308*10',
  '(float)1/3',
  '1.00000005960464477540f',
  '0x1.000001000000001p0f',
  '16777217.000000000000001f',
  '3.4028235677973366e+38f',
  '3.4028235677973365e+38f',
  '1e-45f',
  '7.1e-46f',
  '1e-50f',
  '1e40f',
  '0x1.fffffffffffff8p0',
  '0x1p-1074',
  '(float)(1LL<<62|1LL<<38|1)',
  '1.5F32',
  '1.5F64',
];

/** What gcc calls our types, in a _Generic. */
const NAMES: readonly (readonly [string, string])[] = [
  ['bool', '_Bool'],
  ['char', 'char'],
  ['schar', 'signed char'],
  ['uchar', 'unsigned char'],
  ['short', 'short'],
  ['ushort', 'unsigned short'],
  ['int', 'int'],
  ['uint', 'unsigned'],
  ['long', 'long'],
  ['ulong', 'unsigned long'],
  ['llong', 'long long'],
  ['ullong', 'unsigned long long'],
  ['int128', '__int128'],
  ['float', 'float'],
  ['double', 'double'],
  ['ldouble', 'long double'],
];

/** Compiles and runs a program that prints `type value` for each expression; casts keep their type through `sizeof`. */
function ask(expressions: readonly string[], format: string, cast: string): string[] {
  const generic = NAMES.map(([name, type]) => `${type}: "${name}"`).join(', ');
  const lines = expressions.map((text) => `  printf("%s ${format}\\n", T(${text}), (${cast})(${text}));`);
  const program = `#include <stdio.h>\n#define T(x) _Generic((x), ${generic}, _Float32: "float", _Float64: "double")\nint main(void) {\n${lines.join('\n')}\n}\n`;
  return inTemporaryFolder((folder) => {
    const [source, binary] = [join(folder, 'main.c'), join(folder, 'main')];
    writeFileSync(source, program);
    execFileSync('gcc', ['-w', '-std=gnu17', '-o', binary, source]);
    return execFileSync(binary, { encoding: 'utf8' }).trim().split('\n');
  });
}

describe.skipIf(noGcc)(named('values and types are those of gcc', noGcc), () => {
  test(`for ${INTEGERS.length} integer expressions`, () => {
    const theirs = ask(INTEGERS, '%lld', 'long long');
    const ours = INTEGERS.map((text) => {
      const result = value(text);
      return result.kind === 'int' || result.kind === 'float'
        ? `${result.type} ${BigInt.asIntN(64, BigInt(result.value))}`
        : `${text}: ${JSON.stringify(result)}`;
    });
    expect(INTEGERS.map((text, index) => `${text} = ${ours[index]}`)).toEqual(
      INTEGERS.map((text, index) => `${text} = ${theirs[index]}`),
    );
  });

  test(`for ${FLOATS.length} floating expressions`, () => {
    const theirs = ask(FLOATS, '%a', 'double');
    for (const [index, text] of FLOATS.entries()) {
      const [type, hex] = theirs[index]!.split(' ');
      const result = value(text);
      const expected = hex === 'inf' ? Number.POSITIVE_INFINITY : (value(hex!) as { value: number }).value;
      expect({ text, ...result }).toEqual({ text, kind: 'float', type, value: expected });
    }
  });

  test('for conditions of #if, in which every integer is intmax_t', () => {
    const conditions = [
      ...INTEGERS.filter(
        (text) =>
          !/\(?(?:sizeof|_Alignof|__alignof__|__extension__)|\d\.|\.\d|\de\d|0x1p|\((?:un|const|volatile|int|char|short|long|signed|_Bool|__int128)|\?:/.test(
            text,
          ),
      ),
      '-1 > 0u',
      '0x8000000000000000 > 0',
      '9223372036854775807 + 1 < 0',
      '1 << 64',
      '1 << 63 < 0',
      '-1 >> 70',
      '1 << -1',
      '4 >> -1',
      'x',
      'x == 0',
      'true',
      "L'\\xffffffff' < 0",
      "'\\xff' < 0",
      "u'a' - 98 > 0",
      '0xffffffffffffffff == -1',
      '18446744073709551615u > 0',
      '2 || 1 / 0',
      '(2 && 0) + 1',
      '1 ? 2 : 1 % 0',
    ];
    const text = conditions
      .map((condition, index) => `#if ${condition}\n${index} yes\n#else\n${index} no\n#endif\n`)
      .join('');
    const tokens = run(text).words;
    const theirs = gccTokens(text);
    for (let index = 0; index < conditions.length; index += 1)
      expect(`${conditions[index]}: ${tokens[index * 2 + 1]}`).toBe(`${conditions[index]}: ${theirs[index * 2 + 1]}`);
  });
});

test('string literals are decoded and joined', () => {
  const text = (literal: string): string | undefined => {
    const result = value(literal);
    return result.kind === 'string' ? result.text : undefined;
  };
  expect(text('"a" "b\\n\\x41\\101\\\\"')).toBe('ab\nAA\\');
  expect(text('"\\x4" "1"')).toBe('\x041');
  expect(text('u8"\\u00e9\u00e9"')).toBe('\u00e9\u00e9');
  expect(text('L"\\U0001F600" "x"')).toBe('\u{1F600}x');
  expect(text('"\\xc3\\xa9"')).toBe('\u00e9');
  expect(value('"\\xff"')).toMatchObject({ text: '\xff', exact: false, length: 1 });
  expect(value('("in parentheses")')).toMatchObject({ kind: 'string', prefix: '' });
  expect(reason('L"a" u"b"')).toContain('different prefixes');
});

test('what is not constant has a reason', () => {
  expect(reason('x + 1')).toBe("'x' is not a constant");
  expect(reason('f(1)')).toBe("a call of 'f' is not a constant");
  expect(reason('1 / 0')).toBe('division by zero');
  expect(reason('1 << 32')).toBe('shift by 32 is out of range');
  expect(reason('1 +')).toBe('an operand is missing at the end');
  expect(reason('')).toBe('an operand is missing at the end');
  expect(reason('1 2')).toBe("unexpected '2'");
  expect(reason('(1')).toBe("expected ')' at the end");
  expect(reason('"a" + 1')).toBe('a string is not a number');
  expect(reason('(struct s *)0')).toBe('a pointer');
  expect(reason('((void *)0)')).toBe('a pointer');
  expect(reason('sizeof(struct s)')).toBe('the size of this type is not known');
  expect(reason('1lul')).toContain('invalid suffix');
  expect(reason('08')).toContain('not a number');
  expect(reason('0xfffffffffffffffffff')).toContain('too large');
  expect(reason('1i')).toBe('an imaginary constant');
  expect(reason('{ 1 }')).toBe("an operand is missing before '{'");
  expect(reason(`${'('.repeat(10_000)}1${')'.repeat(10_000)}`)).toContain('nested more than');
});

test('hooks give enumerators, type names, sizes and builtins', () => {
  const env: Environment = {
    identifier: (name) => (name === 'RED' ? { kind: 'int', value: 7n, type: 'uint' } : undefined),
    typedef: (name) => (name === 'uint8_t' ? { kind: 'integer', name: 'uchar' } : undefined),
    types: {
      resolve: (type) => type,
      layout: (type) => (type.kind === 'record' && type.key === 'struct s' ? { size: 24, align: 8 } : undefined),
      underlying: () => undefined,
      member: (key, name) =>
        key === 'struct s' && name === 'm'
          ? { type: { kind: 'integer', name: 'int' }, offset: 32, isBitField: false }
          : undefined,
    },
  };
  expect(value('RED + 1', env)).toEqual({ kind: 'int', value: 8n, type: 'uint' });
  expect(value('(RED) - 1', env)).toEqual({ kind: 'int', value: 6n, type: 'uint' });
  expect(value('(uint8_t)-1', env)).toEqual({ kind: 'int', value: 255n, type: 'uchar' });
  expect(value('(uint8_t)~(RED)', env)).toEqual({ kind: 'int', value: 248n, type: 'uchar' });
  expect(value('sizeof(struct s) * 2', env)).toEqual({ kind: 'int', value: 48n, type: 'ulong' });
  expect(value('_Alignof(struct s)', env)).toEqual({ kind: 'int', value: 8n, type: 'ulong' });
  expect(value('__builtin_offsetof(struct s, m) + 1', env)).toEqual({ kind: 'int', value: 5n, type: 'ulong' });
});

test('evaluateCondition points at the token that is wrong', () => {
  const { tokens } = run('1 + ] 2').unit;
  expect(evaluateCondition(tokens, target)).toMatchObject({ kind: 'not-constant', at: { text: ']' } });
});
