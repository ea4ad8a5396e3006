// What the readers of this folder tell of a library's file, whatever its format.

/** A library's file, and what loading it would bring in, as far as that can be seen without loading. */
export interface Image {
  readonly path: string;
  /** What it calls itself: SONAME, install name, or the name in the export directory. */
  readonly soname: string | undefined;
  readonly buildId: string | undefined;
  /** What the file says of its version: Mach-O's current version, PE's version resource. ELF has none. */
  readonly fileVersion: string | undefined;
  /** Names that were looked for: symbols, and `symbol@VERSION`. */
  readonly asked: ReadonlySet<string>;
  /** Whether symbols have versions in this format. */
  readonly hasVersions: boolean;
  /** Those of the names asked for that a look-up by name (dlsym(3), GetProcAddress) would find. */
  readonly present: ReadonlySet<string>;
  /** The first thing that it needs and that is not there, in the words of errors: `libfoo.so.1`, `libc.so.6 version GLIBC_2.99`. */
  readonly lacks: Lack | undefined;
  /** Files that loading brings in, the library's own first. */
  readonly files: readonly string[];
  /** Whether these are all that it brings in. */
  readonly isWhole: boolean;
}

export interface Lack {
  readonly name: string;
  /** The file that needs it. */
  readonly by: string;
}

/** What one file says, of a format that is read while it is open. */
export interface Header {
  readonly soname: string | undefined;
  readonly fileVersion: string | undefined;
  readonly buildId: string | undefined;
  readonly needed: readonly Need[];
  /** Folders for what it needs; they may begin with `@loader_path` or `@executable_path`. */
  readonly rpaths: readonly string[];
  has(name: string): boolean;
}

export interface Need {
  readonly name: string;
  /** Whether its absence is taken. */
  readonly isWeak: boolean;
}
