// The contract between a generated module and the runtime: plain data, no code, no koffi types.
// The generator prints it, the runtime reads it. A change that old runtimes cannot read raises FORMAT.
//
// Signature text, one line per function, lowered to the target's ABI:
//
//   signature  = result '(' [parameter {',' parameter}] [',' '...'] ')'
//   result     = type
//   parameter  = [direction ':'] type [extent]
//   direction  = 'in' | 'out' | 'inout'    a pointer to `type`: C reads what it points to, writes it, or both
//   extent     = '[' N ']'                 C touches as many elements as parameter number N says (from 0): its value, or what it
//                                          points to
//              | '[' N 'b]'                the same in bytes
//              | '[=' K ']'                always K elements
//   type       = void | bool | i8 u8 i16 u16 i32 u32 i64 u64 | f32 f64 | char | ptr | str
//              | '@' name                  a handle of that name
//              | '*' name                  a pointer to the record of that name, whose members may be unknown
//              | 'fn<' signature '>'       a pointer to a function
//              | '{' name '}'              a record by value; records[name] has its layout; behind a direction: memory of such records
//
//   char       an element of text; behind a direction only
//   ptr        any object pointer: an address, or memory of JavaScript's for the time of the call
//   str        const char *: as a parameter a string, bytes, or an address; as a result it is copied to a string
//   in:T       const T *: an array, a typed array, or an address; not written back
//   out:T      T *: an array or typed array that the call fills; what it held before is not handed over
//   inout:T    T *: handed over and written back
//
// Memory of char, i8, u8, void and records goes to C as it is, without a copy.

// A module for several targets has, where they differ, an object in the place of a value: the value of each target by its name, and
// under `*` the value of all the others.

/** The version of this contract. Since 2 a module may serve several targets; since 3 signatures have `out`, extents and names; since 4
 *  it knows of versions. */
export const FORMAT = 4;

/** A value of all targets, or one of each. */
export type PerTarget<T> = T | Readonly<Record<string, T>>;

/** How one member of a record is laid out:
 *  [type, offset in bytes]; a bit-field: [type, offset in bits, width in bits]; an array: `type[n]`, `type[n][m]`.
 *  `char[n]` reads as a string up to its NUL; a nested record is `{name}`. `type[]`, at the end of a record only, is a flexible array
 *  member; `fn<…>` a pointer to a function. */
export type FieldDescriptor = readonly [type: string, offset: number, bits?: number];

/** A record's layout: size and alignment in bytes, and its members in order of declaration. */
export interface RecordDescriptor {
  readonly kind: 'struct' | 'union';
  readonly size: PerTarget<number>;
  readonly align: PerTarget<number>;
  readonly fields: Readonly<Record<string, PerTarget<FieldDescriptor>>>;
}

const KEY = Symbol.for('@dlshim/descriptor/1');

/** Notes the descriptor of a shim, for the tests of its users. */
export function setDescriptor(shim: object, descriptor: ShimDescriptor): void {
  Object.defineProperty(shim, KEY, { value: descriptor });
}

/** The descriptor of a shim, of whatever copy of the runtime; undefined for what is none. */
export function descriptorOf(shim: object): ShimDescriptor | undefined {
  return (shim as { readonly [KEY]?: ShimDescriptor })[KEY];
}

/** What stands behind `...` of a function where one of its parameters, an option, decides it: the type of a parameter, and the options
 *  that take such a value. There `ptr`, `@name` and `*name` are addresses that C keeps beyond the call. */
export interface VariadicDescriptor {
  /** The number of the option among the parameters, from 0. */
  readonly parameter: number;
  /** The type of an option's value; of several, with `, ` between them. */
  readonly types: readonly (readonly [type: PerTarget<string>, options: Readonly<Record<string, number | bigint>>])[];
}

/** How a library tells its own version: a function that gives it as text (`string`), as a number (`number`:
 *  major * 1,000,000 + minor * 1,000 + patch, through a pointer to unsigned long), through three pointers to int
 *  (`triple`), or in members of a record (`record`: the result points to one, or where there is no `argument`, C fills it).
 *  `functions`: three functions without parameters, each for one part. */
export type VersionCall =
  | { readonly kind: 'triple' | 'number'; readonly symbol: string }
  /** `argument`: the int that it takes; `until`: what the version ends before, where more follows. */
  | { readonly kind: 'string'; readonly symbol: string; readonly argument?: number; readonly until?: string }
  | {
      readonly kind: 'record';
      readonly symbol: string;
      readonly argument?: number;
      readonly record: string;
      readonly members: readonly string[];
    }
  | { readonly kind: 'functions'; readonly symbol: string; readonly others: readonly string[] };

/** Versions, by known ones: ranges with commas between them, each `first..last`, or `first..` up to the newest one and whatever comes
 *  after it, or a single version. What still holds in the newest one has an open end: of what comes after a closed one nobody knows. Both ends belong to the range, and what lies between two known versions that do. */
export type Ranges = string;

/** What is known of the versions of a library: what tells them apart, and since when until when its symbols are there. */
export interface HistoryDescriptor {
  /** Oldest first. */
  readonly versions: readonly string[];
  /** The oldest one that the shim fits: an older one is refused. */
  readonly baseline: string;
  /** What `versionCall` says in each of them, where that is not the version itself (librbd 16.2.15 says 1.16.0); null where it is not
   *  known, or the call is not there. */
  readonly reported?: readonly (string | null)[];
  /** What the files of each call themselves, on ELF systems; empty where it is not known. */
  readonly sonames?: readonly (readonly string[])[];
  /** Symbols that some of the versions have: by the ranges in which the library exports them. Names of the linker's, or
   *  `symbol@VERSION` for a version of one. */
  readonly symbols: Readonly<Record<Ranges, readonly string[]>>;
}

/** What holds in some versions. */
export type Era<T> = readonly [versions: Ranges, value: T];

/** A slot of the table that stands for one signature of a function which had several, for example `glfs_ftruncate@3.4.0`. */
export interface AlternativeDescriptor {
  /** The function's name. The newest signature has a slot of that name. */
  readonly of: string;
  /** Where the function has this signature. */
  readonly versions: Ranges;
  /** The symbol version that has it whatever the library's own is: dlvsym(3) with this one is right wherever it finds something. */
  readonly symbolVersion?: string;
}

/** When a feature is there: all conditions that are given hold. A list of symbols alone is a gate as well. */
export interface GateDescriptor {
  /** Functions of the shim, alternatives among them, or `symbol@VERSION` for a version of a symbol. */
  readonly symbols?: readonly string[];
  /** The library's version, as `history.versions` counts: `>=1.9.3 <6.0.0`, conditions with blanks between them that all hold. */
  readonly versions?: string;
  /** The same of what `versionCall` says. */
  readonly reported?: string;
  /** Facts of headers, in words, by the versions that have them: enumerators, constants, members, layouts. */
  readonly facts?: Readonly<Record<string, Ranges>>;
  /** At least one of these. */
  readonly any?: readonly Gate[];
  /** Not this one. */
  readonly not?: Gate;
}

export type Gate = readonly string[] | GateDescriptor;

/** What a generated module hands to defineShim. */
export interface ShimDescriptor {
  /** FORMAT of the generator that wrote it. */
  readonly format: number;
  /** The library's name, for example `librbd`. Also names its override: DLSHIM_LIBRBD. */
  readonly library: string;
  /** The version of the headers it was generated from. */
  readonly version: string;
  /** A digest of what the runtime acts on, so that two copies of one shim can be told from two different shims. */
  readonly stamp: string;
  /** The target whose ABI the signatures and layouts follow, for example `x86_64-linux-gnu`; or several. */
  readonly target: string | readonly string[];
  /** File names to load, in order of preference, per `process.platform`. Searched by the loader, never in the current folder. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** The package that provides the library, per distribution: { debian: 'librbd1', fedora: 'librbd1', … }. */
  readonly packages: Readonly<Record<string, string>>;
  /** Of files whose packages have other names: by distribution and file, the newest first: { debian: { 'libcurl.so.4': ['libcurl4t64', 'libcurl4'] } }. */
  readonly filePackages?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Symbols that betray a version which the shim does not fit, such as one with other record layouts under the same file name:
   *  where one of them is present, `open()` fails with its reason. */
  readonly incompatible?: readonly { readonly symbol: string; readonly reason: string }[];
  /** The SONAMEs that the shim fits, per `process.platform`, where other versions have other ones and other layouts: a file that
   *  calls itself otherwise is refused before it is loaded. */
  readonly sonames?: Readonly<Record<string, readonly string[]>>;
  /** Symbols without which `open()` fails: name -> signature. */
  readonly required: Readonly<Record<string, PerTarget<string>>>;
  /** Symbols that may be missing: name -> signature. */
  readonly weak: Readonly<Record<string, PerTarget<string>>>;
  /** The linker's names of functions whose headers give them another one with an asm label: name -> symbol; of alternatives too, where theirs is
   *  another one. */
  readonly symbols?: Readonly<Record<string, PerTarget<string>>>;
  /** Named features, each with what it takes. */
  readonly features: Readonly<Record<string, Gate>>;
  /** Layouts of the records that signatures and fields mention. */
  readonly records: Readonly<Record<string, RecordDescriptor>>;
  /** Function types by name: name -> signature. */
  readonly callbacks?: Readonly<Record<string, PerTarget<string>>>;
  /** Other names of records that have members which point to functions: name -> the record's. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Data symbols without which `open()` fails: name -> the type of a member, behind `const ` where C may not write it; `void` for what
   *  has no known size. */
  readonly data?: Readonly<Record<string, PerTarget<string>>>;
  /** Data symbols that may be missing. */
  readonly weakData?: Readonly<Record<string, PerTarget<string>>>;
  /** Variadic functions with options: name -> what each option takes. */
  readonly variadics?: Readonly<Record<string, VariadicDescriptor>>;
  /** How the library tells its own version, when it can. */
  readonly versionCall?: VersionCall;
  /** What is known of the library's versions. */
  readonly history?: HistoryDescriptor;
  /** Records whose layout is not the same in all versions: by name, oldest era first, the key of `records` that has the layout (the
   *  newest stands under the name itself); null where there is no such record. Layouts name others by their plain names: those of the
   *  same version are meant. */
  readonly layouts?: Readonly<Record<string, readonly Era<string | null>[]>>;
  /** Functions, and function types of `callbacks`, whose signature is not the same in all versions while its TypeScript type is: the eras in
   *  which it is another one than that in `required`, `weak` or `callbacks`; of a function type null where its TypeScript type is another
   *  one as well: there it cannot be used by its name. */
  readonly signatures?: Readonly<Record<string, readonly Era<PerTarget<string> | null>[]>>;
  /** Slots of `weak` that stand for one signature each of functions which had several. */
  readonly alternatives?: Readonly<Record<string, AlternativeDescriptor>>;
  /** Constants and enumerators whose value is not the same in all versions: every era. */
  readonly constants?: Readonly<Record<string, readonly Era<number | bigint | string>[]>>;
}
