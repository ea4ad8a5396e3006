// A driver's descriptor and code in, the driver out: the default export of a driver's module. It does no work and maps no native code.

import type { Loaded, Proved, Requirable, Shim } from '../types.ts';
import type { DriverDescriptor, OptionValues, ShimNeeds } from './descriptor.ts';

/** What drivers and the registry agree on. A driver of another one is refused as built for another version. */
export const DRIVER_FORMAT = 1;

// biome-ignore lint/suspicious/noExplicitAny: a shim of any library, whose own types are inferred
export type AnyShim = Shim<any, any, any, any, any>;

/** The names that a shim knows: its functions and features. */
type NamesOf<S> = S extends Shim<infer R, infer W, infer F, infer _C, infer _D> ? Requirable<R, W, F> & string : string;

/** The descriptor's `shims`: each shim of the code, with names that it has. */
type NeedsOf<S> = {
  readonly [K in keyof S]: Omit<ShimNeeds, 'requires' | 'uses'> & {
    readonly requires?: readonly NamesOf<S[K]>[];
    readonly uses?: readonly NamesOf<S[K]>[];
  };
};

type OpenedOf<S, N> =
  S extends Shim<infer R, infer W, infer F, infer C, infer D> ? Loaded<R, W, F, Proved<W, F, N>, C, D> : never;

/** The libraries that a driver's `load` gets: open, with what it requires; an optional one is possibly undefined. */
export type Libraries<D, S> = {
  readonly [K in keyof S]:
    | OpenedOf<S[K], RequiredOf<D, K>>
    | (D extends { readonly shims: { readonly [P in K]: { readonly optional: true } } } ? undefined : never);
};

type RequiredOf<D, K extends PropertyKey> = D extends {
  readonly shims: { readonly [P in K]: { readonly requires: readonly (infer N)[] } };
}
  ? N
  : never;

type OptionsOf<D> = D extends { readonly options: infer O } ? OptionValues<O> : Readonly<Record<never, never>>;

/** A driver at work. T: what it opens, an address or a file that is open; R: how, in the program's words; V: its options; O: what it gives. */
export interface LoadedDriver<T, R, V, O> {
  readonly open: (target: T, request: R, options: V) => Promise<O>;
  /** For a descriptor with `needsCode`: 0 to 100, how sure it is that the file has its format. */
  readonly probe?: (source: T) => number | Promise<number>;
}

/** H: the program that it asks for. The other letters are those of LoadedDriver. */
export interface Driver<H, T, R, V, O> {
  readonly format: number;
  readonly descriptor: DriverDescriptor;
  readonly shims: Readonly<Record<string, AnyShim>>;
  readonly load: (host: H, libraries: never) => LoadedDriver<T, R, V, O> | Promise<LoadedDriver<T, R, V, O>>;
}

export interface DriverCode<D, S, H, T, R, O> {
  /** The shims that the descriptor names: `{ librbd }`. */
  readonly shims?: S;
  /** Called once for each program of the process that opens something with the driver, when its libraries are open and have what the descriptor requires. It may
   *  refuse the program by throwing, best a `DriverRefusal`. */
  readonly load: (
    host: H,
    libraries: Libraries<D, S>,
  ) => LoadedDriver<T, R, OptionsOf<D>, O> | Promise<LoadedDriver<T, R, OptionsOf<D>, O>>;
}

/** Makes a driver: `export default defineDriver({ name: 'rbd', … }, { shims: { librbd }, load: (host: BlockHost, { librbd }) => … })`. */
export function defineDriver<
  const D extends DriverDescriptor & { readonly shims?: NeedsOf<S> },
  H,
  T,
  R,
  O,
  // biome-ignore lint/complexity/noBannedTypes: no shims, unless there are
  const S extends Readonly<Record<string, AnyShim>> = {},
>(descriptor: D, code: DriverCode<D, S, H, T, R, O>): Driver<H, T, R, OptionsOf<D>, O> {
  const { shims = {}, load } = code;
  return Object.freeze({ format: DRIVER_FORMAT, descriptor, shims, load: load as never });
}
