#!/usr/bin/env node
// The bin: `dlshim`. Tunes the engine for a run of a quarter of a second, then hands over to cli/main.ts.

import module from 'node:module';
import v8 from 'node:v8';

// Flags are V8's own and come and go with its versions: only Nodes on which they were measured get them.
const major = Number(process.versions.node.split('.', 1)[0]);
// The optimising compiler of WebAssembly would compete for the cores with a parse of a few milliseconds.
if (major >= 20 && major <= 26) v8.setFlagsFromString('--liftoff-only');
// And that of JavaScript: a run is over before optimised code pays for itself.
if (major === 20) v8.setFlagsFromString('--interrupt-budget=400000');
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

const { main } = await import('./cli/main.ts');
await main(process.argv.slice(2));
