// Importing the runtime and shims maps no native code; opening does.
// Run: npx vitest run test/runtime/import.test.ts

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildModule, buildShapes, root, runProgram } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

describe.skipIf(noCompiler)(named('importing the runtime and two shims', noCompiler), () => {
  it('maps no addon and loads no koffi; opening maps one addon and the library', () => {
    buildModule('shapes');
    buildModule('records');
    const ended = runProgram('import.mjs', [buildShapes('1.2')]);
    expect(ended, ended.errors).toMatchObject({ status: 0 });
    const { imported, opened } = JSON.parse(ended.output);
    expect(imported).toEqual({ addons: 0, koffi: 0, library: false });
    expect(opened).toMatchObject({ addons: 1, library: true });
    expect(opened.koffi).toBeGreaterThan(0);
  });
});

describe('the runtime', () => {
  it('is one file where a program only knows drivers, which reads no other before it needs one', () => {
    const entry = readFileSync(join(root, 'runtime', 'dist', 'drivers.js'), 'utf8');
    expect(entry.match(/^(import|export) .*from .*/gm)).toBeNull();
    const others = [...entry.matchAll(/\bimport\("\.\/([\w-]+)\.js"\)/g)].map(([, name]) => name);
    expect(new Set(others)).toEqual(new Set(['drivers-load', 'drivers-check']));
  });

  it('has one importer of koffi, and no other dependency', () => {
    const folder = join(root, 'runtime', 'src');
    const importers: string[] = [];
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const source = readFileSync(join(folder, name), 'utf8');
      for (const [, from] of source.matchAll(/(?:from|import\(|require\(|import\.meta\.url\)\()\s*'([^'\n]+)'/g)) {
        if (from === 'koffi') importers.push(name);
        else expect(from, name).toMatch(/^(node:|\.\.?\/)/);
      }
    }
    expect([...new Set(importers)]).toEqual(['ffi.ts']);
  });
});
