// In: a file and an offset. Out: where a person finds it: the header as one would include it, and the line.

import { lineAt } from '../diagnostics.ts';
import type { Origin } from '../model/api.ts';
import type { SourceFile } from '../token.ts';

/** Maps places in source files to origins. */
export class Origins {
  readonly #roots: readonly string[];
  readonly #names = new Map<SourceFile, string>();

  /** `roots`: the folders that headers are searched in, which no origin may name. */
  constructor(roots: readonly string[]) {
    this.#roots = roots.map((root) => (root.endsWith('/') ? root : `${root}/`)).sort((a, b) => b.length - a.length);
  }

  at(file: SourceFile, offset: number): Origin {
    return { header: this.header(file), line: lineAt(file, offset) };
  }

  /** `/usr/include/rbd/librbd.h` is `rbd/librbd.h`; a file outside every search folder keeps its last name only. */
  header(file: SourceFile): string {
    let name = this.#names.get(file);
    if (name === undefined) {
      const root = this.#roots.find((r) => file.path.startsWith(r));
      name = root ? file.path.slice(root.length) : file.path.slice(file.path.lastIndexOf('/') + 1);
      this.#names.set(file, name);
    }
    return name;
  }
}
