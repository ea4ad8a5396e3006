// The tests on real servers: one file after the other, each in a process of its own, which the servers that it starts end with. The
// shims' real calls are made twice: plainly, and with every argument checked, so that a check that refuses what is right shows.

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks',
    fileParallelism: false,
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'servers', include: ['test/servers/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'checked',
          include: ['test/servers/shims-*.test.ts'],
          // glfs_fini() waits for ten seconds.
          exclude: ['test/servers/shims-gluster.test.ts'],
          env: { DLSHIM_CHECK: '1' },
        },
      },
    ],
  },
});
