#!/usr/bin/env node
// npm run abi: values through calls of every kind, both ways. See main.ts.

import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

const jiti = createJiti(import.meta.url);
const { main } = await jiti.import(fileURLToPath(new URL('./main.ts', import.meta.url)));
process.exitCode = await main(process.argv.slice(2));
