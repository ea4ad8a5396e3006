// What a library's whole module has, by kind, and what sources use of it: plain data, between planning a module, reading sources, and trimming.

import type { Diagnostic } from '../diagnostics.ts';

/** The names of one module, all of them: what the headers declare. */
export interface Vocabulary {
  readonly library: string;
  /** Where the module is, or will be. */
  readonly module: string;
  /** Its whole text. */
  readonly text: string;
  /** Also those of one signature, `f@1.8.0`. */
  readonly functions: ReadonlySet<string>;
  readonly features: ReadonlySet<string>;
  readonly callbacks: ReadonlySet<string>;
  readonly data: ReadonlySet<string>;
  readonly records: ReadonlySet<string>;
  /** Types, records and constants. */
  readonly exports: ReadonlySet<string>;
  /** Constants that `constant()` can be asked for. */
  readonly changing: ReadonlySet<string>;
  /** The shim and the interfaces of its tables: always there. */
  readonly always: ReadonlySet<string>;
  /** By interface, what its members are. */
  readonly tables: ReadonlyMap<string, Table>;
  /** By variadic function the number of the parameter that is an option. */
  readonly options: ReadonlyMap<string, number>;
  /** What the headers declare and no module carries: why. */
  readonly notCarried: ReadonlyMap<string, string>;
  /** Whether names are kept whatever the sources say: then a name that cannot be told is one of them. */
  readonly isKept: boolean;
}

/** What has members by name. */
export type Table = 'functions' | 'features' | 'callbacks' | 'data';

/** What is used of one library. */
export interface UsedNames {
  readonly functions: Set<string>;
  readonly features: Set<string>;
  readonly callbacks: Set<string>;
  readonly data: Set<string>;
  readonly exports: Set<string>;
  readonly options: Map<string, Set<bigint> | 'all'>;
}

/** What sources use, by library, and what is wrong with it. */
export interface Reading {
  readonly used: ReadonlyMap<string, UsedNames>;
  readonly problems: readonly Diagnostic[];
}

export function nothingUsed(): UsedNames {
  return {
    functions: new Set(),
    features: new Set(),
    callbacks: new Set(),
    data: new Set(),
    exports: new Set(),
    options: new Map(),
  };
}
