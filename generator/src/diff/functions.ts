// In: the functions and variables of two versions, and what their files export. Out: what became of each.

import type { Api, FunctionDecl, VariableDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import { type Change, type Rating, worstRating } from './change.ts';
import { isOwn, paired, placeOf, type Sides } from './sides.ts';

export function compareFunctions(sides: Sides): Change[] {
  const [before, after] = [exportsOf(sides.a), exportsOf(sides.b)];
  return paired(sides.a.functions.filter(isLinked), sides.b.functions.filter(isLinked), ({ name }) => name).flatMap(
    ({ a, b }) => {
      if (a && b) return bothDeclare(a, b, sides, before, after);
      if (a) return isOwn(a) ? [removed(a, sides.b, after)] : [];
      return isOwn(b!) ? [added(b!, sides.a, after)] : [];
    },
  );
}

export function compareVariables(sides: Sides): Change[] {
  return paired(sides.a.variables, sides.b.variables, ({ name }) => name).flatMap(({ a, b }): Change[] => {
    if (a && b) return changedVariable(a, b, sides);
    const [decl, change] = a ? [a, 'removed' as const] : [b!, 'added' as const];
    if (!isOwn(decl)) return [];
    const text = cDeclaration(decl.type, decl.name);
    const rated = a
      ? { rating: 'break' as const, reason: 'programs that use it do not compile, link or load', before: text }
      : { rating: 'compatible' as const, reason: 'no older program uses it', after: text };
    return [{ kind: 'variable', name: decl.name, change, ...rated, ...placeOf(decl.origin) }];
  });
}

function changedVariable(a: VariableDecl, b: VariableDecl, sides: Sides): Change[] {
  const types = sides.types(a.type, b.type);
  if (types.kind === 'same') return [];
  return [
    {
      kind: 'variable',
      name: b.name,
      change: 'changed',
      rating: types.rating,
      reason: `it is ${types.reason}`,
      before: cDeclaration(a.type, a.name),
      after: cDeclaration(b.type, b.name),
      ...placeOf(b.origin),
    },
  ];
}

/** What a version's file exports. */
interface Exports {
  /** Undefined where no file was at hand. */
  readonly has: (d: FunctionDecl) => boolean | undefined;
  /** Whether it is known that a symbol is exported which the headers do not declare. */
  readonly stillHas: (symbol: string) => boolean;
  /** The symbol versions of a symbol, the default one first. */
  readonly versions: (symbol: string) => readonly string[];
}

const linkName = (d: FunctionDecl): string => d.symbol ?? d.name;

function exportsOf({ notExported, exports }: Api): Exports {
  const lacking = notExported && new Set(notExported);
  const undeclared = new Set(exports?.undeclared ?? []);
  const versions = new Map<string, string[]>();
  for (const { symbol, version, isDefault } of exports?.symbolVersions ?? []) {
    const list = versions.get(symbol) ?? [];
    versions.set(symbol, isDefault ? [version, ...list] : [...list, version]);
  }
  return {
    has: (d) => lacking && !lacking.has(d.name),
    stillHas: (symbol) => undeclared.has(symbol),
    versions: (symbol) => versions.get(symbol) ?? [],
  };
}

/** A part of what changed about one function. */
interface Part {
  readonly rating: Rating;
  readonly reason: string;
}

function bothDeclare(a: FunctionDecl, b: FunctionDecl, sides: Sides, before: Exports, after: Exports): Change[] {
  const signature = signaturePart(a, b, sides);
  const parts = [
    ...(signature ? [signature] : []),
    ...symbolParts(a, b, before, after, signature !== undefined && signature.rating !== 'compatible'),
    ...deprecationPart(a, b),
  ];
  if (parts.length === 0) return [];
  const rating = worstRating(parts.map((part) => part.rating));
  const texts = [cDeclaration(a.type, a.name), cDeclaration(b.type, b.name)] as const;
  return [
    {
      kind: 'function',
      name: b.name,
      change: 'changed',
      rating,
      reason: parts.map(({ reason }) => reason).join('; '),
      ...(texts[0] === texts[1] ? {} : { before: texts[0], after: texts[1] }),
      ...placeOf(b.origin),
    },
  ];
}

function signaturePart(a: FunctionDecl, b: FunctionDecl, sides: Sides): Part | undefined {
  const types = sides.types(a.type, b.type);
  if (types.kind === 'same') return undefined;
  if (types.kind === 'spelling') return { rating: 'compatible', reason: types.reason };
  if (isResultNew(a, b, sides))
    return { rating: 'compatible', reason: `${types.reason}, which older programs do not ask for` };
  if (endsEarlier(a, b, sides)) {
    const reason = `${types.reason}: what was compiled passes more than is read, and programs do not compile`;
    return { rating: 'break', reason };
  }
  // A record that grew at its end is handed over whole.
  const rating = types.rating === 'recompile' ? 'silent break' : types.rating;
  return { rating, reason: types.reason };
}

/** Where nothing was returned, a number or a pointer is; it comes in a register that callers do not look at. */
function isResultNew(a: FunctionDecl, b: FunctionDecl, sides: Sides): boolean {
  const [none, some] = [sides.tableA.resolve(a.type.result), sides.tableB.resolve(b.type.result)];
  if (none.kind !== 'void' || !['integer', 'enum', 'floating', 'pointer'].includes(some.kind)) return false;
  return sides.types({ ...a.type, result: none }, { ...b.type, result: none }).kind !== 'different';
}

/** The last parameters are gone, and the others are as they were. */
function endsEarlier(a: FunctionDecl, b: FunctionDecl, sides: Sides): boolean {
  const { parameters } = b.type;
  if (parameters.length >= a.type.parameters.length) return false;
  const shortened = { ...a.type, parameters: a.type.parameters.slice(0, parameters.length) };
  return sides.types(shortened, b.type).kind !== 'different';
}

function symbolParts(a: FunctionDecl, b: FunctionDecl, before: Exports, after: Exports, isOther: boolean): Part[] {
  const [had, has] = [before.has(a), after.has(b)];
  if (had === true && has === false) {
    return [{ rating: 'break', reason: 'it is declared and no longer exported: programs do not link or load' }];
  }
  if (had === false && has === true) return [{ rating: 'compatible', reason: 'it is exported now' }];
  if (linkName(a) !== linkName(b)) {
    const stays = after.stillHas(linkName(a));
    const reason = `its symbol is ${linkName(b)} and not ${linkName(a)}`;
    return [
      stays ? { rating: 'compatible', reason } : { rating: 'recompile', reason: `${reason}: programs do not load` },
    ];
  }
  return versionParts(before.versions(linkName(a)), after.versions(linkName(b)), isOther);
}

/** Symbol versions (ELF): programs are bound to the one that was the default when they were linked. */
function versionParts([bound]: readonly string[], after: readonly string[], isOther: boolean): Part[] {
  if (!bound || after.length === 0 || after[0] === bound) return [];
  if (!after.includes(bound)) {
    return [
      {
        rating: 'recompile',
        reason: `symbol version ${bound} is gone (${after.join(', ')} is there): programs do not load`,
      },
    ];
  }
  const reason = `${bound} is still there beside ${after[0]}, which is what is found without a version`;
  return [
    {
      rating: 'compatible',
      reason: isOther ? `${reason}: programs that were linked go on with the older one` : reason,
    },
  ];
}

function deprecationPart(a: FunctionDecl, b: FunctionDecl): Part[] {
  if (b.deprecated === undefined || a.deprecated !== undefined) return [];
  return [{ rating: 'compatible', reason: `it is deprecated now${b.deprecated ? `: ${b.deprecated}` : ''}` }];
}

function removed(a: FunctionDecl, newer: Api, after: Exports): Change {
  const common = {
    kind: 'function',
    name: a.name,
    change: 'removed',
    before: cDeclaration(a.type, a.name),
    ...placeOf(a.origin),
  } as const;
  const instead = besides(newer, a.name);
  if (instead) {
    const reason = `${instead}: programs compile, and those that were compiled look for a symbol`;
    return { ...common, rating: 'recompile', reason };
  }
  if (after.stillHas(linkName(a))) {
    return { ...common, rating: 'break', reason: 'programs that call it do not compile; it is still exported' };
  }
  return { ...common, rating: 'break', reason: 'programs that call it do not compile, link or load' };
}

function added(b: FunctionDecl, older: Api, after: Exports): Change {
  const was = besides(older, b.name);
  const reason = was
    ? `older programs have it in themselves (it was ${was.replace('it is ', '')})`
    : 'no older program calls it';
  const lacking = after.has(b) === false ? '; the library does not export it' : '';
  return {
    kind: 'function',
    name: b.name,
    change: 'added',
    rating: 'compatible',
    reason: reason + lacking,
    after: cDeclaration(b.type, b.name),
    ...placeOf(b.origin),
  };
}

/** Whether its code is in the library: not in the header, as an inline function's. */
function isLinked({ unsupported }: FunctionDecl): boolean {
  return !unsupported?.startsWith('inline');
}

/** What a name is that is no function of the library's: a macro, or a body in the header. */
function besides({ functions, unsupported, constants }: Api, name: string): string | undefined {
  if (functions.some((one) => one.name === name && !isLinked(one))) return 'it is an inline function';
  if (unsupported.some((one) => one.name === name && one.kind === 'macro')) return 'it is a macro';
  return constants.some((one) => one.name === name) ? 'it is a constant' : undefined;
}
