// A worker thread of the ABI tests: does the task that run.ts gives it.

import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { createJiti } from 'jiti';

const jiti = createJiti(import.meta.url);
const { work } = await jiti.import(fileURLToPath(new URL('./run.ts', import.meta.url)));
parentPort?.postMessage(await work(workerData));
