// The tests on real servers: one file after the other, each in a process of its own, which the servers that it starts end with.

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/servers/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
