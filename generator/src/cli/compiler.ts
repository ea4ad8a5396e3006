// In: the compiler that the user names and a target. Out: the program to run and the flags that make it compile for the target with
// the headers that dlshim read, or words on what is needed.

import { spawnSync } from 'node:child_process';
import { isHost, systemFolders } from '../sysroot.ts';
import type { Target } from '../target.ts';
import { UsageError } from './output.ts';

export interface Compiler {
  readonly program: string;
  readonly flags: readonly string[];
}

/** Clang compiles for every target, GCC for one: for another target its cross compiler is asked. */
export function compilerFor(cc: string, target: Target, sysroots: readonly string[] | undefined): Compiler {
  const native = isHost(target);
  const isClang = answers(cc, '--version').includes('clang');
  if (native) return { program: cc, flags: sysroots ? systemFlags(target, sysroots) : [] };
  if (isClang) return { program: cc, flags: [`--target=${target.triple}`, ...foreignFlags(target, sysroots)] };
  if (machineOf(answers(cc, '-dumpmachine')) === machineOf(target.triple)) {
    return { program: cc, flags: sysroots ? systemFlags(target, sysroots) : [] };
  }
  const cross = `${target.triple}-gcc`;
  if (target.compiler === 'gcc' && spawnSync(cross, ['--version']).status === 0) {
    return { program: cross, flags: sysroots ? systemFlags(target, sysroots) : [] };
  }
  const tried = target.compiler === 'gcc' ? `, and there is no ${cross}` : '';
  throw new UsageError(`${cc} does not compile for ${target.name}${tried}; use clang: --cc clang`);
}

/** What a program prints; a program that is not there is named by whoever runs it next. */
function answers(cc: string, question: string): string {
  return spawnSync(cc, [question], { encoding: 'utf8' }).stdout ?? '';
}

/** `x86_64-pc-linux-gnu` and `x86_64-linux-gnu` are one. */
function machineOf(triple: string): string {
  const parts = triple.trim().split('-');
  return `${parts[0]} ${parts.slice(-2).join('-')}`;
}

/** Named roots stand in for the compiler's own folders. */
function systemFlags(target: Target, sysroots: readonly string[]): string[] {
  return systemFolders(target, sysroots).map((dir) => `-isystem${dir}`);
}

/** For another machine nothing of this one's may be found. Where there is no C library at all, its part is the compiler's. */
function foreignFlags(target: Target, sysroots: readonly string[] | undefined): string[] {
  const folders = systemFolders(target, sysroots);
  return [
    ...(folders.length === 0 ? ['-ffreestanding'] : []),
    '-nostdlibinc',
    ...folders.map((dir) => `-isystem${dir}`),
  ];
}
