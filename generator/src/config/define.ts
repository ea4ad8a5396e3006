// What a dlshim.config.ts says. No imports at run time: a configuration loads this and nothing else.

import type { LibraryConfig } from './library.ts';

/** A program's known list of drivers, which `dlshim drivers` writes. */
export interface DriversConfig {
  /** Files, patterns (`src/drivers/*.ts`; `!` leaves out) and modules of packages, relative to this file. */
  readonly sources: readonly string[];
  /** The module that is written, relative to this file: it exports `known`. */
  readonly out: string;
}

/** The module that shims import unless another one is asked for. */
export const DEFAULT_RUNTIME = '@dlshim/runtime';

export interface Config {
  /** Where the shims go, relative to this file. A program that has drivers alone needs neither this nor `libraries`. */
  readonly out?: string | undefined;
  /** Each library: the path of its library.json, relative to this file, or its content. */
  readonly libraries?: readonly (string | LibraryConfig)[] | undefined;
  /** Known lists of drivers, one for each program. */
  readonly drivers?: readonly DriversConfig[] | undefined;
  /** Carry the headers' doc comments over as TSDoc. They are their authors' text: mind the licence of what you publish. */
  readonly docs?: boolean | undefined;
  /** The module that generated shims import; `@dlshim/runtime` unless said otherwise. */
  readonly runtime?: string | undefined;
  /** Globs of the TypeScript sources that use the shims, relative to this file: shims carry what these use, and nothing else
   *  (`dlshim generate --used-by`). A library may have its own. */
  readonly usedBy?: readonly string[] | undefined;
  /** Names that trimmed shims carry whatever the sources use: functions, features, types, records, constants; `*` stands for any characters. */
  readonly keep?: readonly string[] | undefined;
}

/** For `export default defineConfig({ … })` in dlshim.config.ts: gives completion and checks types. */
export function defineConfig(config: Config): Config {
  return config;
}
