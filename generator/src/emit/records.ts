// In: a record and its layout. Out: one FieldPlan for each member that a program can name; members of anonymous records stand
// in the outer record, as C11 6.7.2.1p13 has it.

import { type RecordLayout, recordLayout, typeLayout } from '../layout/layout.ts';
import { isReserved, type RecordDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import type { CType, FunctionType } from '../model/ctype.ts';
import { isNumberFormat } from '../scalars.ts';
import type { Lowering } from './lower.ts';
import { scalarTypescript, TYPED_ARRAYS } from './scalar-text.ts';

export interface FieldPlan {
  readonly name: string;
  /** The runtime's text of its type: `i32`, `char[256]`, `{scsi_sense}`, `ptr[4]`. */
  readonly type: string;
  /** In bytes; for a bit-field in bits. */
  readonly offset: number;
  /** The width of a bit-field in bits. */
  readonly bits?: number;
  readonly typescript: string;
  readonly doc: readonly string[];
}

/** What the runtime reads: `['i32', 4]`, `['u32', 8, 3]`. */
export function fieldText({ type, offset, bits }: FieldPlan): string {
  return `['${type}', ${offset}${bits === undefined ? '' : `, ${bits}`}]`;
}

/** `isLast`: nothing stands behind the record, so that its last member may be a flexible array (C11 6.7.2.1p18; GNU: of length 0). */
export function planFields(
  record: RecordDecl,
  layout: RecordLayout,
  lowering: Lowering,
  base = 0,
  isLast: boolean = record.record === 'struct',
): FieldPlan[] {
  const plans: FieldPlan[] = [];
  const { length } = record.fields ?? [];
  for (const [at, field] of (record.fields ?? []).entries()) {
    const isEnd = isLast && at === length! - 1;
    const place = layout.fields[at]!;
    const bitOffset = base + place.offset;
    if (field.name === undefined) {
      plans.push(...anonymousMembers(field.type, bitOffset, lowering, isEnd));
      continue;
    }
    // The C library's padding and the like; the library's own members are shown whatever their names are.
    if (isReserved(field.name) && !lowering.isOwn(record)) continue;
    const type = fieldType(field.type, lowering, isEnd);
    const doc = (place: string): readonly string[] => [
      `\`${cDeclaration(field.type, field.name!)}\`, ${place}.`,
      ...(field.doc ? ['', ...field.doc.split('\n')] : []),
    ];
    if (place.width === undefined) {
      const typescript = fieldTypescript(field.type, lowering);
      const offset = bitOffset / 8;
      plans.push({ name: field.name, type, offset, typescript, doc: doc(`offset ${offset}`) });
    } else {
      const typescript = scalarTypescript(lowering.scalar(field.type));
      const bits = place.width;
      plans.push({
        name: field.name,
        type,
        offset: bitOffset,
        bits,
        typescript,
        doc: doc(`${bits} bit${bits === 1 ? '' : 's'} from bit ${bitOffset} on`),
      });
    }
  }
  return plans;
}

function anonymousMembers(type: CType, base: number, lowering: Lowering, isEnd: boolean): FieldPlan[] {
  const resolved = lowering.table.resolve(type);
  if (resolved.kind !== 'record') return [];
  const inner = lowering.table.record(resolved.key);
  if (!inner?.fields) return [];
  const layout = recordLayout(inner, lowering.table, lowering.target);
  return planFields(inner, layout, lowering, base, isEnd && inner.record === 'struct');
}

/** The runtime's text of a member's type. `isEnd`: an array without a length is a flexible one. */
export function fieldType(type: CType, lowering: Lowering, isEnd = false): string {
  const resolved = lowering.table.resolve(type);
  switch (resolved.kind) {
    case 'array': {
      const dimensions: number[] = [];
      let element: CType = resolved;
      while (element.kind === 'array') {
        dimensions.push(element.length ?? 0);
        element = lowering.table.resolve(element.of);
      }
      const isText = element.kind === 'integer' && element.name === 'char';
      // What stands for the element may be an array of its own, `u8[16]`: C's dimensions come before it.
      const [, base, own] = /^(.*?)((?:\[\d+\])*)$/.exec(isText ? 'char' : fieldType(element, lowering))!;
      const [first, ...rest] = dimensions;
      const open = isEnd && first === 0 ? '[]' : `[${first}]`;
      return `${base}${open}${rest.map((n) => `[${n}]`).join('')}${own}`;
    }
    case 'pointer': {
      const to = lowering.table.resolve(resolved.to);
      const signature = to.kind === 'function' ? functionSignature(to, lowering) : undefined;
      if (signature !== undefined) return `fn<${signature}>`;
      return to.kind === 'integer' && to.name === 'char' && to.const ? 'str' : 'ptr';
    }
    case 'integer':
      return resolved.name.endsWith('int128') ? 'u64[2]' : lowering.scalar(resolved);
    case 'floating':
      return isNumberFormat(resolved.name) ? lowering.scalar(resolved) : bytes(resolved, lowering);
    case 'enum':
      return lowering.scalar(resolved);
    case 'record':
      return lowering.isComplete(resolved.key)
        ? `{${lowering.names.record.get(resolved.key)}}`
        : bytes(resolved, lowering);
    default:
      return bytes(resolved, lowering);
  }
}

/** The signature of a function behind a pointer; undefined for one that cannot be called: with `...`, or with a value that no call can
 *  pass. */
export function functionSignature(type: FunctionType, lowering: Lowering): string | undefined {
  if (type.variadic) return undefined;
  const values = [type.result, ...type.parameters.map((p) => lowering.table.passed(p.type))];
  return values.every((value) => isPassable(value, lowering)) ? lowering.signature(type, true) : undefined;
}

function isPassable(type: CType, lowering: Lowering): boolean {
  const resolved = lowering.table.resolve(type);
  switch (resolved.kind) {
    case 'integer':
      return !resolved.name.endsWith('int128');
    case 'floating':
      return isNumberFormat(resolved.name);
    case 'record':
      return lowering.isComplete(resolved.key);
    default:
      return !['complex', 'va_list', 'typedef', 'unsupported'].includes(resolved.kind);
  }
}

/** What JavaScript has no value for is seen as its bytes. */
function bytes(type: CType, lowering: Lowering): string {
  return `u8[${typeLayout(type, lowering.table, lowering.target).size}]`;
}

/** Arrays of booleans and of addresses are seen as arrays of numbers of their size. */
const ELEMENT_ARRAYS: Readonly<Record<string, string>> = { ...TYPED_ARRAYS, bool: 'Uint8Array', ptr: 'BigUint64Array' };

function elementArray(element: string): string | undefined {
  return ELEMENT_ARRAYS[element.startsWith('fn<') ? 'ptr' : element];
}

export function fieldTypescript(type: CType, lowering: Lowering): string {
  const text = fieldType(type, lowering);
  const array = /^(.*?)((?:\[\d+\])+)$/.exec(text);
  if (!array) {
    if (text === 'str') return 'string | null';
    if (text === 'ptr' || text.startsWith('fn<')) return lowering.typescript(lowering.table.resolve(type), 'callback');
    return lowering.typescript(type, 'callback');
  }
  const [, element, sizes] = array as unknown as [string, string, string];
  const dimensions = sizes.split('[').length - 1;
  const innermost =
    element === 'char' ? 'string' : (elementArray(element) ?? elementTypescript(type, element, lowering));
  // A typed array or a string covers the last dimension; each one before it is an array of those.
  const covered = element === 'char' || elementArray(element) ? 1 : 0;
  let result = innermost;
  for (let n = dimensions - covered; n > 0; n--) result = `readonly ${/ /.test(result) ? `(${result})` : result}[]`;
  return result;
}

function elementTypescript(type: CType, element: string, lowering: Lowering): string {
  let inner: CType = lowering.table.resolve(type);
  while (inner.kind === 'array') inner = lowering.table.resolve(inner.of);
  return element === 'str' ? 'string | null' : lowering.typescript(inner, 'callback');
}
