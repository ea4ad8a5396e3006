// The tests of the drivers as they are (test/servers), in processes that have another version of the library: librbd of each suite against
// the machine's one Ceph, libiscsi against its tgtd, and so on. What the tests compare with, qemu-img(1), keeps the machine's libraries.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { named } from '../needs.ts';
import { noServer } from '../servers/servers.mjs';
import { root } from '../tools.ts';
import { environment, type Installation } from './installation.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlshim-versions-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Not Gluster: libgfapi loads the rest of itself from a folder whose path is compiled in, and of the machine's own version alone. */
const DRIVERS = [
  { driver: 'rbd', library: 'librbd', server: 'ceph' },
  { driver: 'iscsi', library: 'libiscsi', server: 'tgt' },
  { driver: 'nfs', library: 'libnfs', server: 'nfs' },
  { driver: 'http', library: 'libcurl', server: 'http' },
  { driver: 'ssh', library: 'libssh', server: 'ssh' },
] as const;

/** As much of vitest's JSON report as is asked for. */
interface Report {
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  /** Not run, for the reason that their name says. */
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Runs the driver's own tests, and the conformance suite for it, with an installation's libraries. */
function run(installation: Installation, driver: string) {
  const output = join(folder, `${installation.suite}-${driver}.json`);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  // In one file, or several.
  const files = [`drivers-${driver}`, 'drivers-conformance.test.ts'];
  const which = ['run', '--config', 'test/servers/vitest.config.ts', '--project', 'servers', ...files];
  const report = ['--reporter', 'default', '--reporter', 'json', '--outputFile', output];
  const env: NodeJS.ProcessEnv = { ...process.env, ...environment(installation), CONFORMANCE_OF: driver };
  // This vitest's own are not the other's.
  for (const name of Object.keys(env)) if (/^(VITEST|TEST$|NODE_ENV$)/.test(name)) delete env[name];
  const ended = spawnSync(installation.node, [vitest, ...which, ...report], { cwd: root, env, encoding: 'utf8' });
  const words = `${ended.stdout}${ended.stderr}`;
  try {
    return { status: ended.status, words, report: JSON.parse(readFileSync(output, 'utf8')) as Report };
  } catch {
    throw new Error(
      `${driver} with the libraries of ${installation.suite} ended by ${ended.signal ?? ended.status}:\n${words}`,
    );
  }
}

describe.each(DRIVERS)('$library', ({ driver, library, server }) => {
  for (const installation of inject('installations')) {
    const missing = installation.missing ?? noServer(server);
    const version = installation.libraries?.[library].version;
    const title = `${version ?? '?'} of ${installation.suite} passes the tests of its driver`;

    test.skipIf(missing)(named(title, missing), () => {
      const started = performance.now();
      const { status, report, words } = run(installation, driver);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const { numTotalTests, numPendingTests, numPassedTests: passed } = report;
      const total = numTotalTests - numPendingTests;
      process.stdout.write(
        `${library} ${version} of ${installation.suite}: ${passed} of ${total} tests, ${seconds} s\n`,
      );
      const failures = report.testResults.flatMap(({ message, assertionResults }) => [
        ...(message ? [message] : []),
        ...assertionResults.flatMap((each) => each.failureMessages.map((text) => `${each.fullName}: ${text}`)),
      ]);
      expect({ failures, status, passed }, words).toEqual({ failures: [], status: 0, passed: total });
      expect(total).toBeGreaterThan(10);
    });
  }
});
