// In: the enumerations and constants of two versions. Out: what became of each name and value. Enumerators and macros share one space of
// names to a program (C11 6.2.3, 6.10.3), so one may become the other.

import type { Api, EnumDecl, Origin } from '../model/api.ts';
import { SPELLINGS } from '../model/c-text.ts';
import type { IntegerName } from '../model/ctype.ts';
import { sizeOf } from '../target.ts';
import type { Change, ChangeKind, Rating } from './change.ts';
import type { Reach } from './reach.ts';
import { isOwn, paired, placeOf, type Sides } from './sides.ts';

/** A name for a value. */
interface NamedValue {
  readonly kind: ChangeKind & ('enumerator' | 'constant');
  readonly name: string;
  /** What it is in general, so that a number and a text can be told apart. */
  readonly sort: string;
  readonly text: string;
  readonly type: string;
  readonly origin: Origin;
  /** The key of its enumeration. */
  readonly of?: string;
}

/** `reach` says what of the older version reaches an enumeration. */
export function compareConstants(sides: Sides, reach: Reach): Change[] {
  const reached = ({ of }: NamedValue) => reach.words('enum', of);
  return paired(valuesOf(sides.a), valuesOf(sides.b), ({ name }) => name).flatMap(({ a, b }): Change[] => {
    if (a && b) return changedValue(a, b).map((change) => ({ ...change, ...reached(a) }));
    if (a) {
      const reason = 'programs that name it do not compile';
      return [{ ...said(a), change: 'removed', rating: 'break', reason, before: a.text, ...reached(a) }];
    }
    return [
      { ...said(b!), change: 'added', rating: 'compatible', reason: 'no older program names it', after: b!.text },
    ];
  });
}

function said({ kind, name, origin }: NamedValue): { kind: ChangeKind; name: string; at?: string } {
  return { kind, name, ...placeOf(origin) };
}

function valuesOf(api: Api): NamedValue[] {
  const enumerators = api.enums.filter(isOwn).flatMap(({ key, enumerators: list, underlying, origin }) =>
    list.map(({ name, value }): NamedValue => {
      return { kind: 'enumerator', name, sort: 'int', text: value.toString(), type: underlying, origin, of: key };
    }),
  );
  const constants = api.constants.filter(isOwn).map(({ name, value, origin }): NamedValue => {
    const common = { kind: 'constant', name, sort: value.kind, origin } as const;
    if (value.kind === 'int') return { ...common, text: value.value.toString(), type: value.type };
    if (value.kind === 'float') return { ...common, text: String(value.value), type: value.type };
    return { ...common, text: JSON.stringify(value.value), type: `${value.wide ?? ''}${value.pointer ? '*' : '[]'}` };
  });
  return [...enumerators, ...constants];
}

function changedValue(a: NamedValue, b: NamedValue): Change[] {
  const common = { ...said(b), change: 'changed', before: a.text, after: b.text } as const;
  if (a.sort !== b.sort)
    return [{ ...common, rating: 'break', reason: `it is ${SORTS[b.sort]}, not ${SORTS[a.sort]}` }];
  if (a.text !== b.text) return [{ ...common, ...otherValue(a, b) }];
  if (a.kind !== b.kind) {
    return [
      {
        ...common,
        rating: 'compatible',
        reason: b.kind === 'constant' ? 'it is a macro now' : 'it is an enumerator now',
      },
    ];
  }
  if (a.type === b.type || a.kind === 'enumerator') return [];
  const reason = `it is of another type: ${spelled(b.type)}, not ${spelled(a.type)}`;
  return [
    {
      ...common,
      before: `${a.text} (${spelled(a.type)})`,
      after: `${b.text} (${spelled(b.type)})`,
      rating: 'compatible',
      reason,
    },
  ];
}

const SORTS: Readonly<Record<string, string>> = { int: 'a number', float: 'a floating number', string: 'a text' };

const spelled = (type: string): string => SPELLINGS[type as IntegerName] ?? type;

/** `FOO_VERSION`, `LIBRBD_VER_MINOR`, `FOO_MINOR_VERSION`, `FOO_API_LEVEL`. */
const VERSION =
  /(^|_)(VERSION|VER|MAJOR|MINOR|MICRO|PATCH|PATCHLEVEL|REVISION|API_LEVEL|TIMESTAMP|COPYRIGHT|SONAME|SOVERSION)(_|$|\d)|VERSION$/i;
/** `FOO_LAST`, `FOO_MAX_NAME`, `N_FOOS`. */
const COUNT =
  /(^|_)(LAST|MAX|MIN|COUNT|NUM|END|SIZE|LEN|LENGTH|N|LIMIT|ALL|MASK)(_|$|\d)|(LAST|LASTENTRY|LASTONE|MAX|COUNT)$/i;

/** What was compiled has the older value in it. */
function otherValue(a: NamedValue, { name, sort, text }: NamedValue): { rating: Rating; reason: string } {
  if (VERSION.test(name))
    return { rating: 'compatible', reason: 'it tells the version that a program was compiled for' };
  if (sort === 'string') return { rating: 'recompile', reason: 'what was compiled has the older text in it' };
  if (COUNT.test(name)) {
    return {
      rating: 'recompile',
      reason: 'it says how much or how many: what was compiled has the older number in it',
    };
  }
  if (sort === 'int' && a.kind === 'constant' && isWiderSet(BigInt(a.text), BigInt(text))) {
    return { rating: 'recompile', reason: 'there are more bits in it, which what was compiled does not know' };
  }
  return {
    rating: 'silent break',
    reason: `what was compiled passes or expects the older value, and ${text} is meant`,
  };
}

/** Several bits, to which higher ones were added: a set of flags that were there and of new ones. */
function isWiderSet(older: bigint, newer: bigint): boolean {
  const isSet = older > 0n && (older & (older - 1n)) !== 0n;
  const highest = 1n << BigInt(older.toString(2).length);
  return isSet && newer > older && newer % highest === older;
}

/** Enumerations as types: which integers hold them. */
export function compareEnumerations({ a, b, target }: Sides, reach: Reach): Change[] {
  const named = (api: Api): EnumDecl[] => api.enums.filter((one) => isNamed(one, api));
  return paired(named(a), named(b), ({ key }) => key).flatMap(({ a: older, b: newer }): Change[] => {
    if (!older || !newer) return presence(older, newer);
    const [sizeA, sizeB] = [sizeOf(older.underlying, target), sizeOf(newer.underlying, target)];
    if (older.underlying === newer.underlying) return [];
    const common = {
      kind: 'enumeration',
      name: newer.key,
      change: 'changed',
      ...placeOf(newer.origin),
      ...reach.words('enum', older.key),
    } as const;
    const texts = { before: spelled(older.underlying), after: spelled(newer.underlying) };
    if (sizeA === sizeB) {
      return [{ ...common, ...texts, rating: 'compatible', reason: 'its values are the same bits, in another type' }];
    }
    return [{ ...common, ...texts, rating: 'silent break', reason: `it takes ${sizeB} bytes and not ${sizeA}` }];
  });
}

function presence(older: EnumDecl | undefined, newer: EnumDecl | undefined): Change[] {
  const decl = (older ?? newer)!;
  if (!isOwn(decl)) return [];
  const common = { kind: 'enumeration', name: decl.key, ...placeOf(decl.origin) } as const;
  if (older) return [{ ...common, change: 'removed', rating: 'break', reason: 'programs that name it do not compile' }];
  return [{ ...common, change: 'added', rating: 'compatible', reason: 'no older program names it' }];
}

/** One without a tag or a typedef has a key by its place. */
function isNamed({ tag, key }: EnumDecl, api: Api): boolean {
  return tag !== undefined || api.typedefs.some(({ name }) => name === key);
}
