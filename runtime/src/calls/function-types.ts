// The name of a function type in, its tree out: a type of the headers' own (`rbd_callback_t`), a member of a record that points to a
// function (`z_stream.zalloc`, or by its tag `z_stream_s.zalloc`), or a parameter of a function.

import type { ShimDescriptor } from '../contract/descriptor.ts';
import { parseParameter, parseSignature } from '../contract/signature.ts';
import { layoutOf, pick } from '../contract/targets.ts';
import type { FunctionNode } from './slots.ts';

/** The type that a name stands for. `own`: the signature that a type of the headers' own has in the installed version, where it is not the
 *  same in all. Throws a TypeError for a name that the shim does not know. */
export function functionType(
  { library, callbacks, aliases, records }: ShimDescriptor,
  name: string,
  own: string | undefined,
): FunctionNode {
  if (callbacks && Object.hasOwn(callbacks, name))
    return parseParameter(`fn<${own ?? pick(callbacks[name]!)}>`) as FunctionNode;
  const dot = name.indexOf('.');
  const [prefix, member] = [name.slice(0, dot), name.slice(dot + 1)];
  const record = aliases && Object.hasOwn(aliases, prefix) ? aliases[prefix]! : prefix;
  const layout = dot > 0 ? layoutOf(records, record) : undefined;
  if (layout?.era?.undecided.includes(member)) throw layout.era.refuse(`the type of ${name}`);
  const fields = layout?.fields ?? {};
  const [type] = Object.hasOwn(fields, member) ? fields[member]! : [''];
  if (type.startsWith('fn<') && type.endsWith('>')) return parseParameter(type) as FunctionNode;
  throw new TypeError(`${library} has no function type '${name}'`);
}

/** The function that a parameter points to. Throws a TypeError where it points to none. */
export function parameterType(symbol: string, signature: string, parameter: number): FunctionNode {
  const type = parseSignature(signature).parameters[parameter];
  if (type?.kind !== 'function') throw new TypeError(`parameter ${parameter} of '${symbol}' is not a function`);
  return type;
}
