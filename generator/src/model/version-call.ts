// VersionCall: how a library tells its own version, as library.json says it and the shim carries it.

/** `string`: const char *(void), or with `argument` const char *(int); of its text what stands before `until`. `triple`:
 *  (int *, int *, int *). `number`: (unsigned long *, …), which gets major * 1,000,000 + minor * 1,000 + patch; pointers behind it are null. `record`: (struct record *) fills one, or with
 *  `argument` struct record *(int) returns one; `members` have the parts. `functions`: unsigned (void) for each part. */
export type VersionCall =
  | { readonly kind: 'triple' | 'number'; readonly symbol: string }
  | {
      readonly kind: 'string';
      readonly symbol: string;
      readonly argument?: number | undefined;
      readonly until?: string | undefined;
    }
  | {
      readonly kind: 'record';
      readonly symbol: string;
      readonly argument?: number | undefined;
      readonly record: string;
      readonly members: readonly string[];
    }
  | { readonly kind: 'functions'; readonly symbol: string; readonly others: readonly string[] };

/** As library.json has it: with the constants of the headers that have what the call says. */
export type ConfiguredVersionCall = VersionCall & { readonly constants?: readonly string[] | undefined };

/** The functions that it calls. */
export function versionFunctions(call: VersionCall): readonly string[] {
  return call.kind === 'functions' ? [call.symbol, ...call.others] : [call.symbol];
}

/** How many parameters its function must have. */
export function versionParameters(call: VersionCall): number {
  switch (call.kind) {
    case 'string':
      return call.argument === undefined ? 0 : 1;
    case 'functions':
      return 0;
    case 'record':
      return 1;
    case 'number':
    case 'triple':
      return 3;
  }
}
