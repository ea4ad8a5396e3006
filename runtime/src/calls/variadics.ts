// A function with `...` in, one that takes each argument without its koffi type out. Where the shim knows what stands behind an option
// (`curl_easy_setopt`), that option's type is followed and the value is held to it; else an argument says its own type (arguments.ts).

import type { VariadicDescriptor } from '../contract/descriptor.ts';
import { parseParameter, type TypeNode } from '../contract/signature.ts';
import { pick } from '../contract/targets.ts';
import { argumentOf, checkInteger, describe, isAddress, isMemory, typedArgument } from './arguments.ts';
import type { NativeFunction } from './call.ts';

/** The backend's form of a parameter's type, as it stands in front of the value behind `...`. */
export type TypeOf = (type: string) => unknown;

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
      for (const [at, expected] of option.entries()) args.push(typeOf(expected.text), optionValue(expected, rest[at]));
      return call(...args);
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

function optionValue({ where, text, type }: Expected, given: unknown): unknown {
  const own = typedArgument(given);
  if (own && own[0] !== text && !(own[0] === 'ptr' && isPointer(type)))
    throw new TypeError(`${where} takes the type ${text}, and got ${own[0]}`);
  const value = own ? own[1] : given;
  checkValue(where, type, value);
  return value;
}

function isPointer(type: TypeNode): boolean {
  return type.kind !== 'scalar' || type.name === 'ptr' || type.name === 'str';
}

/** Throws where a value is not of the kind that C will read. What C keeps must be its own memory. */
function checkValue(where: string, type: TypeNode, value: unknown): void {
  const refuse = (wanted: string): never => {
    throw new TypeError(`${where} takes ${wanted}, and got ${describe(value)}`);
  };
  switch (type.kind) {
    case 'scalar':
      if (type.name === 'str') {
        if (typeof value !== 'string' && !isAddress(value) && !isMemory(value))
          refuse('a string, bytes that end in a NUL, or an address');
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
    case 'to':
      if (!isAddress(value) && !ArrayBuffer.isView(value) && !Array.isArray(value))
        refuse('an array, a typed array, or an address');
      return;
    default:
      refuse('nothing that can be passed');
  }
}

const KEPT = "an address or null (C keeps it beyond the call, where memory of JavaScript's is gone: see allocate)";
