// npm run bench: every bench in turn. Each prints ratios within one run; nothing here is a test, and nothing is asserted.

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
for (const name of ['generate.mjs', 'calls.mjs']) {
  const { status } = spawnSync(process.execPath, [join(here, name)], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
  process.stdout.write('\n');
}
