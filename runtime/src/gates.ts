// Names of features and functions in, whether the installed library has them out. A feature is present when all of its
// symbols are. Unknown names are a mistake of the caller's, hence a TypeError and not `false`.

import type { Gate, ShimDescriptor } from './contract/descriptor.ts';

/** The symbols of a feature that are missing; none means that it is present. */
export function missingOfFeature(
  descriptor: ShimDescriptor,
  isPresent: (symbol: string) => boolean,
  feature: string,
): string[] {
  const symbols = own(descriptor.features, feature);
  if (!symbols) {
    const known = Object.keys(descriptor.features).join(', ') || 'none';
    throw new TypeError(`${descriptor.library} has no feature '${feature}'; it has: ${known}`);
  }
  return symbolsOfGate(symbols).filter((symbol) => !isPresent(symbol));
}

/** The symbols that a gate names. */
export function symbolsOfGate(gate: Gate): readonly string[] {
  return 'symbols' in gate ? (gate.symbols ?? []) : (gate as readonly string[]);
}

/** Throws a TypeError for names to require that are neither functions nor features of the shim. */
export function checkNames(descriptor: ShimDescriptor, names: readonly string[]): void {
  for (const name of names) {
    if (!isFunction(descriptor, name) && !Object.hasOwn(descriptor.features, name)) {
      throw new TypeError(`${descriptor.library} has no function or feature '${name}' to require`);
    }
  }
}

/** What of `require` is not met: each name with the symbols it lacks. */
export function unmet(
  descriptor: ShimDescriptor,
  isPresent: (symbol: string) => boolean,
  names: readonly string[],
): (readonly [name: string, symbols: readonly string[]])[] {
  const result: [string, string[]][] = [];
  for (const name of names) {
    // A name may be both: then both have to be there.
    const lacking = new Set(isFunction(descriptor, name) && !isPresent(name) ? [name] : []);
    if (Object.hasOwn(descriptor.features, name)) {
      for (const symbol of missingOfFeature(descriptor, isPresent, name)) lacking.add(symbol);
    }
    if (lacking.size > 0) result.push([name, [...lacking]]);
  }
  return result;
}

function isFunction({ required, weak }: ShimDescriptor, name: string): boolean {
  return Object.hasOwn(required, name) || Object.hasOwn(weak, name);
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
