// What a driver says of itself, as plain data beside its code: a tool reads it without running it, and a program knows it without loading
// the driver. Types only, and what they mean.

/** A driver's descriptor. It is plain data: literals, lists, objects, and constants that are such. */
export interface DriverDescriptor {
  /** Short, unique in a program: `rbd`. */
  readonly name: string;
  /** One line, for lists of drivers. */
  readonly description: string;
  /** The schemes of the addresses that it opens (RFC 3986, section 3.1): `['http', 'https']`. A driver has these, or `formats`. */
  readonly protocols?: readonly string[];
  /** The formats of files that it opens: `['dmg']`. */
  readonly formats?: readonly string[];
  /** How its formats are recognised, by data alone. */
  readonly probes?: readonly Probe[];
  /** Data cannot decide: its own `probe` is asked, which loads the driver, where nothing is certain before. */
  readonly needsCode?: boolean;
  /** The libraries behind it, by the name of their shims. */
  readonly shims?: Readonly<Record<string, ShimNeeds>>;
  /** The oldest version of the program that it works with: `1.2.0`. */
  readonly host?: string;
  /** What a user may set for it. */
  readonly options?: Readonly<Record<string, OptionDescriptor>>;
  /** How much the program needs it, for those who package the program. `recommended` unless given. */
  readonly priority?: Priority;
}

/** The words of the ELF dlopen metadata (UAPI group): without a `required` one the program does not work, a `recommended` one is installed
 *  by default, a `suggested` one where somebody asks for it. */
export type Priority = 'required' | 'recommended' | 'suggested';

/** What a driver needs of one library. */
export interface ShimNeeds {
  /** Functions and features without which it refuses the library. */
  readonly requires?: readonly string[];
  /** Functions and features that it uses where they are there. */
  readonly uses?: readonly string[];
  /** It works without this library, and does less. */
  readonly optional?: boolean;
  /** Of this library, for those who package the program. Unless given: the driver's, and for an optional one `suggested`. */
  readonly priority?: Priority;
}

/** A sign by which a format is recognised. */
export type Probe = BytesProbe | SuffixProbe;

/** Bytes at a place of the file. */
export interface BytesProbe {
  /** In bytes from the file's start; a negative one counts from its end. */
  readonly offset: number;
  /** In ASCII: `koly`. A probe has this or `hex`. */
  readonly text?: string;
  /** In hexadecimal digits: `89504e47`. */
  readonly hex?: string;
  /** The bits that count, in as many digits as `hex`. */
  readonly mask?: string;
  /** 1 to 100: how sure it is that the file has the format. 100 is certain, and nothing else is asked. */
  readonly score: number;
  /** Which of the driver's formats; the first unless given. */
  readonly format?: string;
}

/** The end of the file's name, in any case: a hint, which is never certain. */
export interface SuffixProbe {
  /** With its dot: `.dmg`. */
  readonly suffix: string;
  /** 1 to 99. */
  readonly score: number;
  readonly format?: string;
}

/** An option of a driver. Its values come as text from a command line, or as what its type says. */
export type OptionDescriptor = {
  /** One line. */
  readonly description: string;
  /** It must be given. */
  readonly required?: boolean;
  /** It is not shown: a password. */
  readonly secret?: boolean;
} & (
  | { readonly type: 'string'; readonly default?: string; readonly choices?: readonly string[] }
  | { readonly type: 'boolean'; readonly default?: boolean }
  /** A whole number, within limits. */
  | { readonly type: 'integer'; readonly default?: number; readonly minimum?: number; readonly maximum?: number }
  | { readonly type: 'number'; readonly default?: number; readonly minimum?: number; readonly maximum?: number }
  /** Bytes: `64K`, `1M`, `2G` in powers of 1024. */
  | { readonly type: 'size'; readonly default?: number; readonly minimum?: number; readonly maximum?: number }
);

/** The values of options: those without a default that need not be given are possibly undefined. */
export type OptionValues<O> = {
  readonly [K in keyof O]:
    | ValueOf<O[K]>
    | (O[K] extends { readonly default: unknown } | { readonly required: true } ? never : undefined);
};

type ValueOf<O> = O extends { readonly choices: readonly (infer C)[] }
  ? C
  : O extends { readonly type: 'string' }
    ? string
    : O extends { readonly type: 'boolean' }
      ? boolean
      : number;

/** A program that knows drivers. It is what a driver's `load` gets, with whatever else the program offers. */
export interface Host {
  readonly name: string;
  /** Numbers with dots: `1.2.0`, or `1.2.0-rc.1`. */
  readonly version: string;
}
