// Inspects libnamed with its symbols, opens it, and prints the report and what its functions answer. Arguments: file, then options
// for open() as JSON.
import { defineShim } from '@dlshim/runtime';

const [, , file, options = '{}'] = process.argv;
process.env.DLSHIM_NAMED = file;
const shim = defineShim({
  format: 3,
  library: 'named',
  version: '1',
  stamp: 'by-hand',
  target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
  files: {},
  packages: {},
  required: { named_copy: 'i32()', named_through: 'i32()' },
  weak: { named_inner: 'i32()', getpid: 'i32()', named_none: 'i32()' },
  features: {},
  records: {},
});
const { fn } = shim.open(JSON.parse(options));
const { symbols, unexpected, soname, buildId, path } = shim.inspect({ symbols: true });
const answers = [fn.named_copy(), fn.named_inner(), fn.named_through()];
console.log(JSON.stringify({ answers, symbols, unexpected, soname, buildId, path }));
