// ReportInput: what a page is made of. The history says what the versions have; what other stages know of it is handed over as plain data.

import type { History } from '../history/history.ts';
import type { Api, RecordDecl } from '../model/api.ts';
import type { Feature } from '../model/features.ts';
import type { TypeTable } from '../model/types.ts';
import type { Place } from './columns.ts';

export interface ReportInput {
  readonly history: History;
  /** The oldest version that the shim is for; the first known one where nothing is said. */
  readonly baseline?: string | undefined;
  /** As library.json has them, and those that the history suggests. */
  readonly features: Readonly<Record<string, Feature>>;
  /** See FeatureContext. */
  readonly reported: readonly (string | null)[] | undefined;
  /** Between each known version and the next, oldest first. */
  readonly steps: readonly Step[];
  readonly apiAt: (version: string) => Api;
  readonly layoutOf: LayoutOf;
  /** Undefined where nobody has looked. */
  readonly machine?: Machine | undefined;
}

/** A record's size and alignment in bytes, the places of its members in bits; undefined where it has none, or it is not known. */
export type LayoutOf = (
  record: RecordDecl,
  table: TypeTable,
) =>
  | {
      readonly size: number;
      readonly align: number;
      readonly fields: readonly { readonly offset: number; readonly width?: number }[];
    }
  | undefined;

/** `partly`: some of its symbols. */
export type Answer = 'yes' | 'no' | 'partly' | 'unknown';

/** A feature, answered. */
export interface FeatureRow {
  readonly name: string;
  /** What it takes, in words, one line each. */
  readonly conditions: readonly string[];
  /** One for each known version. */
  readonly answers: readonly Answer[];
  /** On this machine. */
  readonly here?: Answer | undefined;
}

/** What becomes of a program that was compiled before a change: from harmless to worst. `recompile`: it must be compiled again. `break`: it no
 *  longer compiles, links or loads, and is told so. `silent break`: something else happens, without a word. */
export type Rating = 'compatible' | 'recompile' | 'break' | 'silent break';

export interface Change {
  /** `function`, `record`, `enumerator` … */
  readonly kind: string;
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly rating: Rating;
  /** Why it is rated so. */
  readonly reason: string;
  /** In C, or a value, or a size. */
  readonly before?: string;
  readonly after?: string;
  /** What became of each part. */
  readonly details?: readonly { readonly rating: Rating; readonly text: string }[];
  /** The functions and variables that it is reached through. */
  readonly reachedBy?: readonly string[];
}

/** What changed between a known version and the next: the worst first. */
export interface Step {
  readonly before: string;
  readonly after: string;
  readonly changes: readonly Change[];
}

/** What is installed where the page was made. */
export type Machine =
  | { readonly absent: string }
  | {
      readonly absent?: undefined;
      readonly file: string;
      readonly soname?: string | undefined;
      readonly place: Place;
      /** Its version, as far as it can be told: `18.2.7`, `between 1.19.0 and 1.20.0`. */
      readonly version: string;
      /** What that was told by, and what speaks against it, a line each. */
      readonly reasons: readonly string[];
      /** Of features, those that are known to be there or not; null where that cannot be decided. */
      readonly features?: Readonly<Record<string, boolean | null>> | undefined;
      /** What it exports, what it needs included. */
      readonly exports: ReadonlySet<string>;
    };
