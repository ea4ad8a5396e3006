// The backend: signature trees in, koffi types and callable functions out. The only importer of koffi, which is loaded at the
// first use and not before. Everything here belongs to one thread: a worker has its own koffi and its own types.
// Follows koffi's documentation (doc/types.md, callbacks.md, output.md).
//
// koffi's types are never freed, so that each is built once per thread. They are anonymous: named ones share one namespace
// per thread, where two libraries that both declare `timeval` would collide.

import { constants } from 'node:buffer';
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import type { NativeFunction } from './calls/call.ts';
import type { FieldDescriptor, RecordDescriptor } from './contract/descriptor.ts';
import {
  parseFieldType,
  parseParameter,
  parseSignature,
  type SignatureNode,
  type TypeNode,
} from './contract/signature.ts';
import { layoutOf } from './contract/targets.ts';
import { createNatives } from './loading/natives.ts';
import { createPlatform, type Platform } from './loading/platforms/platform.ts';

/** koffi itself. */
export type Koffi = typeof import('koffi');
type KoffiType = import('koffi').TypeObject;
type Parameter = KoffiType | ReturnType<Koffi['inout'] | Koffi['out']>;
type Records = Readonly<Record<string, RecordDescriptor>>;

let koffi: Koffi | undefined;
let platform: Platform | undefined;

/** koffi's own default for plain calls, in bytes. */
const SYNC_STACK = 2 << 20;

/** Loads koffi for this thread. The process comes first: without it, a function decoded from an address crashes in a worker. */
function native(): Koffi {
  if (koffi) return koffi;
  const loaded = createRequire(import.meta.url)('koffi') as Koffi;
  try {
    // With the default of 256, more pending callbacks from foreign threads than that crash. Only settable before any load.
    // C is called on a stack of koffi's. On the thread pool it would be one of 128 KiB, where what works as a plain call ends the
    // process: rbd_create() of librbd 14 has 117 KiB in one frame. The memory is the system's until it is used.
    // What it keeps ready for calls on the thread pool is not given back when a worker ends.
    loaded.config({
      max_async_calls: 4096,
      async_stack_size: SYNC_STACK,
      ...(isMainThread ? {} : { resident_async_pools: 0 }),
    });
  } catch {
    // This thread's own code has loaded something with koffi already; its setting stands.
  }
  processHandle = loaded.load(process.platform === 'win32' ? 'kernel32.dll' : null);
  koffi = loaded;
  return loaded;
}

// Held for the life of the thread: koffi would close it once collected.
let processHandle: ReturnType<Koffi['load']> | undefined;

/** The loader of this system, bound once per thread. */
export function systemLoader(): Platform {
  platform ??= createPlatform(createNatives(native(), processHandle!));
  return platform;
}

/** A view of C memory, without copying. The address must not be null: koffi would abort the process, as it does where JavaScript has no
 *  buffers of that length, which are a RangeError here. */
export function viewMemory(address: bigint, length: number): ArrayBuffer {
  if (length > constants.MAX_LENGTH)
    throw new RangeError(`${length} bytes are more than JavaScript can view at once (${constants.MAX_LENGTH})`);
  return native().view(address, length);
}

/** Memory that stays until freeMemory. */
export function allocateMemory(length: number): bigint {
  return native().alloc('uint8_t', length) as bigint;
}

export function freeMemory(address: bigint): void {
  native().free(address);
}

/** C's errno, as it is now. */
export function currentErrno(): number {
  return native().errno();
}

/** Runs what belongs to no call of C, and leaves C's errno as that call has set it. */
export function keepErrno<T>(run: () => T): T {
  if (!koffi) return run();
  const errno = koffi.errno();
  try {
    return run();
  } finally {
    koffi.errno(errno);
  }
}

/** The NUL-terminated UTF-8 string at an address. */
export function readString(address: bigint): string {
  return native().decode.string(address);
}

/** A function of the C library or of what else the process has loaded already. Throws an Error where there is none. */
export function processFunction(name: string, signature: string): NativeFunction {
  const binder = createBinder({});
  return binder.bind(processHandle!.symbol(name) as bigint, signature);
}

/** libuv's poll handles, as koffi reaches them; undefined where the JavaScript engine has another event loop, and in workers: koffi ends
 *  the process when a descriptor becomes ready while the worker is being terminated. */
export function descriptorPoll(): Koffi['node']['poll'] | undefined {
  const { node } = native() as Partial<Pick<Koffi, 'node'>>;
  const isNode = !('Bun' in globalThis) && !('Deno' in globalThis);
  return isNode && isMainThread && process.env.DLSHIM_WATCH !== 'pool' ? node?.poll : undefined;
}

const SCALARS: Readonly<Record<string, string>> = {
  void: 'void',
  bool: 'bool',
  i8: 'int8_t',
  u8: 'uint8_t',
  i16: 'int16_t',
  u16: 'uint16_t',
  i32: 'int32_t',
  u32: 'uint32_t',
  i64: 'int64_t',
  u64: 'uint64_t',
  f32: 'float',
  f64: 'double',
  str: 'str',
  char: 'char',
};

// Of these koffi has no typed arrays; in records they are arrays of numbers of their size, as the views of layouts.ts have them.
const ELEMENTS: Readonly<Record<string, string>> = { bool: 'uint8_t', ptr: 'uint64_t' };

/** The types and functions of one shim. */
export interface Binder {
  /** A callable function of an address. Throws an Error that says why, when koffi cannot express the signature. */
  bind(address: bigint, signature: string): NativeFunction;
  /** What stands in front of a value behind `...`: koffi's form of a parameter's type. */
  argumentType(type: string): unknown;
  /** Makes a C function of a JavaScript one; lives until `unregister`. */
  register(type: TypeNode & { kind: 'function' }, callback: (...args: never[]) => unknown): bigint;
  unregister(callback: bigint): void;
}

// Types without records are the same for every shim, and shared.
const shared = new Map<string, KoffiType>();

/** A binder over a shim's record layouts. */
export function createBinder(records: Records): Binder {
  const k = native();
  const own = new Map<string, KoffiType>();
  const argumentTypes = new Map<string, Parameter>();

  function cached(text: string, make: () => KoffiType): KoffiType {
    const cache = text.includes('{') ? own : shared;
    const type = cache.get(text) ?? make();
    cache.set(text, type);
    return type;
  }

  function prototype(text: string, parse: () => SignatureNode): KoffiType {
    return cached(text, () => {
      const signature = parse();
      const parameters: Parameter[] = signature.parameters.map(parameter);
      if (signature.variadic) parameters.push('...' as unknown as Parameter);
      return k.proto(lower(signature.result), parameters);
    });
  }

  function address(): KoffiType {
    return cached('ptr', () => k.pointer('void'));
  }

  function pointerTo(type: TypeNode): KoffiType {
    const target = lower(type);
    return cached(`*${textOf(type)}`, () => k.pointer(target));
  }

  function parameter(type: TypeNode): Parameter {
    if (type.kind !== 'to' || isMemory(type.to) || type.direction === 'in') return lower(type);
    return type.direction === 'out' ? k.out(pointerTo(type.to)) : k.inout(pointerTo(type.to));
  }

  function lower(type: TypeNode): KoffiType {
    switch (type.kind) {
      case 'scalar': {
        if (type.name === 'ptr') return address();
        const name = Object.hasOwn(SCALARS, type.name) ? SCALARS[type.name] : undefined;
        if (!name) throw new Error(`the type '${type.name}' is not supported`);
        return k.type(name);
      }
      case 'handle':
      case 'pointer':
        return address();
      case 'to':
        return isMemory(type.to) ? address() : pointerTo(type.to);
      case 'function':
        return cached(type.text, () => k.pointer(prototype(type.text.slice(3, -1), () => type.signature)));
      case 'record':
        return cached(textOf(type), () => record(k, type.name, records, lower));
      case 'array':
        return cached(textOf(type), () => {
          const name = type.of.kind === 'scalar' ? type.of.name : '';
          const element = Object.hasOwn(ELEMENTS, name) ? k.type(ELEMENTS[name]!) : lower(type.of);
          // Unasked koffi takes an array of arrays for one of numbers.
          const hint = name === 'char' ? 'String' : type.of.kind === 'array' ? 'Array' : null;
          return k.array(element, type.length, hint);
        });
      default:
        return type satisfies never;
    }
  }

  return {
    bind: (address, signature) =>
      k.decode(
        address,
        prototype(signature, () => parseSignature(signature)),
      ),
    argumentType(text) {
      const known = argumentTypes.get(text) ?? parameter(parseParameter(text));
      argumentTypes.set(text, known);
      return known;
    },
    register: (type, callback) => k.register(callback, lower(type)),
    unregister: (callback) => k.unregister(callback),
  };
}

/** A record by value, or an error where koffi would lay it out or pass it otherwise than C does. */
function record(k: Koffi, name: string, records: Records, lower: (type: TypeNode) => KoffiType): KoffiType {
  const layout = layoutOf(records, name);
  if (!layout) throw new Error(`the layout of '${name}' is not known`);
  if (layout.era && !layout.era.isDecided) throw layout.era.refuse(`the layout of ${name}, a record by value,`);
  const members = Object.create(null) as Record<string, KoffiType>;
  // The order of declaration may be that of another target.
  const fields = Object.entries<FieldDescriptor>(layout.fields).sort(([, [, a]], [, [, b]]) => a - b);
  for (const [field, [type, , bits]] of fields) {
    if (bits !== undefined) throw new Error(`'${name}' is passed by value and has a bit-field, '${field}'`);
    members[field] = lower(parseFieldType(type));
  }
  // Not k.pack: koffi passes packed records in registers, where the ABI has unaligned members in memory.
  const type = layout.kind === 'union' ? k.union(members) : k.struct(members);
  const sized = k.sizeof(type) === layout.size && k.alignof(type) === layout.align;
  const fits = sized && fields.every(([field, [, at]]) => offsetOf(type, field) === at);
  if (!fits) throw new Error(`'${name}' is passed by value, and its layout (${layout.size} bytes) is beyond koffi`);
  return type;
}

function offsetOf(type: KoffiType, field: string): number | undefined {
  return type.members && Object.getOwnPropertyDescriptor(type.members, field)?.value?.offset;
}

/** What goes to C as it is: bytes, text and records. */
function isMemory(type: TypeNode): boolean {
  return type.kind === 'record' || (type.kind === 'scalar' && MEMORY.has(type.name));
}

const MEMORY: ReadonlySet<string> = new Set(['char', 'i8', 'u8', 'void']);

function textOf(type: TypeNode): string {
  switch (type.kind) {
    case 'scalar':
      return type.name;
    case 'handle':
    case 'pointer':
      return 'ptr';
    case 'to':
      return isMemory(type.to) ? 'ptr' : `*${textOf(type.to)}`;
    case 'function':
      return type.text;
    case 'record':
      return `{${type.name}}`;
    case 'array':
      return `${textOf(type.of)}[${type.length}]`;
    default:
      return type satisfies never;
  }
}
