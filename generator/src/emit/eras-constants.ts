// In: the constants of a module, and their values in all versions. Out: the same, with their eras where values differ. Macros that spell
// the version differ in all of them, and are no such thing.

import type { ConstantValue } from '../model/api.ts';
import { withLines } from './describe.ts';
import type { Span } from './eras-presence.ts';
import type { Lowering } from './lower.ts';
import type { ConstantPlan, ModuleOptions } from './module.ts';

export function constantPlans(
  plans: readonly ConstantPlan[],
  { names }: Lowering,
  span: Span,
  { versionConstants = [] }: ModuleOptions,
): readonly ConstantPlan[] {
  const eras = new Map([...span.constants].map(([name, list]) => [names.constant.get(name), { name, list }]));
  return plans.map((plan) => {
    const { name, list } = eras.get(plan.name) ?? { name: plan.name, list: [] };
    if (list.length < 2) return plan;
    if (versionConstants.includes(name) || SPELLS_VERSION.test(name))
      return { ...plan, doc: withLines(plan.doc, [`As of ${span.name(list.at(-1)!.versions.at(-1)!)}.`]) };
    const words = list.map(({ versions, value }) => `\`${valueText(value)}\` ${span.words(versions)}`);
    return {
      ...plan,
      doc: withLines(plan.doc, [`${words.join(', ')}.`]),
      eras: list.map(({ versions, value }) => ({ versions: span.ranges(versions), value })),
    };
  });
}

/** `LIBRBD_VER_MINOR`, `LIBCURL_VERSION_NUM`, `SDL_PATCHLEVEL`. */
const SPELLS_VERSION =
  /(^|_)(VERSION|VERNUM|VER|MAJOR|MINOR|MICRO|PATCH|PATCHLEVEL|REVISION|TIMESTAMP|SOVERSION)(_|\d|$)/i;

function valueText({ kind, value }: ConstantValue): string {
  return kind === 'string' ? JSON.stringify(value) : `${value}`;
}
