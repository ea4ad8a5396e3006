// Features as library.json says them, and the gates that a module carries for them (the contract is in the runtime's descriptor.ts).

/** When a feature is there: a list of symbols that all are, or conditions that all hold. */
export type Feature = readonly string[] | FeatureConditions;

export interface FeatureConditions {
  /** Functions, `*` stands for any characters; `f@1.8.0` for one signature of a function that had several, `f@NAME_1.0` for a symbol version. */
  readonly symbols?: readonly string[] | undefined;
  /** `>=1.9.3 <6.0.0`: the library's version. */
  readonly versions?: string | undefined;
  /** The same of what the library says itself, where that is not its version. */
  readonly reported?: string | undefined;
  /** Macros and enumerators that its headers have. */
  readonly constants?: readonly string[] | undefined;
  /** `record.member`. */
  readonly members?: readonly string[] | undefined;
  /** Records that are laid out as in the version that is named. */
  readonly layouts?: Readonly<Record<string, string>> | undefined;
  /** At least one of these. */
  readonly any?: readonly Feature[] | undefined;
  readonly not?: Feature | undefined;
}

/** As the module has it: what headers say has become the versions in which they say it. */
export type Gate = readonly string[] | GateConditions;

export interface GateConditions {
  readonly symbols?: readonly string[];
  readonly versions?: string;
  readonly reported?: string;
  /** By what is so, in words, the ranges of versions in which it is. */
  readonly facts?: Readonly<Record<string, string>>;
  readonly any?: readonly Gate[];
  readonly not?: Gate;
}

export function isList(feature: Feature | Gate): feature is readonly string[] {
  return Array.isArray(feature);
}

/** The functions that are there wherever the feature is. */
export function provenBy(gate: Feature | Gate): readonly string[] {
  return isList(gate) ? gate : (gate.symbols ?? []);
}

/** Every symbol or pattern that a feature is about, wherever in it. */
export function symbolsOf(feature: Feature): readonly string[] {
  if (isList(feature)) return feature;
  const inner = [...(feature.any ?? []), ...(feature.not ? [feature.not] : [])];
  return [...(feature.symbols ?? []), ...inner.flatMap(symbolsOf)];
}
