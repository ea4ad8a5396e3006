// A driver over the generated shim of the test library `vessel`: one program for every version of it. Compiled and run by
// vessel.test.ts, which generates ./libvessel.ts first. Prints what it found as JSON.

import { bytesOf, type Cell, ShimError } from '@dlshim/runtime';
import { libvessel, VESSEL_PIPE, vessel_item, type vessel_t } from './libvessel.js';

console.log(JSON.stringify(run(), (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)));

function run(): object {
  let vessel: ReturnType<typeof libvessel.open> | undefined;
  try {
    vessel = libvessel.tryOpen();
  } catch (error) {
    if (!(error instanceof ShimError)) throw error;
    return { outcome: error.code, message: error.message };
  }
  if (!vessel) return { outcome: 'absent' };

  const cell: Cell<vessel_t> = [null];
  const opened = vessel.fn.vessel_open('first', cell);
  const handle = cell[0]!;
  const item = vessel_item.alloc();
  item.name = 'crate';
  item.weight = 2n ** 60n;
  item.kind = VESSEL_PIPE;
  item.fragile = 1;
  item.floor = 99;
  const position = item.position;
  position.set([1.5, -2, 3]);
  vessel.fn.vessel_put(handle, bytesOf(item));

  const copy = vessel_item.alloc();
  const got = vessel.fn.vessel_get(handle, 0, bytesOf(copy));
  const seen: unknown[] = [];
  const sum = vessel.fn.vessel_each(
    handle,
    (index, pointer) => {
      seen.push(index, vessel_item.at(pointer).name, vessel_item.at(pointer).floor);
      return 7;
    },
    null,
  );

  let stats: object | undefined;
  if (vessel.has('stats')) {
    const [count, weight, mean]: [number[], (number | bigint)[], Float64Array] = [[0], [0], new Float64Array(1)];
    vessel.fn.vessel_stats(handle, count, weight, mean);
    stats = { count: count[0], weight: weight[0], mean: mean[0] };
  }
  let name: string | undefined;
  if (vessel.has('names')) {
    vessel.fn.vessel_rename(handle, 'second');
    const buffer = new Uint8Array(32);
    const length = vessel.fn.vessel_get_name(handle, buffer, buffer.length);
    name = new TextDecoder().decode(buffer.subarray(0, length));
  }
  const weight = vessel.fn.vessel_weight(handle);
  vessel.fn.vessel_close(handle);
  const { status, version, missing, features } = libvessel.inspect();
  return {
    outcome: 'open',
    opened,
    got,
    copy: vessel_item.read(copy),
    sum,
    seen,
    stats,
    name,
    weight,
    status,
    version,
    missing,
    features,
  };
}
