// A call in, the same call out with its arguments checked before C sees them: number of arguments, ranges, text, memory, handles. What is
// wrong is an ArgumentError that says which parameter wants what. For debugging: it costs about a microsecond for each argument.

import { plainRecord } from '../calls/by-value.ts';
import type { Call, Outcome } from '../calls/call.ts';
import { ArgumentError } from '../calls/call-errors.ts';
import { inWords, isAddress, isDetached, wantedInstead } from '../calls/values.ts';
import type { RecordDescriptor, ShimDescriptor } from '../contract/descriptor.ts';
import type { SignatureNode, TypeNode } from '../contract/signature.ts';
import { layoutOf } from '../contract/targets.ts';
import { learn, otherBrand } from './brands.ts';
import { problemOfMemory } from './check-memory.ts';

type Records = Readonly<Record<string, RecordDescriptor>>;

/** What is wrong with an argument. */
export interface Problem {
  readonly wanted: string;
  readonly got: string;
}

/** Puts checks in front of a call. */
export function withChecks(
  call: Call,
  { library, records, format }: ShimDescriptor,
  symbol: string,
  { parameters, result, variadic }: SignatureNode,
): Call {
  function checked(given: readonly unknown[]): unknown[] {
    const count = given.length;
    if (count < parameters.length || (count > parameters.length && !variadic)) {
      const wanted = `${parameters.length}${variadic ? ' or more' : ''} arguments`;
      throw new ArgumentError(symbol, undefined, wanted, String(count), { library });
    }
    const args = [...given];
    parameters.forEach((type, index) => {
      if (type.kind === 'record') {
        args[index] = byValue(type.name, index, args[index]);
        return;
      }
      // Before format 3 a `const char *` was text, whatever it is for C.
      if (format < 3 && isText(type) && ArrayBuffer.isView(args[index])) return;
      const problem = problemOf(type, args[index], parameters, given, records);
      if (problem) throw new ArgumentError(symbol, index, problem.wanted, problem.got, { library });
    });
    return args;
  }

  function byValue(name: string, index: number, value: unknown): object {
    try {
      return plainRecord(records, name, value);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new ArgumentError(symbol, index, `a record ${name}`, `one where ${error.message}`, { library });
    }
  }

  function learned(value: unknown, args: readonly unknown[]): void {
    learn(result, value);
    parameters.forEach((type, index) => {
      if (type.kind !== 'to' || type.direction === 'in') return;
      const cells = args[index];
      if (Array.isArray(cells) || cells instanceof BigUint64Array) for (const cell of cells) learn(type.to, cell);
    });
  }

  return {
    sync: (...given) => {
      const value = call.sync(...checked(given));
      learned(value, given);
      return value;
    },
    async: (given, done) => {
      call.async(checked(given), (outcome: Outcome) => {
        if ('result' in outcome) learned(outcome.result, given);
        done(outcome);
      });
    },
  };
}

function problemOf(
  type: TypeNode,
  value: unknown,
  parameters: readonly TypeNode[],
  args: readonly unknown[],
  records: Records,
): Problem | undefined {
  switch (type.kind) {
    case 'to':
      return problemOfMemory(type, value, parameters, args, records);
    case 'function':
      return typeof value === 'function' ? undefined : wrongValue(type, value, ' or a function');
    case 'handle':
    case 'pointer':
      return problemOfAddress(type, value, records);
    case 'scalar':
      if (isText(type)) return problemOfText(value);
      if (type.name === 'ptr') return problemOfAnyPointer(value);
      return wrongValue(type, value);
    default:
      return undefined;
  }
}

function wrongValue(type: TypeNode, value: unknown, alternative = ''): Problem | undefined {
  const wanted = wantedInstead(type, value);
  return wanted === undefined ? undefined : { wanted: wanted + alternative, got: inWords(value) };
}

function problemOfAddress(
  type: TypeNode & { kind: 'handle' | 'pointer' },
  value: unknown,
  records: Records,
): Problem | undefined {
  if (isAddress(value)) {
    const other = otherBrand(type, value);
    return other === undefined
      ? undefined
      : { wanted: wantedName(type), got: `0x${value.toString(16)}, which is a ${other}` };
  }
  if (type.kind === 'handle') return { wanted: wantedName(type), got: inWords(value) };
  if (value === null) return undefined;
  if (!ArrayBuffer.isView(value)) return { wanted: `${wantedName(type)}, its bytes, or null`, got: inWords(value) };
  if (isDetached(value)) return detached(wantedName(type));
  const size = layoutOf(records, type.name)?.size ?? 0;
  return value.byteLength >= size ? undefined : { wanted: `${size} bytes of a ${type.name}`, got: inWords(value) };
}

function wantedName({ kind, name }: TypeNode & { kind: 'handle' | 'pointer' }): string {
  return kind === 'handle' ? `a handle ${name}` : `a pointer to ${name}`;
}

function isText(type: TypeNode): boolean {
  return type.kind === 'scalar' && type.name === 'str';
}

function problemOfText(value: unknown): Problem | undefined {
  const wanted = 'a string, bytes that end in a NUL, an address or null';
  if (typeof value === 'string') {
    const at = value.indexOf('\0');
    return at < 0 ? undefined : { wanted: 'a string without NUL characters', got: `one with a NUL at ${at}` };
  }
  if (ArrayBuffer.isView(value)) {
    if (isDetached(value)) return detached(wanted);
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return bytes.includes(0) ? undefined : { wanted: 'bytes that end in a NUL', got: `${inWords(value)} without one` };
  }
  return value === null || isAddress(value) ? undefined : { wanted, got: inWords(value) };
}

function problemOfAnyPointer(value: unknown): Problem | undefined {
  const wanted = 'an address, a buffer, a typed array or null';
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return isDetached(value) ? detached(wanted) : undefined;
  return value === null || isAddress(value) ? undefined : { wanted, got: inWords(value) };
}

/** Of memory that was transferred: it has no bytes any more. */
export function detached(wanted: string): Problem {
  return { wanted, got: 'one whose buffer is detached (it was transferred, and has no memory any more)' };
}
