// PointerUse: what C does with the memory behind a pointer parameter, which its type does not say. And its text, as library.json
// and the tests have it: `out[len]`, `in[niov] kept`, `inout`, `out[infosize bytes]`, `in[=8]`, `in string`, `address`, `user`.

import { didYouMean } from './near.ts';
import { parameterAt, parameterNames } from './parameter-names.ts';

/** Whether C reads what a parameter points to, writes it, or both. */
export type Direction = 'in' | 'out' | 'inout';

/** How much C touches at most: as much as parameter number `parameter` says (its value, or what it points to), or always `count`
 *  elements. */
export type Extent = { readonly parameter: number; readonly unit: 'elements' | 'bytes' } | { readonly count: number };

export interface PointerUse {
  readonly direction?: Direction;
  readonly extent?: Extent;
  /** C keeps the pointer, and follows it after the call has returned. */
  readonly kept?: true;
  /** NUL-terminated text that C only reads, whatever its type says. */
  readonly string?: true;
  /** What C takes is an address that it gave out itself; behind a direction, what stands in the memory are addresses and no strings. */
  readonly address?: true;
  /** C does not look behind it: it hands it to a callback, or back. */
  readonly user?: true;
}

const FLAGS = ['kept', 'string', 'address', 'user'] as const;

const TEXT =
  /^(?:(in|out|inout)(?:\[(?:=([1-9]\d*)|([A-Za-z_$][\w$]*|\d+)( bytes)?)\])?)?((?:(?:^| )(?:kept|string|address|user))*)$/;

/** `out[len] kept`; `names` are those of the parameters in the header. */
export function useToText(use: PointerUse, names: readonly (string | undefined)[]): string {
  return [
    ...(use.direction ? [use.direction + extentToText(use.extent, names)] : []),
    ...FLAGS.filter((flag) => use[flag]),
  ].join(' ');
}

function extentToText(extent: Extent | undefined, names: readonly (string | undefined)[]): string {
  if (!extent) return '';
  if ('count' in extent) return `[=${extent.count}]`;
  return `[${names[extent.parameter] ?? extent.parameter}${extent.unit === 'bytes' ? ' bytes' : ''}]`;
}

/** What is wrong with a text, whatever function it is about. */
export function useProblem(text: string): string | undefined {
  if (text !== '' && TEXT.test(text)) return undefined;
  return `'${text}' says no use; one is 'in', 'out' or 'inout', with an extent where C has one ('out[len]', 'out[size bytes]', 'in[=8]'), and then 'kept', 'string', 'address' or 'user'`;
}

/** The use that a text says of a function's parameter, or what is wrong with it. */
export function useFromText(text: string, names: readonly (string | undefined)[]): PointerUse | string {
  const found = TEXT.exec(text);
  if (!found) return useProblem(text)!;
  const [, direction, count, parameter, bytes, flags] = found;
  const use = {
    ...(direction ? { direction: direction as Direction } : {}),
    ...Object.fromEntries(
      flags!
        .trim()
        .split(' ')
        .filter(Boolean)
        .map((flag) => [flag, true]),
    ),
  } as PointerUse;
  if (count) return { ...use, extent: { count: Number(count) } };
  if (!parameter) return use;
  const at = /^\d/.test(parameter) ? Number(parameter) : parameterAt(names, parameter);
  if (at < 0 || at >= names.length)
    return `no parameter is ${parameter}, its length${didYouMean(parameter, parameterNames(names))}`;
  return { ...use, extent: { parameter: at, unit: bytes ? 'bytes' : 'elements' } };
}
