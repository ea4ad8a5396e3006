// Shims by hand, for the fixture drivers: of a library by its file.

import { defineShim } from '@dlshim/runtime';

export const shimOf = (library, required, { format = 3, weak = {}, features = {} } = {}) =>
  defineShim({
    format,
    library,
    version: '1',
    stamp: 'by-hand-drivers',
    target: process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu',
    files: { linux: [`${library}.so.1`] },
    packages: { debian: `${library}1` },
    required,
    weak,
    features,
    records: {},
  });
