// Ends in one way or another while foreign threads call back without end. Prints from its own 'exit' listener.

import { callbacks } from '../../../build/native/modules/callbacks/callbacks.js';

const [, , path, how] = process.argv;
/** @type {any} */
const lib = callbacks.open({ path });
const kept = lib.callback('cb_keep', 0, () => 1);
lib.fn.cb_keep(kept);
lib.fn.cb_from_threads(8, 1_000_000_000);
process.exitCode = 3;
setTimeout(() => {
  if (how === 'exit') process.exit(3);
  if (how === 'throw') throw new Error('the end');
  process.on('exit', (code) => console.log(`left with ${code}`));
}, 50);
