// A session of libssh in, its calls out, one after the other, until it has what one needs of it. The session is in libssh's non-blocking mode:
// where it would wait for the server, a call says «again», and the socket is watched. What it waits for besides, a name server, an
// agent that asks its owner, files, keeps a thread of the pool, not the event loop. Follows ssh_set_blocking, ssh_get_fd, ssh_get_poll_flags.

import { type Watch, watch } from '@dlshim/runtime';
import { SSH_ERROR, SSH_READ_PENDING, SSH_WRITE_PENDING, type ssh_session } from '@dlshim/shims/libssh';
import { inLane } from '../shared/lanes.ts';
import { type Libssh, sessionError, sshError } from './errors.ts';

export class Handshake {
  readonly ssh: Libssh;
  readonly session: ssh_session;
  /** Of the server, for errors. */
  readonly name: string;
  readonly #late: Promise<never>;
  #timer: NodeJS.Timeout | undefined;
  #calling: Promise<unknown> = Promise.resolve();
  #isLate = false;

  constructor(ssh: Libssh, name: string, seconds: number) {
    const session = ssh.fn.ssh_new();
    if (!session) throw sshError('ENOMEM', 'out of memory', 'ssh_new');
    ssh.fn.ssh_set_blocking(session, 0);
    this.ssh = ssh;
    this.session = session;
    this.name = name;
    this.#late = new Promise((_, reject) => {
      const giveUp = () => {
        this.#isLate = true;
        reject(sshError('ETIMEDOUT', `${name}: no answer within ${seconds} s`, 'ssh_connect'));
      };
      if (seconds > 0) this.#timer = setTimeout(giveUp, seconds * 1000);
    });
    this.#late.catch(() => {}); // Nobody may be waiting just then.
  }

  /** The result of a call that is not `again`. */
  async call(again: number, start: () => Promise<number>): Promise<number> {
    for (;;) {
      const result = await this.work(start);
      if (result !== again) return result;
      await this.#readiness();
    }
  }

  /** A call that says 0, or fails. */
  async check(syscall: string, again: number, start: () => Promise<number>): Promise<void> {
    if ((await this.call(again, start)) === SSH_ERROR) throw sessionError(this.ssh, this.session, this.name, syscall);
  }

  /** What waits for something else than the server. */
  async work<T>(start: () => Promise<T>): Promise<T> {
    const calling = inLane(async () => {
      // Whoever has waited for a lane until now does not begin.
      if (this.#isLate) return this.#late;
      return start();
    });
    this.#calling = calling.catch(() => {});
    return Promise.race([calling, this.#late]);
  }

  #readiness(): Promise<void> {
    const flags = this.ssh.fn.ssh_get_poll_flags(this.session);
    const interest = { readable: (flags & SSH_READ_PENDING) !== 0, writable: (flags & SSH_WRITE_PENDING) !== 0 };
    let watching: Watch | undefined;
    const ready = new Promise<void>((resolve) => {
      watching = watch(this.ssh.fn.ssh_get_fd(this.session), interest, () => resolve());
    });
    return Promise.race([ready, this.#late]).finally(() => watching?.close());
  }

  /** Runs `release` when no thread is in the session any more. */
  after(release: () => void): void {
    this.#calling = this.#calling.then(release);
  }

  /** There is a session that works: its owner ends it. */
  done(): void {
    clearTimeout(this.#timer);
  }

  /** Frees the session, when no thread is in it any more. */
  abandon(): void {
    clearTimeout(this.#timer);
    this.after(() => {
      this.ssh.fn.ssh_disconnect(this.session);
      this.ssh.fn.ssh_free(this.session);
    });
  }
}
