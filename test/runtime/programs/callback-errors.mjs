// Callbacks that fail where nobody listens. Prints what the process hears of them.

import { defineShim } from '@dlshim/runtime';

const lib = defineShim({
  format: 3,
  library: 'callbacks',
  version: '1',
  stamp: 'errors',
  target: 'x86_64-linux-gnu',
  files: {},
  packages: {},
  required: {
    cb_keep: 'void(fn<i32(i32,ptr)>)',
    cb_call_kept: 'i32(i32)',
    cb_void: 'void(fn<void(ptr)>,str)',
  },
  weak: {},
  features: {},
  records: {},
}).open({ path: process.argv[2] });

/** @type {any[]} */
const uncaught = [];
process.on('uncaughtException', (error) => uncaught.push(error));

const kept = lib.callback('cb_keep', 0, () => {
  throw new Error('nobody listens');
});
lib.fn.cb_keep(kept);
const result = lib.fn.cb_call_kept(1);
await new Promise((resolve) => setImmediate(resolve));

const listener = () => {
  throw new Error('the listener threw');
};
lib.on('error', listener);
lib.fn.cb_call_kept(1);
await new Promise((resolve) => setImmediate(resolve));
lib.off('error', listener);

lib.fn.cb_void(async () => {
  throw new Error('a promise of nobody');
}, 'x');
await new Promise((resolve) => setImmediate(resolve));

const [first, second, third] = uncaught;
console.log(
  JSON.stringify({
    name: first?.name,
    cause: first?.cause?.message,
    fromListener: second?.message,
    rejected: third?.cause?.message,
    result,
  }),
);
