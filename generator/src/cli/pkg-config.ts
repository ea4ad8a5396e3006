// In: modules of pkg-config(1). Out: the include folders and macros of their --cflags, and the first one's version.
// Flags that do not change what headers declare (-pthread apart, which defines _REENTRANT) are left out.

import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { UsageError } from './output.ts';

export interface CompileFlags {
  readonly includeDirs: readonly string[];
  readonly defines: readonly string[];
  readonly version: string;
}

/** Asks `$PKG_CONFIG` or pkg-config. Below another root than `/` its modules are read, and its folders named, there. */
export function pkgConfig(modules: readonly string[], sysroots: readonly string[] | undefined): CompileFlags {
  const root = sysroots?.find((folder) => folder !== 'builtin' && resolve(folder) !== '/');
  const includeDirs: string[] = [];
  const defines: string[] = [];
  for (const flag of shellWords(run(['--cflags', ...modules], root))) {
    const text = flag.slice(2);
    if (flag.startsWith('-I')) includeDirs.push(text);
    else if (flag.startsWith('-isystem') && flag.length > 8) includeDirs.push(flag.slice(8));
    else if (flag.startsWith('-D')) defines.push(text);
    else if (flag === '-pthread') defines.push('_REENTRANT');
  }
  return { includeDirs: [...new Set(includeDirs)], defines, version: run(['--modversion', modules[0]!], root).trim() };
}

function run(args: readonly string[], root: string | undefined): string {
  const program = process.env.PKG_CONFIG || 'pkg-config';
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...(root === undefined ? {} : rootedAt(resolve(root))) },
  });
  if (error) {
    throw new UsageError(
      `${program} cannot be run: ${error.message}\n  install it, name another with PKG_CONFIG, or give the folders with -I and the macros with -D`,
    );
  }
  if (status !== 0) throw new UsageError(`${program} ${args.join(' ')}: ${stderr.trim() || `it ended with ${status}`}`);
  return stdout;
}

function rootedAt(root: string): Record<string, string> {
  const folders = ['usr/local/lib/pkgconfig', 'usr/lib/x86_64-linux-gnu/pkgconfig', 'usr/lib64/pkgconfig'];
  const all = [...folders, 'usr/lib/pkgconfig', 'usr/share/pkgconfig'].map((folder) => join(root, folder));
  return { PKG_CONFIG_SYSROOT_DIR: root, PKG_CONFIG_LIBDIR: all.join(':') };
}

/** pkg-config escapes what a shell would take apart, with backslashes and quotes. `-isystem X` becomes `-isystemX`. */
function shellWords(text: string): string[] {
  const words = [...text.matchAll(/(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s\\'"])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g, (_, single, double, escaped) =>
      single !== undefined ? single : double !== undefined ? double.replace(/\\(["\\$`])/g, '$1') : escaped,
    ),
  );
  return words.flatMap((word, at) =>
    words[at - 1] === '-isystem' || words[at - 1] === '-I'
      ? [words[at - 1]! + word]
      : word === '-isystem' || word === '-I'
        ? []
        : [word],
  );
}
