#!/usr/bin/env node
// The bin: `dlshim`.
import { main } from './cli/main.ts';

await main(process.argv.slice(2));
