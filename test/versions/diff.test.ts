// Libraries of Debian's suites, compared from one suite to the next. `dlshim diff` of their headers has every declared function that
// libabigail's abidiff finds added to or removed from the files' symbols, and what is known to have changed in them.

import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ApiDiff } from '../../generator/src/diff/change.ts';
import { snapshotFromJson } from '../../generator/src/history/snapshot.ts';
import { SUITES, suiteRoot } from '../../scripts/suites.mjs';
import { abidiff, noAbidiff } from '../generator/abidiff.ts';
import { named } from '../needs.ts';
import { dlshim } from '../tools.ts';

/** What is unpacked of each: the library and its headers, without what they need to run. */
const PACKAGES = {
  libiscsi: ['libiscsi7', 'libiscsi-dev'],
  librbd: ['librbd1', 'librbd-dev', 'librados-dev'],
  libnfs: ['libnfs14 | libnfs13', 'libnfs-dev'],
  libgfapi: ['libgfapi0', 'libglusterfs-dev', 'libacl1-dev', 'uuid-dev'],
} as const;

type Name = keyof typeof PACKAGES;

/** One version of a library. */
interface Version {
  readonly file: string;
  readonly snapshot: string;
}

const folder = mkdtempSync(join(tmpdir(), 'dlshim-diff-suites-'));

async function rootOf(suite: string): Promise<string | Error> {
  try {
    return (await suiteRoot(suite, Object.values(PACKAGES).flat(), { dependencies: false })).root;
  } catch (error) {
    return error as Error;
  }
}

const roots = await Promise.all(SUITES.map(rootOf));
const unreachable = roots.find((one) => one instanceof Error)?.message;
const missing = noAbidiff ?? unreachable;

const known = new Map<string, Version>();

function versionOf(name: Name, suite: string): Version {
  const key = `${name}-${suite}`;
  const before = known.get(key);
  if (before) return before;
  const root = roots[SUITES.indexOf(suite)] as string;
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
  const file = join(libraries, readdirSync(libraries).find((one) => one.startsWith(`${name}.so.`))!);
  const snapshot = join(folder, `${key}.json`);
  const from = ['--sysroot', root, '--sysroot', '/', '--target', 'x86_64-linux-gnu', '--library-version', suite];
  const run = dlshim('snapshot', name, ...from, '--out', snapshot);
  expect(run.status, run.stderr).toBe(0);
  const found = { file, snapshot };
  known.set(key, found);
  return found;
}

function diffOf(name: Name, older: string, newer: string): ApiDiff {
  const [a, b] = [versionOf(name, older), versionOf(name, newer)];
  return JSON.parse(dlshim('diff', a.snapshot, b.snapshot, '--json').stdout) as ApiDiff;
}

function declaredIn({ snapshot }: Version): ReadonlySet<string> {
  return new Set(snapshotFromJson(readFileSync(snapshot, 'utf8')).functions.map(({ name }) => name));
}

/** Symbols that abidiff finds on one side only; C++ names are no part of a C header. */
function symbolsOf(report: string, sign: 'A' | 'D'): string[] {
  const lines = report.match(new RegExp(`^ +\\[${sign}\\] .*$`, 'gm')) ?? [];
  const names = lines
    .map((line) => /\{([\w$]+)(?:@.*)?\}$|\[[AD]\] ([\w$]+)(?:@[\w@.]*)?(?:, aliases .*)?$/.exec(line))
    .map((m) => m?.[1] ?? m?.[2]);
  expect(names).not.toContain(undefined);
  return (names as string[]).filter((name) => !name.startsWith('_Z'));
}

describe.skipIf(missing)(named('from suite to suite', missing), () => {
  const pairs = (Object.keys(PACKAGES) as Name[]).flatMap((name) =>
    SUITES.slice(1).map((newer, at) => ({ name, older: SUITES[at]!, newer })),
  );

  let compared = 0;

  test.each(pairs)('$name, $older to $newer: no symbol that came or went is missed', ({ name, older, newer }) => {
    const [a, b] = [versionOf(name, older), versionOf(name, newer)];
    const report = abidiff(a.file, b.file);
    const { changes } = diffOf(name, older, newer);
    const [before, after] = [declaredIn(a), declaredIn(b)];
    const told = (sort: RegExp) =>
      changes.filter(({ kind, change, reason }) => kind === 'function' && sort.test(`${change}: ${reason}`));
    const added = symbolsOf(report, 'A').filter((symbol) => after.has(symbol));
    const removed = symbolsOf(report, 'D').filter((symbol) => before.has(symbol));
    compared += added.length + removed.length;
    const names = (list: ApiDiff['changes']): string[] => list.map((one) => one.name);
    expect(names(told(/^added|exported now|symbol version|is still there beside/))).toEqual(
      expect.arrayContaining(added),
    );
    expect(names(told(/^removed|no longer exported|symbol version/))).toEqual(expect.arrayContaining(removed));
  });

  test('and there were many', () => {
    expect(compared).toBeGreaterThan(50);
  });

  test('libiscsi 1.19 to 1.20: scsi_task is laid out otherwise, and what hands tasks out reaches it', () => {
    const { changes, counts } = diffOf('libiscsi', 'bookworm', 'trixie');
    const task = changes.find(({ name }) => name === 'struct scsi_task')!;
    expect(task).toMatchObject({ rating: 'silent break', before: '176 bytes', after: '184 bytes' });
    expect(task.details!.map(({ text }) => text)).toContain('datain is at 72 and not 64');
    expect(task.reachedBy).toContain('iscsi_read10_sync');
    expect(changes.find(({ name }) => name === 'struct scsi_sense')).toMatchObject({
      before: '16 bytes',
      after: '24 bytes',
    });
    expect(counts).toMatchObject({ 'silent break': 1, removed: 0 });
    const plain = { 'silent break': 0, break: 0, recompile: 0 };
    expect(diffOf('libiscsi', 'bullseye', 'bookworm').counts).toMatchObject(plain);
  });

  test('librbd 14 to 20: only additions, but for masks that have new bits', () => {
    const { changes } = diffOf('librbd', 'bullseye', 'forky');
    const breaks = changes.filter(({ rating }) => rating !== 'compatible');
    expect(new Set(breaks.map(({ kind, rating }) => `${kind}: ${rating}`))).toEqual(new Set(['constant: recompile']));
    const added = changes
      .filter(({ kind, change }) => kind === 'function' && change === 'added')
      .map(({ name }) => name);
    expect(added).toEqual(expect.arrayContaining(['rbd_encryption_load2', 'rbd_clone4', 'rbd_quiesce_watch']));
  });
});
