// The real headers of librbd and libiscsi: every function that GCC sees is accounted for, every fact is what C compilers say,
// and the committed snapshots and shims are what these headers give.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compilers, named, noGcc, noHeader } from '../needs.ts';
import { dlshim, root } from '../tools.ts';

interface Snapshot {
  readonly functions: readonly { readonly name: string; readonly unsupported?: string }[];
  readonly records: readonly { readonly name: string; readonly fields?: readonly unknown[] }[];
}

const LIBRARIES = [
  { name: 'librbd', headers: ['rbd/librbd.h'], own: /^\/usr\/include\/(rbd|rados)\//, functions: 519 },
  {
    name: 'libiscsi',
    headers: ['iscsi/iscsi.h', 'iscsi/scsi-lowlevel.h'],
    own: /^\/usr\/include\/iscsi\//,
    functions: 288,
  },
];

describe.each(LIBRARIES)('$name', ({ name, headers, own, functions }) => {
  const missing = headers.map(noHeader).find((reason) => reason !== undefined);
  const library = JSON.parse(readFileSync(join(root, 'headers', name, 'library.json'), 'utf8')) as { snapshot: string };
  const committed = readFileSync(join(root, 'headers', name, library.snapshot), 'utf8');
  const snapshot = JSON.parse(committed) as Snapshot;

  test(`has ${functions} functions, each in a table or named as unsupported`, () => {
    const module = readFileSync(join(root, 'shims', `${name}.ts`), 'utf8');
    expect(snapshot.functions).toHaveLength(functions);
    for (const { name: symbol, unsupported } of snapshot.functions) {
      if (unsupported) expect(module).toContain(`//   function ${symbol} (`);
      else expect(module).toMatch(new RegExp(`^ {4}${symbol}: '`, 'm'));
    }
  });

  test.skipIf(missing ?? noGcc)(
    named('declares exactly the functions that GCC lists with -aux-info', missing ?? noGcc),
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'dlshim-aux-'));
      const [source, list] = [join(folder, 'all.c'), join(folder, 'prototypes')];
      writeFileSync(source, headers.map((h) => `#include <${h}>\n`).join(''));
      expect(spawnSync('gcc', ['-fsyntax-only', '-aux-info', list, source]).status).toBe(0);
      const declared = readFileSync(list, 'utf8')
        .split('\n')
        .flatMap((line) => {
          const match = /^\/\* (\/\S+?):\d+:\w+ \*\/ .*?\(?\*?(\w+) \(/.exec(line);
          return match && own.test(match[1]!.replace(/\/[^/]+\/\.\.\//, '/')) ? [match[2]!] : [];
        });
      expect([...new Set(declared)].sort()).toEqual(snapshot.functions.map((f) => f.name).sort());
    },
  );

  for (const { cc, missing: noCc } of compilers) {
    const reason = missing ?? noCc;
    test.skipIf(reason)(named(`${cc} agrees with every fact of it`, reason), () => {
      const run = dlshim('verify', name, '--cc', cc, '--json');
      const [{ result }] = JSON.parse(run.stdout) as [
        { result: { held: number; failed: string[]; errors: string[]; unasserted: string[] } },
      ];
      expect([...result.failed, ...result.errors]).toEqual([]);
      expect(result.held).toBeGreaterThan(functions * 2);
      const beyondC = /bit-field is no constant expression|through the record around it/;
      expect(result.unasserted.filter((line) => !beyondC.test(line))).toEqual([]);
    });
  }

  test.skipIf(missing)(named('gives the committed snapshot and shim from the installed headers', missing), () => {
    const fresh = dlshim('snapshot', name);
    expect(fresh.stderr).toBe('');
    expect(fresh.stdout).toBe(committed);
    expect(dlshim('generate', name, '--check')).toMatchObject({ status: 0, stderr: '' });
  });
});
