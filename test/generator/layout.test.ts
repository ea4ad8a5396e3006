// Random records, laid out here and by C compilers: sizes, alignments and offsets of every one agree, whatever is nested, packed,
// aligned or a bit-field. Bounded in count; the seed is fixed, so that a failure can be seen again (LAYOUT_SEED tries another).

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allTargets } from '../../generator/src/targets/targets.ts';
import { compilers, named } from '../needs.ts';
import { dlshim } from '../tools.ts';

const RECORDS = 400;
const seed = Number(process.env.LAYOUT_SEED ?? 20261120);

const TYPES = [
  ...['char', 'signed char', 'unsigned short', 'int', 'unsigned', 'long', 'unsigned long long', 'float', 'double'],
  ...['long double', '_Bool', 'void *', 'const char *', 'enum choice', 'struct inner', 'struct odd', 'union none'],
];
/** C has no arrays of `wide`: it is aligned to more than its size. */
const element = fc.constantFrom(...TYPES);
const scalar = fc.constantFrom(...TYPES, 'wide');
const integer = fc.constantFrom(
  ...([
    'char:8',
    'unsigned char:8',
    'short:16',
    'int:32',
    'unsigned:32',
    'long:32',
    'long long:64',
    'unsigned long long:64',
    '_Bool:1',
  ] as const),
);

/** One member's text, given a name. */
const member: fc.Arbitrary<(name: string) => string> = fc.oneof(
  { weight: 5, arbitrary: scalar.map((type) => (name: string) => `${type} ${name};`) },
  {
    weight: 2,
    arbitrary: fc.tuple(element, fc.integer({ min: 1, max: 5 })).map(
      ([t, n]) =>
        (name: string) =>
          `${t} ${name}[${n}];`,
    ),
  },
  {
    weight: 5,
    arbitrary: fc.tuple(integer, fc.integer({ min: 1, max: 64 })).map(([type, bits]) => {
      const [word, most] = type.split(':') as [string, string];
      return (name: string) => `${word} ${name} : ${Math.min(bits, Number(most))};`;
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('int : 0;', 'unsigned : 5;', 'char : 0;', 'long : 17;', 'long long : 0;', 'short : 3;')
      .map((text) => () => text),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(scalar, fc.constantFrom(2, 4, 8, 16, 32)).map(
      ([type, n]) =>
        (name: string) =>
          `${type} ${name} __attribute__((aligned(${n})));`,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('struct', 'union'), scalar, scalar, fc.boolean()).map(
      ([kind, a, b, anonymous]) =>
        (name: string) =>
          `${kind} { ${a} ${name}_a; ${b} ${name}_b; }${anonymous ? '' : ` ${name}`};`,
    ),
  },
);

const record = fc.record({
  kind: fc.constantFrom('struct', 'struct', 'struct', 'union'),
  members: fc.array(member, { minLength: 1, maxLength: 7 }),
  attribute: fc.constantFrom(
    '',
    '',
    '',
    '__attribute__((packed))',
    '__attribute__((aligned(16)))',
    '__attribute__((packed, aligned(4)))',
  ),
  pack: fc.constantFrom(undefined, undefined, undefined, undefined, 1, 2, 4, 8),
});

/** What members may be made of, beside scalars. */
const INNER = [
  'enum choice { CHOICE_A, CHOICE_B };',
  'typedef int wide __attribute__((aligned(16)));',
  'struct inner { char c; int i __attribute__((aligned(8))); };',
  'struct odd { char c; wide w; short s : 3; } __attribute__((packed));',
  'union none { int : 0; char c; };',
];

/** `extra` is one more attribute of every record. */
function headerText(extra = ''): string {
  const records = fc.sample(record, { numRuns: RECORDS, seed });
  const lines = [...INNER];
  for (const [at, { kind, members, attribute, pack }] of records.entries()) {
    // A record of unnamed members alone has no size in ISO C.
    const body = [`char first${at};`, ...members.map((text, i) => text(`m${at}_${i}`))].join(' ');
    if (pack !== undefined) lines.push(`#pragma pack(push, ${pack})`);
    lines.push(`${kind} ${extra} r${at} { ${body} } ${attribute};`);
    if (pack !== undefined) lines.push('#pragma pack(pop)');
    lines.push(`int take${at}(${kind} r${at} *);`);
  }
  return `${lines.join('\n')}\n`;
}

/** Lets a compiler check the header's records on a target; returns what it denies. */
function denied(header: string, cc: string, target: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-layout-'));
  writeFileSync(join(folder, 'random.h'), header);
  const flags = ['--header', 'random.h', '-I', folder, '--library', 'librandom.so.1', '--target', target];
  const run = dlshim('verify', ...flags, '--cc', cc, '--json');
  expect(run.stderr).toBe('');
  const [{ result }] = JSON.parse(run.stdout) as [{ result: { held: number; failed: string[]; errors: string[] } }];
  expect(result.held + result.failed.length).toBeGreaterThan(RECORDS * 3);
  return [...result.failed, ...result.errors];
}

describe(`${RECORDS} random records`, () => {
  const gcc = compilers.find(({ cc }) => cc === 'gcc')!.missing;
  const clang = compilers.find(({ cc }) => cc === 'clang')!.missing;

  test.skipIf(gcc)(named('have the sizes, alignments and offsets that gcc gives them', gcc), () => {
    expect(denied(headerText(), 'gcc', 'x86_64-linux-gnu')).toEqual([]);
  });

  test.skipIf(clang)(named('have those that clang gives them where Microsoft asks for an alignment', clang), () => {
    expect(denied(headerText('__declspec(align(8))'), 'clang', 'x86_64-windows')).toEqual([]);
  });

  test.skipIf(clang).each(allTargets)(named('have those that clang gives them for $name', clang), ({ name }) => {
    expect(denied(headerText(), 'clang', name)).toEqual([]);
  });
});
