// Features that are decided by versions: they stand for no functions, and what cannot be decided has a default.
// Every line under @ts-expect-error must not compile. Compiled by types.test.ts.

import type { Inspection, Int64, Loaded } from '@dlshim/runtime';
import { type DatedFeatures, type DatedWeak, dated, image, type Required } from './shims.ts';

const opened = dated.open();

// A feature without functions is a plain question, and both branches keep the whole table.
if (opened.has('fast_diff')) {
  opened.fn.size(image);
  // @ts-expect-error it proves no function
  opened.fn.flatten(image);
} else {
  const size: Int64 = opened.fn.size(image);
  opened.fn.flatten?.(image);
  if (opened.has('writesame')) opened.fn.writesame(image, size);
}
if (!opened.has('fast_diff', false)) opened.fn.size(image);
const answer: boolean = opened.has('fast_diff', true);
// @ts-expect-error yes or no
opened.has('fast_diff', 'perhaps');
// @ts-expect-error not a feature's name
opened.has('fast_diffs');

// A default does not keep a feature from narrowing.
if (opened.has('writesame', false)) opened.fn.writesame(image, 1);
if (opened.has('fast_diff') && opened.has('discard')) opened.fn.discard(image);

// One slot for each signature, told apart by features, or by being there.
if (opened.has('resize3')) {
  opened.fn.resize(image, 1, 0);
  // @ts-expect-error it takes flags
  opened.fn.resize(image, 1);
  // @ts-expect-error the other one is another feature
  opened.fn['resize@1.0'](image, 1);
} else if (opened.has('resize2')) {
  opened.fn['resize@1.0'](image, 1);
}
opened.fn['resize@1.0']?.(image, 1);

// A feature by a name that is not known before is either kind.
export function decide(feature: 'fast_diff' | 'discard'): boolean {
  return opened.has(feature, false);
}

// open() fails closed on both kinds.
const strict = dated.open({ require: ['fast_diff', 'resize3'], assumeVersion: '1.2.3' });
strict.fn.resize(image, 1, 0);
// @ts-expect-error a version is text
dated.open({ assumeVersion: 1.2 });

// What inspect() says of a feature may be that it does not know.
const seen: Inspection<Required, DatedWeak, DatedFeatures> = dated.inspect();
const known: boolean | undefined = seen.features.fast_diff;
// @ts-expect-error it may be undefined
const sure: boolean = seen.features.fast_diff;
const why: string = seen.reasons.resize3;
const since: string | undefined = seen.versions?.since;
const dark: readonly (keyof DatedWeak)[] = seen.undecided;

const max: number | bigint | string | undefined = opened.constant('MAX');

export const table: Loaded<Required, DatedWeak, DatedFeatures> = opened;
export const used = { answer, known, sure, why, since, dark, max };
