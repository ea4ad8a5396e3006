// In: the compiler that the user names, a target, and where dlshim looked for headers. Out: the program to run and the flags that
// make it compile for the target with the same headers, or words on what is needed.

import { spawnSync } from 'node:child_process';
import { resources } from '../resources.ts';
import { BUILTIN, searchPath } from '../search.ts';
import { isHost } from '../sysroot.ts';
import type { Target } from '../target.ts';
import { UsageError } from './output.ts';

/** The compiler is for another machine. */
export class ForeignTargetError extends UsageError {}

export interface Compiler {
  readonly program: string;
  readonly flags: readonly string[];
}

/** Clang compiles for every target, GCC for one: for another target its cross compiler is asked. */
export function compilerFor(
  cc: string,
  target: Target,
  includeDirs: readonly string[],
  sysroots: readonly string[] | undefined,
): Compiler {
  const isClang = answers(cc, '--version').includes('clang');
  const isForeign = isClang && !isHost(target);
  const flags = [
    ...(isForeign ? [`--target=${target.triple}`] : []),
    ...folderFlags(target, includeDirs, sysroots, isForeign),
  ];
  if (isHost(target) || isClang || machineOf(answers(cc, '-dumpmachine')) === machineOf(target.triple))
    return { program: cc, flags };
  const cross = `${target.triple}-gcc`;
  if (target.compiler === 'gcc' && spawnSync(cross, ['--version']).status === 0) return { program: cross, flags };
  const tried = target.compiler === 'gcc' ? `, and there is no ${cross}` : '';
  throw new ForeignTargetError(`${cc} does not compile for ${target.name}${tried}; use clang: --cc clang`);
}

/** Named roots are searched before the compiler's own folders, a C library of ours instead of them. For another machine nothing of
 *  this one's may be found; where there is no C library at all, its part is the compiler's. */
function folderFlags(
  target: Target,
  includeDirs: readonly string[],
  sysroots: readonly string[] | undefined,
  isForeign: boolean,
): string[] {
  const search = searchPath(includeDirs, sysroots, target, resources);
  const own = search.includeDirs.map((dir) => `-I${dir}`);
  const system = search.systemDirs.map((dir) => `-isystem${dir}`);
  if (sysroots?.includes(BUILTIN))
    return ['-nostdinc', ...own, ...search.shippedDirs.map((dir) => `-isystem${dir}`), ...system];
  if (isForeign) return [...(system.length === 0 ? ['-ffreestanding'] : []), '-nostdlibinc', ...own, ...system];
  return sysroots ? [...own, ...system] : own;
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
