// In: a parameter's type, and what C does with what it points to (model/uses.ts). Out: its two texts: how the runtime passes it (the
// grammar is in the runtime's descriptor.ts), and its TypeScript type. Also the line of a function's doc comment that says so in words.

import type { FunctionDecl } from '../model/api.ts';
import type { CType } from '../model/ctype.ts';
import { parameterNames } from '../model/parameter-names.ts';
import { type Pointee, pointeeOf } from '../model/pointers.ts';
import type { PointerUse } from '../model/uses.ts';
import type { Lowering } from './lower.ts';
import { TYPED_ARRAYS, withoutNull } from './scalar-text.ts';

/** `out:char[2]`, `str`, `@rbd_image_t`. */
export function parameterSignature(lowering: Lowering, type: CType, use: PointerUse = {}): string {
  const to = pointeeOf(type, lowering.table);
  if (!to) return lowering.signatureType(type, 'callback');
  if (to.kind === 'function') return callbackSignature(lowering, to);
  if (isText(to, use)) return 'str';
  const element = elementSignature(lowering, to, use);
  return element === undefined ? lowering.address(type) : `${directionOf(to, use)}:${element}${extentText(use)}`;
}

function callbackSignature(lowering: Lowering, to: Pointee): string {
  const callback = lowering.table.resolve(to.to);
  return callback.kind === 'function' ? `fn<${lowering.signature(callback, true)}>` : 'ptr';
}

/** A `const char *` is text, unless it is known how many bytes C reads of it. */
function isText(to: Pointee, use: PointerUse): boolean {
  return to.kind === 'text' && (use.string === true || (to.isConst && !use.direction && !use.address));
}

function directionOf(to: Pointee, use: PointerUse): 'in' | 'out' | 'inout' {
  return use.direction ?? (to.isConst ? 'in' : 'inout');
}

/** Undefined for what is passed as an address alone. What C keeps must be memory that stays, and no array that is copied. */
function elementSignature(lowering: Lowering, to: Pointee, use: PointerUse): string | undefined {
  switch (to.kind) {
    case 'text':
      return use.address ? undefined : 'char';
    case 'bytes':
      return use.address ? undefined : lowering.scalar(to.to);
    case 'void':
      return use.direction ? 'void' : undefined;
    case 'numbers':
      return use.kept || use.address ? undefined : lowering.element(to.to);
    case 'addresses':
      if (use.kept || isAddress(use)) return undefined;
      return use.address && lowering.element(to.to) === 'str' ? 'ptr' : lowering.element(to.to);
    case 'record': {
      const record = lowering.table.resolve(to.to);
      if (record.kind !== 'record' || !use.direction || use.address || !lowering.isComplete(record.key))
        return undefined;
      return `{${lowering.names.record.get(record.key)}}`;
    }
    default:
      return undefined;
  }
}

/** What C takes is itself an address of its own; behind a direction, what stands in the memory is. */
function isAddress(use: PointerUse): boolean {
  return use.address === true && use.direction === undefined;
}

function extentText({ extent }: PointerUse): string {
  if (!extent) return '';
  if ('count' in extent) return `[=${extent.count}]`;
  return `[${extent.parameter}${extent.unit === 'bytes' ? 'b' : ''}]`;
}

const BYTES = { in: 'c.InBytes', out: 'c.OutBytes', inout: 'c.Bytes' };

export function parameterTypescript(lowering: Lowering, type: CType, use: PointerUse = {}): string {
  const to = pointeeOf(type, lowering.table);
  if (!to) return lowering.typescript(type, 'callback');
  const alias = lowering.ownAlias(type);
  switch (to.kind) {
    case 'function':
      return `c.${use.kept ? 'KeptCallback' : 'Callback'}<${lowering.callback(to.to, alias)}>`;
    case 'text':
      if (isText(to, use)) return 'c.CString';
      return use.address ? 'c.Pointer<number> | null' : BYTES[directionOf(to, use)];
    case 'bytes':
      return use.address ? 'c.Pointer<number> | null' : BYTES[directionOf(to, use)];
    case 'void':
      if (use.direction) return BYTES[use.direction];
      // By decision (14): a handle parameter does not take null.
      return lowering.handleName(type) ?? (use.user || use.address ? 'c.Address' : 'c.AnyPointer');
    case 'numbers':
      return use.address ? lowering.typescript(type, 'callback') : numbersTypescript(lowering, to, use);
    case 'addresses':
      return isAddress(use) ? lowering.typescript(type, 'callback') : addressesTypescript(lowering, to, use);
    case 'record':
    case 'opaque':
      return recordTypescript(lowering, to, use, alias);
  }
}

function numbersTypescript(lowering: Lowering, to: Pointee, use: PointerUse): string {
  const element = lowering.element(to.to);
  if (element === undefined) return 'c.AnyPointer';
  const array = element === 'bool' ? 'Uint8Array' : TYPED_ARRAYS[element]!;
  return use.kept
    ? `c.Kept<${array}>`
    : `c.${WRAPPERS[directionOf(to, use)]}<${lowering.typescript(to.to, 'callback')}, ${array}>`;
}

const WRAPPERS = { in: 'In', out: 'Out', inout: 'InOut' };

function addressesTypescript(lowering: Lowering, to: Pointee, use: PointerUse): string {
  if (use.kept) return 'c.Kept<BigUint64Array>';
  const direction = directionOf(to, use);
  const isStrings = lowering.element(to.to) === 'str' && !use.address;
  if (isStrings && direction === 'in' && !use.extent) return 'c.StringList';
  const element = isStrings ? 'string' : withoutNull(lowering.typescript(to.to, 'callback'));
  return `c.${WRAPPERS[direction]}<${element}${direction === 'out' ? '' : ' | null'}>`;
}

function recordTypescript(lowering: Lowering, to: Pointee, use: PointerUse, alias: string | undefined): string {
  const record = lowering.table.resolve(to.to);
  if (record.kind === 'record' && lowering.isComplete(record.key) && !use.address)
    return `c.PointerTo<${lowering.names.record.get(record.key)}>`;
  if (record.kind !== 'record' && lowering.opaqueName(to.to) === undefined) return 'c.AnyPointer';
  return `${alias ?? lowering.pointerTo(to.to)} | null`;
}

const WORDS = { in: 'in', out: 'out', inout: 'in and out' };

/** `` `names`: out, `size` bytes; `size`: in and out. ``: what the types do not show. */
export function usesInWords({ type, uses = [] }: FunctionDecl, lowering: Lowering): readonly string[] {
  const names = parameterNames(type.parameters.map((p) => p.name));
  const said = uses.flatMap((use, at) => {
    const to = pointeeOf(lowering.table.passed(type.parameters[at]!.type), lowering.table);
    const words = use && to ? inWords(to, use, names) : [];
    return words.length ? [`\`${names[at]}\`: ${words.join(', ')}`] : [];
  });
  return said.length ? [`${said.join('; ')}.`] : [];
}

function inWords(to: Pointee, use: PointerUse, names: readonly string[]): readonly string[] {
  const { direction, extent, kept } = use;
  const keeps = kept ? ['C keeps it'] : [];
  const isPlain =
    direction === 'in' || (direction === 'inout' && ['text', 'bytes', 'void', 'record'].includes(to.kind));
  if (!direction || (isPlain && !extent && !kept)) return keeps;
  return [WORDS[direction], ...extentInWords(to, extent, names), ...keeps];
}

function extentInWords(to: Pointee, extent: PointerUse['extent'], names: readonly string[]): readonly string[] {
  if (!extent) return [];
  const isMemory = ['text', 'bytes', 'void'].includes(to.kind);
  if ('count' in extent) return [`${extent.count} ${isMemory ? 'byte' : 'element'}${extent.count === 1 ? '' : 's'}`];
  return [`\`${names[extent.parameter]}\` ${isMemory || extent.unit === 'bytes' ? 'bytes' : 'elements'}`];
}
