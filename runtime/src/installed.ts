// A library that is loaded in, which version it may be and what follows from that out: found out when somebody asks, and kept. What a
// test pretends is taken into account here. The reasoning itself is in versions/.

import type { HistoryDescriptor, ShimDescriptor } from './contract/descriptor.ts';
import type { Resident } from './loading/residency.ts';
import { isVersionIn, lackingIn, selfOf } from './presence.ts';
import { versionOf } from './version.ts';
import { doubt, interval } from './versions/conditions.ts';
import { type Evidence, type Inference, infer } from './versions/inference.ts';
import { shownBy } from './versions/shown.ts';
import { timelineOf } from './versions/timeline.ts';

/** What can be found out about the version of a library. */
export class Installed {
  readonly #descriptor: ShimDescriptor;
  readonly #resident: Resident;
  /** The version that it is said to be. */
  readonly assumed: string | undefined;
  #inferred: { readonly value: Inference | undefined } | undefined;
  #real: { readonly value: Inference | undefined } | undefined;
  #reported: { readonly value: string | undefined } | undefined;

  constructor(descriptor: ShimDescriptor, resident: Resident, assumed: string | undefined) {
    this.#descriptor = descriptor;
    this.#resident = resident;
    this.assumed = assumed;
  }

  /** What the version call says; or what a test makes it say. */
  reported(): string | undefined {
    const { disguise } = this.#resident;
    const { history } = this.#descriptor;
    if (disguise?.version !== undefined) return disguise.version;
    if (disguise?.like !== undefined && history) return this.#shown(history, disguise.like).reported;
    return this.#told();
  }

  /** Which versions are possible. Undefined where nothing is known of any. */
  inference(): Inference | undefined {
    this.#inferred ??= { value: this.#infer() };
    return this.#inferred.value;
  }

  /** Which layouts and signatures are possible: those of the functions that are called. A test can pretend another version, not another
   *  library. */
  eras(): Inference | undefined {
    const { disguise } = this.#resident;
    const pretended = this.inference();
    if (!disguise || disguise.functions || !pretended) return pretended;
    const real = this.#inferReal()!;
    if (disguise.like === undefined) return real;
    const union = (which: 'places' | 'fitting') =>
      [...new Set([...pretended[which], ...real[which]])].sort((a, b) => a - b);
    return { ...pretended, places: union('places'), fitting: union('fitting'), isStrange: real.isStrange };
  }

  /** Which versions are possible of what the slots of the table stand for: what is pretended, where that is a version of the shim's. A word or
   *  a missing function changes none. */
  slots(): Inference | undefined {
    const { disguise } = this.#resident;
    return disguise?.like !== undefined ? this.inference() : this.eras();
  }

  /** Whether it is older than the oldest version that the shim fits. One symbol that only newer ones have proves the contrary, and then
   *  nothing else is asked for. */
  isTooOld(isThere: (symbol: string) => boolean): boolean {
    const { history } = this.#descriptor;
    const { disguise } = this.#resident;
    if (!history || (disguise && disguise.like === undefined)) return false;
    if (disguise || this.assumed !== undefined) return this.inference()!.fitting.length === 0;
    const { versions, symbols } = history;
    const baseline = timelineOf(versions).placeOf(history.baseline);
    for (const [ranges, names] of Object.entries<readonly string[]>(symbols)) {
      const [oldest = ''] = ranges.split(/,|\.\./, 1);
      // The gap before it has them too, perhaps.
      const isNewer = 2 * versions.indexOf(oldest) > baseline;
      if (isNewer && names.some((name) => !name.includes('@') && isThere(name))) return false;
    }
    return this.inference()!.fitting.length === 0;
  }

  /** Which versions are possible, in words. */
  interval(): string {
    const inference = this.inference();
    return inference ? interval(inference) : (this.reported() ?? 'of an unknown version');
  }

  /** Why they leave something open, in words. */
  doubt(): string {
    const inference = this.inference();
    return inference ? doubt(inference) : `may be ${this.interval()}`;
  }

  #told(): string | undefined {
    this.#reported ??= { value: versionOf(this.#descriptor, this.#resident) };
    return this.#reported.value;
  }

  #infer(): Inference | undefined {
    const { history } = this.#descriptor;
    if (!history) return undefined;
    const { disguise } = this.#resident;
    const newest = history.versions.at(-1);
    if (disguise?.like !== undefined)
      return infer(history, { ...this.#shown(history, disguise.like), assumed: this.assumed });
    if (disguise?.version !== undefined) return infer(history, { reported: disguise.version });
    if (disguise?.functions) return infer(history, { assumed: newest });
    return this.#inferReal();
  }

  /** What a test pretends. */
  #shown(history: HistoryDescriptor, version: string): Evidence {
    return shownBy(history, version, this.#descriptor.versionCall !== undefined);
  }

  #inferReal(): Inference | undefined {
    const { history } = this.#descriptor;
    if (!history) return undefined;
    this.#real ??= { value: infer(history, this.#evidence(history)) };
    return this.#real.value;
  }

  #evidence(history: HistoryDescriptor): Evidence {
    const symbols = Object.values<readonly string[]>(history.symbols).flat();
    const isPlain = (symbol: string) => !symbol.includes('@');
    const missing = new Set(lackingIn(this.#resident, symbols.filter(isPlain)));
    const unknown = new Set<string>();
    for (const symbol of symbols) {
      if (isPlain(symbol)) continue;
      const isThere = isVersionIn(this.#resident, symbol);
      if (isThere !== true) (isThere === false ? missing : unknown).add(symbol);
    }
    return {
      present: { has: (symbol) => !missing.has(symbol) && !unknown.has(symbol) },
      missing,
      soname: history.sonames ? selfOf(this.#resident).soname : undefined,
      reported: this.#told(),
      assumed: this.assumed,
    };
  }
}
