// The types that generated modules and their users see. Types only: nothing here exists at run time.

import type { CallbackError } from './calls/call-errors.ts';
import type { Finding } from './versions/inference.ts';

declare const pointee: unique symbol;
declare const handleName: unique symbol;
declare const argumentType: unique symbol;

/** An address in C memory of an object of type T. The null pointer is `null`. Pointers to different types do not mix. */
export type Pointer<T = unknown> = bigint & { readonly [pointee]: T };

/** An opaque handle that a library hands out as `void *` under a name of its own, for example `rbd_image_t`. */
export type Handle<Name extends string> = bigint & { readonly [handleName]: Name };

/** A C type whose members the header does not show; only pointers to it exist. */
export interface Opaque<Name extends string> {
  readonly [handleName]: Name;
}

/** Anything that a `void *` parameter takes. Memory of JavaScript's is valid for C during the call only. */
export type AnyPointer = Pointer | Handle<string> | ArrayBufferView | ArrayBuffer | null;

/** A `const char *` parameter: a string (copied, NUL-terminated, UTF-8), bytes that end in a NUL, or an address. Valid during the call only. */
export type CString = string | Uint8Array | Pointer | null;

/** Memory that C reads and writes: a typed array, an `ArrayBuffer`, or an address. No copy is made. Of the first two C has the memory during
 *  the call only; where the function's comment says that C keeps it, hold on to the array until C is done with it. */
export type Bytes = ArrayBufferView | ArrayBuffer | Pointer | null;
/** Memory that C only reads. Text goes in as `new TextEncoder().encode(text)`. */
export type InBytes = Bytes;
/** Memory that C fills. */
export type OutBytes = Bytes;

/** A pointer that C does not look behind, or that it gave out itself: no memory of JavaScript's. */
export type Address = Pointer | Handle<string> | null;

/** The memory of one or more records of type T: what `bytesOf(view)` and `type.bytes(count)` give. */
export type RecordBytes<T> = Uint8Array<ArrayBuffer> & { readonly [pointee]: T };

/** A parameter that points to an object of type T: an address, or the bytes of one (see `bytesOf`). */
export type PointerTo<T> = Pointer<T> | RecordBytes<T> | null;

/** A `T **` or `handle_t *` parameter: `const image: Cell<rbd_image_t> = [null]`, and after the call `image[0]`. */
export type Cell<T> = [T | null];
/** A pointer that C writes through: an array, filled after the call (what it holds before does not matter, its length does: one element
 *  for each that C writes), a typed array of that very type (no copy), or an address. */
export type Out<T, A = BigUint64Array> = (T | null)[] | A | Pointer | null;
/** A pointer that C reads and writes through: the same, and what the array holds before the call counts. */
export type InOut<T, A = BigUint64Array> = T[] | A | Pointer | null;
/** A pointer that C only reads through; nothing is written back. */
export type In<T, A = BigUint64Array> = readonly T[] | A | Pointer | null;
/** Numbers or addresses that C reads or writes after the call has returned: a typed array, to hold on to until C is done with it, or
 *  memory of `allocate`. A plain array would be a copy that is gone by then. */
export type Kept<A> = A | Pointer | null;
/** A list of strings that ends in null: `['-f', 'x', null]`. */
export type StringList = readonly [...string[], null] | BigUint64Array | Pointer | null;

/** A 64-bit integer as it arrives: `number` while it is below 2^53 in magnitude, else `bigint`; 2^53 itself is either. */
export type Int64 = number | bigint;

/** A function-pointer parameter. A plain function is valid during the call only; where C keeps the pointer,
 *  make one with `loaded.callback(...)`, which lives until `release`. */
export type Callback<F extends (...args: never[]) => unknown> = F | Pointer<F> | null;

/** A function pointer that C keeps and calls after the call has returned: one of `loaded.callback(...)`, which lives until `release`. */
export type KeptCallback<F extends (...args: never[]) => unknown> = Pointer<F> | null;

/** An argument behind `...` that says its C type: what `int(5)`, `double(1.5)` and their like make. */
export interface Argument {
  readonly [argumentType]: string;
}

/** One of the arguments behind `...`, which C reads by the type that it expects there: numbers say theirs (`int(5)`, `long(5)`,
 *  `double(1.5)`), strings, addresses and bytes stand as they are, and null is the null pointer. What C writes to is a typed array; a
 *  function is a pointer from `callback`. Not on the thread pool. */
export type Variadic = Argument | string | Pointer | Handle<string> | ArrayBufferView | ArrayBuffer | null;

/** What stands behind `...` where an option O decides it: the value that T has for O; for an option that T does not know, newer than the
 *  shim, arguments that say their type. */
export type OptionValue<T, O> = O extends keyof T ? (T[O] extends Values<infer V> ? V : [value: T[O]]) : Variadic[];

/** Several values that stand behind one option, `Values<[number, Out<number>]>`. */
export interface Values<V extends unknown[]> {
  readonly values: V;
}

/** An integer parameter or member of an enumeration: its enumerators are proposed, other values of C's are allowed. */
export type Enum<Known extends number> = Known | (number & {});

type AnyFunction = (...args: never[]) => unknown;

/** The function that parameter number I of the function F takes; `never` when that parameter is not a function. */
export type CallbackOf<F, I extends number> = F extends (...args: infer A) => unknown ? FunctionOf<A[I]> : never;

/** The function behind a parameter, a named type, or a member that points to one. */
export type FunctionOf<P> = P extends AnyFunction ? P : P extends Pointer<infer F> ? Extract<F, AnyFunction> : never;

/** The weak functions that one feature proves. For a union of features: those of either, so that nothing is proved too much. */
export type Gained<W, F extends { [K in keyof F]: keyof W }, K> = K extends keyof F ? Pick<W, F[K]> : never;

/** Features that stand for no functions: what they prove does not change the type of a table. */
export type PlainFeature<F> = { [K in keyof F]: [F[K]] extends [never] ? K : never }[keyof F];

/** The functions of a table, each on the thread pool and returning a promise; variadic ones are not there. */
export type Async<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? Later<A, R>
    : T[K] extends ((...args: infer A) => infer R) | undefined
      ? Later<A, R> | undefined
      : never;
};

/** A function with `...` has no number of parameters, and no call on the thread pool. */
type Later<A extends unknown[], R> = number extends A['length'] ? never : (...args: A) => Promise<R>;

/** A function of C's as it is called: where it takes a pointer, bytes do too. */
export type Callable<F> = F extends (...args: infer A) => infer R
  ? (...args: { [I in keyof A]: A[I] extends Pointer | null ? A[I] | ArrayBufferView : A[I] }) => R
  : never;

/** A loaded library. R: required functions; W: weak ones; F: features, each naming the weak functions it stands for;
 *  Have: what `has` and `require` have proved; C: function types by name; D: data symbols. */
export interface Loaded<R, W, F extends { [K in keyof F]: keyof W }, Have = unknown, C = object, D = object> {
  /** The function table. A required function is called plainly; a weak one is possibly undefined. */
  readonly fn: R & Partial<W> & Have;
  /** The same table on libuv's thread pool. Arguments must stay alive and unchanged until the promise settles. */
  readonly async: Async<R & Partial<W> & Have>;
  /** Whether the installed library has a feature; narrows `fn` and `async`. Where that cannot be decided, because nothing tells which of
   *  several versions is installed: `otherwise`, and without it an UndecidedError that says what would decide it. */
  has<K extends PlainFeature<F>>(feature: K, otherwise?: boolean): boolean;
  has<K extends keyof F>(feature: K, otherwise?: boolean): this is Loaded<R, W, F, Have & Gained<W, F, K>, C, D>;
  /** The value that a constant has in the installed version, of those whose value is not the same in all versions; undefined where it
   *  has no such constant. Throws an UndecidedError where it cannot be decided, and a TypeError for a name that is no such constant. */
  constant(name: string): number | bigint | string | undefined;
  /** Makes a C function of a JavaScript one, of the type that parameter number `index` (from 0) of the named function takes.
   *  C may keep it and call it at any time and from any thread; it runs on this JavaScript thread, at once where a call of this
   *  thread calls it, else when its event loop turns: a foreign thread waits for that. It does not keep the process alive.
   *  Where it throws, or returns what C cannot take, C sees 0; the error goes to the call of a function with callbacks that it ran
   *  in, else to the 'error' listeners (see `on`). It lives until `release`; the same function made twice is two, each to be
   *  released. A process has room for 8,192, and C must not call one whose worker has ended. */
  callback<N extends keyof R | keyof W, const I extends number>(
    name: N,
    index: I,
    callback: CallbackOf<(R & W)[N], I>,
  ): Pointer<CallbackOf<(R & W)[N], I>>;
  /** The same, of a type by its name: `'rbd_callback_t'`, or a member that points to a function, `'z_stream.zalloc'`, by any name of its record. For members of
   *  records and for arguments behind `...`. */
  callback<const N extends keyof C>(type: N, callback: FunctionOf<C[N]>): Pointer<FunctionOf<C[N]>>;
  /** The function at an address, of a type by its name: what C hands out, such as a table of functions in a record. It is called as
   *  those of `fn` are, its memory parameters as a callback has them: strings go as bytes. Keep it: each call of this makes another.
   *  Throws a TypeError for null. An address of another type's function is undefined behaviour. */
  functionAt<const N extends keyof C>(type: N, pointer: Pointer<FunctionOf<C[N]>> | null): Callable<FunctionOf<C[N]>>;
  /** The library's data symbols: each reads what C has there now, and where it is not const may be set. Those that the installed library
   *  lacks are undefined. Arrays and records are views of C's memory, those that are const copies; what has no known size is its
   *  address. */
  readonly data: D;
  /** Where a function or a data symbol of the library is: for parameters and members that point to one. Throws a TypeError for one that
   *  the library lacks. */
  addressOf<N extends keyof R | keyof W>(name: N): Pointer<Extract<(R & W)[N], AnyFunction>>;
  addressOf<N extends keyof D>(name: N): Pointer<D[N]>;
  /** Ends a function that `callback` made, once it is not running: it may release itself. C must not call it any more; a call that
   *  comes all the same gets 0 and is an 'error', as long as the place in memory is not used for another one. Throws a ReleaseError
   *  for what is no live callback. */
  release(callback: Pointer<AnyFunction>): void;
  /** Hears of callbacks that failed outside of any call: as with an EventEmitter, an error that nobody listens to is an
   *  uncaughtException. A CallbackError says which one, and its `cause` what was thrown. */
  on(event: 'error', listener: (error: CallbackError) => void): void;
  /** Removes a listener of `on`. */
  off(event: 'error', listener: (error: CallbackError) => void): void;
}

/** Names that `open({ require })` takes: weak functions and features. */
export type Requirable<R, W, F> = keyof R | keyof W | keyof F;

/** The weak functions that a list of names proves. */
export type Proved<W, F extends { [K in keyof F]: keyof W }, N> = Pick<W, Extract<N, keyof W> | F[Extract<N, keyof F>]>;

export interface OpenOptions<N = never> {
  /** Fail unless all of these are present. */
  readonly require?: readonly N[];
  /** Load this file and no other: an absolute path, or a bare file name for the system's loader to search. It comes before the
   *  environment's override. */
  readonly path?: string;
  /** Print each call to stderr, with its arguments and result. Unless given: what DLSHIM_TRACE says. */
  readonly trace?: boolean;
  /** Check each call's arguments, and throw an ArgumentError before C reads wrong ones. Unless given: what DLSHIM_CHECK says. */
  readonly check?: boolean;
  /** `false`: bind the library's names the ordinary way, to those of the `node` executable first. Otherwise, with glibc, the library
   *  prefers its own dependencies. It matters to the first `open()` of the process: a library that is loaded stays as it is. */
  readonly deepBind?: boolean;
  /** The library's version, where you know it and nothing tells it: it decides what otherwise cannot be. Refused where what the library
   *  shows contradicts it. Without it: what the environment says, `DLSHIM_LIBRBD_VERSION` for librbd. It counts for the thread. */
  readonly assumeVersion?: string;
}

/** One file that was tried, and what the loader said of it. */
export interface Attempt {
  /** The name or path that was handed to the loader. */
  readonly file: string;
  /** Where the name came from: the shim's own list, `open({ path })`, or the environment variable. */
  readonly from: 'shim' | 'option' | 'environment';
  /** The loader's own words; undefined when it loaded, or was found where files alone are looked at. */
  readonly error?: string;
  /** False where it was found and not loaded: `inspect({ load: false })`. */
  readonly loaded?: false;
  /** What else is worth knowing, for example that LD_LIBRARY_PATH has a file of this name. */
  readonly note?: string;
}

/** What `inspect()` is to look into. */
export interface InspectOptions {
  /** `false`: look at the files, and load nothing. Says what `open()` would find, as far as files can tell: see `undetermined`. What a
   *  test pretends of a library is looked at as `open()` does. */
  readonly load?: boolean;
  /** Look at this file and no other, as `open({ path })` does. */
  readonly path?: string;
  /** With `load: false`: read every file that loading would bring in. Otherwise a library in one of the system's own folders is taken to
   *  be put there whole: the files that it names have to be there, and what these need in turn is not looked at. */
  readonly dependencies?: boolean;
  /** Tell of each symbol which file provides it. It costs some microseconds for each. */
  readonly symbols?: boolean;
}

/** The file that provides a symbol. */
export interface SymbolSource {
  readonly file: string | undefined;
  /** The library itself; a file that it needs (librados for librbd); or one that nothing in it asks for. */
  readonly from: 'library' | 'dependency' | 'unexpected';
  /** Another file that has a symbol of this name, and comes first for the rest of the process: `node` itself, or one from LD_PRELOAD.
   *  Calls of the shim do not go there; calls from one function of the library to another do, unless it is bound deep. */
  readonly shadowedBy?: string;
}

/** Which version is installed, as far as that can be told. */
export interface InstalledVersions {
  /** In words: `1.20.0`, `1.18.0 to 1.19.0`, `between 1.18.0 and 1.19.0`, `newer than 1.20.0`. */
  readonly text: string;
  /** The version, where only one is possible. */
  readonly exact: string | undefined;
  /** A known version that it is not older than. */
  readonly since: string | undefined;
  /** A known version that it is not newer than. */
  readonly until: string | undefined;
  /** What was seen, and the versions that each allows. */
  readonly evidence: readonly Finding[];
  /** Where evidence contradicts itself, or is of no known version. */
  readonly warnings: readonly string[];
}

/** What `inspect()` reports; it never throws. */
export interface Inspection<R, W, F, D = object> {
  readonly library: string;
  /** Of a library that was not loaded: `loadable` where nothing in its files speaks against it, `unknown` where only loading tells
   *  whether it is there (libraries of macOS itself have no files). */
  readonly status: 'absent' | 'rejected' | 'incompatible' | 'loaded' | 'loadable' | 'unknown';
  /** The library's own version, when it tells one. */
  readonly version: string | undefined;
  /** Which of the known versions it is or may be; undefined where the shim knows of none. */
  readonly versions: InstalledVersions | undefined;
  /** Of each record that is not laid out in the same way in all versions: whose layout it has. */
  readonly layouts: Readonly<Record<string, string>>;
  /** Of each function that does not take the same in all versions: whose signature it has. */
  readonly signatures: Readonly<Record<string, string>>;
  /** The version of the headers that the shim was generated from. */
  readonly shimVersion: string;
  /** The file that provides it, as the loader resolved it. */
  readonly path: string | undefined;
  /** What the file calls itself, for example `librbd.so.1`. ELF only. */
  readonly soname: string | undefined;
  /** The file's build id, in hexadecimal digits: the one that debuggers and crash reports name. ELF only. */
  readonly buildId: string | undefined;
  /** With `inspect({ load: false })`: what the file says of its version. Mach-O (the current version) and PE (the version resource) only. */
  readonly fileVersion?: string;
  /** Whether it was bound deep: to its own dependencies before the executable. Undefined where something else had loaded it before. */
  readonly deepBound: boolean | undefined;
  readonly attempts: readonly Attempt[];
  /** Functions and data symbols. */
  readonly present: readonly (keyof R | keyof W | keyof D)[];
  readonly missing: readonly (keyof R | keyof W | keyof D)[];
  /** Functions of one signature, of which nothing tells whether the installed version has that one. */
  readonly undecided: readonly (keyof W)[];
  /** The missing ones that are required. */
  readonly missingRequired: readonly (keyof R | keyof D)[];
  /** Undefined where it cannot be decided. */
  readonly features: { readonly [K in keyof F]: boolean | undefined };
  /** Of each feature, why it is there or not. */
  readonly reasons: { readonly [K in keyof F]: string };
  /** With `inspect({ symbols: true })`: where each symbol that is present comes from. */
  readonly symbols?: { readonly [K in keyof R | keyof W | keyof D]?: SymbolSource };
  /** With `inspect({ symbols: true })`: the symbols that come from an unexpected file, or that another file shadows. */
  readonly unexpected?: readonly (keyof R | keyof W | keyof D)[];
  /** With `inspect({ load: false })`: what only a loaded library tells, in words. */
  readonly undetermined?: readonly string[];
  /** Why it is not loaded. */
  readonly error: Error | undefined;
}

/** A library that may be old, new or absent. Importing one maps no native code. */
export interface Shim<R, W, F extends { [K in keyof F]: keyof W }, C = object, D = object> {
  // The plain form comes last: `ReturnType<typeof shim.open>` takes the last overload, and has to prove nothing.
  /** Loads the library at the first call and returns the same object ever after. Throws a ShimError. It is never unloaded. */
  open<const N extends Requirable<R, W, F> = never>(options: OpenOptions<N>): Loaded<R, W, F, Proved<W, F, N>, C, D>;
  open(): Loaded<R, W, F, unknown, C, D>;
  /** Like `open`, but `undefined` where the library is absent. Rejected or incompatible libraries still throw. */
  tryOpen<const N extends Requirable<R, W, F> = never>(
    options: OpenOptions<N>,
  ): Loaded<R, W, F, Proved<W, F, N>, C, D> | undefined;
  tryOpen(): Loaded<R, W, F, unknown, C, D> | undefined;
  /** Like `open`, and the same object; the event loop turns while the system's loader is at work. So a library whose constructors take long
   *  holds up what needs it, and nothing else.
   *
   *  Its constructors run on a thread of libuv's pool, one library after the other: the loader has one lock. Who asks the loader for something
   *  meanwhile waits for that lock, and blocks the event loop: `open`, and `inspect` that loads, of other libraries, Node's own addons. Libraries
   *  that are open already are used freely. The load keeps the process alive, and cannot be called off; `process.exit()` does not wait for it, and
   *  ends the process without the handlers of atexit(3).
   *
   *  In worker threads and on Windows it blocks as `open` does: there a process would not end with such a load under way. */
  openAsync<const N extends Requirable<R, W, F> = never>(
    options: OpenOptions<N>,
  ): Promise<Loaded<R, W, F, Proved<W, F, N>, C, D>>;
  openAsync(): Promise<Loaded<R, W, F, unknown, C, D>>;
  /** Like `openAsync`, but `undefined` where the library is absent. */
  tryOpenAsync<const N extends Requirable<R, W, F> = never>(
    options: OpenOptions<N>,
  ): Promise<Loaded<R, W, F, Proved<W, F, N>, C, D> | undefined>;
  tryOpenAsync(): Promise<Loaded<R, W, F, unknown, C, D> | undefined>;
  /** What is installed and what it offers. Loads the library if it can, and never throws. It does not open: a later
   *  `open({ path })` may still take another file. */
  inspect(options?: InspectOptions): Inspection<R, W, F, D>;
}

export type { AnyFunction, Finding };
