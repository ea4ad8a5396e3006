// Libraries of four Debian suites side by side, one process a version (setup.ts unpacks them), all with the shims as they are committed.

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/versions/*.test.ts'],
    globalSetup: ['test/versions/setup.ts'],
    pool: 'forks',
    fileParallelism: false,
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
