import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These start real servers or fetch other suites' libraries, and have configurations of their own.
    exclude: ['test/servers/**', 'test/versions/**'],
    pool: 'forks',
    globalSetup: './test/temporary.ts',
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
