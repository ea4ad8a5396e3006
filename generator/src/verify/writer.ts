// The C file that verify compiles, as it is written: assertions, which a compiler accepts or denies, and probes, constants whose bytes
// are read back from the object. One fact a line, labelled.

import type { Target } from '../target.ts';

/** What a fact is about. */
export type FactKind =
  | 'signature'
  | 'variable'
  | 'typedef'
  | 'enumeration'
  | 'enumerator'
  | 'constant'
  | 'size'
  | 'alignment'
  | 'offset'
  | 'member'
  | 'bit-field';

export interface Fact {
  readonly kind: FactKind;
  readonly label: string;
  /** Why a compiler may be unable to tell; its refusal is no failure then. */
  readonly orElse?: string;
}

export interface Probe extends Fact {
  /** 16 characters that stand in the object in front of the bytes. */
  readonly mark: string;
  /** Where the bytes start behind the mark's first. */
  readonly offset: number;
  /** What must stand there. */
  readonly bytes: Uint8Array;
  /** Of a floating constant that is no number: any NaN is one. */
  readonly isNaN?: true;
}

export interface AssertionFile {
  /** With `DLSHIM_PROBES` defined it holds the probes, without it the assertions. */
  readonly text: string;
  /** By 1-based line. */
  readonly facts: ReadonlyMap<number, Fact>;
  readonly probes: ReadonlyMap<number, Probe>;
  /** The line of the one assertion that must fail. */
  readonly canary: number;
  /** The compiler that the headers were read as. */
  readonly compiler: Target['compiler'];
  /** Facts that C has no way to assert, with the reason. */
  readonly unasserted: readonly string[];
}

/** Characters of a mark: enough that no other bytes of an object are the same. */
const MARK = 16;

/** A line of C and what it is about; a probe has a mark. */
type Line = readonly [text: string, fact?: Fact | Probe];

export class AssertionWriter {
  readonly #lines: string[] = [];
  readonly #facts = new Map<number, Fact>();
  readonly #probes = new Map<number, Probe>();
  /** Of the section that is being written. */
  #assertions: Line[] = [];
  #constants: Line[] = [];
  #marks = 0;
  readonly unasserted: string[] = [];
  #canary = 0;

  /** A line that both ways of compiling need. */
  line(text: string): void {
    this.#lines.push(text);
  }

  /** `typedef` stands in front of the assertion; for `orElse` see Fact. */
  assert(
    kind: FactKind,
    condition: string,
    label: string,
    { typedef = '', orElse }: { readonly typedef?: string; readonly orElse?: string } = {},
  ): void {
    const message = label.replaceAll(/["\\]/g, "'");
    const fact: Fact = { kind, label, ...(orElse === undefined ? {} : { orElse }) };
    this.#assertions.push([`${typedef}_Static_assert(${condition}, "dlshim: ${message}");`, fact]);
  }

  /** A number that no other name of the file has. */
  nextName(): number {
    return this.#marks++;
  }

  /** A constant of a type; its bytes must be these. */
  probe(
    kind: FactKind,
    label: string,
    value: { readonly type: string; readonly initialiser: string; readonly align?: number },
    expected: { readonly bytes: Uint8Array; readonly isNaN?: true },
  ): void {
    const number = this.nextName();
    const mark = `dlshim:${String(number).padStart(MARK - 8, '0')};`;
    const declaration = `struct { char dlshim_mark[${MARK}]; ${value.type} dlshim_value; }`;
    const text = `const ${declaration} dlshim_${number} = { "${mark}", ${value.initialiser} };`;
    const align = value.align ?? 1;
    const offset = Math.ceil(MARK / align) * align;
    this.#constants.push([text, { kind, label, mark, offset, ...expected }]);
  }

  /** An assertion that must fail: a compiler that accepts it has not looked. */
  canary(): void {
    this.#lines.push('#ifndef DLSHIM_PROBES', '_Static_assert(0, "dlshim: canary");', '#endif');
    this.#canary = this.#lines.length - 1;
  }

  /** Writes out what was asserted since the last section. */
  section(): void {
    const put = ([text, fact]: Line): void => {
      this.#lines.push(text);
      if (!fact) return;
      if ('mark' in fact) this.#probes.set(this.#lines.length, fact);
      else this.#facts.set(this.#lines.length, fact);
    };
    const opened: Line[] = [['#ifndef DLSHIM_PROBES']];
    for (const line of [...opened, ...this.#assertions, ['#else'], ...this.#constants, ['#endif']]) put(line as Line);
    this.#assertions = [];
    this.#constants = [];
  }

  finish({ compiler }: Target): AssertionFile {
    this.section();
    return {
      text: `${this.#lines.join('\n')}\n`,
      facts: this.#facts,
      probes: this.#probes,
      canary: this.#canary,
      compiler,
      unasserted: this.unasserted,
    };
  }
}
