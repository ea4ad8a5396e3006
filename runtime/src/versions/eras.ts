// What holds in which versions in, what holds in the installed one out: one value, or all that are possible. Pure.

import type { Era, HistoryDescriptor, Ranges } from '../contract/descriptor.ts';
import type { Inference } from './inference.ts';
import type { Truth } from './timeline.ts';

/** Whether something holds in the installed version that holds in these ranges. */
export function truthOf(inference: Inference, ranges: Ranges): Truth {
  const truths = inference.timeline.truthsOf(ranges);
  const found = new Set(inference.fitting.map((place) => (isUnknown(inference, place) ? 'maybe' : truths[place]!)));
  return found.size === 1 ? [...found][0]! : 'maybe';
}

/** Nothing is known of a version that nobody has seen where its SONAME is another one as well. */
function isUnknown({ isStrange }: Inference, place: number): boolean {
  return isStrange && place % 2 === 0;
}

/** The values that are possible, each once; `otherwise` is that of versions in no era. What is older than the baseline counts where an
 *  era speaks of it. */
export function valuesOf<T>(
  inference: Inference,
  history: HistoryDescriptor,
  eras: readonly Era<T>[],
  otherwise: T,
): readonly T[] {
  const baseline = inference.timeline.placeOf(history.baseline);
  const values = new Set(inference.places.flatMap((place) => valuesAt(inference, eras, otherwise, place, baseline)));
  return [...values];
}

/** The values that are possible at one place. */
export function valuesAt<T>(
  inference: Inference,
  eras: readonly Era<T>[],
  otherwise: T,
  place: number,
  baseline: number,
): readonly T[] {
  if (isUnknown(inference, place)) return [...new Set([...eras.map(([, value]) => value), otherwise])];
  const stated = eras.map(([ranges, value]) => [inference.timeline.truthsOf(ranges)[place]!, value] as const);
  const certain = stated.find(([truth]) => truth === 'yes');
  if (certain) return [certain[1]];
  const possible = stated.flatMap(([truth, value]) => (truth === 'maybe' ? [value] : []));
  if (place < baseline) return possible;
  // At a gap with one era beside it, what is beside it on the other side is in none.
  return possible.length === 1 || possible.length === 0 ? [...possible, otherwise] : possible;
}
