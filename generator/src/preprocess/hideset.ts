// In: names of macros. Out: persistent sets of names, for Prosser's algorithm (X3J11/86-196): the macros a token may
// no longer expand. A set is a linked list whose tails are shared, so that adding is a map lookup and the usual
// comparisons are identity. Almost every token has the empty set.

/** An immutable set of macro names. */
export class HideSet {
  declare readonly size: number;
  declare private readonly name: string;
  declare private readonly rest: HideSet | undefined;
  declare private larger: Map<string, HideSet> | undefined;

  constructor(name: string, rest: HideSet | undefined) {
    this.name = name;
    this.rest = rest;
    this.size = rest === undefined ? 0 : rest.size + 1;
    this.larger = undefined;
  }

  has(name: string): boolean {
    for (let set: HideSet = this; set.rest !== undefined; set = set.rest) if (set.name === name) return true;
    return false;
  }

  /** The same object for the same name added to the same set. */
  add(name: string): HideSet {
    this.larger ??= new Map();
    let set = this.larger.get(name);
    if (set === undefined) {
      set = this.has(name) ? this : new HideSet(name, this);
      this.larger.set(name, set);
    }
    return set;
  }

  union(other: HideSet): HideSet {
    if (this === other || other.size === 0) return this;
    if (this.size === 0 || other.extends(this)) return other;
    let result: HideSet = this;
    for (let set = other; set.rest !== undefined; set = set.rest) result = result.add(set.name);
    return result;
  }

  intersect(other: HideSet): HideSet {
    if (this === other || this.size === 0) return this;
    if (other.size === 0 || this.extends(other)) return other;
    if (other.extends(this)) return this;
    const names: string[] = [];
    let empty: HideSet = this;
    for (; empty.rest !== undefined; empty = empty.rest) if (other.has(empty.name)) names.push(empty.name);
    return names.reduceRight((set, name) => set.add(name), empty);
  }

  /** Whether `tail` is this set, or this set was made from it by adding. */
  private extends(tail: HideSet): boolean {
    let set: HideSet = this;
    while (set.size > tail.size) set = set.rest!;
    return set === tail;
  }
}

/** A new empty set, with a pool of its own: one per translation unit. */
export function emptyHideSet(): HideSet {
  return new HideSet('', undefined);
}
