// Absence is a type: a weak function is callable only where something has proved that it is there.
// Every line under @ts-expect-error must not compile. Compiled by types.test.ts.

import type { Int64 } from '@dlshim/runtime';
import { image, library } from './shims.ts';

const opened = library.open();

// Required functions are called plainly; weak ones are not.
const size: Int64 = opened.fn.size(image);
// @ts-expect-error a weak function is possibly undefined
opened.fn.flatten(image);
// @ts-expect-error and so is one of a feature
opened.fn.writesame(image, 1);
opened.fn.flatten?.(image);
if (opened.fn.flatten) opened.fn.flatten(image);
// @ts-expect-error no such function
opened.fn.nothing();

// has() narrows, and only what the feature stands for.
if (opened.has('writesame')) {
  opened.fn.writesame(image, 1);
  opened.fn.writesame_aio(image, null);
  // @ts-expect-error of another feature
  opened.fn.discard(image);
  // @ts-expect-error of no feature
  opened.fn.flatten(image);
} else {
  // The other branch still has the required functions, and the weak ones as before.
  opened.fn.size(image);
  // @ts-expect-error not proved here
  opened.fn.writesame(image, 1);
}
// @ts-expect-error and not after it
opened.fn.writesame(image, 1);
// @ts-expect-error not a feature's name
opened.has('flatten');

// Nested and conjoined, features accumulate.
if (opened.has('writesame')) {
  if (opened.has('discard')) {
    opened.fn.writesame(image, 1);
    opened.fn.discard(image);
  }
  // @ts-expect-error only inside
  opened.fn.discard(image);
}
if (opened.has('writesame') && opened.has('discard')) {
  opened.fn.writesame(image, 1);
  opened.fn.discard(image);
  // @ts-expect-error still weak
  opened.fn.flatten(image);
}
if (opened.has('writesame') || opened.has('discard')) {
  // @ts-expect-error either one proves neither
  opened.fn.discard(image);
}

// An early return narrows the rest.
export function need(): number {
  const here = library.open();
  if (!here.has('discard')) return -1;
  return here.fn.discard(image);
}

// A feature that is one of two proves no more than what both have.
export function either(name: 'writesame' | 'discard'): void {
  const here = library.open();
  if (here.has(name)) {
    // @ts-expect-error it may have been 'discard'
    here.fn.writesame(image, 1);
  }
}

// open({ require }) proves the names of its list: functions and features.
const strict = library.open({ require: ['flatten', 'writesame'] });
strict.fn.flatten(image);
strict.fn.writesame(image, 1);
strict.fn.writesame_aio(image, null);
strict.fn.size(image);
// @ts-expect-error not required
strict.fn.discard(image);
if (strict.has('discard')) {
  strict.fn.discard(image);
  strict.fn.flatten(image);
}
// @ts-expect-error no such name
library.open({ require: ['nothing'] });

// A path alone proves nothing.
const there = library.open({ path: '/opt/library.so' });
// @ts-expect-error still weak
there.fn.flatten(image);
const none = library.open({ require: [] });
// @ts-expect-error an empty list proves nothing
none.fn.flatten(image);

// tryOpen() is possibly undefined.
const perhaps = library.tryOpen();
// @ts-expect-error possibly undefined
perhaps.fn.size(image);
perhaps?.fn.size(image);
const strictly = library.tryOpen({ require: ['flatten'] });
// @ts-expect-error possibly undefined, whatever it requires
strictly.fn.flatten(image);
strictly?.fn.flatten(image);

// The table on the thread pool: the same, as promises.
const later: Promise<Int64> = opened.async.size(image);
// @ts-expect-error weak there too
opened.async.flatten(image);
if (opened.has('writesame')) {
  const written: Promise<Int64> = opened.async.writesame(image, 1);
  // @ts-expect-error a promise is not a number
  const wrong: number = opened.async.writesame(image, 1);
  void [written, wrong];
}
// @ts-expect-error the table cannot be written
opened.async.size = async () => 0;

export { later, size };

// The type of an opened library is ReturnType of open, which proves nothing by itself.
export function use(given: ReturnType<typeof library.open>): void {
  given.fn.size(image);
  // @ts-expect-error a weak function is possibly undefined
  given.fn.flatten(image);
}
use(library.open());
