// What open() was asked and what the environment says in, whether calls are traced and checked out. Tables of different modes are
// different objects over the same library.

/** How calls are made. */
export interface Modes {
  readonly trace: boolean;
  readonly check: boolean;
  /** Empty where calls are plain, and different for each other mode. */
  readonly key: string;
}

/** The option decides, else `DLSHIM_TRACE` and `DLSHIM_CHECK`: `1` for all libraries, or a list of their names (`librbd,libcurl`). */
export function modesOf(library: string, options: { readonly trace?: boolean; readonly check?: boolean } = {}): Modes {
  const trace = options.trace ?? isNamed(process.env.DLSHIM_TRACE, library);
  const check = options.check ?? isNamed(process.env.DLSHIM_CHECK, library);
  return { trace, check, key: `${trace ? '\0trace' : ''}${check ? '\0check' : ''}` };
}

function isNamed(setting: string | undefined, library: string): boolean {
  if (setting === undefined) return false;
  const words = setting.split(',').map((word) => word.trim());
  return words.some((word) => word === '1' || word === 'true' || word === library);
}
