// What a driver's sources use of a shim: plain data, between reading them and judging what was read.

/** 1-based. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What stands before a use and says that something is there. */
export interface Guard {
  /** `has`: of a feature; `inspect`: of a feature or function in what inspect() reports; `check`: of a function or member itself. */
  readonly by: 'has' | 'inspect' | 'check';
  readonly feature?: string;
  /** A function, or `record.member`. */
  readonly name?: string;
}

/** How it stands there. `plain`: as the types have it; `optional`: behind `?.`; `check`: asked whether it is there, or handed on with its
 *  undefined; `assertion`: behind `!`; `cast`: behind `as`; `any`: of what is `any`; `call`: called though it may be undefined; `named`: by
 *  its name in a string, which throws where it is not there; `require`: open() fails without it; `write`: a member that is set. */
export type Form =
  | 'plain'
  | 'optional'
  | 'check'
  | 'assertion'
  | 'cast'
  | 'any'
  | 'call'
  | 'named'
  | 'require'
  | 'write';

/** `feature`: something asks whether it is there; `table`: the table of functions as a whole, out of the checker's sight. */
export type UseKind = 'required' | 'weak' | 'constant' | 'member' | 'feature' | 'table';

export interface Use {
  readonly kind: UseKind;
  /** Of a member `record.member`. */
  readonly name: string;
  readonly form: Form;
  /** Outermost first. */
  readonly guards: readonly Guard[];
  readonly place: SourcePlace;
}

/** A shim that is used, and what its types say of it. */
export interface ShimUse {
  /** The exported name, which is the library's: `librbd`. */
  readonly library: string;
  /** The file with its types. */
  readonly module: string;
  /** What the sources import it from. */
  readonly specifier: string;
  /** The functions that each feature stands for. */
  readonly features: ReadonlyMap<string, readonly string[]>;
  /** In the order of the files and their lines. */
  readonly uses: readonly Use[];
  /** Modules that the sources import, which use the shim as well and of which there are only declarations. */
  readonly unseen: readonly string[];
}
