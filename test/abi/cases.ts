// A function of the model in, arbitrary cases of it out: a value for each parameter and the result. And one case run: the arguments
// made, the call, and what C and JavaScript each saw compared with what the other one gave.

import { double, int, int64, long, pointer, type RecordType, str, uint, uint64, ulong } from '@dlshim/runtime';
import fc from 'fast-check';
import { type CFunction, holdsText, type Parameter, type Record, type Type } from './model.ts';
import {
  arbitraryOf,
  difference,
  elementDifference,
  first,
  type Streams,
  show,
  toJs,
  toTypedArray,
  typedArrayOf,
  type Value,
} from './values.ts';

/** Values of a parameter: of a value, one; of elements, what C reads and what it writes; of a callback, its arguments and its result. */
export interface Given {
  readonly values: readonly Value[];
  readonly more: readonly Value[];
}

export interface Case {
  readonly parameters: readonly Given[];
  readonly rest: readonly Value[];
  readonly result: Value;
  /** 64-bit integers as bigints even where a number is exact. */
  readonly big: boolean;
  /** Elements in typed arrays, records as views, where either is possible. */
  readonly views: boolean;
}

export function caseOf({ parameters, rest, result }: CFunction): fc.Arbitrary<Case> {
  return fc.record({
    parameters: fc.tuple(...parameters.map(givenOf)),
    rest: fc.tuple(...(rest ?? []).map(arbitraryOf)),
    result: result ? arbitraryOf(result) : fc.constant(null),
    big: fc.boolean(),
    views: fc.boolean(),
  });
}

function givenOf(parameter: Parameter): fc.Arbitrary<Given> {
  const none = fc.constant<readonly Value[]>([]);
  switch (parameter.kind) {
    case 'value':
      return fc.record({ values: fc.tuple(arbitraryOf(parameter.type)), more: none });
    case 'elements': {
      const { of, count, constant } = parameter;
      const length = { minLength: count, maxLength: count };
      // Through a view no string is written: a record in memory of JavaScript's holds addresses.
      const value = of.kind === 'record' && holdsText(of) ? fc.constant(null) : arbitraryOf(of);
      return fc.record({ values: fc.array(value, length), more: constant ? none : fc.array(value, length) });
    }
    case 'callback': {
      const { parameters, result } = parameter;
      return fc.record({
        values: fc.tuple(...parameters.map(arbitraryOf)),
        more: result ? fc.tuple(arbitraryOf(result)) : none,
      });
    }
    default:
      return parameter satisfies never;
  }
}

/** The records of the module, by their names. */
export type Records = { readonly [name: string]: RecordType<object> };

/** One argument, made for one call. */
interface Argument {
  /** In the order of C's parameters. */
  readonly passed: readonly unknown[];
  /** What is wrong after the call. */
  check(): string | undefined;
}

/** Makes the arguments of a case, and puts into the streams what C is to take and to put. `directions` says of each parameter of C
 *  what the shim says: `in`, `out`, `inout` or nothing. */
export function prepare(
  one: CFunction,
  values: Case,
  streams: Streams,
  records: Records,
  directions: readonly (string | undefined)[],
): { readonly args: readonly unknown[]; check(result: unknown): string | undefined } {
  const list: Argument[] = [];
  for (const [at, parameter] of one.parameters.entries()) {
    const direction = directions[list.reduce((sum, { passed }) => sum + passed.length, 0)];
    list.push(argument(parameter, values.parameters[at]!, { at, values, streams, records, direction }));
  }
  for (const [at, type] of (one.rest ?? []).entries()) {
    const value = values.rest[at]!;
    streams.put(type, value);
    list.push({ passed: [variadic(type, value, values)], check: () => undefined });
  }
  if (one.result) streams.take(one.result, values.result);
  return {
    args: list.flatMap(({ passed }) => passed),
    check: (result) =>
      first([
        ...list.map(({ check }) => check()),
        one.result
          ? difference(one.result, values.result, result, 'result')
          : result === undefined
            ? undefined
            : `result: undefined expected, got ${show(result)}`,
      ]),
  };
}

/** What stands behind `...`: bare, where strings and addresses need no type, or with its type. */
function variadic(type: Type, value: Value, { big, views }: Case): unknown {
  const passed = toJs(type, value, big);
  switch (type.kind) {
    case 'integer':
      return INTEGERS[type.c]!(passed as number | bigint);
    case 'floating':
      return double(passed as number);
    case 'text':
      return views ? str(passed as string | null) : passed;
    default:
      return views ? pointer(passed as bigint | null) : passed;
  }
}

const INTEGERS: Readonly<{ [c: string]: (value: number | bigint) => unknown }> = {
  int,
  'unsigned int': uint,
  int32_t: int,
  uint32_t: uint,
  long,
  'unsigned long': ulong,
  'long long': int64,
  'unsigned long long': uint64,
  int64_t: int64,
  uint64_t: uint64,
  size_t: uint64,
};

interface Context {
  readonly at: number;
  readonly values: Case;
  readonly streams: Streams;
  readonly records: Records;
  readonly direction: string | undefined;
}

function argument(parameter: Parameter, given: Given, context: Context): Argument {
  switch (parameter.kind) {
    case 'value': {
      const { streams, values, records } = context;
      streams.put(parameter.type, given.values[0]!);
      return { passed: [byValue(parameter.type, given.values[0]!, values, records)], check: () => undefined };
    }
    case 'elements':
      return elements(parameter, given, context);
    case 'callback':
      return callback(parameter, given, context);
    default:
      return parameter satisfies never;
  }
}

function byValue(type: Type, value: Value, { big, views }: Case, records: Records): unknown {
  if (type.kind !== 'record' || !views || holdsText(type)) return toJs(type, value, big);
  const view = records[type.record.name]!.alloc();
  assign(view, type.record, value, big);
  return view;
}

function assign(view: object, record: Record, value: Value, big: boolean): void {
  Object.assign(view, toJs({ kind: 'record', record }, value, big));
}

function elements(parameter: Parameter & { kind: 'elements' }, given: Given, context: Context): Argument {
  const { of, count, constant, counted } = parameter;
  const { streams, values, records, direction, at } = context;
  const textual = of.kind === 'record' && holdsText(of);
  const reads = direction !== 'out' && !textual;
  const writes = !constant && !textual;
  if (counted) streams.seen.integer(8, BigInt(count));
  streams.given.integer(1, reads ? 1n : 0n);
  if (reads) for (const value of given.values) streams.put(of, value);
  if (!constant) streams.given.integer(1, writes ? 1n : 0n);
  if (writes) for (const value of given.more) streams.take(of, value);
  const memory = memoryOf(of, given.values, values, records, textual);
  // A list of strings that nothing counts has to end in a null.
  if (of.kind === 'text' && constant && !counted) (memory.passed as unknown[]).push(null);
  return {
    passed: [memory.passed, ...(counted ? [count] : [])],
    check: () => {
      if (!writes) return undefined;
      return first(given.more.map((value, index) => memory.difference(value, index, `a${at}[${index}]`)));
    },
  };
}

interface Memory {
  readonly passed: unknown;
  difference(value: Value, index: number, path: string): string | undefined;
}

/** Memory of JavaScript's for elements, in one of the forms that a parameter takes. */
function memoryOf(of: Type, list: readonly Value[], { big, views }: Case, records: Records, textual: boolean): Memory {
  if (of.kind === 'record') {
    const type = records[of.record.name]!;
    const passed = type.bytes(list.length);
    const view = (index: number) => type.from(passed, index * type.size);
    if (!textual) for (const [index, value] of list.entries()) assign(view(index), of.record, value, big);
    return { passed, difference: (value, index, path) => viewDifference(of, value, view(index), path) };
  }
  // Bytes have no other form.
  if (typedArrayOf(of) && (views || (of.kind === 'integer' && of.size === 1))) {
    const passed = toTypedArray(of, list);
    return { passed, difference: (value, index, path) => elementDifference(of, value, passed[index], path) };
  }
  const passed = list.map((value) => toJs(of, value, big));
  return { passed, difference: (value, index, path) => difference(of, value, passed[index], path) };
}

function viewDifference(of: Type & { kind: 'record' }, value: Value, view: object, path: string): string | undefined {
  return difference(of, value, view, path);
}

function callback(parameter: Parameter & { kind: 'callback' }, given: Given, context: Context): Argument {
  const { parameters, result } = parameter;
  const { streams, values, at } = context;
  for (const [index, type] of parameters.entries()) streams.take(type, given.values[index]!);
  if (result) streams.put(result, given.more[0]!);
  let calls = 0;
  let finding: string | undefined;
  const passed = (...args: unknown[]) => {
    calls++;
    finding =
      args.length === parameters.length
        ? first(
            parameters.map((type, index) =>
              difference(type, given.values[index]!, args[index], `a${at}'s argument ${index}`),
            ),
          )
        : `a${at} got ${args.length} arguments instead of ${parameters.length}`;
    return result ? toJs(result, given.more[0]!, values.big) : undefined;
  };
  return { passed: [passed], check: () => (calls === 1 ? finding : `a${at} was called ${calls} times`) };
}
