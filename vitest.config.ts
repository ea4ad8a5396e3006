import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These start real servers: test/servers/vitest.config.ts runs them, one file after the other.
    exclude: ['test/servers/**'],
    pool: 'forks',
    globalSetup: './test/temporary.ts',
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
