// What tests need of the machine. Each need is undefined where it is met, else the reason why tests cannot run. Those are
// skipped under a name that carries the reason (`named`), and reporter.ts lists them at the end; in CI there must be none.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './tools.ts';

/** The C compilers that facts are shown to, each with the reason where it is not there. */
export const compilers: readonly { readonly cc: string; readonly missing: string | undefined }[] = ['gcc', 'clang'].map(
  (cc) => ({
    cc,
    missing: spawnSync(cc, ['--version']).status === 0 ? undefined : `${cc} is not installed`,
  }),
);

const noLinux = process.platform === 'linux' ? undefined : `it is written for Linux, and this is ${process.platform}`;

/** A C compiler, on Linux: for the C libraries of the tests. */
export const noCompiler: string | undefined =
  noLinux ?? (spawnSync('cc', ['--version']).status === 0 ? undefined : 'no C compiler (cc) is installed');

/** GCC: what the preprocessor and expressions are compared with. */
export const noGcc: string | undefined = noLinux ?? compilers[0]!.missing;

/** pkg-config(1), or what stands for it. */
export const noPkgConfig: string | undefined =
  spawnSync('pkg-config', ['--version']).status === 0 ? undefined : 'pkg-config is not installed';

/** An installed header, named as in #include. */
export function noHeader(header: string): string | undefined {
  return existsSync(`/usr/include/${header}`) ? undefined : `${header} is not installed`;
}

/** An installed library, by its file name. */
export function noLibrary(file: string): string | undefined {
  const folders = ['/usr/lib/x86_64-linux-gnu', '/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib'];
  return folders.some((folder) => existsSync(`${folder}/${file}`)) ? undefined : `${file} is not installed`;
}

/** A test's name, with the reason where it cannot run. */
export function named(title: string, reason: string | undefined): string {
  return reason === undefined ? title : `${title} [not run: ${reason}]`;
}

/** As much of headers/<name>/library.json as tests ask for. */
export interface LibraryFile {
  readonly versionCall?: object;
  readonly headers: readonly string[];
  readonly own: readonly string[];
  readonly targets?: readonly string[];
  readonly files: { readonly linux: readonly string[] };
  readonly defines?: readonly string[];
  readonly pkgConfig?: readonly string[];
  /** Of the headers that the installed ones are. */
  readonly version: string;
  readonly snapshot: string;
  readonly history: string;
  readonly baseline: string;
}

/** A library of this repository; undefined for a folder of headers/ that is none. */
export function library(name: string): LibraryFile | undefined {
  const path = join(root, 'headers', name, 'library.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as LibraryFile) : undefined;
}

/** The compiler's flags for a library's headers. */
export function compileFlags({ defines = [], pkgConfig = [] }: LibraryFile): string[] {
  const { stdout } = spawnSync('pkg-config', ['--cflags', ...pkgConfig], { encoding: 'utf8' });
  return [...defines.map((macro) => `-D${macro}`), ...(pkgConfig.length ? stdout.trim().split(/\s+/) : [])];
}

/** Why a library's headers cannot be read with gcc; undefined where they can. */
export function noHeadersOf(file: LibraryFile): string | undefined {
  if (noGcc) return noGcc;
  if (file.pkgConfig && noPkgConfig) return noPkgConfig;
  const source = file.headers.map((header) => `#include <${header}>\n`).join('');
  const { status } = spawnSync('gcc', [...compileFlags(file), '-E', '-o', '/dev/null', '-'], { input: source });
  return status === 0 ? undefined : `${file.headers.join(', ')} is not installed`;
}
