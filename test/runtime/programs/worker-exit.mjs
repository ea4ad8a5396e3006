// Workers that call process.exit() while their asynchronous calls with callbacks are under way. Prints how each ended.

import { isMainThread, Worker } from 'node:worker_threads';
import { callbacks } from '../../../build/native/modules/callbacks/callbacks.js';

if (isMainThread) {
  for (let count = 0; count < 3; count++) {
    new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) })
      .on('exit', (code) => console.log(`worker ended with ${code}`))
      .on('error', (error) => console.log(error.message));
  }
} else {
  /** @type {any} */
  const lib = callbacks.open({ path: process.argv[2] });
  for (let count = 0; count < 300; count++) lib.async.cb_each(3, () => 1, null).catch(() => {});
  setTimeout(() => process.exit(4), 5);
}
