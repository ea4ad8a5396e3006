// What libabigail's abidiff reports of two libraries is in `dlshim diff`, which needs no compiled library for it: every function, variable,
// record, member and enumerator that changed; and of two versions of a real library every symbol that came or went.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ApiDiff } from '../../generator/src/diff/change.ts';
import { named, noGcc } from '../needs.ts';
import { dlshim } from '../tools.ts';
import { abidiff, findings, libraryOf, missingIn, noAbidiff } from './abidiff.ts';
import { headerOf } from './diff-cases.ts';

const missing = noGcc ?? noAbidiff;

describe.skipIf(missing)(named('two versions of a library with debug information', missing), () => {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-abidiff-'));
  let reports: { all: string; types: string };
  let diff: ApiDiff;

  beforeAll(() => {
    const [older, newer] = (['older', 'newer'] as const).map((side) => libraryOf(headerOf(side), join(folder, side)));
    reports = {
      all: abidiff('--harmless', older!.library, newer!.library),
      types: abidiff('--harmless', '--leaf-changes-only', older!.library, newer!.library),
    };
    diff = JSON.parse(dlshim('diff', older!.header, newer!.header, '--json').stdout) as ApiDiff;
  });

  /** Of the report on everything, which repeats each type wherever it is met, the functions and variables alone. */
  const symbolsOf = (report: string): string => (report.match(/^ +\[[ADC]\] .*$/gm) ?? []).join('\n');

  test('nothing that abidiff reports is missed', () => {
    const both = `${symbolsOf(reports.all)}\n${reports.types}`;
    expect(findings(both).length).toBeGreaterThan(90);
    expect(missingIn(diff, both)).toEqual([]);
  });

  test('a change that is left out of the diff is missed, whichever it is', () => {
    const both = `${symbolsOf(reports.all)}\n${reports.types}`;
    const without = (change: ApiDiff['changes'][number]): readonly string[] => {
      const others = diff.changes.filter((one) => one !== change);
      // What a function is made of may have changed as well, and then tells of it.
      const changes = others.map((one) => ({
        ...one,
        reachedBy: (one.reachedBy ?? []).filter((name) => name !== change.name),
      }));
      return missingIn({ ...diff, changes }, both);
    };
    const unseen = diff.changes.filter((change) => without(change).length === 0);
    // abidiff looks at what functions use and at debug information: neither macros nor what is only declared are there.
    const beyond =
      /^(constant|typedef) |^function fn_(const|old|named|handle) |^record (struct (dropped|hidden|shown|unknown)|which) |^enum(eration|erator) (enum dropped_kind|DROPPED_A)/;
    expect(unseen.map(({ kind, name }) => `${kind} ${name} `).filter((words) => !beyond.test(words))).toEqual([]);
  });

  test('each member that is left out of a record is missed', () => {
    const record = diff.changes.find(({ name }) => name === 'struct holds')!;
    for (const detail of record.details!) {
      const poorer = { ...record, details: record.details!.filter((one) => one !== detail) };
      const changes = diff.changes.map((one) => (one === record ? poorer : one));
      expect(missingIn({ ...diff, changes }, reports.types), detail.text).not.toEqual([]);
    }
  });
});
