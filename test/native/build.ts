// C sources in, shared libraries in build/native/ out. Nothing that is built is committed.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
/** The repository. */
export const root: string = join(here, '..', '..');
/** Where everything is built. */
export const out: string = join(root, 'build', 'native');

/** Builds `source` of this folder as a shared library, unless it is newer than its source. Returns its path. */
export function buildLibrary(source: string, name: string, flags: readonly string[] = []): string {
  const input = join(here, source);
  return build(join(out, name), input, (file) =>
    execFileSync(
      'cc',
      ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O1', '-shared', '-fPIC', '-pthread', '-o', file, input, ...flags],
      { stdio: 'pipe' },
    ),
  );
}

/** Builds `source` of this folder as a program. Returns its path. */
export function buildProgram(source: string, compiler = 'cc', flags: readonly string[] = []): string {
  const input = join(here, source);
  return build(join(out, 'programs', `${source}.${compiler}`), input, (file) =>
    execFileSync(compiler, ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O1', '-o', file, input, ...flags], {
      stdio: 'pipe',
    }),
  );
}

/** The shapes library of one version, in a folder of its own. */
export function buildShapes(version: '1.0' | '1.1' | '1.2' | '2.0'): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return buildLibrary('shapes.c', join(`shapes-${version}`, 'libshapes.so.1'), [`-DVERSION=${major * 100 + minor}`]);
}

/** Compiles one of the sample modules of test/runtime, or another folder, for programs that run outside of vitest. Returns its path. */
export function buildModule(name: string, folder = 'test/runtime'): string {
  const input = join(root, folder, `${name}.ts`);
  const target = join(out, 'modules', name, `${name}.js`);
  return build(target, input, (file) => {
    const folder = `${file}.d`;
    const flags =
      '--ignoreConfig --module nodenext --target es2023 --strict --skipLibCheck --rewriteRelativeImportExtensions --types node';
    execFileSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), ...flags.split(' '), '--outDir', folder, input],
      { stdio: 'pipe' },
    );
    renameSync(join(folder, `${name}.js`), file);
  });
}

function build(target: string, input: string, make: (file: string) => void): string {
  // Anything beside the source may be a header or a flag of it.
  const inputs = [input, ...readdirSync(here).map((name) => join(here, name)), join(root, 'runtime/dist/.tsbuildinfo')];
  const newest = Math.max(...inputs.filter((path) => existsSync(path)).map((path) => statSync(path).mtimeMs));
  if (existsSync(target) && statSync(target).mtimeMs > newest) return target;
  mkdirSync(dirname(target), { recursive: true });
  // Tests run side by side: make it under a name of one's own, then put it in place in one step.
  const file = `${target}.${process.pid}`;
  make(file);
  renameSync(file, target);
  return target;
}

/** How a program ended. */
export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program of test/runtime/programs in a Node process of its own. */
export function runProgram(
  program: string,
  args: readonly string[] = [],
  options: { env?: Record<string, string>; cwd?: string; node?: readonly string[] } = {},
): Ended {
  const file = join(root, 'test', 'runtime', 'programs', program);
  const env: Record<string, string | undefined> = { ...process.env, ...options.env };
  delete env.NODE_OPTIONS;
  const ended = spawnSync(process.execPath, [...(options.node ?? []), file, ...args], {
    cwd: options.cwd ?? root,
    env,
    encoding: 'utf8',
    timeout: 50_000,
  });
  return { status: ended.status, signal: ended.signal, output: ended.stdout, errors: ended.stderr };
}
