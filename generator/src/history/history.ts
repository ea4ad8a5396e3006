// History: the Apis of all versions of a library on one target, merged: since when and until when each declaration is there, and the eras
// in which it was another one. What `merge.ts` makes, `json.ts` stores and `select.ts` reads.

import type {
  ConstantDecl,
  EnumDecl,
  Enumerator,
  FunctionDecl,
  RecordDecl,
  TypedefDecl,
  Unsupported,
  VariableDecl,
} from '../model/api.ts';

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
  /** As the newest of these versions has it, in what makes no difference: its place, its comment. */
  readonly decl: T;
}

/** One name, oldest era first. A version is in at most one era. */
export interface HistoryEntry<T> {
  /** A name, or the key of a record or an enumeration. */
  readonly key: string;
  readonly eras: readonly DeclEra<T>[];
}

/** Of an enumeration: what it is without its enumerators, and each of these for itself. */
export interface EnumEntry extends HistoryEntry<Omit<EnumDecl, 'enumerators'>> {
  readonly enumerators: readonly HistoryEntry<Enumerator>[];
}

/** What the library's file exports: only of versions whose exports are known. */
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
  readonly functions: readonly HistoryEntry<FunctionDecl>[];
  readonly records: readonly HistoryEntry<RecordDecl>[];
  readonly enums: readonly EnumEntry[];
  readonly typedefs: readonly HistoryEntry<TypedefDecl>[];
  readonly variables: readonly HistoryEntry<VariableDecl>[];
  readonly constants: readonly HistoryEntry<ConstantDecl>[];
  readonly unsupported: readonly HistoryEntry<Unsupported>[];
  /** Of functions and variables that the headers declare. */
  readonly exports: readonly ExportEntry[];
}
