// In: what functions and records are in each version, on each target. Out: their eras, the same for all targets: versions in which each
// target has the same; and the plans with a FunctionPlan or RecordPlan for every older era, named `f@since`, so that what is made of
// several targets is made of them too.

import type { VersionSet } from '../history/history.ts';
import type { TargetEras, Timeline } from './eras-target.ts';
import { isSameCallback, isSameFunction, isSameRecord } from './eras-target.ts';
import type { FunctionPlan, ModulePlan, RecordPlan } from './module.ts';

/** One era; the newest is the last of a list. */
export interface Era {
  /** `f@1.8.0`, or the plain name for the newest. */
  readonly slot: string;
  readonly versions: VersionSet;
}

export interface EraIndex {
  /** Functions with several eras. */
  readonly functions: ReadonlyMap<string, readonly Era[]>;
  /** Records with several. */
  readonly records: ReadonlyMap<string, readonly Era[]>;
  /** Types of functions with several. */
  readonly callbacks: ReadonlyMap<string, readonly Era[]>;
}

/** `name` is how a version is spelled. */
export function eraIndex(all: readonly TargetEras[], name: (at: number) => string): EraIndex {
  return {
    functions: jointEras(
      all.map((one) => grouped(one.functions, (a, b) => isSameFunction(a, b, one.target))),
      name,
    ),
    records: jointEras(
      all.map((one) => grouped(one.records, isSameRecord)),
      name,
    ),
    callbacks: jointEras(
      all.map((one) => grouped(one.callbacks, (a, b) => isSameCallback(a, b, one.target))),
      name,
    ),
  };
}

/** The number of the group that each version belongs to, by name. */
type Groups = ReadonlyMap<string, Timeline<number>>;

/** Newest first: what is like the newest is of its group. */
function grouped<T>(timelines: ReadonlyMap<string, Timeline<T>>, isSame: (a: T, b: T) => boolean): Groups {
  return new Map(
    [...timelines].map(([name, timeline]) => {
      const samples: T[] = [];
      const groups = [...timeline].reverse().map(([at, state]): [number, number] => {
        const known = samples.findIndex((sample) => isSame(state, sample));
        return [at, known < 0 ? samples.push(state) - 1 : known];
      });
      return [name, new Map(groups)];
    }),
  );
}

/** Versions in which all targets are in the same groups are one era. */
function jointEras(all: readonly Groups[], name: (at: number) => string): ReadonlyMap<string, readonly Era[]> {
  const found = new Map<string, readonly Era[]>();
  for (const key of new Set(all.flatMap((groups) => [...groups.keys()]))) {
    const said = all.map((groups) => groups.get(key));
    const versions = [...new Set(said.flatMap((timeline) => [...(timeline?.keys() ?? [])]))].sort((a, b) => a - b);
    const eras = new Map<string, number[]>();
    for (const at of versions) {
      const id = said.map((timeline) => timeline && groupAt(timeline, at)).join();
      eras.set(id, [...(eras.get(id) ?? []), at]);
    }
    const list = [...eras.values()].sort((a, b) => a.at(-1)! - b.at(-1)!);
    found.set(
      key,
      list.map((own, at) => ({ slot: at === list.length - 1 ? key : `${key}@${name(own[0]!)}`, versions: own })),
    );
  }
  return found;
}

/** Where a target lacks it in a version, it is taken for what it is in the next one that has it. */
function groupAt(timeline: Timeline<number>, at: number): number | undefined {
  const [next] = [...timeline.keys()].filter((version) => version >= at).sort((a, b) => a - b);
  return timeline.get(next ?? [...timeline.keys()].at(-1)!);
}

/** The plan with what older eras have beside the newest. */
export function withOlder(plan: ModulePlan, eras: TargetEras, index: EraIndex): ModulePlan {
  const required = plan.required.map((f) => functionIn(f, eras, index.functions.get(f.name)?.at(-1)));
  const weak = plan.weak.map((f) => functionIn(f, eras, index.functions.get(f.name)?.at(-1)));
  const slots = [...required, ...weak].flatMap((f) =>
    (index.functions.get(f.name) ?? []).slice(0, -1).flatMap((era): FunctionPlan[] => {
      const own = stateIn(eras.functions.get(f.name), era);
      // On this target there is no such era: it is the newest there too.
      if (!own) return [{ ...f, name: era.slot }];
      // Where the newest has an asm label, an older one without has the plain name.
      const symbol = own.plan?.symbol ?? (f.symbol && f.name);
      return own.plan ? [{ ...own.plan, name: era.slot, symbol }] : [];
    }),
  );
  const records = plan.records.flatMap((record): RecordPlan[] => {
    const own = index.records.get(record.name) ?? [];
    const timeline = eras.records.get(record.name);
    const older = own.slice(0, -1).flatMap((era): RecordPlan[] => {
      const layout = timeline ? stateIn(timeline, era) : record;
      return layout ? [{ ...layout, name: era.slot, of: record.name }] : [];
    });
    const last = own.at(-1);
    const newest = (last && timeline && stateIn(timeline, last)) || record;
    return [...older, { ...newest, doc: record.doc }];
  });
  const broken = [...eras.variables].map(([name, said]) => ({
    kind: 'variable' as const,
    name,
    reason: `its type is not the same in all versions: ${[...new Set(said.values())].join('; ')}`,
    origin: plan.data.find((d) => d.name === name)?.origin ?? { header: '', line: 0 },
  }));
  return {
    ...plan,
    required,
    weak: [...weak, ...slots],
    records,
    data: plan.data.filter((d) => !eras.variables.has(d.name)),
    unsupported: [...plan.unsupported, ...broken.filter(({ name }) => plan.data.some((d) => d.name === name))],
  };
}

/** A function as the newest version that has it knows it: what stands around it may be newer. */
function functionIn(plan: FunctionPlan, eras: TargetEras, era: Era | undefined): FunctionPlan {
  const own = era && stateIn(eras.functions.get(plan.name), era)?.plan;
  return own && own !== plan && !plan.typeParameters ? { ...own, doc: plan.doc } : plan;
}

/** As the newest version of an era has it, where this target knows one. */
export function stateIn<T>(timeline: Timeline<T> | undefined, { versions }: Era): T | undefined {
  const at = versions.findLast((version) => timeline?.has(version));
  return at === undefined ? undefined : timeline!.get(at);
}
