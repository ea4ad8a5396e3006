// RbdAio on functions that stand for librbd: what it asks of an image, and when. The real one is asked in test/servers.

import { writeSync } from 'node:fs';
import { pretend } from '@dlshim/runtime/testing';
import { librbd, type rbd_image_t } from '@dlshim/shims/librbd';
import { RbdAio } from '@dlshim/shims/librbd-aio';
import { expect, onTestFinished, test } from 'vitest';

/** A librbd whose operations end when it is told to. */
function standIn() {
  const state = { polls: 0, event: -1, started: [] as bigint[], done: [] as bigint[] };
  let last = 0n;
  const restore = pretend(librbd, {
    functions: {
      rbd_set_image_notification: (_image, fd) => {
        state.event = fd;
        return 0;
      },
      rbd_aio_create_completion: (_user, _callback, cell) => {
        (cell as BigUint64Array)[0] = ++last;
        return 0;
      },
      rbd_aio_read: (_image, _offset, _length, _buffer, completion) => {
        state.started.push(completion as bigint);
        return 0;
      },
      rbd_poll_io_events: (_image, completions, most) => {
        state.polls++;
        const ended = state.done.splice(0, most);
        (completions as unknown as BigUint64Array).set(ended);
        return ended.length;
      },
      rbd_aio_get_return_value: () => 512,
      rbd_aio_release: () => {},
    },
  });
  onTestFinished(() => restore());
  /** All that was started ends, and says so once. */
  const endAll = () => {
    state.done.push(...state.started.splice(0));
    signal();
  };
  const signal = () => writeSync(state.event, new BigUint64Array([1n]));
  return { state, endAll, signal };
}

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 2));
};

test('an image that may be closed by now is not asked for events: nothing is under way', async () => {
  const { state, endAll, signal } = standIn();
  const aio = new RbdAio(librbd.open(), 1n as rbd_image_t);
  onTestFinished(() => aio.dispose());
  // A whole batch: there may be more, which is asked for in a later turn.
  const reads = Array.from({ length: 64 }, () => aio.read(0, new Uint8Array(512)));
  endAll();
  await Promise.all(reads);
  await aio.close();
  const { polls } = state;
  signal();
  await turns(5);
  expect(state.polls).toBe(polls);
});

test('what is left of a batch is fetched without another event', async () => {
  const { state, endAll } = standIn();
  const aio = new RbdAio(librbd.open(), 1n as rbd_image_t);
  onTestFinished(() => aio.dispose());
  const reads = Array.from({ length: 100 }, () => aio.read(0, new Uint8Array(512)));
  endAll();
  expect(await Promise.all(reads)).toEqual(reads.map(() => 512));
  expect(state.polls).toBe(2);
});
