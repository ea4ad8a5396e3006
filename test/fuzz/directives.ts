// Random input of the preprocessor alone: definitions with operators and variable arguments, invocations that nest and
// span lines, conditionals, splices and comments in odd places. It is compared token by token with gcc (C11 6.10).

import fc from 'fast-check';
import { bytesOf, type FuzzInput } from './input.ts';

const NAMES = ['A', 'B', 'C', 'f', 'g', 'h', 'v', 'e'] as const;
const identifier = fc.constantFrom(...NAMES, 'x', 'y', 'z');
const gap = fc.constantFrom(' ', '', '  ', '\t', '/**/', ' /* c */ ', '\\\n', ' \\\n ', '/*\n*/', ' ');

// No digit separators, which we read as C23 has them and gcc does not in C17; and no __LINE__: inside an invocation that spans lines gcc gives the line that it has read to, which depends on its look-ahead.
const atom: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: identifier },
  { weight: 2, arbitrary: fc.constantFrom('1', '0x1p3', '1.5e+3', '.5f', '12ULL', '0b11', '1e', '..1') },
  { weight: 2, arbitrary: fc.constantFrom('"s"', '"a\\"b"', " 'c'", " '\\''", 'L"w"', 'u8"x"', '"\\\\"', '"a\\nb"') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '+',
      '-',
      '<',
      '<<=',
      '...',
      '.',
      '->',
      '&',
      '%',
      ':',
      '=',
      '>',
      '[',
      ']',
      '{',
      '}',
      '~',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('__COUNTER__', '__INCLUDE_LEVEL__', 'defined', '@', '<:', '%>') },
);

const tokens = (part: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.tuple(part, gap), { maxLength }).map((list) => list.map(([text, space]) => text + space).join(''));

const { call } = fc.letrec<{ call: string; argument: string }>((tie) => ({
  call: fc
    .tuple(fc.constantFrom(...NAMES), gap, fc.array(tie('argument'), { maxLength: 3 }), fc.constantFrom('', '\n', ' '))
    .map(([name, space, args, end]) => `${name}${space}(${args.join(',')}${end})`),
  argument: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    tokens(atom, 3),
    tie('call'),
    fc.tuple(atom, tie('call')).map((pair) => pair.join(' ')),
  ),
}));

/** Bodies: what stands beside `##` must make one token, so only names and numbers do. */
const pasted = fc
  .tuple(fc.constantFrom('p', 'q', 'x', 'A', '1'), gap, fc.constantFrom('p', 'q', 'x', '2', 'f'))
  .map(([a, space, b]) => `${a} ##${space}${b}`);
const bodyPart = fc.oneof(
  { weight: 5, arbitrary: atom },
  { weight: 4, arbitrary: fc.constantFrom('p', 'q', 'p', 'q', '(', ')', ',') },
  { weight: 2, arbitrary: call },
  { weight: 1, arbitrary: pasted },
);
const functionPart = fc.oneof(
  { weight: 8, arbitrary: bodyPart },
  { weight: 1, arbitrary: fc.constantFrom('#p', '# q', '#/**/p') },
);
const variadicPart = fc.oneof(
  { weight: 5, arbitrary: functionPart },
  {
    weight: 3,
    arbitrary: fc.constantFrom('__VA_ARGS__', ', ## __VA_ARGS__', '#__VA_ARGS__', '__VA_OPT__(p)', '__VA_OPT__(, q x)'),
  },
);
const gnuPart = fc.oneof(
  { weight: 5, arbitrary: functionPart },
  { weight: 3, arbitrary: fc.constantFrom('r', ', ## r', '#r') },
);

const define: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(identifier, gap, tokens(fc.oneof(atom, call, fc.constantFrom('(', ')', ',')), 5))
    .map(([name, space, body]) => `#define ${name} ${space}${body}`),
  fc
    .tuple(fc.constantFrom('f', 'g'), gap, tokens(functionPart, 6))
    .map(([name, space, body]) => `#define ${name}(p,${space}q) ${body}`),
  tokens(fc.oneof(atom, fc.constantFrom('p', '#p', 'p', '(', ')'), call), 5).map((body) => `#define h(p) ${body}`),
  tokens(variadicPart, 6).map((body) => `#define v(p, q, ...) ${body}`),
  tokens(gnuPart, 5).map((body) => `#define e(p, q, r...) ${body}`),
  fc.constantFrom(...NAMES).map((name) => `#undef ${name}`),
  fc.constantFrom(...NAMES).map((name) => `#pragma push_macro("${name}")\n#undef ${name}`),
  fc.constantFrom(...NAMES).map((name) => `#pragma pop_macro("${name}")`),
);

const condition = fc.oneof(
  fc.constantFrom(
    '1',
    '0',
    'defined A',
    '!defined(f)',
    'A',
    "'\\377' < 0",
    '-1 > 0u',
    '2 || 1/0',
    '(1, 2)',
    '__COUNTER__ % 2',
  ),
  fc.constantFrom(
    '1 ? 0 : 1',
    '~0 == -1',
    '0x7fffffffffffffff + 0u',
    'defined f && f(1, 2)',
    '1 << 3 >> 2 == 2',
    '__has_include("no.h")',
  ),
);

const line: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: define },
  { weight: 6, arbitrary: tokens(fc.oneof(atom, call), 6) },
  { weight: 2, arbitrary: call },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '#',
      '# /* null */',
      '#line 100',
      '#line 7 "other.c"',
      '__FILE__ __LINE__',
      '%:define A 3',
      '#ident "x"',
      '#pragma omp x',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'f\n(1\n#define A 2\n, A)',
      'h(\n#undef A\nA)',
      'v(1,\n#if 1\nx\n#else\ny\n#endif\n, z)',
    ),
  },
);

const group: fc.Arbitrary<string> = fc
  .record({
    head: fc.oneof(
      condition.map((text) => `#if ${text}`),
      fc.constantFrom('#ifdef A', '#ifndef f', '#if /* \n */ 1', '#i\\\nf 1'),
    ),
    first: fc.array(line, { maxLength: 3 }),
    middle: fc.option(
      condition.map((text) => `#elif ${text}`),
      { nil: '#elif 0' },
    ),
    second: fc.array(line, { maxLength: 2 }),
    garbage: fc.constantFrom('', "it's", '"', '#nonsense', '#error no', '/* " */', '\\'),
    last: fc.array(line, { maxLength: 2 }),
  })
  .map(({ head, first, middle, second, garbage, last }) =>
    [head, ...first, '#if 0', garbage, '#endif', middle, ...second, '#else', ...last, '#endif'].join('\n'),
  );

/** Text for which both preprocessors must say the same. */
export const directives: fc.Arbitrary<FuzzInput> = fc
  .array(fc.oneof({ weight: 7, arbitrary: line }, { weight: 1, arbitrary: group }), { minLength: 1, maxLength: 14 })
  .map((lines) => ({ kind: 'preprocess', text: bytesOf(`${lines.join('\n')}\n`), docs: false, includeDirs: [] }));
