// In: a function's name and parameters. Out: whether C keeps a function that it is given, and calls it after the call has returned. By
// names, which prove little: where none says so it is not kept, and a plain function serves, as with what runs until it returns.

import type { CType, Parameter } from '../model/ctype.ts';
import { pointeeOf } from '../model/pointers.ts';
import type { TypeTable } from '../model/types.ts';
import { any, isMaker, setOf, takesBack, wordsOf } from './words.ts';

const KEEPERS = setOf(`
  async aio register unregister watch set add subscribe unsubscribe install hook on callback handler listener observer notify timeout
  idle connect trace profile authorizer extension needed atexit
`);
/** Words of functions that run their callback until they return. */
const RUNNERS = setOf('foreach each iterate walk sort scan visit diff find sync');
/** What tells of progress is called until the work is done, unless the function is about nothing else. */
const HANDLERS = setOf('handler hook callback listener register install set');
/** A destructor that these take is for what goes now. */
const REMOVERS = setOf('remove clear purge drop empty flush pop reset');
/** Called while the thing is made. */
const DURING = setOf('progress prog read reader write writer filter iter foreach each');
const DESTRUCTOR = /destroy|destructor|dtor|dispose|finali[sz]e|cleanup|(^|_)(free|release)|^x?del(ete)?$/i;

/** Whether it keeps what its parameter number `at`, a pointer to a function, points to. */
export function keepsCallback(fn: string, parameters: readonly Parameter[], at: number, table: TypeTable): boolean {
  const words = wordsOf(fn);
  if (any(words, RUNNERS) || runsWithProgress(words)) return false;
  if (any(words, KEEPERS)) return true;
  if (takesBack(fn) || any(words, REMOVERS)) return false;
  if (parameters.some((_, each) => isDestructor(parameters, each, table))) return true;
  return isMaker(fn) && !words.includes('from') && !any(wordsOf(namesOf(parameters[at]!)), DURING);
}

function runsWithProgress(words: readonly string[]): boolean {
  const at = words.indexOf('progress');
  return at >= 0 && (words[at - 1] === 'with' || !any(words, HANDLERS));
}

/** The parameter's name, and that of its type. */
function namesOf({ name = '', type }: Parameter): string {
  return type.kind === 'typedef' ? `${name} ${type.name}` : name;
}

/** `void (*xDestroy)(void *)`; without a name, behind the data that it is for. */
function isDestructor(parameters: readonly Parameter[], at: number, table: TypeTable): boolean {
  const { name, type } = parameters[at]!;
  const to = pointeeOf(table.passed(type), table);
  const callback = to?.kind === 'function' ? table.resolve(to.to) : undefined;
  if (callback?.kind !== 'function' || callback.parameters.length !== 1) return false;
  const [taken] = callback.parameters;
  if (pointeeOf(taken!.type, table) === undefined) return false;
  if ([name, type.kind === 'typedef' ? type.name : undefined].some((text) => text && DESTRUCTOR.test(text)))
    return true;
  const isPlain =
    name === undefined && isVoidPointer(taken!.type, table) && table.resolve(callback.result).kind === 'void';
  return isPlain && isBehindData(parameters, at, table) && !isVoidPointer(parameters[at + 1]?.type, table);
}

/** Behind a pointer to bytes, with its length between them or without. */
function isBehindData(parameters: readonly Parameter[], at: number, table: TypeTable): boolean {
  const isData = (each: number): boolean => {
    const { type } = parameters[each] ?? {};
    const to = type && pointeeOf(table.passed(type), table);
    return to !== undefined && ['void', 'text', 'bytes'].includes(to.kind);
  };
  const before = parameters[at - 1];
  return isData(at - 1) || (before !== undefined && table.resolve(before.type).kind === 'integer' && isData(at - 2));
}

function isVoidPointer(type: CType | undefined, table: TypeTable): boolean {
  return type !== undefined && pointeeOf(table.passed(type), table)?.kind === 'void';
}
