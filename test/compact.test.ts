// The built shims are compact: what they export is what their sources export.
// Run: npx vitest run test/compact.test.ts, after a build

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordType } from '@dlshim/runtime';
import { describe, expect, it } from 'vitest';
import { compact, MARK } from '../scripts/compact.mjs';
import { root } from './tools.ts';

const names = readdirSync(join(root, 'shims')).flatMap((file) => /^(\w+)\.ts$/.exec(file)?.[1] ?? []);

type Exports = Readonly<Record<string, unknown>>;

/** What a record with another layout in other versions says before its library is open. */
function sizeOf(record: RecordType<object>): number | string {
  try {
    return record.size;
  } catch (error) {
    return (error as Error).message;
  }
}

const isRecord = (value: unknown): value is RecordType<object> =>
  typeof value === 'object' && value !== null && 'alloc' in value;

describe('a built shim', () => {
  it.each(names)('%s exports what its source does', async (name) => {
    expect(readFileSync(join(root, 'shims/dist', `${name}.js`), 'utf8').startsWith(MARK)).toBe(true);
    const source = (await import(join(root, 'shims', `${name}.ts`))) as Exports;
    const built = (await import(join(root, 'shims/dist', `${name}.js`))) as Exports;
    expect(Object.keys(built)).toEqual(Object.keys(source));
    for (const [key, value] of Object.entries(source)) {
      const other = built[key];
      if (!isRecord(value)) expect(typeof other === 'object' || Object.is(other, value), key).toBe(true);
      else
        expect([(other as typeof value).name, sizeOf(other as typeof value)], key).toEqual([value.name, sizeOf(value)]);
    }
  });
});

const MODULE = `// Generated.
import { defineRecord, defineShim } from '@dlshim/runtime';
const records = { 'it\\'s': { kind: 'struct', size: 4, align: 4, fields: { back: ['i32', 0] } } };
export const its = /* @__PURE__ */ defineRecord('it\\'s', records);
/** A doc. */
export const FIRST = 1;
export const LAST = FIRST;
export const TEXT = 'a\\n';
export const lib = /* @__PURE__ */ defineShim({ format: 3, files: { linux: ['\\\\'] }, first: FIRST, records });
`;

describe('a compact module', () => {
  const run = (text: string): { [name: string]: unknown } => {
    const statements = text.replace(/^import .*$/m, '').replaceAll('export const', 'var');
    const define = (...given: unknown[]) => given;
    return new Function('defineRecord', 'defineShim', `${statements}\nreturn { its, FIRST, LAST, TEXT, lib };`)(
      define,
      define,
    );
  };

  it('has the values of the module, its records one object, and each looked at as a plain one', () => {
    const [plain, small] = [run(MODULE), run(compact(MODULE))];
    const [[descriptor], [given]] = [plain.lib, small.lib] as [{ records: object }[], { records: object }[]];
    expect({ ...given, records: { ...given!.records } }).toEqual(descriptor);
    expect(Object.keys(given!)).toEqual(Object.keys(descriptor!));
    expect(Object.hasOwn(given!.records, "it's")).toBe(true);
    expect(Object.hasOwn(given!.records, 'toString')).toBe(false);
    expect('back' in given!.records).toBe(false);
    expect((small.its as unknown[])[1]).toBe(given!.records);
    for (const name of ['FIRST', 'LAST', 'TEXT']) expect(small[name], name).toBe(plain[name]);
    expect(() => Object.assign(given!, { format: 4 })).toThrow(TypeError);
  });

  it('has the 64-bit integers of the descriptor', () => {
    const text = MODULE.replace(
      'first: FIRST',
      "first: FIRST, constants: { A: [['1.0..', 18446744073709551599n], ['2.0', -1n]] }",
    );
    const [[given]] = [run(compact(text)).lib] as [{ constants: unknown }[]];
    expect(given!.constants).toEqual({
      A: [
        ['1.0..', 18446744073709551599n],
        ['2.0', -1n],
      ],
    });
  });

  it('is refused where the descriptor is more than JSON can say', () => {
    expect(() => compact(MODULE.replace('format: 3', 'format: () => 3'))).toThrow('what JSON cannot say');
    expect(() => compact('export const A = 1;')).toThrow('a module without a shim');
  });
});
