// ts-morph, which commands that read TypeScript load when they need it.

import { createRequire } from 'node:module';
import type { Morph } from '../typescript/morph.ts';
import { progress } from './progress.ts';

/** By `require`: it is CommonJS, and an `import` would read all of it once more, for the names that it exports. */
export function loadMorph(): Morph {
  progress.step('loading the TypeScript checker');
  return createRequire(import.meta.url)('ts-morph') as Morph;
}
