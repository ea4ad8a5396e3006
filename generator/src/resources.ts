// Where the files that come with dlshim stand: the compiler's own headers, those of the C library, the grammar, and tree-sitter's engine.
// In the package they lie beside the bundle in dist/; in a checkout the tests run from src/.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

interface Resources {
  /** The folder of stddef.h, stdarg.h and the like. */
  readonly include: string;
  /** The folder of the C library's headers that `--sysroot builtin` stands for. */
  readonly libc: string;
  /** tree-sitter-c.wasm. */
  readonly grammar: string;
  /** web-tree-sitter.wasm. */
  readonly engine: string;
}

function find(): Resources {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const include = here('../include');
  if (existsSync(here('./tree-sitter-c.wasm'))) {
    return {
      include,
      libc: here('./libc'),
      grammar: here('./tree-sitter-c.wasm'),
      engine: here('./web-tree-sitter.wasm'),
    };
  }
  const { resolve } = createRequire(import.meta.url);
  return {
    include,
    libc: here('../../headers/libc'),
    grammar: resolve('tree-sitter-c/tree-sitter-c.wasm'),
    engine: resolve('web-tree-sitter/web-tree-sitter.wasm'),
  };
}

export const resources: Resources = find();
