// A library that is loaded in, its own word on its version out: what `versionCall` of the descriptor says to ask, in the forms that
// descriptor.ts names. A library that cannot be asked has no version; that is no error.

import type { NativeFunction } from './calls/call.ts';
import type { RecordDescriptor, ShimDescriptor, VersionCall } from './contract/descriptor.ts';
import { BITS_OF_LONG } from './contract/targets.ts';
import { createBinder } from './ffi.ts';
import { symbolOf } from './loading/remembered.ts';
import type { Resident } from './loading/residency.ts';
import { standIn } from './pretence.ts';
import { bytesOf, defineRecord } from './records/layouts.ts';
import type { Pointer } from './types.ts';
import { Chosen, hasEras } from './versions/chosen.ts';
import { infer } from './versions/inference.ts';

/** The function behind a symbol, with this signature; throws where there is none. */
type Bind = (symbol: string, signature: string) => NativeFunction;

/** The version that a library tells; undefined where it tells none. */
export function versionOf(descriptor: ShimDescriptor, resident: Resident): string | undefined {
  const { disguise } = resident;
  const { versionCall } = descriptor;
  if (!versionCall || resident.image) return undefined;
  try {
    const records = recordsOfAnyVersion(descriptor);
    const bind: Bind = disguise?.functions ? (symbol) => standIn('', disguise, symbol) : bindIn(resident, records);
    return ask(versionCall, bind, records);
  } catch {
    return undefined;
  }
}

/** The record that it fills may be laid out otherwise in other versions: what all have in one place is what is asked for. */
function recordsOfAnyVersion(descriptor: ShimDescriptor): ShimDescriptor['records'] {
  const { history, records } = descriptor;
  if (!history || !hasEras(descriptor)) return records;
  const any = infer(history, {});
  const refuse = (what: string) => new TypeError(`${what} differs between versions`);
  return new Chosen(descriptor, () => ({ ...any, places: any.timeline.all() }), refuse).records;
}

function bindIn({ handle }: Resident, records: Readonly<Record<string, RecordDescriptor>>): Bind {
  const binder = createBinder(records);
  return (symbol, signature) => {
    const address = symbolOf(handle, symbol);
    if (address === null) throw new TypeError(`there is no ${symbol}`);
    return binder.bind(address, signature);
  };
}

function ask(call: VersionCall, bind: Bind, records: Readonly<Record<string, RecordDescriptor>>): string | undefined {
  const { symbol } = call;
  /** What a function without parameters returns, or one that takes this int. */
  const resultOf = (type: string, argument: number | undefined): unknown =>
    argument === undefined ? bind(symbol, `${type}()`)() : bind(symbol, `${type}(i32)`)(argument);
  switch (call.kind) {
    case 'string': {
      const text = (resultOf('str', call.argument) as string | null) ?? undefined;
      return call.until === undefined ? text : text?.split(call.until, 1)[0];
    }
    case 'triple': {
      const parts = [[0], [0], [0]];
      bind(symbol, 'void(inout:i32,inout:i32,inout:i32)')(...parts);
      return parts.flat().join('.');
    }
    case 'number': {
      const number = [0];
      // libvirt's takes two further pointers, which may be null.
      bind(symbol, `i32(out:u${BITS_OF_LONG},ptr,ptr)`)(number, null, null);
      const value = Number(number[0]);
      return [Math.floor(value / 1_000_000), Math.floor(value / 1000) % 1000, value % 1000].join('.');
    }
    case 'record': {
      const type = defineRecord<Record<string, unknown>>(call.record, records);
      const isFilled = call.argument === undefined;
      const view = isFilled
        ? type.alloc()
        : type.at(resultOf('ptr', call.argument) as Pointer<Record<string, unknown>>);
      if (isFilled) bind(symbol, 'void(ptr)')(bytesOf(view));
      return call.members.map((member) => String(view[member])).join('.');
    }
    case 'functions':
      return [symbol, ...call.others].map((part) => bind(part, 'u32()')()).join('.');
    default:
      return call satisfies never;
  }
}
