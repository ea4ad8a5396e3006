// Data symbols in, an object with a getter and a setter for each out, over C's own memory: reads see what C has there now, and writes are
// C's to see. Follows dlsym(3); the accessors are those of record members (fields.ts).

import type { PerTarget, ShimDescriptor } from './descriptor.ts';
import { viewMemory } from './ffi.ts';
import { createAccessor, type Nested, sizeOf } from './fields.ts';
import type { Accessor } from './scalars.ts';
import { parseFieldType } from './signature.ts';
import { pick } from './targets.ts';

/** The names of a shim's data symbols. */
export function dataNames({ data, weakData }: ShimDescriptor): string[] {
  return [...Object.keys(data ?? {}), ...Object.keys(weakData ?? {})];
}

/** `loaded.data`: those that are missing read as undefined. */
export function buildData(
  descriptor: ShimDescriptor,
  addressOf: (name: string) => bigint | undefined,
  nested: Nested,
): object {
  const data = Object.create(null) as object;
  for (const texts of [descriptor.data, descriptor.weakData]) {
    for (const [name, text] of Object.entries<PerTarget<string>>(texts ?? {})) {
      const address = addressOf(name);
      if (address !== undefined) define(data, name, accessorAt(descriptor.library, name, pick(text), address, nested));
    }
  }
  return Object.freeze(data);
}

function define(data: object, name: string, make: () => Pick<PropertyDescriptor, 'get' | 'set'>): void {
  let made: Pick<PropertyDescriptor, 'get' | 'set'> | undefined;
  const accessor = () => {
    made ??= make();
    return made;
  };
  Object.defineProperty(data, name, {
    enumerable: true,
    get: () => accessor().get!(),
    set: (value: unknown) => accessor().set!(value),
  });
}

function accessorAt(library: string, name: string, text: string, address: bigint, nested: Nested) {
  return (): Pick<PropertyDescriptor, 'get' | 'set'> => {
    const isConst = text.startsWith('const ');
    const label = `${name} of ${library}`;
    const type = text.slice(isConst ? 'const '.length : 0);
    if (address === 0n) return nothing(label);
    const refuse = (): never => {
      throw new TypeError(isConst ? `${label} is const: C may keep it where a write crashes` : `${label} has no size`);
    };
    if (type === 'void') return { get: () => address, set: refuse };
    const accessor: Accessor = createAccessor(label, [type, 0], nested);
    const memory = viewMemory(address, sizeOf(parseFieldType(type), nested));
    // What C does not let anyone write is handed out as a copy, arrays and records included.
    const view = () => new DataView(isConst ? memory.slice(0) : memory);
    return {
      get: () => accessor.get(view()),
      set: isConst ? refuse : (value: unknown) => accessor.set(view(), value),
    };
  };
}

/** Where functions of a test stand for the library. */
function nothing(label: string): Pick<PropertyDescriptor, 'get' | 'set'> {
  const refuse = (): never => {
    throw new Error(`${label} was used, and pretend() has no variables`);
  };
  return { get: refuse, set: refuse };
}
