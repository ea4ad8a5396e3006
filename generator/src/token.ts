// The spine types of the preprocessor: Token, SourceFile, Macro, TranslationUnit.
// Names follow C11 6.4 (preprocessing tokens) and 6.10.3 (macro replacement).

/** A file that was read, once per path. */
export interface SourceFile {
  /** The path as opened: as given for an entry header, else the search folder joined with the name (`..` folded). */
  readonly path: string;
  readonly text: string;
  /** How it was first included: '"', '<', or 'entry' for a header named by the user. */
  readonly included: 'entry' | 'quote' | 'angle';
  /** The file that first included it; undefined for an entry header. */
  readonly includedFrom: SourceFile | undefined;
  /** The search folder it was found in; undefined when found beside its includer or given as a path. */
  readonly searchDir: string | undefined;
}

export type TokenKind = 'identifier' | 'number' | 'character' | 'string' | 'punctuator' | 'other';

/** A preprocessing token after expansion. `file` and `offset` say where a person would look for it:
 *  for a token that came out of a macro, the place where the outermost macro was invoked. */
export interface Token {
  readonly kind: TokenKind;
  /** The spelling, line splices removed. */
  readonly text: string;
  readonly file: SourceFile;
  /** Offset into `file.text`, in UTF-16 code units. */
  readonly offset: number;
  /** True when white space or a new line came before it. */
  readonly space: boolean;
  /** Whether the token came out of a macro expansion. */
  readonly fromMacro: boolean;
}

/** A macro that is still defined at the end of the translation unit. */
export interface Macro {
  readonly name: string;
  /** Undefined for an object-like macro. The variable part of a variadic macro is the last one: `__VA_ARGS__`, or
   *  the name that GNU's `args...` gives it. */
  readonly parameters: readonly string[] | undefined;
  readonly variadic: boolean;
  readonly body: readonly Token[];
  /** Where it was defined; undefined for predefined and command-line macros. */
  readonly file: SourceFile | undefined;
  readonly offset: number;
}

/** What the preprocessor hands to the parser. */
export interface TranslationUnit {
  /** In the order of first inclusion. */
  readonly files: readonly SourceFile[];
  /** Every token outside directives, macros expanded; `_Pragma` and `#pragma pack` appear as pragmas. */
  readonly tokens: readonly Token[];
  /** `#pragma` lines that change meaning (pack, push_macro are handled; others ignored), each before tokens[index]. */
  readonly pragmas: readonly { readonly index: number; readonly tokens: readonly Token[] }[];
  readonly macros: ReadonlyMap<string, Macro>;
  /** Expand an object-like macro's body fully with the final macro table, as if its name stood after the last line. */
  expand(name: string): readonly Token[];
}

/** A token inside the preprocessor. One class, so that every token has one shape. */
export class PpToken implements Token {
  declare readonly kind: TokenKind;
  declare readonly text: string;
  declare readonly file: SourceFile;
  declare readonly offset: number;
  declare readonly space: boolean;
  declare readonly fromMacro: boolean;
  /** Whether its macro was being replaced when it was met: it is never replaced again (C11 6.10.3.4p2). */
  declare readonly painted: boolean;

  constructor(
    kind: TokenKind,
    text: string,
    file: SourceFile,
    offset: number,
    space: boolean,
    fromMacro: boolean,
    painted = false,
  ) {
    this.kind = kind;
    this.text = text;
    this.file = file;
    this.offset = offset;
    this.space = space;
    this.fromMacro = fromMacro;
    this.painted = painted;
  }

  /** The same token with or without white space before it. */
  spaced(space: boolean): PpToken {
    if (this.space === space) return this;
    return new PpToken(this.kind, this.text, this.file, this.offset, space, this.fromMacro, this.painted);
  }

  paint(): PpToken {
    return new PpToken(this.kind, this.text, this.file, this.offset, this.space, this.fromMacro, true);
  }
}
