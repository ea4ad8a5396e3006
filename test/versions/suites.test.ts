// scripts/suites.mjs: what was unpacked once needs no network, what cannot be had is named, and a run that is ended leaves no halves.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { LIBRARY_PACKAGES } from '../../scripts/suites.mjs';
import { named } from '../needs.ts';
import { root } from '../tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlshim-suites-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const script = join(root, 'scripts/suites.mjs');

function suites(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env: { ...process.env, ...env } });
}

function files(path: string): string[] {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.map((entry) => join(entry.parentPath, entry.name).slice(path.length)).sort();
}

const nowhere = { http_proxy: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' };
const missing = inject('installations').find((each) => each.suite === 'trixie')!.missing;

describe.skipIf(missing)(named('packages of a suite', missing), () => {
  test('come from the cache when they were there before', () => {
    const [made] = JSON.parse(suites(['trixie', ...Object.values(LIBRARY_PACKAGES), '--json'], nowhere).stdout);
    expect(made).toMatchObject({ suite: 'trixie', downloaded: 0 });
    expect(existsSync(made.root)).toBe(true);
  });

  test('that cannot be had are named, and what could not be reached', () => {
    const fresh = { DLSHIM_SUITES: join(folder, 'unreachable') };
    expect(suites(['trixie', 'no-such-package'])).toMatchObject({
      status: 1,
      stderr: 'suites: trixie: the suite has no package no-such-package\n',
    });
    const { status, stderr } = suites(['trixie', 'libnfs14'], { ...nowhere, ...fresh });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^suites: trixie: Debian's suite 'trixie' cannot be had:\n {2}http.*Could not connect/);
    expect(suites([])).toMatchObject({ status: 2 });
    expect(suites(['--no-such-option'])).toMatchObject({ status: 2 });
  });

  test('are whole after runs that were ended at any time', async () => {
    const env = { ...process.env, DLSHIM_SUITES: join(folder, 'ended') };
    const args = ['trixie', 'libnfs14', '--json'];
    for (const milliseconds of [500, 1500, 2500]) {
      const child = spawn(process.execPath, [script, ...args], { env, stdio: 'ignore', detached: true });
      const ended = once(child, 'exit');
      await sleep(milliseconds);
      if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL');
      await ended;
    }
    const [resumed] = JSON.parse(suites(args, { DLSHIM_SUITES: env.DLSHIM_SUITES }).stdout);
    const [whole] = JSON.parse(suites(args).stdout);
    expect(files(resumed.root)).toEqual(files(whole.root));
    expect(readdirSync(join(env.DLSHIM_SUITES, 'trixie/unfinished'))).toEqual([]);
  });
});
