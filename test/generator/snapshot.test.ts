// Snapshots lose nothing: what is written is read back as it was, and what is not a snapshot is refused in words.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshotFromJson, snapshotToJson } from '../../generator/src/history/snapshot.ts';
import type { CType } from '../../generator/src/model/ctype.ts';
import { typeFromText, typeToText } from '../../generator/src/model/type-text.ts';
import { dlshim, root } from '../tools.ts';

const committed = ['headers/librbd/16.2.15.json', 'headers/libiscsi/1.19.0.json'];

test.each(committed)('%s is read and written again byte for byte', (file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const { target } = JSON.parse(text) as { target: string | string[] };
  expect(snapshotToJson(snapshotFromJson(text), [target].flat())).toBe(text);
});

test('no path of a machine is in a snapshot or a shim', () => {
  for (const file of [...committed, 'shims/librbd.ts', 'shims/libiscsi.ts']) {
    expect(readFileSync(join(root, file), 'utf8')).not.toMatch(/\/usr\/|\/home\/|\/tmp\//);
  }
});

const name = fc.stringMatching(/^[A-Za-z_$][\w$]{0,6}$/);
const { type } = fc.letrec<{ type: CType }>((tie) => ({
  type: fc
    .oneof(
      { maxDepth: 5 },
      fc.constantFrom<CType>(
        { kind: 'void' },
        { kind: 'va_list' },
        { kind: 'integer', name: 'ullong' },
        { kind: 'integer', name: 'long' },
      ),
      fc.constantFrom<CType>(
        { kind: 'floating', name: 'ldouble' },
        { kind: 'complex', name: 'float' },
        { kind: 'integer', name: 'char' },
      ),
      fc.record({ kind: fc.constant('typedef' as const), name }),
      fc.record({
        kind: fc.constant('record' as const),
        key: fc.constantFrom('struct a', 'union b', 'struct a::inner', 'plain_t'),
      }),
      fc.record({ kind: fc.constant('enum' as const), key: fc.constantFrom('enum a', 'mode_t') }),
      fc.record({ kind: fc.constant('unsupported' as const), reason: fc.string() }),
      fc.record({ kind: fc.constant('pointer' as const), to: tie('type') }),
      fc.record({ kind: fc.constant('array' as const), of: tie('type'), length: fc.nat(99) }),
      fc.record({ kind: fc.constant('array' as const), of: tie('type') }),
      fc.record(
        {
          kind: fc.constant('function' as const),
          result: tie('type'),
          parameters: fc.array(fc.record({ name, type: tie('type') }, { requiredKeys: ['type'] }), { maxLength: 3 }),
          variadic: fc.constant(true as const),
          unprototyped: fc.constant(true as const),
        },
        { requiredKeys: ['kind', 'result', 'parameters'] },
      ),
    )
    .chain((inner) =>
      fc.constantFrom(inner, { ...inner, const: true as const }, { ...inner, volatile: true as const }),
    ),
}));

test('every type survives its text form', () => {
  const survives = fc.property(type, (given) => {
    expect(typeFromText(typeToText(given))).toEqual(given);
  });
  fc.assert(survives, { numRuns: 2000 });
});

describe('a file that is not a snapshot is refused in words', () => {
  const damaged = (change: (text: string) => string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'dlshim-snapshot-'));
    writeFileSync(join(folder, 'x.json'), change(readFileSync(join(root, committed[0]!), 'utf8')));
    const library = {
      name: 'librbd',
      headers: ['rbd/librbd.h'],
      files: { linux: ['librbd.so.1'] },
      snapshot: 'x.json',
    };
    writeFileSync(join(folder, 'dlshim.config.json'), JSON.stringify({ out: 'out', libraries: [library] }));
    const run = dlshim('generate', '--config', join(folder, 'dlshim.config.json'), '--from-snapshot');
    expect(run.status).toBe(2);
    expect(run.stderr).not.toContain('    at ');
    return run.stderr;
  };

  test.each([
    ['cut off', (text: string) => text.slice(0, 5000), 'not JSON'],
    ['of another format', (text: string) => text.replace('"format": 1', '"format": 99'), 'its format is 99'],
    [
      'without a section',
      (text: string) => text.replace('"functions"', '"other"'),
      'a section is missing or damaged: functions: it is not a list',
    ],
    ['with a type that is none', (text: string) => text.replace('"fn(', '"fn['), 'missing or damaged'],
  ])('%s', (_, change, message) => {
    expect(damaged(change)).toContain(message);
  });
});
