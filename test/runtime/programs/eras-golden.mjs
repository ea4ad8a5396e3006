// The golden module of a history on the library that DLSHIM_LIBERAS names: prints what each part of it is, or how it is refused.

import { bytesOf } from '@dlshim/runtime';
import { eras_point, eras_task, liberas } from '../../../build/native/modules/liberas/liberas.js';

const [assumeVersion] = process.argv.slice(2);

/** A value, or the first words of an error. */
function tried(run) {
  try {
    return run();
  } catch (error) {
    return `${error.name}`;
  }
}

const lib = liberas.open(assumeVersion === undefined ? {} : { assumeVersion });
const { fn } = lib;
const e = fn.eras_open('x', 0);
const { versions } = liberas.inspect();

const task = () => {
  const view = eras_task.alloc();
  const data = new Uint8Array([1]);
  const memory = lib.addressOf('eras_debug');
  view.status = 1;
  view.residual = 40;
  view.data = memory;
  return [
    tried(() => view.flags ?? null),
    tried(() => view.sense?.key ?? null),
    fn.eras_task_status(bytesOf(view)),
    data.length,
  ];
};

const truncated = () => {
  if (fn['eras_truncate@1.0']) return ['old', fn['eras_truncate@1.0'](e, 9)];
  const [before, after] = [eras_point.alloc(), eras_point.alloc()];
  return ['new', fn.eras_truncate(e, 9, bytesOf(before), bytesOf(after)), before.x, after.y];
};

const read = () => {
  const got = [];
  const name = fn['eras_read_async@1.0'] ? 'eras_read_async@1.0' : 'eras_read_async';
  const type = name === 'eras_read_async' ? 'eras_done' : undefined;
  const listener = (...values) => void got.push(values.length, Number(values[1]));
  if (!type && tried(() => lib.callback('eras_done', listener)) !== 'TypeError') return 'taken for the newest';
  const done = type ? lib.callback(type, listener) : listener;
  return [name, fn[name](e, 11, done, null), ...got];
};

const features = ['details', 'truncate_with_stat', 'old_truncate', 'append', 'wide_point', 'flush', 'since_2_0'];
const facts = {
  versions: versions.text,
  task: tried(task),
  point: tried(() => ({ ...fn.eras_center(e) })),
  seek: tried(() => fn.eras_seek(e, 5000)),
  truncated: tried(truncated),
  read: tried(read),
  slots: ['eras_flush', 'eras_legacy', 'eras_rotate', 'eras_flaky'].filter((name) => fn[name] !== undefined),
  features: Object.fromEntries(features.map((name) => [name, tried(() => lib.has(name))])),
};
process.stdout.write(JSON.stringify(facts));
