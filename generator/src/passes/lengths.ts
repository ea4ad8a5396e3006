// In: the parameters of a function. Out: for each pointer the parameter that says how much is there. By name (`keys`, `keys_len`), else
// the neighbour with a name that only lengths have (`buf`, `len`). Where two could be it, or none is sure, there is none.

import type { Parameter } from '../model/ctype.ts';
import { type Pointee, pointeeOf } from '../model/pointers.ts';
import type { TypeTable } from '../model/types.ts';
import { isBufferName, isTextual, wordsOf } from './words.ts';

export interface Length {
  readonly parameter: number;
  /** It is a pointer to a number: C reads how much there is, and writes how much it took. */
  readonly isPointer: boolean;
  readonly isSigned: boolean;
}

const BYTES = ['len', 'length', 'size', 'bytes', 'maxlen', 'max_length', 'sz'];
const COUNTS = ['count', 'num', 'n', 'nr', 'cnt'];
const PLAIN_BYTES =
  /^(n|bufsiz|len|length|size|count|nbytes|nbyte|bytes|cb|buf_?len|buf_?size|buffer_?(len|length|size)|data_?(len|length|size)|max_?(len|length|size)|siz|sz|total)$/i;
const PLAIN_COUNTS = /^(n|count|num|nr|cnt|nelems?|nitems|niov|iovcnt|iov_?count|max_?count)$/i;

/** Lengths by the number of the pointer. */
export function lengthsOf(parameters: readonly Parameter[], table: TypeTable): ReadonlyMap<number, Length> {
  const found = new Map<number, Length>();
  const taken = new Set<number>();
  const pointers = parameters.flatMap((p, at) => {
    const to = pointeeOf(table.passed(p.type), table);
    return to && p.name !== undefined && hasLength(to) ? [{ at, name: p.name, to }] : [];
  });
  const lengths = parameters.flatMap((p, at) => {
    const length = p.name === undefined ? undefined : lengthAt(p, at, table);
    return length ? [{ name: p.name!, length }] : [];
  });
  for (const { at, name, to } of pointers) {
    if (to.kind === 'text' && to.isConst && isTextual(name)) continue;
    const named = lengths.filter((l) => l.length.parameter !== at && isLengthOf(l.name, name, to, l.length));
    if (named.length !== 1) continue;
    // -1 often says that the text ends in a NUL.
    if (to.kind === 'text' && to.isConst && named[0]!.length.isSigned && !isBufferName(name)) continue;
    found.set(at, named[0]!.length);
    taken.add(named[0]!.length.parameter);
  }
  for (const { at, name, to } of pointers) {
    if (found.has(at)) continue;
    const free = lengths.filter((l) => !taken.has(l.length.parameter));
    const beside = (next: number) => free.find((l) => l.length.parameter === next);
    const isBuffer = isBufferName(name);
    if (to.kind === 'text' && to.isConst && !isBuffer) continue;
    if (!isMemory(to) && !/s$|iov$/.test(name)) continue;
    // How much there may be at most says nothing of what C reads.
    const usable = (l: (typeof lengths)[number] | undefined) =>
      l && to.isConst && /max/i.test(l.name) ? undefined : l;
    const after = usable(beside(at + 1));
    const before = usable(beside(at - 1));
    const plain = isMemory(to) ? PLAIN_BYTES : PLAIN_COUNTS;
    const best =
      after && (plain.test(after.name) || (isMemory(to) && /(len|length|size)$/i.test(after.name)))
        ? after
        : before && plain.test(before.name) && (isBuffer || !isMemory(to))
          ? before
          : undefined;
    // fread(3): the size of an element, and how many.
    if (!best || isTimes(parameters[best.length.parameter + 1]?.name, best.name)) continue;
    found.set(at, best.length);
    taken.add(best.length.parameter);
  }
  return found;
}

function isTimes(next: string | undefined, length: string): boolean {
  return /size/i.test(length) && /^(n|num|nmemb|maxnum|count|nitems)$/i.test(next ?? '');
}

/** Numbers are lengths of others, not what has a length, unless they are arrays by name. */
function hasLength({ kind, length }: Pointee): boolean {
  return kind !== 'function' && kind !== 'opaque' && length === undefined;
}

/** What is counted in bytes. */
function isMemory({ kind }: Pointee): boolean {
  return kind === 'text' || kind === 'bytes' || kind === 'void';
}

function lengthAt(p: Parameter, parameter: number, table: TypeTable): Length | undefined {
  const resolved = table.resolve(p.type);
  if (resolved.kind === 'integer') return { parameter, isPointer: false, isSigned: isSigned(resolved.name) };
  const to = resolved.kind === 'pointer' ? table.resolve(resolved.to) : undefined;
  const isNumber = to?.kind === 'integer' && !/char|bool/.test(to.name) && !to.const;
  return isNumber ? { parameter, isPointer: true, isSigned: isSigned(to.name) } : undefined;
}

function isSigned(name: string): boolean {
  return !/^u|bool/.test(name);
}

/** `name_len` and `name`; `num_snaps` and `snaps`; `clients_len` and `clients`. */
function isLengthOf(length: string, name: string, to: Pointee, { isPointer }: Length): boolean {
  const [of, is] = [wordsOf(name).join('_'), wordsOf(length).join('_')];
  const inBytes = isMemory(to);
  // `seconds` and `nseconds`, both written, are two answers.
  const joins = !(to.kind === 'numbers' && isPointer);
  for (const stem of [of, of.replace(/s$/, ''), `${of}s`]) {
    const suffixes = inBytes ? [...BYTES, ...COUNTS] : COUNTS;
    if (suffixes.some((suffix) => is === `${stem}_${suffix}` || (joins && is === stem + suffix))) return true;
    if (inBytes && (is === `max_${stem}_len` || is === `max_${stem}_size`)) return true;
    const prefixes = inBytes ? ['len', 'size', 'num', 'n'] : ['num', 'n', 'nr', 'no', 'max', 'nb'];
    const isJoined = (prefix: string): boolean => joins && stem.length > 2 && is === prefix + stem;
    if (prefixes.some((prefix) => is === `${prefix}_${stem}` || isJoined(prefix))) return true;
  }
  return of === 'argv' && is === 'argc';
}
