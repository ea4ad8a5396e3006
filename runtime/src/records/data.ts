// Data symbols in, an object with a getter and a setter for each out, over C's own memory: reads see what C has there now, and writes are
// C's to see. Follows dlsym(3); the accessors are those of record members (fields.ts).

import type { PerTarget, ShimDescriptor } from '../contract/descriptor.ts';
import { parseFieldType } from '../contract/signature.ts';
import { pick } from '../contract/targets.ts';
import { viewMemory } from '../ffi.ts';
import { createAccessor, type Nested, sizeOf } from './fields.ts';
import { recordsOf } from './layouts.ts';

/** The names of a shim's data symbols. */
export function dataNames({ data, weakData }: ShimDescriptor): string[] {
  return [...Object.keys(data ?? {}), ...Object.keys(weakData ?? {})];
}

/** `loaded.data`: those that are missing read as undefined. `addressOf` is asked when one is first used. */
export function buildData(
  descriptor: ShimDescriptor,
  missing: ReadonlySet<string>,
  addressOf: (name: string) => bigint,
): object {
  const { library, data: required = {}, weakData = {}, records } = descriptor;
  const data = Object.create(null) as object;
  for (const [name, text] of Object.entries<PerTarget<string>>({ ...required, ...weakData })) {
    if (missing.has(name)) continue;
    define(data, name, () => accessorAt(`${name} of ${library}`, pick(text), addressOf(name), recordsOf(records)));
  }
  return Object.freeze(data);
}

type GetAndSet = { readonly get: () => unknown; readonly set: (value: unknown) => void };

function define(data: object, name: string, make: () => GetAndSet): void {
  let made: GetAndSet | undefined;
  const accessor = () => {
    made ??= make();
    return made;
  };
  Object.defineProperty(data, name, {
    enumerable: true,
    get: () => accessor().get(),
    set: (value: unknown) => accessor().set(value),
  });
}

function accessorAt(label: string, text: string, address: bigint, nested: Nested): GetAndSet {
  const isConst = text.startsWith('const ');
  const type = text.slice(isConst ? 'const '.length : 0);
  const refuse = (): never => {
    throw new TypeError(isConst ? `${label} is const: C may keep it where a write crashes` : `${label} has no size`);
  };
  if (type === 'void') return { get: () => address, set: refuse };
  const accessor = createAccessor(label, [type, 0], nested);
  const memory = viewMemory(address, sizeOf(parseFieldType(type), nested));
  // What C does not let anyone write is handed out as a copy, arrays and records included.
  const view = () => new DataView(isConst ? memory.slice(0) : memory);
  return {
    get: () => accessor.get(view()),
    set: isConst ? refuse : (value: unknown) => accessor.set(view(), value),
  };
}
