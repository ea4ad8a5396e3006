// Random records, laid out here and by C compilers: sizes, alignments and offsets of every one agree, whatever is nested, packed,
// aligned or a bit-field. Bounded in count; the seed is fixed, so that a failure can be seen again (LAYOUT_SEED tries another).

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilers, named } from '../needs.ts';
import { dlshim } from '../tools.ts';

const RECORDS = 400;
const seed = Number(process.env.LAYOUT_SEED ?? 20261120);

const scalar = fc.constantFrom(
  ...['char', 'signed char', 'unsigned short', 'int', 'unsigned', 'long', 'unsigned long long', 'float', 'double'],
  ...['long double', '_Bool', 'void *', 'const char *', 'enum choice'],
);
const integer = fc.constantFrom(
  ...([
    'char:8',
    'unsigned char:8',
    'short:16',
    'int:32',
    'unsigned:32',
    'long:64',
    'unsigned long long:64',
    '_Bool:1',
  ] as const),
);

/** One member's text, given a name. */
const member: fc.Arbitrary<(name: string) => string> = fc.oneof(
  { weight: 5, arbitrary: scalar.map((type) => (name: string) => `${type} ${name};`) },
  {
    weight: 2,
    arbitrary: fc.tuple(scalar, fc.integer({ min: 1, max: 5 })).map(
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
    arbitrary: fc.constantFrom('int : 0;', 'unsigned : 5;', 'char : 0;', 'long : 17;').map((text) => () => text),
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

function headerText(): string {
  const records = fc.sample(record, { numRuns: RECORDS, seed });
  const lines = ['enum choice { CHOICE_A, CHOICE_B };'];
  for (const [at, { kind, members, attribute, pack }] of records.entries()) {
    // A record of unnamed members alone has no size in ISO C.
    const body = [`char first${at};`, ...members.map((text, i) => text(`m${at}_${i}`))].join(' ');
    if (pack !== undefined) lines.push(`#pragma pack(push, ${pack})`);
    lines.push(`${kind} r${at} { ${body} } ${attribute};`);
    if (pack !== undefined) lines.push('#pragma pack(pop)');
    lines.push(`int take${at}(${kind} r${at} *);`);
  }
  return `${lines.join('\n')}\n`;
}

describe.each(compilers)(`${RECORDS} random records`, ({ cc, missing }) => {
  test.skipIf(missing)(named(`have the sizes, alignments and offsets that ${cc} gives them`, missing), () => {
    const folder = mkdtempSync(join(tmpdir(), 'dlshim-layout-'));
    writeFileSync(join(folder, 'random.h'), headerText());
    const run = dlshim(
      'verify',
      '--header',
      'random.h',
      '-I',
      folder,
      '--library',
      'librandom.so.1',
      '--cc',
      cc,
      '--json',
    );
    expect(run.stderr).toBe('');
    const [{ result }] = JSON.parse(run.stdout) as [{ result: { held: number; failed: string[]; errors: string[] } }];
    expect([...result.failed, ...result.errors]).toEqual([]);
    expect(result.held).toBeGreaterThan(RECORDS * 3);
  });
});
