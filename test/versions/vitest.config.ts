// npm run test:versions: libraries of four Debian suites side by side, one process a version, all with the shims as they are committed. No part of
// npm test: the first run downloads some 170 MB (setup.ts, scripts/suites.mjs), which stay in .cache/suites; `node scripts/suites.mjs all
// --anew` takes the suites as they are today. A suite that cannot be reached is named, and its tests do not run: a failure in CI.
//
//   libraries.test.ts   eight libraries of each suite: all open and stay; functions, features, version and layouts are those of the library's own
//                       file, headers and package (truth.ts, layouts.ts), which are read by nm, readelf and cc
//   history.test.ts     what the histories say of the oldest and the newest suite's versions, shown to cc with those headers
//   drivers.test.ts     the tests of the rbd and the iscsi driver with each suite's librbd and libiscsi, against one version of the servers
//   packaging.test.ts   what the examples' drivers depend on, resolved by each suite's apt; rpm's generator of package-notes
//
// Another library: its package in LIBRARY_PACKAGES of scripts/suites.mjs, that of its headers in HEADER_PACKAGES of installation.ts. By hand:
// `build/versions/trixie/node` is node with trixie's libraries; DLSHIM_LIBRBD=FILE then names one of them.

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
