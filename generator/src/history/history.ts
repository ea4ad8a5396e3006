// History: the Apis of all versions of a library on one target, merged: since when and until when each declaration is there, and the eras
// in which it was another one. What `merge.ts` makes, `json.ts` stores and `select.ts` reads. `compare.ts` has the order of versions,
// `ranges.ts` the text of a set of them.

import type {
  ConstantDecl,
  Enumerator,
  FunctionDecl,
  RecordDecl,
  TypedefDecl,
  Unsupported,
  VariableDecl,
} from '../model/api.ts';
import type { EnumFrame } from './declarations.ts';

/** One version that was seen. */
export interface HistoryVersion {
  readonly version: string;
  /** Where its headers come from: `Debian trixie, librbd-dev 18.2.7+ds-1`, `github.com/sahlberg/libiscsi, tag 1.18.0`. */
  readonly source: string;
  readonly headers: readonly string[];
  readonly ownHeaders: readonly string[];
  /** What the library's files of this version call themselves, of all distributions that are known. */
  readonly sonames: readonly string[];
  /** Whether it is known what the library's file exports, and not only what its headers declare. */
  readonly exportsKnown: boolean;
}

/** Known versions in which something is so, as indexes into `versions`, ascending. */
export type VersionSet = readonly number[];

/** What a declaration was in some versions. */
export interface DeclEra<T> {
  readonly versions: VersionSet;
  /** As the newest of these versions has it, in what makes no difference: its place, its comment, and what that says of parameters. */
  readonly decl: T;
}

/** One name, oldest era first. A version is in at most one era; what was taken back to what it had been is one era with a gap. */
export interface HistoryEntry<T> {
  /** A name; the key of a record or an enumeration; of what is not supported its kind and its name. */
  readonly key: string;
  readonly eras: readonly DeclEra<T>[];
}

/** Of an enumeration: what it is without its enumerators, and each of these for itself. */
export interface EnumEntry extends HistoryEntry<EnumFrame> {
  readonly enumerators: readonly HistoryEntry<Enumerator>[];
}

/** A symbol that the library's file exports, as the linker knows it: only of versions whose exports are known. */
export interface ExportEntry {
  readonly symbol: string;
  readonly versions: VersionSet;
  /** The symbol versions (ELF) that it has, each where; the default one of a library version is `isDefault` there. */
  readonly symbolVersions: readonly {
    readonly name: string;
    readonly versions: VersionSet;
    readonly isDefault: VersionSet;
  }[];
}

export interface History {
  readonly library: string;
  readonly target: string;
  /** Oldest first. */
  readonly versions: readonly HistoryVersion[];
  /** Each list is in the order of the keys. */
  readonly functions: readonly HistoryEntry<FunctionDecl>[];
  readonly records: readonly HistoryEntry<RecordDecl>[];
  readonly enums: readonly EnumEntry[];
  readonly typedefs: readonly HistoryEntry<TypedefDecl>[];
  readonly variables: readonly HistoryEntry<VariableDecl>[];
  readonly constants: readonly HistoryEntry<ConstantDecl>[];
  readonly unsupported: readonly HistoryEntry<Unsupported>[];
  /** Of functions and variables that the headers of some version declare, and of what versions export beyond their own headers. By symbol. */
  readonly exports: readonly ExportEntry[];
}
