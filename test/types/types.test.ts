// Compiles the type-level tests of this folder with TypeScript 7 (the compiler of this repository) and 6 (ts-morph's), and shows
// that they can fail: without its @ts-expect-error, each line is an error.
// Run: npx vitest run test/types

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Project, ts } from 'ts-morph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { out, root } from '../native/build.ts';

const folder = join(root, 'test', 'types');
const tests = ['besides.ts', 'directions.ts', 'drivers.ts', 'narrowing.ts', 'pointers.ts', 'versions.ts'];
const files = ['shims.ts', ...tests];
const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023', '--exactOptionalPropertyTypes'];
const more = ['--noUncheckedIndexedAccess', '--allowImportingTsExtensions', '--types', 'node'];

const bare = join(out, `types-${process.pid}`);
const directive = /^\s*\/\/ @ts-expect-error.*$/gm;
const source = (file: string) => readFileSync(join(folder, file), 'utf8');
const expected = tests.reduce((sum, file) => sum + (source(file).match(directive)?.length ?? 0), 0);

describe('the type-level tests', () => {
  beforeAll(() => {
    mkdirSync(bare, { recursive: true });
    for (const file of files) writeFileSync(join(bare, file), source(file).replace(directive, '//'));
  });
  afterAll(() => rmSync(bare, { recursive: true, force: true }));

  const compile7 = (from: string) => {
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const args = [
      compiler,
      '--ignoreConfig',
      '--pretty',
      'false',
      ...flags,
      ...more,
      ...files.map((file) => join(from, file)),
    ];
    return spawnSync(process.execPath, args, { encoding: 'utf8', cwd: root }).stdout.match(/error TS.*/g) ?? [];
  };
  const compile6 = (from: string) => {
    const { options } = ts.parseCommandLine([...flags, ...more]);
    const project = new Project({ compilerOptions: options });
    project.addSourceFilesAtPaths(files.map((file) => join(from, file)));
    return project
      .getPreEmitDiagnostics()
      .map((one) => ts.flattenDiagnosticMessageText(one.compilerObject.messageText, '\n'));
  };

  it('compile with TypeScript 7', () => {
    expect(compile7(folder)).toEqual([]);
  });

  it('have one error per expectation without the expectations, with TypeScript 7', () => {
    expect(expected).toBeGreaterThan(30);
    expect(compile7(bare)).toHaveLength(expected);
  });

  it('do the same with TypeScript 6', () => {
    expect(ts.versionMajorMinor).toMatch(/^6\./);
    expect(compile6(folder)).toEqual([]);
    expect(compile6(bare)).toHaveLength(expected);
  });
});
