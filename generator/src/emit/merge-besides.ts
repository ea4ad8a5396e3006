// In: the plans of each target. Out: what all of them have besides functions: function types by name, data symbols, values behind `...`;
// and where their signatures differ. The rules are merge.ts's: what cannot have one TypeScript type is refused by name.

import { byName, type Merge, mapped, type Plans } from './merging.ts';
import type { DataPlan, ModulePlan, ModuleVariants, OptionPlan, VariadicPlan } from './module.ts';
import { optionKey } from './print-besides.ts';
import { type Variants, variantsOf, whoSaysWhat } from './variants.ts';

type Besides = Pick<ModulePlan, 'callbacks' | 'data' | 'variadics'>;

export function mergeBesides(merge: Merge, plans: Plans): Besides {
  return {
    callbacks: mergeCallbacks(merge, plans),
    data: merge.all('variable', (plan) => plan.data, mergeVariable(merge)),
    variadics: mergeVariadics(merge, plans),
  };
}

/** A type that is not carried is listed by its own name already. */
function mergeCallbacks(merge: Merge, plans: Plans): ModulePlan['callbacks'] {
  return [...byName(plans, (plan) => plan.callbacks)].flatMap(([name, said]) => {
    const signatures = [...said.values()].map((c) => c.signature);
    const isWhole = said.size === plans.size && !merge.refusedTypes.has(name);
    return isWhole && !signatures.some((s) => merge.unknownRecord(s)) ? [[...said.values()][0]!] : [];
  });
}

function mergeVariable(merge: Merge) {
  return (name: string, said: ReadonlyMap<string, DataPlan>, first: DataPlan): DataPlan | undefined => {
    const refuse = (reason: string): undefined => merge.refuse('variable', name, first.origin, reason);
    const shapes = mapped(said, (d) => `${d.isConst ? 'const ' : ''}${d.type === 'void' ? 'an address' : 'a value'}`);
    if (variantsOf(shapes)) return refuse(`it is ${whoSaysWhat(shapes)}`);
    const unknown = [...said.values()].map((d) => merge.unknownRecord(d.type)).find((record) => record);
    if (unknown) return refuse(`it is a ${unknown}, which is not carried`);
    const type = merge.type(mapped(said, (d) => d.typescript));
    if ('conflict' in type) return refuse(type.conflict);
    return { ...first, typescript: type.text, weak: [...said.values()].some((d) => d.weak) };
  };
}

function mergeVariadics(merge: Merge, plans: Plans): ModulePlan['variadics'] {
  const [base] = [...plans.values()] as [ModulePlan];
  return base.variadics.map((variadic) => {
    const options = variadic.options.flatMap((option): OptionPlan[] => {
      const said = optionIn(plans, variadic, option);
      if (said.size < plans.size) return [];
      const type = merge.type(mapped(said, (o) => o.typescript));
      return 'conflict' in type ? [] : [{ ...option, typescript: type.text }];
    });
    return { ...variadic, options };
  });
}

function optionIn(plans: Plans, { function: name }: VariadicPlan, option: OptionPlan): ReadonlyMap<string, OptionPlan> {
  return new Map(
    [...plans].flatMap(([target, plan]) => {
      const found = plan.variadics.find((v) => v.function === name)?.options.find((o) => o.name === option.name);
      return found?.value === option.value ? [[target, found]] : [];
    }),
  );
}

export function besidesVariants(plans: Plans): Pick<ModuleVariants, 'callbacks' | 'data' | 'options'> {
  const options = new Map<string, Variants>();
  for (const variadic of [...plans.values()][0]!.variadics) {
    for (const option of variadic.options) {
      const variants = variantsOf(mapped(optionIn(plans, variadic, option), (o) => o.type));
      if (variants) options.set(optionKey(variadic.function, option.name), variants);
    }
  }
  return {
    callbacks: differing(
      byName(plans, (plan) => plan.callbacks),
      (c) => c.signature,
    ),
    data: differing(
      byName(plans, (plan) => plan.data),
      (d) => d.type,
    ),
    options,
  };
}

function differing<T>(
  all: ReadonlyMap<string, ReadonlyMap<string, T>>,
  text: (item: T) => string,
): ReadonlyMap<string, Variants> {
  const found = new Map<string, Variants>();
  for (const [name, said] of all) {
    const variants = variantsOf(mapped(said, text));
    if (variants) found.set(name, variants);
  }
  return found;
}
