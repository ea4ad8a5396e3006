// A portal and a target in, a session of libiscsi out that lives on the event loop: commands as promises. Follows <iscsi/iscsi.h>:
// iscsi_get_fd, iscsi_which_events and iscsi_service, which libiscsi wants called when its socket is ready, and each second for
// its timeouts.
//
// The socket is watched for writing only while there is something to write. libiscsi connects again by itself when the target
// goes away, under the same descriptor: the new socket gets a new watch. Callbacks run inside iscsi_service, on this thread.
//
// Memory. Buffers given to a command are read and written by C until the promise settles; they are referenced here until then. A
// command that has timed out may still be answered: its memory stays referenced until the session ends.

import { lookup } from 'node:dns/promises';
import { fstatSync } from 'node:fs';
import { type Pointer, type SystemError, systemError, type Watch, watch } from '@dlshim/runtime';
import {
  ISCSI_HEADER_DIGEST_NONE_CRC32C,
  ISCSI_SESSION_NORMAL,
  type iscsi_command_cb,
  type iscsi_context,
  type libiscsi,
  SCSI_STATUS_CHECK_CONDITION,
  SCSI_STATUS_GOOD,
  SCSI_STATUS_TIMEOUT,
  scsi_task,
} from '../libiscsi.ts';
import { scsiError, sessionError } from './libiscsi-errors.ts';

export type { ScsiError, Sense } from './libiscsi-errors.ts';

type Libiscsi = ReturnType<typeof libiscsi.open>;
type Context = Pointer<iscsi_context>;

export interface ConnectOptions {
  /** The name that this initiator logs in by: `iqn.2026-11.org.example:host`. */
  readonly initiator: string;
  /** `host:port`; a name is looked up without blocking. */
  readonly portal: string;
  readonly target: string;
  readonly lun: number;
  /** CHAP: who this is, to the target. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** CHAP: who the target is, to us. */
  readonly targetUser?: string | undefined;
  readonly targetPassword?: string | undefined;
  /** How long to wait for the session, and for each command, in seconds (30). */
  readonly timeout?: number;
  /** How often libiscsi tries to connect again, a second later each time, before the session is given up (3). */
  readonly reconnects?: number;
  /** How many commands libiscsi has at a time (128); more wait here. */
  readonly depth?: number;
}

/** Starts a command: calls one of libiscsi's `…_task` functions with these, and returns the task, null where it refused. */
export type StartCommand = (
  context: Context,
  callback: Pointer<iscsi_command_cb>,
  privateData: Pointer,
) => Pointer<scsi_task> | null;

interface Command {
  readonly syscall: string;
  /** Returns whether libiscsi has taken it. */
  readonly start: (id: Pointer) => boolean;
  readonly memory: ArrayBufferView | undefined;
  /** What becomes of a good end. */
  readonly finish: () => void;
  readonly reject: (error: Error) => void;
  task: Pointer<scsi_task> | null;
  /** When it is given up, on performance.now(). */
  deadline: number;
  /** The promise has settled; what is left is C's memory. */
  settled: boolean;
}

const POLLIN = 1;
const POLLOUT = 4;
/** How often libiscsi looks after its timeouts, in milliseconds. */
const TICK = 1000;
/** How much longer than libiscsi's own timeout is waited, which does not run while libiscsi connects again; in milliseconds. */
const GRACE = 1500;
/** How long a logout may take, in seconds. */
const LOGOUT = 2;

/** A session with one LUN of a target. Commands reject with a ScsiError, or with the error that ended the session: it ends when libiscsi
 *  cannot connect again in time, and stays so. The process stays alive while commands are under way, and not for the session itself. */
export class IscsiSession {
  readonly #iscsi: Libiscsi;
  readonly #context: Context;
  readonly #callback: Pointer<iscsi_command_cb>;
  readonly #timer: NodeJS.Timeout;
  readonly #timeout: number;
  readonly #depth: number;
  readonly #commands = new Map<number, Command>();
  readonly #queue: Command[] = [];
  #active = 0;
  #lastId = 0;
  #watch: Watch | undefined;
  #fd = -1;
  #socket = -1;
  #kicked = false;
  #timedOut = false;
  #ended: Error | undefined;

  /** Connects and logs in. Rejects with EACCES where CHAP fails, with the socket's error (ECONNREFUSED), or ETIMEDOUT. */
  static async connect(iscsi: Libiscsi, options: ConnectOptions): Promise<IscsiSession> {
    const portal = await numericPortal(options.portal);
    const session = new IscsiSession(iscsi, options);
    await session.#connect(portal, options.lun);
    return session;
  }

  private constructor(iscsi: Libiscsi, options: ConnectOptions) {
    const { fn } = iscsi;
    const context = fn.iscsi_create_context(options.initiator);
    if (!context) throw systemError(12, 'iscsi_create_context'); // ENOMEM
    this.#iscsi = iscsi;
    this.#context = context;
    this.#timeout = options.timeout ?? 30;
    this.#depth = options.depth ?? 128;
    fn.iscsi_set_targetname(context, options.target);
    fn.iscsi_set_session_type(context, ISCSI_SESSION_NORMAL);
    fn.iscsi_set_header_digest(context, ISCSI_HEADER_DIGEST_NONE_CRC32C);
    if (options.user) fn.iscsi_set_initiator_username_pwd(context, options.user, options.password ?? '');
    if (options.targetUser) this.#authenticateTarget(options.targetUser, options.targetPassword ?? '');
    // Before 1.15 it was there and did not work; what is late ends by our own clock there.
    if (iscsi.has('timeout', false)) iscsi.fn.iscsi_set_timeout(context, this.#timeout);
    fn.iscsi_set_reconnect_max_retries(context, options.reconnects ?? 3);
    this.#callback = iscsi.callback('iscsi_command_cb', (_context, status, _data, id) =>
      this.#came(Number(id), status),
    );
    this.#timer = setInterval(() => this.#tick(), TICK).unref();
  }

  /** CHAP of the target, which libiscsi 1.14 brought. */
  #authenticateTarget(user: string, password: string): void {
    const { iscsi_set_target_username_pwd: authenticate } = this.#iscsi.fn;
    if (!authenticate) throw systemError(95, 'iscsi_set_target_username_pwd'); // EOPNOTSUPP: nobody may be taken for the target
    authenticate(this.#context, user, password);
  }

  /** Why the session has ended; undefined while it has not. */
  get ended(): Error | undefined {
    return this.#ended;
  }

  /** How many commands are under way, those that wait for libiscsi included. */
  get pending(): number {
    return this.#active + this.#queue.length;
  }

  /** Runs a SCSI command. `memory` is kept alive until it has ended; `take` reads the result from its task, which is freed then. */
  command<T>(
    syscall: string,
    memory: ArrayBufferView | undefined,
    start: StartCommand,
    take: (task: Pointer<scsi_task>) => T,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const command: Command = {
        syscall,
        memory,
        start: (id) => {
          command.task = start(this.#context, this.#callback, id);
          return command.task !== null;
        },
        finish: () => resolve(take(command.task!)),
        reject,
        task: null,
        deadline: 0,
        settled: false,
      };
      this.#submit(command);
    });
  }

  /** Logs out and frees everything. Commands that are still under way reject with ECANCELED. Nothing is thrown: a target that does not
   *  answer is left without a farewell. */
  async close(): Promise<void> {
    if (this.#ended) return;
    const { fn } = this.#iscsi;
    if (fn.iscsi_is_logged_in(this.#context)) {
      const leave = (id: Pointer) => fn.iscsi_logout_async(this.#context, this.#callback, id) === 0;
      await this.#plain('iscsi_logout_async', leave, LOGOUT).catch(() => {});
    }
    this.#end(systemError(125, 'close')); // ECANCELED
  }

  async #connect(portal: string, lun: number): Promise<void> {
    const { fn } = this.#iscsi;
    try {
      await this.#plain('iscsi_full_connect_async', (id) => {
        return fn.iscsi_full_connect_async(this.#context, portal, lun, this.#callback, id) === 0;
      });
    } catch (error) {
      this.#end(error as Error);
      throw error;
    }
  }

  /** A request that is no SCSI command: connecting, logging out. */
  #plain(syscall: string, start: (id: Pointer) => boolean, seconds?: number): Promise<void> {
    return new Promise((finish, reject) => {
      const command = { syscall, start, finish, reject, memory: undefined, task: null, deadline: 0, settled: false };
      this.#submit(command, seconds);
    });
  }

  #submit(command: Command, seconds?: number): void {
    if (this.#ended) command.reject(this.#ended);
    else if (this.#active < this.#depth || seconds !== undefined) this.#start(command, seconds);
    else this.#queue.push(command);
  }

  #start(command: Command, seconds = this.#timeout): void {
    const id = ++this.#lastId;
    command.deadline = seconds > 0 ? performance.now() + seconds * 1000 + GRACE : Number.POSITIVE_INFINITY;
    try {
      if (!command.start(BigInt(id) as Pointer)) throw this.#sessionError(command.syscall);
    } catch (error) {
      command.reject(error as Error);
      return;
    }
    this.#commands.set(id, command);
    if (++this.#active === 1) this.#keepAlive();
    this.#kick();
  }

  /** Called by libiscsi, inside iscsi_service or iscsi_destroy_context: a command has ended. */
  #came(id: number, status: number): void {
    const command = this.#commands.get(id);
    if (!command) return;
    if (!command.settled) {
      if (status === SCSI_STATUS_GOOD) this.#finish(command);
      else this.#reject(command, this.#ended ?? this.#errorOf(command, status));
    }
    // What timed out may still be written by libiscsi: it is freed with the session.
    if (status === SCSI_STATUS_TIMEOUT) {
      this.#timedOut = true;
      return;
    }
    this.#commands.delete(id);
    this.#free(command);
  }

  #finish(command: Command): void {
    this.#settle(command);
    try {
      command.finish();
    } catch (error) {
      command.reject(error as Error);
    }
  }

  #reject(command: Command, error: Error): void {
    this.#settle(command);
    command.reject(error);
  }

  #settle(command: Command): void {
    command.settled = true;
    if (--this.#active === 0) this.#keepAlive();
  }

  #free(command: Command): void {
    if (command.task !== null) this.#iscsi.fn.scsi_free_scsi_task(command.task);
    command.task = null;
  }

  #errorOf({ syscall, task }: Command, status: number): Error {
    const text = this.#iscsi.fn.iscsi_get_error(this.#context);
    if (task === null) return status === SCSI_STATUS_TIMEOUT ? systemError(110, syscall) : sessionError(syscall, text);
    const { key, ascq } = scsi_task.at(task).sense;
    const sense = status === SCSI_STATUS_CHECK_CONDITION ? { key, ascq } : undefined;
    return scsiError(syscall, status, sense, status === SCSI_STATUS_TIMEOUT ? null : text);
  }

  #sessionError(syscall: string): SystemError {
    return sessionError(syscall, this.#iscsi.fn.iscsi_get_error(this.#context));
  }

  /** Writes what has been queued, once for all commands of this turn; a socket that is full is waited for. */
  #kick(): void {
    if (this.#kicked) return;
    this.#kicked = true;
    queueMicrotask(() => {
      this.#kicked = false;
      if (this.#ended) return;
      if (this.#iscsi.fn.iscsi_is_logged_in(this.#context)) this.#service(POLLOUT);
      else this.#follow();
    });
  }

  #service(events: number): void {
    const { fn } = this.#iscsi;
    if (fn.iscsi_service(this.#context, events) !== 0) {
      this.#end(this.#sessionError('iscsi_service'));
      return;
    }
    if (this.#timedOut) {
      // A command that was never sent leaves a gap in the numbers, which the target waits for: only a new connection goes on.
      this.#timedOut = false;
      fn.iscsi_reconnect(this.#context);
    }
    while (this.#queue.length > 0 && this.#active < this.#depth) this.#start(this.#queue.shift()!);
    this.#follow();
  }

  #tick(): void {
    const now = performance.now();
    for (const command of this.#commands.values()) {
      if (command.settled || command.deadline > now) continue;
      // libiscsi would go on with it once it is connected, whenever that is. It is no status of libiscsi's, which has one for it since 1.10.
      this.#end(systemError(110, command.syscall));
      return;
    }
    this.#service(0);
  }

  /** Watches the socket that libiscsi has now, for what it wants now. */
  #follow(): void {
    const { fn } = this.#iscsi;
    const fd = fn.iscsi_get_fd(this.#context);
    // Only while it is not logged in may another socket have come under the same number.
    if (fd !== this.#fd || (fd >= 0 && !fn.iscsi_is_logged_in(this.#context) && socketOf(fd) !== this.#socket)) {
      this.#watch?.close();
      this.#watch = undefined;
      this.#fd = fd;
      if (fd < 0) return;
      this.#socket = socketOf(fd);
      this.#watch = watch(fd, { readable: false, writable: false }, ({ readable, writable }) =>
        this.#service((readable ? POLLIN : 0) | (writable ? POLLOUT : 0)),
      );
      this.#keepAlive();
    }
    const wanted = fn.iscsi_which_events(this.#context);
    this.#watch?.update({ readable: (wanted & POLLIN) !== 0, writable: (wanted & POLLOUT) !== 0 });
  }

  /** The process stays alive for commands: by the timer too, because there may be nothing to watch for. */
  #keepAlive(): void {
    const change = this.#active > 0 ? 'ref' : 'unref';
    this.#timer[change]();
    this.#watch?.[change]();
  }

  /** The end, for whatever reason: everything is rejected, then freed. */
  #end(reason: Error): void {
    if (this.#ended) return;
    this.#ended = reason;
    clearInterval(this.#timer);
    this.#watch?.close();
    for (const command of this.#queue.splice(0)) command.reject(reason);
    // Calls back for what it has logged in with, and drops the rest.
    this.#iscsi.fn.iscsi_destroy_context(this.#context);
    for (const command of this.#commands.values()) {
      if (!command.settled) this.#reject(command, reason);
      this.#free(command);
    }
    this.#commands.clear();
    this.#iscsi.release(this.#callback);
  }
}

/** The socket behind a descriptor: its inode, see proc(5). */
function socketOf(fd: number): number {
  return fstatSync(fd).ino;
}

/** libiscsi looks names up itself, and waits for the answer. */
async function numericPortal(portal: string): Promise<string> {
  const [, host = '', port = ''] = /^(.*?)(:\d+(?:,\d+)?)?$/.exec(portal) ?? [];
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const { address, family } = await lookup(bare);
  return `${family === 6 ? `[${address}]` : address}${port}`;
}
