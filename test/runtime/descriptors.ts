// A descriptor to start from: what a generated module would hand to defineShim, for both Linux machines.

import type { ShimDescriptor } from '@dlshim/runtime';

export function descriptorOf(given: Partial<ShimDescriptor> & { library: string }): ShimDescriptor {
  return {
    format: 3,
    version: '1',
    stamp: 'by-hand',
    target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
    files: {},
    packages: {},
    required: {},
    weak: {},
    features: {},
    records: {},
    ...given,
  };
}
