// The same program (program.mjs) with the same shims, on each library of four Debian suites, one process each: what it says of the
// library is what the library's file, headers and package say (truth.ts).

import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { named } from '../needs.ts';
import { root } from '../tools.ts';
import { environment, type Installation, type LibraryName, libraryNames } from './installation.ts';
import { layoutsInC } from './layouts.ts';
import type { Seen } from './records.mjs';
import { compareReleases, configured, Truth } from './truth.ts';

interface Told {
  readonly status: string;
  readonly version?: string;
  readonly path: string;
  readonly present: readonly string[];
  readonly missing: readonly string[];
  readonly missingRequired: readonly string[];
  readonly features: Readonly<Record<string, boolean>>;
  readonly has?: Readonly<Record<string, boolean | string>>;
  readonly bound?: readonly string[];
  readonly versions?: {
    readonly text: string;
    readonly since?: string;
    readonly until?: string;
    readonly warnings: readonly string[];
  };
  readonly records?: Readonly<Record<string, Seen>>;
  readonly refusal?: { readonly code: string; readonly message: string };
  readonly afterWorker: readonly string[];
  readonly mapped: readonly string[];
}

/** Of an older suite as a user would run it, with LD_LIBRARY_PATH; of a newer one by its loader. */
function run(installation: Installation, name: LibraryName) {
  const { isNewer, node, folders } = installation;
  const [command, extra] = isNewer
    ? [node, environment(installation)]
    : [process.execPath, { ...environment(installation), NODE_OPTIONS: '', LD_LIBRARY_PATH: folders.join(':') }];
  const env = { ...process.env, ...extra };
  const ended = spawnSync(command, ['test/versions/program.mjs', name], { cwd: root, env, encoding: 'utf8' });
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(ended.stdout) as Told;
}

/** Whether one can be told from the other without looking into it: by a function, its SONAME or what it says. */
function isTold(one: Truth, other: Truth, symbols: readonly string[]): boolean {
  if (symbols.some((symbol) => one.exports.has(symbol) !== other.exports.has(symbol))) return true;
  return one.soname !== other.soname || (one.config.versionCall !== undefined && one.reported !== other.reported);
}

describe.each(inject('installations').map((each) => [named(each.suite, each.missing), each] as const))(
  '%s',
  (_, installation) => {
    describe.skipIf(installation.missing).each(libraryNames)('%s', (name) => {
      let truth: Truth;
      let told: Told;
      let isRefused: boolean;

      beforeAll(() => {
        truth = new Truth(installation, name);
        told = run(installation, name);
        isRefused = (truth.config.incompatible ?? []).some(({ symbol }) => truth.exports.has(symbol));
        process.stdout.write(
          `${installation.suite.padEnd(9)} ${name.padEnd(9)} ${truth.version.padEnd(8)} ${summary(told)}\n`,
        );
      });

      test('opens, or is refused for what the shim says it does not fit', () => {
        if (isRefused) expect(told).toMatchObject({ status: 'incompatible', refusal: { code: 'DLSHIM_INCOMPATIBLE' } });
        else expect(told).toMatchObject({ status: 'loaded', missingRequired: [], has: told.features });
        expect(told.path).toBe(installation.libraries[name].file);
      });

      test('stays in memory after the worker that first opened it has ended, and the process ends with 0', () => {
        const file = realpathSync(installation.libraries[name].file);
        expect(told.afterWorker).toContain(file);
        expect(told.mapped).toContain(file);
      });

      test('comes with the libraries of its own suite', () => {
        const foreign = told.mapped.filter((path) => !path.startsWith(installation.root) && !path.startsWith(root));
        const base = /\/(ld-linux-[^/]*|lib(c|m|dl|rt|pthread|resolv|util|anl|gcc_s|stdc\+\+)\.so[.\d]*)$/;
        expect(installation.isNewer ? foreign : foreign.filter((path) => !base.test(path))).toEqual([]);
      });

      test('lacks the functions that its file does not export, and no other', () => {
        const all = [...told.present, ...told.missing];
        const absent = all.filter((symbol) => !truth.exports.has(symbol));
        expect([...told.missing].sort()).toEqual(absent.sort());
        if (!isRefused)
          expect([...told.bound!].sort()).toEqual(all.filter((symbol) => truth.exports.has(symbol)).sort());
      });

      test('tells its own version, where it has a function for that', () => {
        if (truth.config.versionCall && !isRefused) expect(told.version).toBe(truth.reported);
        else expect(told.version).toBeUndefined();
      });

      const { history, version: shimVersion } = configured(name);
      const version = installation.libraries?.[name].version;
      const noHistory =
        history === undefined ? `${name} has no history yet, and its shim is for ${shimVersion}` : undefined;

      test.skipIf(version !== shimVersion && noHistory)(
        named('has its records laid out as its headers have them', version === shimVersion ? undefined : noHistory),
        () => {
          const records = Object.entries(told.records!);
          const asked = records.map(([record, { members }]) => [record, Object.keys(members)]);
          const inC = layoutsInC(truth, Object.fromEntries(asked));
          const seen = records.flatMap(([record, { size, members }]) => {
            const layout = inC.get(record);
            if (!layout) return [];
            const comparable = Object.keys(layout.members).map((path) => [path, members[path]]);
            return [[record, { size, members: Object.fromEntries(comparable) }]];
          });
          expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(inC));
          expect(inC.size).toBeGreaterThan(records.length / 2);
        },
      );

      test.skipIf(noHistory)(named('is dated: no version is possible that shows other things', noHistory), () => {
        const { since, until, warnings } = told.versions!;
        const isPossible = (release: string) =>
          (since === undefined || compareReleases(release, since) >= 0) &&
          (until === undefined || compareReleases(release, until) <= 0);
        expect(isPossible(truth.version), `${truth.version} in ${told.versions!.text}`).toBe(true);
        expect(warnings).toEqual([]);
        for (const other of inject('installations')) {
          if (other.missing !== undefined) continue;
          const theirs = new Truth(other, name);
          const differs = isTold(truth, theirs, [...told.present, ...told.missing]);
          if (differs) expect(isPossible(theirs.version), `${theirs.version} in ${told.versions!.text}`).toBe(false);
        }
      });

      test('has the features whose functions, versions and constants it has', () => {
        const names = [...told.present, ...told.missing];
        const expected = Object.entries(truth.config.features ?? {}).map(([feature, gate]) => [
          feature,
          truth.has(gate, names),
        ]);
        expect(told.features).toMatchObject(Object.fromEntries(expected.filter(([, answer]) => answer !== undefined)));
      });
    });
  },
);

/** A row of the table that a run prints. */
function summary({ status, version, versions, features, present, missing }: Told): string {
  const has = Object.values(features);
  const functions = `${present.length} of ${present.length + missing.length} functions`;
  return `${status.padEnd(12)} ${(version ?? '-').padEnd(8)} ${(versions?.text ?? '-').padEnd(20)} ${functions}, ${has.filter((each) => each === true).length} of ${has.length} features`;
}
