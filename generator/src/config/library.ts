// LibraryConfig: what dlshim must be told of a library, because its headers do not say it. One `library.json` each.

import type { Feature } from '../model/features.ts';
import type { ConfiguredVersionCall } from '../model/version-call.ts';

export interface LibraryConfig {
  readonly $schema?: string | undefined;
  /** The identifier that the module exports, and the module's file name: `librbd` makes `librbd.ts`. */
  readonly name: string;
  /** The version of the headers; goes into the shim. */
  readonly version?: string | undefined;
  /** Headers to include, in order, as in `#include <…>`. */
  readonly headers: readonly string[];
  /** File names to load, in order of preference, per `process.platform`; by SONAME, without a folder. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** The platforms that the shim is for: `x86_64-linux-gnu`, `aarch64-linux-gnu`, `x86_64-apple-darwin`, `arm64-apple-darwin`,
   *  `x86_64-windows`. One that reads its headers by another name of these is found as well. Without it, the first. */
  readonly targets?: readonly string[] | undefined;
  /** Folders or files, below the search folders or this file's, whose declarations are the library's own, for example `rados/`.
   *  Without it: the entry headers, what they include with quotes, and what stands in their folder unless that is a search folder. */
  readonly own?: readonly string[] | undefined;
  /** Where the system is, as --sysroot has it: `builtin` for the C library that comes with dlshim, or folders relative to this file. */
  readonly sysroots?: readonly string[] | undefined;
  /** Further folders to search for headers, relative to this file. */
  readonly includeDirs?: readonly string[] | undefined;
  /** Modules of pkg-config whose include folders and macros the headers need. */
  readonly pkgConfig?: readonly string[] | undefined;
  /** `NAME` or `NAME=VALUE`. */
  readonly defines?: readonly string[] | undefined;
  /** The package that provides the library, per distribution; printed in errors. */
  readonly packages?: Readonly<Record<string, string>> | undefined;
  /** Of files whose packages have other names than that: by distribution and file, the names that its suites know, the newest first:
   *  `{ "debian": { "libcurl.so.4": ["libcurl4t64", "libcurl4"] } }`. Any other than the first file of `files` has none without it. `dlshim packaging` writes
   *  dependencies from these. */
  readonly filePackages?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> | undefined;
  /** The packages that provide its headers and what those include, per distribution. */
  readonly headerPackages?: Readonly<Record<string, readonly string[]>> | undefined;
  /** How the library tells its version: `{ "kind": "string", "symbol": "ssh_version", "argument": 0 }`; see VersionCall for the kinds.
   *  `constants` names the macros of the headers that have the same version, in the order of its parts, or one with the text; so a history tells
   *  what each version says of itself. Without them it says its version. */
  readonly versionCall?: ConfiguredVersionCall | undefined;
  /** Functions with `...` where a parameter decides what stands there: `"option"` names it, and `"types"` has, by the C type of the value, the
   *  options that take one. Of an enumeration: enumerators by name, by pattern with `*`, by number, and by ranges of numbers (`"10000..19999"`,
   *  `"0x100000..0x1fffff"`). Of an integer (`int`, `unsigned long`): macros and enumerators of the headers by name or pattern, and numbers,
   *  but no ranges. A name beats a pattern and that a range. `const char *` is text, which C copies. Any other pointer is an address that C
   *  keeps, unless a direction says that C touches memory during the call: `"out long *"`, `"in struct curl_blob *"`. Several values
   *  behind one option have commas between them: `"int, out int *"`. */
  readonly variadics?:
    | Readonly<Record<string, { readonly option: string; readonly types: Readonly<Record<string, readonly string[]>> }>>
    | undefined;
  /** Functions that every supported version has; when given, all others are weak. `*` stands for any characters. */
  readonly require?: readonly string[] | undefined;
  /** Functions that a supported version may lack. `*` stands for any characters. Members of features are weak as well. */
  readonly weak?: readonly string[] | undefined;
  /** What `has('writesame')` can be asked: named groups of functions that came together, or conditions that all hold: `symbols` (functions;
   *  `f@1.8.0` for one signature of a function that had several, `f@NAME_1.0` for a symbol version), `versions` of the library (`">=1.9.3 <6.0.0"`), what it
   *  has `reported` itself, and what the headers of its version have: `constants`, `members` of records (`"iscsi_url.transport"`), `layouts` as in some
   *  version (`{ "scsi_task": "1.20.0" }`); `any` of several, `not`. `*` stands for any characters in names of functions. Without a history these are weak. */
  readonly features?: Readonly<Record<string, Feature>> | undefined;
  /** Symbols whose presence tells that the installed library does not fit this shim, each with the reason: `open()` refuses. */
  readonly incompatible?: readonly { readonly symbol: string; readonly reason: string }[] | undefined;
  /** The SONAMEs that the shim fits, per `process.platform`: a file that calls itself otherwise is refused. */
  readonly sonames?: Readonly<Record<string, readonly string[]>> | undefined;
  /** What C does with what parameters point to, where it cannot be told from types, names and comments: by function (`*` stands for any
   *  characters) and parameter, as the module names it (`arg2` where the header does not). `in`, `out` or `inout`; an extent where C has one: `out[len]` (parameter `len` says how many elements, by
   *  its value or by what it points to), `out[size bytes]`, `in[=8]`. Then: `kept`, where C follows the pointer, or calls the function, after the call has returned (a function that it does not keep is `in`);
   *  `string`, NUL-terminated text that C only reads; `address`, what C itself has given out and nothing else (`out address`: what it writes behind a `**` are addresses, no strings); `user`, a pointer that C
   *  only hands on to a callback. Under `return`, which can be no parameter: `address`, a `const char *` that is no text; `string`, a `char *`
   *  that is text, and not the caller's to free. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  /** Whether a `typedef void *` is a handle, with a type of its own, where its name lets one think otherwise. */
  readonly handles?: Readonly<Record<string, boolean>> | undefined;
  /** The committed snapshot of the headers, relative to this file. */
  readonly snapshot?: string | undefined;
  /** The committed history, relative to this file: the facts of every version of the library that was seen (`dlshim history add`). With it the shim
   *  is generated from all versions since `baseline`, and `snapshot` is not needed. */
  readonly history?: string | undefined;
  /** The oldest version in the history that the shim is for. A function that all versions from there on have is required, any other weak.
   *  Without it, the history's first. */
  readonly baseline?: string | undefined;
  /** Globs of the TypeScript sources that use the shim, relative to this file: it carries what these use, and nothing else. */
  readonly usedBy?: readonly string[] | undefined;
  /** Names that it carries whatever the sources use; `*` stands for any characters. */
  readonly keep?: readonly string[] | undefined;
}
