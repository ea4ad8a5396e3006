// In: what `dlshim packaging` is given: shims, drivers, or nothing but the configuration. Out: what they need of a system.

import { importModule } from '../config/config.ts';
import { didYouMean } from '../model/near.ts';
import type { Dependency, Priority } from '../packaging/dependency.ts';
import { filesThatServe, namesOf, type ShimFacts } from '../packaging/shim.ts';
import { UsageError } from './output.ts';
import type { PackagingFlags } from './packaging.ts';
import { findModules, type ShimModule } from './probe.ts';

const DEFAULT_PRIORITY: Priority = 'recommended';

export async function dependenciesOf(names: readonly string[], flags: PackagingFlags): Promise<readonly Dependency[]> {
  const modules = await findModules(names, flags);
  const shims = await Promise.all(modules.map(shimsOf));
  return shims.flat().map((shim) => ofShim(shim, flags.priority ?? DEFAULT_PRIORITY));
}

/** Nothing is known of what uses it: all that the shim is for serves. */
function ofShim(shim: ShimFacts, priority: Priority): Dependency {
  const { library } = shim;
  return dependency(shim, [], { feature: library, description: `use of ${library}`, priority }, library);
}

/** `where` is who needs it. */
function dependency(
  shim: ShimFacts,
  needed: readonly string[],
  of: Pick<Dependency, 'feature' | 'description' | 'priority'>,
  where: string,
): Dependency {
  const { library } = shim;
  const known = namesOf(shim);
  const unknown = needed.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `${where}: the shim of ${library} has neither a function nor a feature ${unknown}${didYouMean(unknown, known)}`,
    );
  }
  if (!shim.files.linux) throw new UsageError(`${where}: the shim of ${library} names no file for Linux`);
  const files = filesThatServe(shim, needed);
  if (files.length > 0) return { ...of, library, files };
  throw new UsageError(`${where}: no version of ${library} that its shim knows has all of ${needed.join(', ')}`);
}

const DESCRIPTOR = Symbol.for('@dlshim/descriptor/1');

/** What all shims of a module say. Importing one maps no native code. */
async function shimsOf({ name, specifier }: ShimModule): Promise<readonly ShimFacts[]> {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await importModule(specifier)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new UsageError(`${name} cannot be imported: ${(error as Error).message}`);
  }
  const shims = Object.values(exported).flatMap((value) => {
    const facts = typeof value === 'object' && value !== null ? Reflect.get(value, DESCRIPTOR) : undefined;
    return facts === undefined ? [] : [facts as ShimFacts];
  });
  if (shims.length === 0) throw new UsageError(`${name} exports no shim: generate one with dlshim generate`);
  return shims;
}
