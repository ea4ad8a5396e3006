// Run once, around all tests (vitest's globalSetup): a folder of the run's own for temporary files, by TMPDIR (os.tmpdir() of Node, mktemp(1),
// compilers), which goes when the run ends with all that tests and what they start have left in it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-run-'));
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  return () => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(folder, { recursive: true, force: true });
  };
}
