// Random records, laid out here and by C compilers: sizes, alignments and offsets of every one agree, whatever is nested, packed,
// aligned or a bit-field. Bounded in count; the seed is fixed, so that a failure can be seen again (LAYOUT_SEED tries another).

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshotFromJson } from '../../generator/src/history/snapshot.ts';
import { recordLayout } from '../../generator/src/layout/layout.ts';
import { TypeTable } from '../../generator/src/model/types.ts';
import type { Target } from '../../generator/src/target.ts';
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

/** Members that an attribute has part in. */
const ATTRIBUTED = /aligned|wide|inner|odd/;

/** `extra` is one more attribute of every record; `plain` leaves all others out. */
function headerText(extra = '', plain = false): string {
  const records = fc.sample(record, { numRuns: RECORDS, seed });
  const lines = [...INNER];
  for (const [at, { kind, members, attribute, pack }] of records.entries()) {
    // A record of unnamed members alone has no size in ISO C.
    const texts = members.map((text, i) => text(`m${at}_${i}`)).filter((text) => !plain || !ATTRIBUTED.test(text));
    const body = [`char first${at};`, ...texts].join(' ');
    if (plain) {
      lines.push(`${kind} ${extra} r${at} { ${body} };`, `int take${at}(${kind} r${at} *);`);
      continue;
    }
    if (pack !== undefined) lines.push(`#pragma pack(push, ${pack})`);
    lines.push(`${kind} ${extra} r${at} { ${body} } ${attribute};`);
    if (pack !== undefined) lines.push('#pragma pack(pop)');
    lines.push(`int take${at}(${kind} r${at} *);`);
  }
  return `${lines.join('\n')}\n`;
}

/** Writes the header into a folder of its own; returns the flags that find it. */
function written(header: string): { readonly folder: string; readonly flags: readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-layout-'));
  writeFileSync(join(folder, 'random.h'), header);
  return { folder, flags: ['--header', 'random.h', '-I', folder, '--library', 'librandom.so.1'] };
}

/** Lets a compiler check the header's records on a target; returns what it denies. */
function denied(header: string, cc: string, target: string): readonly string[] {
  const run = dlshim('verify', ...written(header).flags, '--target', target, '--cc', cc, '--json');
  expect(run.stderr).toBe('');
  const [{ result }] = JSON.parse(run.stdout) as [{ result: { held: number; failed: string[]; errors: string[] } }];
  expect(result.held + result.failed.length).toBeGreaterThan(RECORDS * 3);
  return [...result.failed, ...result.errors];
}

/** Where every member of every record is, in bits, bit-fields and members without a name among them: by its key. */
function ourOffsets(header: string, target: Target): Map<string, readonly number[]> {
  const run = dlshim('snapshot', ...written(header).flags, '--target', target.name);
  expect(run.stderr).toBe('');
  const api = snapshotFromJson(run.stdout);
  const table = new TypeTable(api);
  const records = api.records.filter((d) => /^(struct|union) r\d+$/.test(d.key));
  return new Map(records.map((d) => [d.key, recordLayout(d, table, target).fields.map((field) => field.offset)]));
}

/** The same, as clang dumps it. */
function clangOffsets(header: string, target: Target): Map<string, readonly number[]> {
  const names = [...header.matchAll(/^int take\d+\((\w+ r\d+) \*\);$/gm)].map(([, name]) => name!);
  const uses = names.map((name) => `_Static_assert(sizeof(${name}), "");`).join('\n');
  const { folder } = written(header);
  const source = join(folder, 'dump.c');
  writeFileSync(source, `#include "random.h"\n${uses}\n`);
  const flags = [`--target=${target.triple}`, '-w', '-fsyntax-only', '-Xclang', '-fdump-record-layouts-simple'];
  const dump = execFileSync('clang', [...flags, source], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const found = [...dump.matchAll(/^Type: (\w+ r\d+)\n[\s\S]*?FieldOffsets: \[([\d, ]*)\]>$/gm)];
  return new Map(found.map(([, name, list]) => [name!, list!.split(', ').map(Number)]));
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

  test.skipIf(gcc ?? clang).each(['gcc', 'clang'])(
    named("have those that %s gives them where bit-fields are to be like Microsoft's", gcc ?? clang),
    (cc) => {
      expect(denied(headerText('__attribute__((ms_struct))', true), cc, 'x86_64-linux-gnu')).toEqual([]);
    },
  );

  test.skipIf(clang).each(allTargets)(named('have those that clang gives them for $name', clang), ({ name }) => {
    expect(denied(headerText(), 'clang', name)).toEqual([]);
  });

  test.skipIf(clang).each(allTargets)(named('have every bit-field where clang has it for $name', clang), (target) => {
    const theirs = clangOffsets(headerText(), target);
    expect(theirs.size).toBe(RECORDS);
    expect(ourOffsets(headerText(), target)).toEqual(theirs);
  });

  test.skipIf(clang)(named('have every bit-field of an ms_struct where clang has it', clang), () => {
    const header = headerText('__attribute__((ms_struct))', true).replace(/^union __.*|^int take\d+\(union .*/gm, '');
    const theirs = clangOffsets(header, allTargets[0]!);
    expect(theirs.size).toBeGreaterThan(RECORDS / 2);
    expect(ourOffsets(header, allTargets[0]!)).toEqual(theirs);
  });
});
