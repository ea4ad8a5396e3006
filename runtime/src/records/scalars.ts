// One number, pointer or bit-field of a record in, its getter and setter over a DataView out. Numbers out of a type's range are
// refused, because C would silently keep other bits. Bit-fields are numbered from the least significant bit of the first byte, as
// the System V ABI of little-endian machines does.

import type { TypeNode } from '../contract/signature.ts';
import { readString } from '../ffi.ts';

/** Reads and writes a value at the start of a record plus an offset that is fixed. */
export interface Accessor {
  /** `count`: how many elements a flexible array member has in this record. */
  get(view: DataView, count?: number): unknown;
  set(view: DataView, value: unknown, count?: number): void;
}

const LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

interface Integer {
  readonly min: number;
  readonly max: number;
  readonly size: number;
  readonly get: (view: DataView, at: number) => number;
  readonly set: (view: DataView, at: number, value: number) => void;
}

const INTEGERS: Readonly<Record<string, Integer>> = {
  i8: { min: -(2 ** 7), max: 2 ** 7 - 1, size: 1, get: (v, at) => v.getInt8(at), set: (v, at, x) => v.setInt8(at, x) },
  u8: { min: 0, max: 2 ** 8 - 1, size: 1, get: (v, at) => v.getUint8(at), set: (v, at, x) => v.setUint8(at, x) },
  i16: {
    min: -(2 ** 15),
    max: 2 ** 15 - 1,
    size: 2,
    get: (v, at) => v.getInt16(at, LITTLE),
    set: (v, at, x) => v.setInt16(at, x, LITTLE),
  },
  u16: {
    min: 0,
    max: 2 ** 16 - 1,
    size: 2,
    get: (v, at) => v.getUint16(at, LITTLE),
    set: (v, at, x) => v.setUint16(at, x, LITTLE),
  },
  i32: {
    min: -(2 ** 31),
    max: 2 ** 31 - 1,
    size: 4,
    get: (v, at) => v.getInt32(at, LITTLE),
    set: (v, at, x) => v.setInt32(at, x, LITTLE),
  },
  u32: {
    min: 0,
    max: 2 ** 32 - 1,
    size: 4,
    get: (v, at) => v.getUint32(at, LITTLE),
    set: (v, at, x) => v.setUint32(at, x, LITTLE),
  },
};

/** The accessor of a scalar; `label` is for messages. */
export function scalar(label: string, name: string, offset: number): Accessor {
  if (Object.hasOwn(INTEGERS, name)) return integer(label, INTEGERS[name]!, offset);
  switch (name) {
    case 'char':
      return integer(label, INTEGERS.i8!, offset);
    case 'bool':
      return { get: (view) => view.getUint8(offset) !== 0, set: (view, value) => view.setUint8(offset, value ? 1 : 0) };
    case 'f32':
      return {
        get: (view) => view.getFloat32(offset, LITTLE),
        set: (view, value) => view.setFloat32(offset, checkNumber(label, value), LITTLE),
      };
    case 'f64':
      return {
        get: (view) => view.getFloat64(offset, LITTLE),
        set: (view, value) => view.setFloat64(offset, checkNumber(label, value), LITTLE),
      };
    case 'i64':
      return {
        get: (view) => shorten(view.getBigInt64(offset, LITTLE)),
        set: (view, value) => view.setBigInt64(offset, checkBig(label, value, -(2n ** 63n), 2n ** 63n - 1n), LITTLE),
      };
    case 'u64':
      return {
        get: (view) => shorten(view.getBigUint64(offset, LITTLE)),
        set: (view, value) => view.setBigUint64(offset, checkBig(label, value, 0n, 2n ** 64n - 1n), LITTLE),
      };
    case 'ptr':
      return pointer(label, offset);
    case 'str': {
      const address = pointer(label, offset);
      return {
        get: (view) => {
          const at = address.get(view) as bigint | null;
          return at === null ? null : readString(at);
        },
        set: address.set,
      };
    }
    default:
      return unsupported(label, name);
  }
}

function integer(label: string, { min, max, get, set }: Integer, offset: number): Accessor {
  return {
    get: (view) => get(view, offset),
    set: (view, value) => {
      const number = typeof value === 'bigint' ? Number(value) : value;
      if (!Number.isInteger(number) || (number as number) < min || (number as number) > max) {
        throw new RangeError(`${label} takes an integer from ${min} to ${max}, and got ${String(value)}`);
      }
      set(view, offset, number as number);
    },
  };
}

/** The accessor of an address: a bigint, or null. */
export function pointer(label: string, offset: number): Accessor {
  return {
    get: (view) => view.getBigUint64(offset, LITTLE) || null,
    set: (view, value) => {
      if (value !== null && typeof value !== 'bigint') {
        throw new TypeError(`${label} takes an address or null: memory of JavaScript's does not outlive a call`);
      }
      view.setBigUint64(offset, value === null ? 0n : checkBig(label, value, 0n, 2n ** 64n - 1n), LITTLE);
    },
  };
}

/** The accessor of a bit-field: `offset` and `width` in bits. */
export function bitField(label: string, type: TypeNode, offset: number, width: number): Accessor {
  const name = type.kind === 'scalar' ? type.name : '';
  const signed = name.startsWith('i');
  const shift = BigInt(offset & 7);
  const first = offset >> 3;
  const count = ((offset & 7) + width + 7) >> 3;
  const mask = (1n << BigInt(width)) - 1n;
  const [min, max] = signed ? [-(1n << BigInt(width - 1)), (1n << BigInt(width - 1)) - 1n] : [0n, mask];
  const read = (view: DataView) => {
    let word = 0n;
    for (let index = count - 1; index >= 0; index--) word = (word << 8n) | BigInt(view.getUint8(first + index));
    return word;
  };
  return {
    get: (view) => {
      const raw = (read(view) >> shift) & mask;
      if (name === 'bool') return raw !== 0n;
      return shorten(signed ? BigInt.asIntN(width, raw) : raw);
    },
    set: (view, value) => {
      const number = checkBig(label, name === 'bool' ? Number(Boolean(value)) : value, min, max) & mask;
      let word = (read(view) & ~(mask << shift)) | (number << shift);
      for (let index = 0; index < count; index++) {
        view.setUint8(first + index, Number(word & 0xffn));
        word >>= 8n;
      }
    },
  };
}

/** 64-bit integers arrive as a number where it is exact, else as a bigint: as koffi's results do. */
function shorten(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function checkNumber(label: string, value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`${label} takes a number, and got ${String(value)}`);
  return value;
}

function checkBig(label: string, value: unknown, min: bigint, max: bigint): bigint {
  const whole = typeof value === 'bigint' || Number.isInteger(value);
  const big = whole ? BigInt(value as number | bigint) : undefined;
  if (big === undefined || big < min || big > max) {
    throw new RangeError(`${label} takes an integer from ${min} to ${max}, and got ${String(value)}`);
  }
  return big;
}

/** The accessor of what has no JavaScript value: it throws. */
export function unsupported(label: string, type: string): Accessor {
  const refuse = (): never => {
    throw new TypeError(
      `${label} has the type '${type}', which JavaScript cannot express; use bytesOf() for its memory`,
    );
  };
  return { get: refuse, set: refuse };
}
