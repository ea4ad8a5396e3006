// What tests need of the machine. Each need is undefined where it is met, else the reason why tests cannot run. Those are
// skipped under a name that carries the reason (`named`), and reporter.ts lists them at the end; in CI there must be none.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

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
