// Ends in one way or another while foreign threads call back without end. Prints from its own 'exit' listener.

import { callbacks } from '../../../build/native/modules/callbacks/callbacks.js';

const [, , path, how] = process.argv;
/** @type {any} */
const lib = callbacks.open({ path });
const kept = lib.callback('cb_keep', 0, () => 1);
lib.fn.cb_keep(kept);
lib.fn.cb_from_threads(8, 1_000_000_000);
process.exitCode = 3;
// A thread of the pool waits for a callback that will not run.
if (how?.startsWith('waiting')) {
  for (let count = 0; count < 8; count++) {
    lib.async
      .cb_each(1_000_000_000, () => 1, null)
      .then(
        () => {},
        () => {},
      );
  }
}
setTimeout(() => {
  if (how === 'exit' || how === 'waiting') process.exit(3);
  if (how === 'throw in handler') {
    process.on('uncaughtException', () => {
      throw new Error('in the handler');
    });
  }
  if (how?.includes('throw')) throw new Error('the end');
  if (how === 'reject') return void Promise.reject(new Error('the end'));
  process.on('exit', (code) => console.log(`left with ${code}`));
}, 50);
