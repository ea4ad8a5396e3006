// In: two types, an older and a newer one, each with the declarations of its own version. Out: whether what was compiled for the older
// one works with the newer: what registers, memory and callbacks hold (System V psABI, AAPCS64, Microsoft's x64 ABI), not
// what C calls compatible (C11 6.2.7): qualifiers and names are spelling here, and so is `void *` for any other pointer.

import { basicFloat } from '../scalars.ts';
import { isSigned, sizeOf, type Target } from '../target.ts';
import { cDeclaration } from './c-text.ts';
import type {
  CType,
  EnumReference,
  FloatingName,
  FunctionType,
  IntegerName,
  IntegerType,
  RecordReference,
} from './ctype.ts';
import { isHandleType, opaqueName } from './pointers.ts';
import type { TypeTable } from './types.ts';

/** What differs. Of spelling: `qualifier`, `name`, `pointee` (`void *`, bytes). Else: `kind` (a pointer where a number was), `size`, `sign`,
 *  `handle` (another thing of the library's), `parameters` (their number, `...`), `result` (there is one where none was, or none),
 *  `record` (what the caller says of two records), `unknown` (types that are not modelled). */
export type Aspect =
  | 'qualifier'
  | 'name'
  | 'pointee'
  | 'kind'
  | 'size'
  | 'sign'
  | 'handle'
  | 'parameters'
  | 'result'
  | 'record'
  | 'unknown';

/** `reason` is empty for the same types; of several differences it has all of the worst kind. */
export interface TypeComparison {
  readonly kind: 'same' | 'spelling' | 'different';
  readonly reason: string;
  /** Of the differences in `reason`, in their order. */
  readonly aspects: readonly Aspect[];
}

export interface ComparisonOptions {
  readonly target: Target;
  /** Asked about two records of one key, or of keys of which one has replaced the other. Undefined, as without this: records of one key
   *  are the same, whatever their members. */
  readonly record?: (pair: RecordPair) => TypeComparison | undefined;
}

export interface RecordPair {
  readonly a: RecordReference;
  readonly b: RecordReference;
  /** Whether the record itself lies there, and not a pointer to it. */
  readonly byValue: boolean;
}

export const SAME: TypeComparison = { kind: 'same', reason: '', aspects: [] };

/** `a` with what `tableA` knows is the older type, `b` the newer one. */
export function compareTypes(
  a: CType,
  tableA: TypeTable,
  b: CType,
  tableB: TypeTable,
  options: ComparisonOptions,
): TypeComparison {
  return new Comparer(tableA, tableB, options).types(a, b, true);
}

const RANK = { same: 0, spelling: 1, different: 2 } as const;

/** The worst of several, with the reasons of all that are as bad. */
export function worst(list: readonly TypeComparison[]): TypeComparison {
  const rank = Math.max(0, ...list.map(({ kind }) => RANK[kind]));
  const found = list.filter(({ kind }) => RANK[kind] === rank);
  if (rank === 0) return SAME;
  return {
    kind: found[0]!.kind,
    reason: [...new Set(found.map(({ reason }) => reason))].join('; '),
    aspects: [...new Set(found.flatMap(({ aspects }) => aspects))],
  };
}

const spelling = (aspect: Aspect, reason: string): TypeComparison => ({ kind: 'spelling', reason, aspects: [aspect] });
const different = (aspect: Aspect, reason: string): TypeComparison => ({
  kind: 'different',
  reason,
  aspects: [aspect],
});

/** As both are written, or where that is alike, what they stand for. */
function inWords(a: CType, x: CType, b: CType, y: CType): string {
  return cDeclaration(a, '') === cDeclaration(b, '') ? became(x, y) : became(a, b);
}

/** `long, not int`. */
const became = (a: CType, b: CType): string => `${cDeclaration(b, '')}, not ${cDeclaration(a, '')}`;

class Comparer {
  readonly #a: TypeTable;
  readonly #b: TypeTable;
  readonly #options: ComparisonOptions;

  constructor(a: TypeTable, b: TypeTable, options: ComparisonOptions) {
    this.#a = a;
    this.#b = b;
    this.#options = options;
  }

  /** `byValue`: whether a value of the type itself is meant, and not what a pointer points to. */
  types(a: CType, b: CType, byValue: boolean): TypeComparison {
    const [x, y] = [this.#a.resolve(a), this.#b.resolve(b)];
    const behind = worst([
      this.#handles(a, b),
      this.#resolved(x, y, byValue, () => inWords(a, x, b, y)),
      qualifiers(x, y),
    ]);
    return behind.kind === 'same' && namesDiffer(a, b) ? spelling('name', `written ${became(a, b)}`) : behind;
  }

  /** `text` names both in words. */
  #resolved(x: CType, y: CType, byValue: boolean, text: () => string): TypeComparison {
    if (isIntegral(x) && isIntegral(y)) return this.#integers(x, y, text);
    if (x.kind !== y.kind) return different('kind', text());
    switch (x.kind) {
      case 'void':
      case 'va_list':
        return SAME;
      case 'floating':
      case 'complex':
        return floats(x, y as typeof x, text);
      case 'pointer':
        return this.#pointees(x.to, (y as typeof x).to);
      case 'array': {
        const other = y as typeof x;
        const lengths = x.length === other.length ? SAME : different('size', text());
        return worst([lengths, this.types(x.of, other.of, byValue)]);
      }
      case 'function':
        return this.#functions(x, y as typeof x);
      case 'record':
        return this.#records(x, y as typeof x, byValue);
      case 'unsupported':
        return x.reason === (y as typeof x).reason ? SAME : different('unknown', `it cannot be told: ${x.reason}`);
      default:
        return SAME;
    }
  }

  #integers(x: Integral, y: Integral, text: () => string): TypeComparison {
    const { target } = this.#options;
    const [nameX, nameY] = [integerOf(x, this.#a), integerOf(y, this.#b)];
    const [sizeX, sizeY] = [sizeOf(nameX, target), sizeOf(nameY, target)];
    if (sizeX !== sizeY) return different('size', `${text()}: ${bytes(sizeY)} and not ${sizeX}`);
    if ((nameX === 'bool') !== (nameY === 'bool')) return different('kind', text());
    if (isSigned(nameX, target) !== isSigned(nameY, target)) {
      return different('sign', `${text()}: ${isSigned(nameY, target) ? 'signed' : 'unsigned'} now`);
    }
    if (x.kind === 'integer' && y.kind === 'integer') return nameX === nameY ? SAME : spelling('name', text());
    return x.kind === y.kind && (x as EnumReference).key === (y as EnumReference).key ? SAME : spelling('name', text());
  }

  /** What two pointers point to. */
  #pointees(a: CType, b: CType): TypeComparison {
    const [x, y] = [this.#a.resolve(a), this.#b.resolve(b)];
    if (x.kind === 'void' && y.kind === 'void') {
      const names = [opaqueName(a, this.#a), opaqueName(b, this.#b)] as const;
      return worst([this.#owners(...names), qualifiers(x, y), namesDiffer(a, b) ? renamedTo(a, b) : SAME]);
    }
    if (x.kind === 'void' || y.kind === 'void') return spelling('pointee', `a pointer to ${became(a, b)}`);
    if (isByte(x) && isByte(y)) {
      if (x.name !== y.name) return spelling('pointee', `a pointer to ${became(a, b)}`);
      return worst([qualifiers(x, y), namesDiffer(a, b) ? renamedTo(a, b) : SAME]);
    }
    const found = this.types(a, b, false);
    if (found.kind === 'different' && x.kind === 'function') {
      return { ...found, reason: `a callback where ${found.reason}` };
    }
    return found.kind === 'different' && isIntegral(x) ? { ...found, reason: `a pointer to ${found.reason}` } : found;
  }

  #functions(x: FunctionType, y: FunctionType): TypeComparison {
    const counts = [x.parameters.length, y.parameters.length] as const;
    if (counts[0] !== counts[1]) {
      return different('parameters', `there are ${y.parameters.length} parameters and not ${x.parameters.length}`);
    }
    return worst([
      this.#results(x.result, y.result),
      ...x.parameters.map((parameter, at) => {
        const other = y.parameters[at]!;
        const found = this.types(asPassed(parameter.type, this.#a), asPassed(other.type, this.#b), true);
        const name = other.name ?? parameter.name;
        return {
          ...found,
          reason: found.reason && `parameter ${at + 1}${name ? ` (${name})` : ''} is ${found.reason}`,
        };
      }),
      Boolean(x.variadic) === Boolean(y.variadic)
        ? SAME
        : different(
            'parameters',
            y.variadic ? 'more arguments may follow (...)' : 'no more arguments may follow (...)',
          ),
      Boolean(x.unprototyped) === Boolean(y.unprototyped) ? SAME : spelling('name', 'written with () for (void)'),
      Boolean(x.noreturn) === Boolean(y.noreturn)
        ? SAME
        : spelling('qualifier', y.noreturn ? 'declared to return never' : 'declared to return'),
    ]);
  }

  #results(a: CType, b: CType): TypeComparison {
    const [x, y] = [this.#a.resolve(a), this.#b.resolve(b)];
    if (x.kind === 'void' && y.kind !== 'void') return different('result', `there is a result, ${cDeclaration(b, '')}`);
    if (x.kind !== 'void' && y.kind === 'void')
      return different('result', `there is no result, which was ${cDeclaration(a, '')}`);
    const found = this.types(a, b, true);
    return { ...found, reason: found.reason && `the result is ${found.reason}` };
  }

  #records(x: RecordReference, y: RecordReference, byValue: boolean): TypeComparison {
    const isOther = x.key !== y.key;
    // What lies in another record without a name of its own has a key by its place.
    const isNamed = !x.key.includes('::') && !y.key.includes('::');
    if (isOther && isNamed && (this.#b.record(x.key) || this.#a.record(y.key)))
      return different('handle', became(x, y));
    const found = this.#options.record?.({ a: x, b: y, byValue });
    if (found && found.kind !== 'same') return found;
    return isOther && isNamed ? spelling('name', `named ${became(x, y)}`) : SAME;
  }

  /** `typedef void *image_t` and `typedef void *pool_t` are both void *, and nothing that takes the one takes the other. */
  #handles(a: CType, b: CType): TypeComparison {
    return this.#owners(handleName(a, this.#a), handleName(b, this.#b));
  }

  /** Two names of what only the library knows. A name that is gone may have been replaced by one that is new. */
  #owners(a: string | undefined, b: string | undefined): TypeComparison {
    if (a === undefined || b === undefined || a === b) return SAME;
    const isKnown = this.#b.typedef(a) !== undefined || this.#a.typedef(b) !== undefined;
    return isKnown ? different('handle', `${b}, not ${a}`) : spelling('name', `named ${b}, not ${a}`);
  }
}

type Integral = IntegerType | EnumReference;

function isIntegral(type: CType): type is Integral {
  return type.kind === 'integer' || type.kind === 'enum';
}

function integerOf(type: Integral, table: TypeTable): IntegerName {
  return type.kind === 'integer' ? type.name : (table.enumeration(type.key)?.underlying ?? 'uint');
}

const bytes = (count: number): string => (count === 1 ? '1 byte' : `${count} bytes`);

function isByte(type: CType): type is IntegerType {
  return type.kind === 'integer' && /^[su]?char$/.test(type.name);
}

function floats(
  x: CType & { name: FloatingName },
  y: CType & { name: FloatingName },
  text: () => string,
): TypeComparison {
  if (x.name === y.name) return SAME;
  const [formatX, formatY] = [basicFloat(x.name) ?? x.name, basicFloat(y.name) ?? y.name];
  return formatX === formatY ? spelling('name', text()) : different('size', text());
}

function qualifiers(x: CType, y: CType): TypeComparison {
  const changed = (['const', 'volatile', 'restrict'] as const).filter((word) => Boolean(x[word]) !== Boolean(y[word]));
  if (changed.length === 0) return SAME;
  return spelling('qualifier', changed.map((word) => (y[word] ? `${word} now` : `no longer ${word}`)).join(', '));
}

function namesDiffer(a: CType, b: CType): boolean {
  const name = (type: CType): string | undefined => (type.kind === 'typedef' ? type.name : undefined);
  return name(a) !== name(b);
}

function renamedTo(a: CType, b: CType): TypeComparison {
  return spelling('name', `written ${became(a, b)}`);
}

/** As a parameter is passed: C11 6.7.6.3p7 and p8. */
function asPassed(type: CType, table: TypeTable): CType {
  const passed = table.passed(type);
  const resolved = table.resolve(passed);
  if (resolved.kind === 'array') return { kind: 'pointer', to: resolved.of };
  return resolved.kind === 'function' ? { kind: 'pointer', to: resolved } : passed;
}

/** The first name in a chain of typedefs that is a handle's. */
function handleName(type: CType, table: TypeTable): string | undefined {
  let current = type;
  for (let depth = 0; current.kind === 'typedef' && depth < 200; depth += 1) {
    const declaration = table.typedef(current.name);
    if (!declaration) return undefined;
    if (isHandleType(declaration, table)) return declaration.name;
    current = declaration.type;
  }
  return undefined;
}
