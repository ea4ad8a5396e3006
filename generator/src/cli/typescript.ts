// ts-morph, which commands that read TypeScript load when they need it.

import { loader } from '../config/loader.ts';
import type { Morph } from '../typescript/morph.ts';
import { progress } from './progress.ts';

/** It is a module of CommonJS. */
export async function loadMorph(): Promise<Morph> {
  progress.step('loading the TypeScript checker');
  const loaded = (await loader.load('ts-morph')) as Morph & { readonly default?: Morph };
  return loaded.default ?? loaded;
}
