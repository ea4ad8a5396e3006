// In: a name. Out: the target that it means. All targets that dlshim generates for.

import type { Target } from '../target.ts';
import { darwinTargets } from './darwin.ts';
import { linuxTargets } from './linux.ts';
import { windowsTargets } from './windows.ts';

/** Of each, in this order wherever several are listed. */
export const allTargets: readonly Target[] = [...linuxTargets, ...darwinTargets, ...windowsTargets];

/** The target of this name, or of one of its other names. */
export function findTarget(name: string): Target | undefined {
  return allTargets.find((target) => target.name === name || target.otherNames.includes(name));
}

/** What is generated for where no target is named. */
export const DEFAULT_TARGET: Target = linuxTargets[0]!;
