// A system's loader that is not at hand: C functions by name in, natives that record every call out.

import type { Natives } from '../../runtime/src/loading/platforms/platform.ts';

export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

type CFunction = (...args: never[]) => unknown;

/** `symbols` are what the process has beside the functions. Asking for a function that is not there is a failure of the test. */
export function fakeNatives(
  functions: Readonly<Record<string, CFunction>>,
  { symbols = {}, memory = {} }: { symbols?: Record<string, bigint>; memory?: Record<string, bigint | string> } = {},
): Natives & { readonly calls: Call[]; readonly dlls: Set<string | undefined> } {
  const calls: Call[] = [];
  const dlls = new Set<string | undefined>();
  return {
    calls,
    dlls,
    func(name, _result, parameters, dll) {
      dlls.add(dll);
      return ((...args: never[]) => {
        const call = functions[name];
        if (!call) throw new Error(`${name} is not a function of this system`);
        if (args.length !== parameters.length) throw new Error(`${name} takes ${parameters.length} arguments`);
        calls.push({ name, args });
        return call(...args);
      }) as never;
    },
    symbol: (name) => symbols[name],
    addressOf: () => 0x1000n,
    pointerAt: (address) => (memory[String(address)] as bigint | undefined) ?? null,
    stringAt: (address) => (memory[String(address)] as string | undefined) ?? '',
  };
}
