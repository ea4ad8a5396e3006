// In: a target and the roots that the user named. Out: the folders where its system's headers stand. Without a root, this
// machine's own where it is the target; else only those that are the target's: never this machine's for another one.

import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from './target.ts';
import { allTargets } from './targets/targets.ts';

/** The folders that exist, in the order in which they are searched. */
export function systemFolders(target: Target, sysroots: readonly string[] | undefined): string[] {
  if (sysroots) return below(sysroots, target.systemDirs);
  if (isHost(target)) return below(['/'], target.systemDirs);
  const own = below(['/'], target.crossDirs);
  return own.length > 0 && target.platform === process.platform ? [...own, ...below(['/'], ['/usr/include'])] : own;
}

/** The folders of this machine where headers of libraries stand, those for the target before the machine's own. */
export function machineFolders(target: Target): string[] {
  const own = allTargets.find(isHost)?.systemDirs ?? [];
  return below(['/'], [...(target.platform === process.platform ? target.systemDirs : []), ...own]);
}

/** What to say where a header is missing, when the target is not this machine and no root was named. */
export function sysrootHint(target: Target, sysroots: readonly string[] | undefined): string | undefined {
  if (sysroots || isHost(target)) return undefined;
  return `the headers of ${target.name} are looked for with --sysroot: builtin for dlshim's own C library headers, or the root of a system`;
}

/** Whether code for the target runs on this machine. */
export function isHost(target: Target): boolean {
  return target.platform === process.platform && target.arch === process.arch;
}

function below(roots: readonly string[], dirs: readonly string[]): string[] {
  const folders = roots.flatMap((root) => dirs.map((dir) => join(root, dir))).filter((dir) => existsSync(dir));
  return folders.filter((dir, at) => folders.findIndex((other) => realpathSync(other) === realpathSync(dir)) === at);
}
