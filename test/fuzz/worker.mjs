// A process that judges one input after the other, so that a hang or a crash ends it and not the run. See oracle.ts.

import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

const jiti = createJiti(import.meta.url);
const { judge } = await jiti.import(fileURLToPath(new URL('./oracle.ts', import.meta.url)));

process.on('message', async (input) => {
  process.send?.({ finding: await judge(input), memory: process.memoryUsage().rss });
});
process.send?.('ready');
