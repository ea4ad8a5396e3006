// node scripts/code-cache.mjs <folder>: writes the code that V8 makes of the bundle in that folder. The program is run first on headers
// of the tests: what they need compiled is what most runs need.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = /** @type {string} */ (process.argv[2]);
const cases = join(dirname(fileURLToPath(import.meta.url)), '../test/cases');
const { launchForCache, CODE_CACHE } = createRequire(import.meta.url)(join(folder, 'launch.js'));

const { program, script } = launchForCache(folder);
const out = mkdtempSync(join(tmpdir(), 'dlshim-cache-'));
try {
  for (const name of readdirSync(cases).filter((entry) => entry.endsWith('.h'))) {
    const flags = ['--header', join(cases, name), '--library', 'libx.so.1', '-I', cases, '-D', 'X=1', '--own', cases];
    await program.main(['generate', ...flags, '--out', out]);
  }
} finally {
  rmSync(out, { recursive: true });
}
writeFileSync(join(folder, CODE_CACHE), script.createCachedData());
process.exitCode = 0;
