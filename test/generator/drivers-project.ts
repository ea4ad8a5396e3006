// A program of drivers for tests: a folder with a tsconfig.json, the packages of this checkout, and the files that a test gives.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as morph from 'ts-morph';
import { render } from '../../generator/src/diagnostics.ts';
import { type DriversRead, readDrivers } from '../../generator/src/typescript/drivers.ts';
import { Modules } from '../../generator/src/typescript/modules.ts';
import { type Run, root } from '../tools.ts';

export type Files = Readonly<Record<string, string>>;

export const TSCONFIG: string = JSON.stringify({
  compilerOptions: {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023'],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
  },
});

/** Its folder. */
export function project(files: Files): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dlshim-drivers-')));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'node_modules/@dlshim'), join(folder, 'node_modules/@dlshim'));
  write(folder, { 'package.json': '{ "type": "module" }', 'tsconfig.json': TSCONFIG, ...files });
  return folder;
}

export function write(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** The built command, in the folder. */
export function run(folder: string, ...args: string[]): Run {
  const env = { ...process.env, NO_COLOR: '1' };
  const cli = join(root, 'generator/dist/cli.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

/** What is read of a folder's files, and every problem as it is printed. */
export function read(folder: string, ...names: string[]): DriversRead & { readonly printed: readonly string[] } {
  const modules = new Modules(morph, (path) => path.replace(`${folder}/`, ''));
  const files = names.map((name) => ({ file: join(folder, name), isNamed: true }));
  const result = readDrivers(files, modules);
  return { ...result, printed: result.problems.map((problem) => render(problem)) };
}

export function textOf(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

/** A driver's module: `{ name: 'x', description: 'x', … }` and its code. */
export function driver(descriptor: string, code = '{ load: () => ({ open: async () => 0 }) }', before = ''): string {
  return `import { defineDriver } from '@dlshim/runtime/drivers';\n${before}export default defineDriver(\n  ${descriptor},\n  ${code},\n);\n`;
}

export const CODE = 'load: () => ({ open: async () => 0 })';
