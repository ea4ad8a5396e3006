// Processes by what proc(5) says of them: who runs, who is whose child, who carries a mark in its environment. Linux only.

import { readdirSync, readFileSync } from 'node:fs';

/** A process: pids are used again, a pid and when it started are not. @typedef {{ readonly pid: number, readonly start: string }} Process */

/** @param {number} pid @returns {(Process & { readonly parent: number }) | undefined} undefined where it has ended */
export function processOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  // The name, field 2, is in parentheses and may hold anything; the state is field 3, the parent 4, the start 22.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields === undefined || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return { pid, parent: Number(fields[1]), start: fields[19] ?? '' };
}

/** @param {Process} known */
export function isRunning(known) {
  return processOf(known.pid)?.start === known.start;
}

function all() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => processOf(Number(pid)) ?? []);
}

/** The children of some processes, and theirs. @param {readonly number[]} pids @returns {Process[]} */
export function descendants(pids) {
  const children = all().filter(({ parent }) => pids.includes(parent));
  return children.length === 0 ? [] : [...children, ...descendants(children.map(({ pid }) => pid))];
}

/** The processes, but for this one, that were started with a variable in their environment. @param {string} variable `NAME=value`
 *  @returns {Process[]} */
export function marked(variable) {
  const environment = (/** @type {number} */ pid) => read(`/proc/${pid}/environ`)?.split('\0') ?? [];
  return all().filter(({ pid }) => pid !== process.pid && environment(pid).includes(variable));
}

/** Ends processes at once, and nobody else who has their pid by now. @param {readonly Process[]} processes */
export function kill(processes) {
  for (const each of processes.filter(isRunning)) {
    try {
      process.kill(each.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/** The content of a file, where it can be read. @param {string} path */
export function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
