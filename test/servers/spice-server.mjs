// node spice-server.mjs PORT PASSWORD: spice-server through its shim, on Node's event loop, until SIGTERM. Prints what happens to channels,
// one JSON object a line, and at the end how many timers and watches were not given back. Follows spice-core.h: the
// library asks its host for timers and for descriptors to be watched, through a table of functions.

import { allocate, free, watch } from '@dlshim/runtime';
import {
  SPICE_ADDR_FLAG_IPV4_ONLY,
  SPICE_INTERFACE_CORE_MAJOR,
  SPICE_INTERFACE_CORE_MINOR,
  SPICE_WATCH_EVENT_READ,
  SPICE_WATCH_EVENT_WRITE,
  SpiceChannelEventInfo,
  SpiceCoreInterface,
  spice_server,
} from '@dlshim/shims/spice_server';

/** @import { Pointer, Watch } from '@dlshim/runtime' */
/** @import { SpiceTimer, SpiceWatch } from '@dlshim/shims/spice_server' */

const [port = '', password = ''] = process.argv.slice(2);
const spice = spice_server.open();
const { fn } = spice;
/** @type {Map<Pointer<SpiceTimer> | null, { readonly fire: () => void, timeout?: NodeJS.Timeout }>} */
const timers = new Map();
/** @type {Map<Pointer<SpiceWatch> | null, Watch>} */
const watches = new Map();

// In C's memory: the server keeps the address.
/** @type {Pointer<SpiceCoreInterface>} */
const address = allocate(SpiceCoreInterface.size);
const core = SpiceCoreInterface.at(address);
core.base.major_version = SPICE_INTERFACE_CORE_MAJOR;
core.base.minor_version = SPICE_INTERFACE_CORE_MINOR;

core.timer_add = spice.callback('SpiceCoreInterface.timer_add', (func, opaque) => {
  /** @type {Pointer<SpiceTimer>} */
  const timer = allocate(1);
  const call = spice.functionAt('SpiceTimerFunc', func);
  timers.set(timer, { fire: () => call(opaque) });
  return timer;
});
core.timer_start = spice.callback('SpiceCoreInterface.timer_start', (timer, ms) => {
  const known = given(timers, timer);
  clearTimeout(known.timeout);
  known.timeout = setTimeout(known.fire, ms);
});
core.timer_cancel = spice.callback('SpiceCoreInterface.timer_cancel', (timer) => {
  clearTimeout(given(timers, timer).timeout);
});
core.timer_remove = spice.callback('SpiceCoreInterface.timer_remove', (timer) => {
  clearTimeout(given(timers, timer).timeout);
  timers.delete(timer);
  free(timer);
});

core.watch_add = spice.callback('SpiceCoreInterface.watch_add', (fd, mask, func, opaque) => {
  /** @type {Pointer<SpiceWatch>} */
  const added = allocate(1);
  const call = spice.functionAt('SpiceWatchFunc', func);
  watches.set(
    added,
    watch(fd, readiness(mask), ({ readable, writable }) => call(fd, events(readable, writable), opaque)),
  );
  return added;
});
core.watch_update_mask = spice.callback('SpiceCoreInterface.watch_update_mask', (watched, mask) => {
  given(watches, watched).update(readiness(mask));
});
core.watch_remove = spice.callback('SpiceCoreInterface.watch_remove', (watched) => {
  given(watches, watched).close();
  watches.delete(watched);
  free(watched);
});
core.channel_event = spice.callback('SpiceCoreInterface.channel_event', (event, info) => {
  tell({ event, type: SpiceChannelEventInfo.at(info).type });
});

const server = fn.spice_server_new();
fn.spice_server_set_addr(server, '127.0.0.1', SPICE_ADDR_FLAG_IPV4_ONLY);
done('spice_server_set_port', fn.spice_server_set_port(server, Number(port)));
done('spice_server_set_ticket', fn.spice_server_set_ticket(server, password, 0, 0, 0));
done('spice_server_init', fn.spice_server_init(server, address));
tell({ listening: Number(port) });
process.once('SIGTERM', () => {
  const clients = fn.spice_server_get_num_clients(server);
  fn.spice_server_destroy(server);
  tell({ clients, timers: timers.size, watches: watches.size });
  const { timer_add, timer_start, timer_cancel, timer_remove } = core;
  const { watch_add, watch_update_mask, watch_remove, channel_event } = core;
  for (const pointer of [timer_add, timer_start, timer_cancel, timer_remove]) pointer && spice.release(pointer);
  for (const pointer of [watch_add, watch_update_mask, watch_remove, channel_event]) pointer && spice.release(pointer);
  free(address);
});

/** @param {object} line */
function tell(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** @param {string} name @param {number} result */
function done(name, result) {
  if (result !== 0) throw new Error(`${name}: ${result}`);
}

/** What belongs to a pointer that C gives back. @template K, V @param {Map<K, V>} map @param {K} key @returns {V} */
function given(map, key) {
  const value = map.get(key);
  if (value === undefined) throw new Error(`C names ${key}, which it was not given`);
  return value;
}

/** @param {number} mask */
function readiness(mask) {
  return { readable: (mask & SPICE_WATCH_EVENT_READ) !== 0, writable: (mask & SPICE_WATCH_EVENT_WRITE) !== 0 };
}

/** @param {boolean} readable @param {boolean} writable */
function events(readable, writable) {
  return (readable ? SPICE_WATCH_EVENT_READ : 0) | (writable ? SPICE_WATCH_EVENT_WRITE : 0);
}
