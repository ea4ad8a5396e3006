// The real headers of every library that has a shim here: every function that GCC sees is accounted for, every fact is what C compilers say,
// the committed snapshots are what these headers give, and the histories say the same of this version.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { historyFromJson } from '../../generator/src/history/json.ts';
import { unionApi } from '../../generator/src/history/select.ts';
import { DEFAULT_TARGET } from '../../generator/src/targets/targets.ts';
import { compileFlags, compilers, library, named, noHeadersOf } from '../needs.ts';
import { dlshim, root } from '../tools.ts';
import { UPDATES } from '../updates.ts';

interface Snapshot {
  readonly functions: readonly { readonly name: string; readonly unsupported?: string }[];
  readonly records: readonly { readonly name: string; readonly fields?: readonly unknown[] }[];
}

interface Verified {
  readonly target: string;
  readonly result?: { held: number; failed: string[]; errors: string[]; unasserted: string[] };
}

/** What `dlshim snapshot --facts` prints. */
interface Facts {
  readonly records: Readonly<
    Record<string, { readonly size: number; readonly fields: Readonly<Record<string, object>> }>
  >;
}

/** How many functions the headers of each declare. */
const FUNCTIONS: Readonly<Record<string, number>> = {
  librbd: 519,
  librados: 239,
  libcephfs: 204,
  libiscsi: 288,
  libcurl: 111,
  libssh2: 126,
  libssh: 365,
  libgfapi: 110,
  libnfs: 136,
  spice_server: 97,
  gtk3: 6052,
  sdl2: 843,
  libvirt: 516,
  libbz2: 24,
};

describe.each(Object.entries(FUNCTIONS))('%s', (name, functions) => {
  const file = library(name)!;
  const missing = noHeadersOf(file);
  const committed = readFileSync(join(root, 'headers', name, file.snapshot), 'utf8');
  const snapshot = JSON.parse(committed) as Snapshot;

  test(`has ${functions} functions, and each that a version has since the baseline is in a table or named as unsupported`, () => {
    const text = readFileSync(join(root, 'headers', name, file.history), 'utf8');
    const declared = unionApi(historyFromJson(text, DEFAULT_TARGET.name), file.baseline).functions.map((f) => f.name);
    const module = readFileSync(join(root, 'shims', `${name}.ts`), 'utf8');
    const tables = module.slice(module.lastIndexOf('\n  required: '), module.lastIndexOf('\n  features: '));
    const inTables = [...tables.matchAll(/^ {4}(\w+):\s+(?:\{\s+'\*':\s+)?'[^']*\([^']*\)'/gm)].map(
      ([, symbol]) => symbol,
    );
    const listed = [...module.matchAll(/^\/\/ {3}function (\w+) \(/gm)].map(([, symbol]) => symbol);
    expect(snapshot.functions).toHaveLength(functions);
    expect([...new Set([...inTables, ...listed])].sort()).toEqual([...declared].sort());
  });

  test.skipIf(missing)(named('declares exactly the functions that GCC lists with -aux-info', missing), () => {
    const folders = ['/usr/include', '/usr/include/x86_64-linux-gnu'];
    const isOwn = (path: string): boolean =>
      file.own.some((own) => folders.some((dir) => `${path}/`.startsWith(`${dir}/${own}/`)));
    const folder = mkdtempSync(join(tmpdir(), 'dlshim-aux-'));
    const [source, list] = [join(folder, 'all.c'), join(folder, 'prototypes')];
    writeFileSync(source, file.headers.map((h) => `#include <${h}>\n`).join(''));
    expect(spawnSync('gcc', ['-fsyntax-only', '-w', ...compileFlags(file), '-aux-info', list, source]).status).toBe(0);
    const declared = readFileSync(list, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const match = /^\/\* (\/\S+?):\d+:\w+ \*\/ .*?\(?\*?(\w+) \(/.exec(line);
        return match && isOwn(match[1]!.replace(/\/[^/]+\/\.\.\//, '/')) ? [match[2]!] : [];
      });
    expect([...new Set(declared)].sort()).toEqual(snapshot.functions.map((f) => f.name).sort());
  });

  for (const { cc, missing: noCc } of compilers) {
    const reason = missing ?? noCc;
    test.skipIf(reason)(named(`${cc} agrees with every fact of it`, reason), () => {
      const run = dlshim('verify', name, '--cc', cc, '--json');
      const results = JSON.parse(run.stdout) as readonly Verified[];
      // gcc is for this machine; clang checks every target of the library.
      const targets = cc === 'clang' ? (file.targets ?? ['x86_64-linux-gnu']) : ['x86_64-linux-gnu'];
      expect(results.filter((r) => r.result).map((r) => r.target)).toEqual(targets);
      for (const { result } of results) {
        if (!result) continue;
        expect([...result.failed, ...result.errors]).toEqual([]);
        expect(result.held).toBeGreaterThan(functions / 2);
        const beyondC = /bit-field is no constant expression|through the record around it|a floating constant$/;
        expect(result.unasserted.filter((line) => !beyondC.test(line))).toEqual([]);
      }
    });
  }

  test.skipIf(missing)(named('gives the committed snapshot from the installed headers', missing), () => {
    const fresh = dlshim('snapshot', name, '--target', 'x86_64-linux-gnu');
    expect(fresh.stderr).toBe('');
    // The committed file says which targets it is of.
    expect(fresh.stdout).toBe(committed.replace(/"target": .*/, '"target": "x86_64-linux-gnu",'));
  });

  test.skipIf(missing)(named('has the facts in its history that the installed headers give', missing), () => {
    const facts = (...flags: string[]): Facts => {
      const run = dlshim('snapshot', name, '--facts', '--target', 'x86_64-linux-gnu', ...flags);
      expect(run.stderr).toBe('');
      return JSON.parse(run.stdout) as Facts;
    };
    const [told, fresh] = [facts('--at', file.version), facts()];
    for (const { of, record, appended, size } of UPDATES) {
      const found = fresh.records[record];
      if (of !== `${name} ${file.version}` || found?.fields[appended] === undefined) continue;
      expect(found.fields[appended]).toMatchObject({ offset: (found.size - size) * 8 });
      const { [appended]: _, ...fields } = found.fields;
      Object.assign(found, { size: found.size - size, fields });
    }
    expect(fresh).toEqual(told);
  });

  test('has the committed shim', () => {
    const run = dlshim('generate', name, '--from-snapshot', '--check');
    expect(run.status).toBe(0);
    // What a history leaves open is said each time, and is no fault of the shim.
    const open =
      /^(warning: nothing tells .*| {2}note: (what their files export|the history does not know what).*)\n/gm;
    expect(run.stderr.replace(open, '')).toBe('');
  });
});
