// koffi in, the C functions that a platform file asks for out (platforms/platform.ts). Each is bound once per thread.

import type { Koffi } from '../ffi.ts';
import type { Natives, NativeType } from './platforms/platform.ts';

type Library = ReturnType<Koffi['load']>;

const TYPES: Readonly<Record<NativeType, (koffi: Koffi) => string | ReturnType<Koffi['pointer']>>> = {
  void: () => 'void',
  int: () => 'int',
  uint32: () => 'uint32_t',
  size: () => 'size_t',
  pointer: (koffi) => koffi.pointer('void'),
  text: () => 'str',
  text16: () => 'str16',
};

/** `self` is the process, or what stands for it. Libraries are held for good: koffi would close them once collected. */
export function createNatives(koffi: Koffi, self: Library): Natives {
  const libraries = new Map<string, Library>();
  const functions = new Map<string, unknown>();
  const types = new Map<NativeType, ReturnType<(typeof TYPES)[NativeType]>>();

  function typeOf(name: NativeType) {
    const type = types.get(name) ?? TYPES[name](koffi);
    types.set(name, type);
    return type;
  }

  function library(name: string | undefined): Library {
    if (name === undefined) return self;
    const loaded = libraries.get(name) ?? koffi.load(name);
    libraries.set(name, loaded);
    return loaded;
  }

  return {
    func(name, result, parameters, dll) {
      const key = `${dll ?? ''} ${name} ${result} ${parameters.join()}`;
      const known = functions.get(key) ?? library(dll).func(name, typeOf(result), parameters.map(typeOf));
      functions.set(key, known);
      return known as never;
    },
    later: (func) => {
      const { async: start } = func as unknown as { readonly async: (...args: unknown[]) => void };
      return (...args) =>
        new Promise((resolve, reject) => {
          start(...args, (error: unknown, result: never) => (error ? reject(error) : resolve(result)));
        });
    },
    symbol(name) {
      try {
        return self.symbol(name) as bigint;
      } catch {
        return undefined;
      }
    },
    addressOf: (memory) => koffi.address(memory),
    pointerAt: (address) => koffi.decode(address, typeOf('pointer')) as bigint | null,
    stringAt: (address) => koffi.decode.string(address),
  };
}
