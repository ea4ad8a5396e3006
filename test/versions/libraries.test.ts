// The same program (program.mjs) with the same shims, on each library of four Debian suites, one process each: what it says of the
// library is what the library's file, headers and package say (truth.ts).

import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { AlternativeDescriptor } from '../../runtime/src/contract/descriptor.ts';
import { expected as expectedOf, GATES } from '../gates.ts';
import { named } from '../needs.ts';
import { root } from '../tools.ts';
import { UPDATES } from '../updates.ts';
import { environment, type Installation, libraryNames } from './installation.ts';
import { layoutsInC } from './layouts.ts';
import type { Seen } from './records.mjs';
import { compareReleases, type Slots, Truth } from './truth.ts';

interface Told {
  readonly status: string;
  readonly version?: string;
  readonly path: string;
  readonly present: readonly string[];
  readonly missing: readonly string[];
  readonly undecided: readonly string[];
  readonly missingRequired: readonly string[];
  readonly features: Readonly<Record<string, boolean>>;
  readonly has: Readonly<Record<string, boolean | string>>;
  /** The features that are lists of functions. */
  readonly listed: Readonly<Record<string, readonly string[]>>;
  readonly alternatives: Readonly<Record<string, AlternativeDescriptor>>;
  readonly bound: readonly string[];
  readonly versions: {
    readonly text: string;
    readonly since?: string;
    readonly until?: string;
    readonly warnings: readonly string[];
  };
  readonly records: Readonly<Record<string, Seen>>;
  readonly afterWorker: readonly string[];
  readonly mapped: readonly string[];
}

/** Runs node with an installation's libraries: of an older suite as a user would, with LD_LIBRARY_PATH; of a newer one by its loader. */
function run(installation: Installation, args: readonly string[], environs: Readonly<Record<string, string>> = {}) {
  const { isNewer, node, folders } = installation;
  const [command, extra] = isNewer
    ? [node, environment(installation)]
    : [process.execPath, { ...environment(installation), NODE_OPTIONS: '', LD_LIBRARY_PATH: folders.join(':') }];
  const env = { ...process.env, ...extra, ...environs };
  const ended = spawnSync(command, args, { cwd: root, env, encoding: 'utf8' });
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(ended.stdout);
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
      let slots: Slots;

      beforeAll(() => {
        truth = new Truth(installation, name);
        told = run(installation, ['test/versions/program.mjs', name]);
        const names = [...told.present, ...told.missing];
        slots = Object.fromEntries(names.map((slot) => [slot, told.alternatives[slot]]));
        process.stdout.write(
          `${installation.suite.padEnd(9)} ${name.padEnd(9)} ${truth.version.padEnd(8)} ${summary(told)}\n`,
        );
      });

      test('opens, and nothing that its shim offers is undecided', () => {
        expect(told).toMatchObject({ status: 'loaded', missingRequired: [], undecided: [], has: told.features });
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

      test('has the functions that its file exports, of several signatures the one of its version, and no other', () => {
        const expected = Object.keys(slots)
          .filter((slot) => truth.offers(slot, slots[slot]))
          .sort();
        expect([...told.present].sort()).toEqual(expected);
        expect([...told.bound].sort()).toEqual(expected);
      });

      test('tells its own version, where it has a function for that', () => {
        expect(told.version).toBe(truth.config.versionCall ? truth.reported : undefined);
      });

      test('is dated: no version is possible that shows other things', () => {
        const { text, since, until, warnings } = told.versions;
        const isPossible = ({ version }: Truth) =>
          (since === undefined || compareReleases(version, since) >= 0) &&
          (until === undefined || compareReleases(version, until) <= 0);
        expect(isPossible(truth), `${truth.version} is ${text}`).toBe(true);
        expect(warnings).toEqual([]);
        for (const other of inject('installations').filter(({ missing }) => missing === undefined)) {
          const theirs = new Truth(other, name);
          if (isTold(truth, theirs, Object.keys(slots)))
            expect(isPossible(theirs), `${theirs.version} is ${text}`).toBe(false);
        }
      });

      test('is refused where it is said to be a version that shows other things', () => {
        const { versions } = told;
        const script = `const { ${name} } = await import('@dlshim/shims/${name}');
          const { status, error } = ${name}.inspect();
          process.stdout.write(JSON.stringify({ status, code: error?.code }));`;
        const others = inject('installations').filter(({ missing }) => missing === undefined);
        for (const theirs of others.map((other) => new Truth(other, name))) {
          const isOther = isTold(truth, theirs, Object.keys(slots));
          const assumed = { [`DLSHIM_${name.toUpperCase()}_VERSION`]: theirs.version };
          const ended = run(installation, ['--input-type=module', '-e', script], assumed);
          const expected = isOther ? { status: 'incompatible', code: 'DLSHIM_ASSUMED' } : { status: 'loaded' };
          expect(ended, `${versions.text}, said to be ${theirs.version}`).toEqual(expected);
        }
      });

      test('has its records laid out as its headers have them', () => {
        const asked = Object.entries(told.records).map(([record, { members }]) => [record, Object.keys(members)]);
        const inC = layoutsInC(truth, Object.fromEntries(asked));
        const seen = [...inC].map(([record, { members }]): [string, Seen] => {
          const { size, members: places } = told.records[record]!;
          return [
            record,
            { size, members: Object.fromEntries(Object.keys(members).map((path) => [path, places[path]!])) },
          ];
        });
        for (const { of, record, size } of UPDATES) {
          const found = inC.get(record);
          const shown = told.records[record]?.size;
          if (of === `${name} ${truth.version}` && found && shown === found.size - size)
            inC.set(record, { ...found, size: shown });
        }
        expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(inC));
        expect(inC.size).toBeGreaterThan(asked.length / 2);
      });

      test('has the features whose functions, versions, constants and members it has', () => {
        const gates = { ...told.listed, ...truth.config.features };
        const expected = Object.entries(gates).map(([feature, gate]) => [feature, truth.has(gate, slots)]);
        expect(told.features).toEqual(Object.fromEntries(expected));
      });

      const gates = GATES.filter(({ library }) => library === name);
      if (gates.length === 0) return;
      test('opens the gates of QEMU that its version opens', () => {
        const answers = gates.map(({ number, feature }) => [number, feature, told.features[feature]]);
        const { version } = truth;
        expect(answers).toEqual(gates.map((gate) => [gate.number, gate.feature, expectedOf(gate, version)]));
      });
    });
  },
);

/** A row of the table that a run prints. */
function summary({ status, version, versions, features, present, missing }: Told): string {
  const has = Object.values(features);
  const functions = `${present.length} of ${present.length + missing.length} functions`;
  return `${status.padEnd(12)} ${(version ?? '-').padEnd(8)} ${versions.text.padEnd(20)} ${functions}, ${has.filter((each) => each === true).length} of ${has.length} features`;
}
