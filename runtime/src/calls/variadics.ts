// A function with `...` in, one that takes each argument without its koffi type out. Where the shim knows what stands behind an option
// (`curl_easy_setopt`), that option's type is followed and the value is held to it; else an argument says its own type (arguments.ts).

import type { RecordDescriptor, VariadicDescriptor } from '../contract/descriptor.ts';
import { parseParameter, type TypeNode } from '../contract/signature.ts';
import { pick } from '../contract/targets.ts';
import { problemOfMemory } from '../debug/check-memory.ts';
import { argumentOf, checkInteger, describe, isAddress, isMemory, typedArgument } from './arguments.ts';
import type { NativeFunction } from './call.ts';

type Records = Readonly<Record<string, RecordDescriptor>>;

/** The backend's form of a parameter's type, as it stands in front of the value behind `...`. */
export type TypeOf = (type: string) => unknown;

/** koffi looks at so many values of a call, of which each argument behind `...` is two, and reads beyond them where there are more. */
const MOST_VALUES = 64;

/** One value behind an option. */
interface Expected {
  /** The function and the option, for messages. */
  readonly where: string;
  readonly text: string;
  readonly type: TypeNode;
}

/** `call` takes `fixed` arguments and then pairs of type and value. */
export function variadicFunction(
  symbol: string,
  call: NativeFunction,
  fixed: number,
  typeOf: TypeOf,
  descriptor: VariadicDescriptor | undefined,
  records: Records,
): NativeFunction {
  const options = descriptor && optionsOf(symbol, descriptor);
  return ((...args: unknown[]) => {
    const option = options?.get(args[descriptor!.parameter] as number);
    const rest = args.splice(fixed);
    if (option && rest.length !== option.length) {
      const count = option.length === 1 ? 'one value' : `${option.length} values`;
      throw new TypeError(`${option[0]!.where} takes ${count}, and got ${rest.length}`);
    }
    if (option) {
      for (const [at, expected] of option.entries()) {
        args.push(typeOf(expected.text), optionValue(expected, rest[at], records));
      }
      return call(...args);
    }
    if (fixed + 2 * rest.length > MOST_VALUES) {
      const most = Math.floor((MOST_VALUES - fixed) / 2);
      throw new RangeError(`${symbol} takes at most ${most} arguments behind its ${fixed}, and got ${rest.length}`);
    }
    for (const [at, given] of rest.entries()) {
      const [type, value] = argumentOf(`${symbol}: argument ${fixed + at + 1}`, given);
      args.push(typeOf(type), value);
    }
    return call(...args);
  }) as NativeFunction;
}

function optionsOf(symbol: string, { types }: VariadicDescriptor): ReadonlyMap<number | bigint, readonly Expected[]> {
  const options = new Map<number | bigint, readonly Expected[]>();
  for (const [each, numbers] of types) {
    const values = pick(each)
      .split(', ')
      .map((text) => ({ text, type: parseParameter(text) }));
    for (const [name, number] of Object.entries(numbers))
      options.set(
        number,
        values.map((value) => ({ where: `${symbol}: ${name}`, ...value })),
      );
  }
  return options;
}

function optionValue({ where, text, type }: Expected, given: unknown, records: Records): unknown {
  const own = typedArgument(given);
  if (own && own[0] !== text && !(own[0] === 'ptr' && isPointer(type)))
    throw new TypeError(`${where} takes the type ${text}, and got ${own[0]}`);
  const value = own ? own[1] : given;
  checkValue(where, type, value, records);
  return value;
}

function isPointer(type: TypeNode): boolean {
  return type.kind !== 'scalar' || type.name === 'ptr' || type.name === 'str';
}

/** Throws where a value is not of the kind that C will read. What C keeps must be its own memory. */
function checkValue(where: string, type: TypeNode, value: unknown, records: Records): void {
  const refuse = (wanted: string): never => {
    throw new TypeError(`${where} takes ${wanted}, and got ${describe(value)}`);
  };
  switch (type.kind) {
    case 'scalar':
      if (type.name === 'str') {
        if (!(typeof value === 'string' ? !value.includes('\0') : isAddress(value) || endsInNul(value)))
          refuse('a string without NUL characters, bytes that end in a NUL, or an address');
      } else if (type.name === 'f64') {
        if (typeof value !== 'number') refuse('a number');
      } else if (type.name !== 'ptr') checkInteger(where, type.name, value);
      else if (!isAddress(value)) refuse(KEPT);
      return;
    case 'function':
      if (!isAddress(value)) refuse('a pointer to a function, which callback(…) makes and C may keep until release');
      return;
    case 'handle':
    case 'pointer':
      if (!isAddress(value)) refuse(KEPT);
      return;
    case 'to': {
      // C goes there once, at least.
      const once = { ...type, extent: { count: 1, unit: 'elements' } } as const;
      const problem = problemOfMemory(once, value, [], [], records);
      if (problem) throw new TypeError(`${where} takes ${problem.wanted}, and got ${problem.got}`);
      return;
    }
    default:
      refuse('nothing that can be passed');
  }
}

const KEPT = "an address or null (C keeps it beyond the call, where memory of JavaScript's is gone: see allocate)";

function endsInNul(value: unknown): boolean {
  if (!isMemory(value)) return false;
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
  return bytes.includes(0);
}
