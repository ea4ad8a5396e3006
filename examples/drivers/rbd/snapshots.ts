// Snapshots of an open image of librbd: rbd_snap_* on the thread pool. Follows <rbd/librbd.h>.

import { type librbd, type rbd_image_t, rbd_snap_info_t } from '@dlshim/shims/librbd';
import type { Snapshot, Snapshots } from '../block.ts';
import { inLane } from '../shared/lanes.ts';
import { check } from './check.ts';

type Librbd = ReturnType<typeof librbd.open>;
/** Does one thing after the other with the image. */
type Managed = <T>(work: () => Promise<T>) => Promise<T>;

export class RbdSnapshots implements Snapshots {
  readonly #rbd: Librbd;
  readonly #image: rbd_image_t;
  readonly #managed: Managed;

  constructor(rbd: Librbd, image: rbd_image_t, managed: Managed) {
    this.#rbd = rbd;
    this.#image = image;
    this.#managed = managed;
  }

  create(name: string): Promise<void> {
    return this.#call('rbd_snap_create', name);
  }

  remove(name: string): Promise<void> {
    return this.#call('rbd_snap_remove', name);
  }

  rollback(name: string): Promise<void> {
    return this.#call('rbd_snap_rollback', name);
  }

  protect(name: string): Promise<void> {
    return this.#call('rbd_snap_protect', name);
  }

  unprotect(name: string): Promise<void> {
    return this.#call('rbd_snap_unprotect', name);
  }

  list(): Promise<Snapshot[]> {
    return this.#managed(async () => {
      const found = await this.#names();
      const snapshots: Snapshot[] = [];
      for (const { name, size } of found) {
        const isProtected: [number] = [0];
        const { rbd_snap_is_protected } = this.#rbd.async;
        check(await inLane(() => rbd_snap_is_protected(this.#image, name, isProtected)), 'rbd_snap_is_protected', name);
        snapshots.push({ name, size, protected: isProtected[0] !== 0 });
      }
      return snapshots;
    });
  }

  /** There may be more than there is room for, and more still at the next try. */
  async #names(): Promise<{ name: string; size: number }[]> {
    for (let room = 16; ; ) {
      const records = rbd_snap_info_t.bytes(room);
      const count: [number] = [room];
      const result = await inLane(() => this.#rbd.async.rbd_snap_list(this.#image, records, count));
      if (result === -34) {
        room = Math.max(count[0], 2 * room); // ERANGE
        continue;
      }
      check(result, 'rbd_snap_list');
      const names = Array.from({ length: result }, (_, i) => {
        const { name, size } = rbd_snap_info_t.read(rbd_snap_info_t.from(records, i * rbd_snap_info_t.size));
        return { name: name ?? '', size: Number(size) };
      });
      if (result > 0) this.#rbd.fn.rbd_snap_list_end(records);
      return names;
    }
  }

  #call(
    call: 'rbd_snap_create' | 'rbd_snap_remove' | 'rbd_snap_rollback' | 'rbd_snap_protect' | 'rbd_snap_unprotect',
    name: string,
  ): Promise<void> {
    return this.#managed(async () =>
      check(await inLane(() => this.#rbd.async[call](this.#image, name)), call, `snapshot '${name}'`),
    );
  }
}
