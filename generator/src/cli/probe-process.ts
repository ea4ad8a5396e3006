// A module of shims in, what they say of loaded libraries out. Each module gets a process of its own: a library may end the process that
// loads it, and two of them may not bear each other. What a library prints goes to standard error; the report has a pipe of its own.

import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { basename } from 'node:path';
import type { Probed, ProbeFlags, ShimModule } from './probe.ts';

const REPORT_FD = 3;
/** Longer than any library takes that still works. In milliseconds. */
const PATIENCE = 60_000;

/** In the process of its own: hands the report over. */
export function send(results: readonly Probed[]): void {
  const bytes = Buffer.from(JSON.stringify(results));
  for (let at = 0; at < bytes.length; ) at += writeSync(REPORT_FD, bytes, at);
}

export function inOwnProcess({ name, specifier }: ShimModule, { path }: ProbeFlags): Promise<Probed[]> {
  const options = path === undefined ? [] : ['--path', path];
  const args = [...process.execArgv, process.argv[1]!, 'probe', '--report', '--load', ...options, '--', specifier];
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 2, 2, 'pipe'],
      timeout: PATIENCE,
      killSignal: 'SIGKILL',
    });
    let text = '';
    child.stdio[REPORT_FD]!.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    child.on('error', fail);
    child.on('close', (status, signal) => {
      const results = parsed(text);
      // A library may still crash when the process ends: what it has said before counts.
      if (results !== undefined && signal === null) done(results);
      else done([crashed(name, specifier, signal ?? `exit code ${status}`)]);
    });
  });
}

function parsed(text: string): Probed[] | undefined {
  try {
    return JSON.parse(text) as Probed[];
  } catch {
    return undefined;
  }
}

function crashed(name: string, specifier: string, how: string): Probed {
  const library = basename(name || specifier).replace(/\.m?[jt]s$/, '');
  const message =
    how === 'SIGKILL'
      ? `the process that loaded it did not come back within ${PATIENCE / 1000} s`
      : `the process that loaded it ended with ${how}`;
  const nothing = { present: [], missing: [], missingRequired: [], features: {}, attempts: [], shimVersion: '' };
  return { library, status: 'crashed', ...nothing, error: { name: 'Error', message } };
}
