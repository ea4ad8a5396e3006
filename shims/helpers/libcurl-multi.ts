// A multi handle of libcurl's on the event loop: transfers as promises, bodies into the caller's memory. Follows libcurl-multi(3),
// curl_multi_socket_action(3), CURLMOPT_SOCKETFUNCTION(3), CURLMOPT_TIMERFUNCTION(3).
//
// libcurl says which sockets to wait for and when to be called; `watch` and one timer do so, and nothing polls or blocks. Four callbacks
// at most serve all transfers; they run inside curl_multi_socket_action, on this thread. Connections are kept for the next transfer.
//
// Time is measured here, and what is late is taken from libcurl only when its name has been looked up: until then a thread of libcurl's
// asks the resolver, and to remove the handle would wait for that thread. Its promise has long been rejected by then.
//
// Memory. Bodies are copied out of libcurl's own buffers while they arrive: C never has the address of a buffer of yours, and when the
// promise has settled, nobody writes to it any more.

import {
  allocate,
  bytesAt,
  free,
  type OptionValue,
  type Pointer,
  stringAt,
  systemError,
  type Watch,
  watch,
} from '@dlshim/runtime';
import {
  type CURL,
  CURL_CSELECT_IN,
  CURL_CSELECT_OUT,
  CURL_ERROR_SIZE,
  CURL_GLOBAL_DEFAULT,
  CURL_POLL_IN,
  CURL_POLL_OUT,
  CURL_POLL_REMOVE,
  CURL_SOCKET_TIMEOUT,
  CURLE_OK,
  CURLINFO_NAMELOOKUP_TIME,
  CURLINFO_OS_ERRNO,
  CURLINFO_PRETRANSFER_TIME,
  type CURLM,
  CURLM_OK,
  CURLMOPT_MAXCONNECTS,
  CURLMOPT_SOCKETFUNCTION,
  CURLMOPT_TIMERFUNCTION,
  CURLMSG_DONE,
  CURLMsg,
  CURLOPT_BUFFERSIZE,
  CURLOPT_ERRORBUFFER,
  CURLOPT_HEADERDATA,
  CURLOPT_HEADERFUNCTION,
  CURLOPT_NOSIGNAL,
  CURLOPT_WRITEDATA,
  CURLOPT_WRITEFUNCTION,
  type curl_easy_setopt_values,
  type curl_multi_timer_callback,
  type curl_socket_callback,
  type curl_write_callback,
  type libcurl,
} from '../libcurl.ts';
import { curlError } from './libcurl-errors.ts';
import { type Answer, answerReader, HeaderLines, type ReadAnswer } from './libcurl-headers.ts';

export type { CurlError } from './libcurl-errors.ts';
export type { Answer } from './libcurl-headers.ts';

type Libcurl = ReturnType<typeof libcurl.open>;

export interface CurlMultiOptions {
  /** How many transfers are under way at a time, each on a connection of its own unless the protocol shares them (8); more wait here. */
  readonly transfers?: number;
  /** How long a transfer may be silent, in seconds (30). 0: for ever. */
  readonly timeout?: number;
  /** How long a connection may take, with names, proxies and TLS, in seconds (10); `timeout` where that is less. 0: no more than `timeout`. */
  readonly connectTimeout?: number;
}

/** Sets an option of the easy handle. Throws where this libcurl does not take it. */
export type SetOption = <const O extends number>(option: O, ...value: OptionValue<curl_easy_setopt_values, O>) => void;

export interface Transfer {
  /** Sets what is asked for: CURLOPT_URL and whatever else. Every transfer starts from libcurl's defaults. */
  readonly prepare: (set: SetOption) => void;
  /** Which headers the answer is to have, by names in lower case. */
  readonly headers?: readonly string[] | undefined;
  /** What the body has to fill, neither more nor less. Without it bodies are dropped. */
  readonly body?: Uint8Array | undefined;
  /** Called before the body comes, and where there is none, at the end: true for a body to take, false for one to drop; what it throws
   *  ends the transfer. It must not use the multi handle. */
  readonly accept?: ((answer: Answer) => boolean) | undefined;
  /** Ends it; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

interface Waiting extends Transfer {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  readonly abort: () => void;
  easy: Easy | undefined;
}

/** A handle of libcurl's, for a transfer after the other. */
interface Easy {
  readonly handle: Pointer<CURL>;
  /** What callbacks know it by. */
  readonly id: Pointer;
  /** CURLOPT_ERRORBUFFER. */
  readonly words: Pointer<number>;
  /** Undefined: it has settled already, and is to be removed as soon as that does not block. */
  transfer: Waiting | undefined;
  /** What has come of the headers, where libcurl does not keep them. */
  lines: HeaderLines;
  answer: Answer | undefined;
  /** Whether the body is taken. */
  taking: boolean;
  received: number;
  thrown: { readonly error: unknown } | undefined;
  /** When something came, on performance.now(). */
  since: number;
  connected: boolean;
}

/** How often what is late is looked for, in milliseconds. */
const TICK = 100;
/** What libcurl reads at a time, in bytes, as far as it does. */
const BUFFER = 256 << 10;
const SYSCALL = 'curl_multi_socket_action';

const initialised = new WeakSet<Libcurl>();

/** Transfers reject with a CurlError, or with what `accept` has thrown or the signal says. The process stays alive while transfers are under way, and
 *  not for the object itself. */
export class CurlMulti {
  readonly #curl: Libcurl;
  readonly #multi: Pointer<CURLM>;
  readonly #most: number;
  readonly #timeout: number;
  readonly #connectTimeout: number;
  readonly #onSocket: Pointer<curl_socket_callback>;
  readonly #onTimer: Pointer<curl_multi_timer_callback>;
  readonly #onHeader: Pointer<curl_write_callback> | undefined;
  readonly #read: ReadAnswer | undefined;
  readonly #onBody: Pointer<curl_write_callback>;
  readonly #queue: Waiting[] = [];
  readonly #easies = new Map<Pointer, Easy>();
  readonly #byId = new Map<Pointer, Easy>();
  readonly #spare: Easy[] = [];
  readonly #watches = new Map<number, Watch>();
  readonly #running = new Int32Array(1);
  #active = 0;
  /** What libcurl has asked for: at once, or later. */
  #soon: NodeJS.Immediate | undefined;
  #later: NodeJS.Timeout | undefined;
  #ticks: NodeJS.Timeout | undefined;
  #looked = 0;
  #closed = false;
  #freed = false;
  #idle: (() => void)[] = [];

  constructor(curl: Libcurl, options: CurlMultiOptions = {}) {
    const { fn } = curl;
    const { transfers = 8, timeout = 30, connectTimeout = 10 } = options;
    if (!Number.isInteger(transfers) || transfers < 1)
      throw new RangeError(`CurlMulti: transfers from 1 on are needed, and got ${transfers}`);
    if (!initialised.has(curl)) fn.curl_global_init(CURL_GLOBAL_DEFAULT);
    initialised.add(curl);
    const multi = fn.curl_multi_init();
    if (!multi) throw systemError(12, 'curl_multi_init'); // ENOMEM
    this.#curl = curl;
    this.#multi = multi;
    this.#most = transfers;
    this.#timeout = timeout;
    this.#connectTimeout = connectTimeout > 0 && !(timeout > 0 && timeout < connectTimeout) ? connectTimeout : timeout;
    this.#onSocket = curl.callback('curl_socket_callback', (_easy, fd, what) => this.#socket(fd, what));
    this.#onTimer = curl.callback('curl_multi_timer_callback', (_multi, after) => this.#schedule(Number(after)));
    this.#onBody = this.#receiver((easy, bytes) => this.#takeBody(easy, bytes));
    this.#read = answerReader(curl);
    this.#onHeader = this.#read ? undefined : this.#receiver(({ lines }, bytes) => lines.add(bytes));
    fn.curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, this.#onSocket);
    fn.curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, this.#onTimer);
    fn.curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, transfers);
  }

  /** How many transfers are under way, those that wait for others included. */
  get pending(): number {
    return this.#active + this.#queue.length;
  }

  /** Runs a transfer. It resolves when its body is whole. */
  transfer(request: Transfer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { signal } = request;
      if (this.#closed) throw systemError(108, SYSCALL); // ESHUTDOWN
      signal?.throwIfAborted();
      const abort = (): void => this.#abandon(waiting, signal!.reason);
      const waiting: Waiting = { ...request, resolve, reject, abort, easy: undefined };
      signal?.addEventListener('abort', abort, { once: true });
      if (this.#active < this.#most) this.#start(waiting);
      else this.#queue.push(waiting);
    });
  }

  /** Waits for what is under way, takes no more, closes the connections and gives everything back. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.pending > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#free();
  }

  #start(transfer: Waiting): void {
    const { fn } = this.#curl;
    let easy: Easy | undefined;
    try {
      easy = this.#spare.pop() ?? this.#make();
      this.#prepare(easy, transfer);
      const added = fn.curl_multi_add_handle(this.#multi, easy.handle);
      if (added !== CURLM_OK) throw this.#multiError('curl_multi_add_handle', added);
    } catch (error) {
      if (easy) this.#spare.push(easy);
      transfer.signal?.removeEventListener('abort', transfer.abort);
      transfer.reject(error);
      this.#next();
      return;
    }
    easy.transfer = transfer;
    transfer.easy = easy;
    this.#easies.set(easy.handle, easy);
    if (++this.#active === 1) this.#keepAlive(true);
  }

  #make(): Easy {
    const handle = this.#curl.fn.curl_easy_init();
    if (!handle) throw systemError(12, 'curl_easy_init'); // ENOMEM
    const easy: Easy = {
      handle,
      id: handle,
      words: allocate<number>(CURL_ERROR_SIZE),
      transfer: undefined,
      lines: new HeaderLines(),
      answer: undefined,
      taking: false,
      received: 0,
      thrown: undefined,
      since: 0,
      connected: false,
    };
    this.#byId.set(easy.id, easy);
    return easy;
  }

  #prepare(easy: Easy, { prepare }: Waiting): void {
    const { fn } = this.#curl;
    const { handle } = easy;
    const set: SetOption = (option, ...value) => {
      const code = fn.curl_easy_setopt(handle, option, ...value);
      if (code !== CURLE_OK) throw curlError('curl_easy_setopt', code, `option ${option}: ${this.#wordsOf(code)}`);
    };
    easy.lines = new HeaderLines();
    easy.answer = undefined;
    easy.taking = false;
    easy.received = 0;
    easy.thrown = undefined;
    easy.connected = false;
    easy.since = performance.now();
    bytesAt(easy.words, 1)[0] = 0;
    fn.curl_easy_reset(handle);
    set(CURLOPT_NOSIGNAL, 1);
    // Refused where a handle still has its last buffer, as 7.88 leaves it one after HTTP/2.
    fn.curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, BUFFER);
    set(CURLOPT_ERRORBUFFER, easy.words);
    set(CURLOPT_WRITEFUNCTION, this.#onBody);
    set(CURLOPT_WRITEDATA, easy.id);
    if (this.#onHeader) {
      set(CURLOPT_HEADERFUNCTION, this.#onHeader);
      set(CURLOPT_HEADERDATA, easy.id);
    }
    prepare(set);
  }

  /** CURLMOPT_SOCKETFUNCTION: what to wait for on a socket from now on. */
  #socket(fd: number, what: number): number {
    const known = this.#watches.get(fd);
    if (what === CURL_POLL_REMOVE) {
      known?.close();
      this.#watches.delete(fd);
      return 0;
    }
    const interest = { readable: (what & CURL_POLL_IN) !== 0, writable: (what & CURL_POLL_OUT) !== 0 };
    if (known) {
      known.update(interest);
      return 0;
    }
    try {
      const watching = watch(fd, interest, ({ readable, writable }) =>
        this.#act(fd, (readable ? CURL_CSELECT_IN : 0) | (writable ? CURL_CSELECT_OUT : 0)),
      );
      this.#watches.set(fd, watching);
      if (this.#active === 0) watching.unref();
      return 0;
    } catch {
      return -1; // No descriptor to be had: libcurl gives up what it is for, or it is late.
    }
  }

  /** CURLMOPT_TIMERFUNCTION: when to be called, in milliseconds; below 0: not. */
  #schedule(after: number): number {
    this.#unschedule();
    if (after < 0) return 0;
    const act = (): void => {
      this.#unschedule();
      this.#act(CURL_SOCKET_TIMEOUT, 0);
    };
    if (after === 0) this.#soon = setImmediate(act);
    else this.#later = setTimeout(act, after);
    if (this.#active === 0) (this.#soon ?? this.#later)!.unref();
    return 0;
  }

  #unschedule(): void {
    clearImmediate(this.#soon);
    clearTimeout(this.#later);
    this.#soon = undefined;
    this.#later = undefined;
  }

  #act(fd: number, events: number): void {
    if (this.#freed) return;
    // What it says of a socket that it does not know any more is no news.
    this.#curl.fn.curl_multi_socket_action(this.#multi, fd, events, this.#running);
    this.#collect();
  }

  #collect(): void {
    const { fn } = this.#curl;
    for (;;) {
      const message = fn.curl_multi_info_read(this.#multi, this.#running);
      if (!message) break;
      const { msg, easy_handle, data } = CURLMsg.read(message);
      const easy = easy_handle === null ? undefined : this.#easies.get(easy_handle);
      if (msg === CURLMSG_DONE && easy) this.#done(easy, data.result);
    }
    for (const easy of this.#easies.values()) if (!easy.transfer && this.#isRemovable(easy)) this.#remove(easy);
    if (this.#closed && this.pending === 0) this.#free();
  }

  #done(easy: Easy, code: number): void {
    const { transfer, thrown } = easy;
    let failure = thrown ?? (code === CURLE_OK ? undefined : { error: this.#errorOf(easy, code) });
    if (transfer && !failure) {
      this.#ask(easy);
      const { body } = transfer;
      const isShort = easy.taking && body !== undefined && easy.received < body.length;
      if (isShort) failure = { error: bodyError(`has ${easy.received} bytes where ${body.length} were awaited`) };
      failure = easy.thrown ?? failure;
    }
    this.#remove(easy);
    if (!transfer) return;
    const answer = easy.answer!;
    this.#settle(transfer, () => (failure ? transfer.reject(failure.error) : transfer.resolve(answer)));
  }

  /** Takes it back from libcurl. */
  #remove(easy: Easy): void {
    this.#curl.fn.curl_multi_remove_handle(this.#multi, easy.handle);
    this.#easies.delete(easy.handle);
    this.#spare.push(easy);
  }

  #settle(transfer: Waiting, how: () => void): void {
    transfer.signal?.removeEventListener('abort', transfer.abort);
    if (transfer.easy) transfer.easy.transfer = undefined;
    this.#active--;
    how();
    this.#next();
  }

  #next(): void {
    if (this.#active < this.#most) {
      const next = this.#queue.shift();
      if (next) this.#start(next);
    }
    if (this.pending > 0) return;
    this.#keepAlive(false);
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Ends a transfer before its time. */
  #abandon(transfer: Waiting, error: unknown): void {
    const { easy } = transfer;
    if (!easy) {
      this.#queue.splice(this.#queue.indexOf(transfer), 1);
      transfer.reject(error);
      this.#next();
      return;
    }
    if (this.#isRemovable(easy)) this.#remove(easy);
    this.#settle(transfer, () => transfer.reject(error));
  }

  /** Looks for what is late. Time in which the event loop stood still is nobody's silence. */
  #look(): void {
    const now = performance.now();
    const stood = now - this.#looked - TICK;
    this.#looked = now;
    for (const easy of [...this.#easies.values()]) {
      if (!easy.transfer) continue;
      if (stood > TICK) easy.since += stood;
      const silent = (now - easy.since) / 1000;
      if (!(silent > Math.min(this.#connectTimeout || Infinity, this.#timeout || Infinity))) continue;
      const limit = this.#isConnected(easy) ? this.#timeout : this.#connectTimeout;
      if (!(limit > 0 && silent > limit)) continue;
      const error = systemError(110, SYSCALL); // ETIMEDOUT
      error.message += `: ${easy.connected ? 'nothing has come' : 'no connection'} for ${limit} s`;
      this.#abandon(easy.transfer, error);
    }
  }

  #isConnected(easy: Easy): boolean {
    easy.connected ||= this.#time(easy, CURLINFO_PRETRANSFER_TIME) > 0;
    return easy.connected;
  }

  /** Whether to take it back does not block. On a connection that was there already, libcurl 8 looks no name up. */
  #isRemovable(easy: Easy): boolean {
    return this.#isConnected(easy) || this.#time(easy, CURLINFO_NAMELOOKUP_TIME) > 0;
  }

  /** Of a transfer, until it got so far, in seconds; 0 while it has not. */
  #time(easy: Easy, which: typeof CURLINFO_NAMELOOKUP_TIME | typeof CURLINFO_PRETRANSFER_TIME): number {
    const seconds = new Float64Array(1);
    this.#curl.fn.curl_easy_getinfo(easy.handle, which, seconds);
    return seconds[0]!;
  }

  /** A function for what libcurl hands over; 0 to it ends the transfer. */
  #receiver(take: (easy: Easy, bytes: Uint8Array) => void): Pointer<curl_write_callback> {
    return this.#curl.callback('curl_write_callback', (at, size, count, id) => {
      const length = Number(size) * Number(count);
      const easy = id === null ? undefined : this.#byId.get(id);
      if (!easy?.transfer || easy.thrown) return 0;
      easy.since = performance.now();
      easy.connected = true;
      if (length > 0) take(easy, bytesAt(at, length));
      return easy.thrown ? 0 : length;
    });
  }

  #takeBody(easy: Easy, bytes: Uint8Array): void {
    this.#ask(easy);
    const { body } = easy.transfer!;
    if (!easy.taking || body === undefined) return;
    if (easy.received + bytes.length > body.length) {
      easy.thrown = { error: bodyError(`has more than the ${body.length} bytes that were awaited`) };
      return;
    }
    body.set(bytes, easy.received);
    easy.received += bytes.length;
  }

  /** Whether the body is to be taken, once for each transfer. */
  #ask(easy: Easy): void {
    if (easy.answer) return;
    const { headers = [], accept } = easy.transfer!;
    try {
      easy.answer = this.#read?.(easy.handle, headers) ?? easy.lines.answer(headers);
      easy.taking = accept?.(easy.answer) ?? true;
    } catch (error) {
      easy.thrown = { error };
    }
  }

  #errorOf(easy: Easy, code: number): Error {
    const os = new BigInt64Array(1);
    this.#curl.fn.curl_easy_getinfo(easy.handle, CURLINFO_OS_ERRNO, os);
    return curlError(SYSCALL, code, stringAt(easy.words)?.trim() || this.#wordsOf(code), Number(os[0]));
  }

  #wordsOf(code: number): string {
    return this.#curl.fn.curl_easy_strerror(code) ?? `error ${code}`;
  }

  #multiError(syscall: string, code: number): Error {
    const error = systemError(5, syscall); // EIO
    error.message += `: ${this.#curl.fn.curl_multi_strerror(code) ?? code}`;
    return error;
  }

  #keepAlive(alive: boolean): void {
    const how = alive ? 'ref' : 'unref';
    for (const watching of this.#watches.values()) watching[how]();
    this.#soon?.[how]();
    this.#later?.[how]();
    clearInterval(this.#ticks);
    this.#ticks = undefined;
    if (!alive) return;
    this.#looked = performance.now();
    this.#ticks = setInterval(() => this.#look(), TICK);
  }

  /** Once nothing is libcurl's any more; what was given up while its name was looked up is waited for, by `#collect`. */
  #free(): void {
    if (this.#freed || this.#easies.size > 0) return;
    this.#freed = true;
    this.#unschedule();
    const { fn } = this.#curl;
    for (const { handle, words } of this.#spare.splice(0)) {
      fn.curl_easy_cleanup(handle);
      free(words);
    }
    fn.curl_multi_cleanup(this.#multi);
    for (const watching of this.#watches.values()) watching.close();
    this.#watches.clear();
    this.#unschedule();
    for (const callback of [this.#onSocket, this.#onTimer, this.#onHeader, this.#onBody])
      if (callback) this.#curl.release(callback);
  }
}

function bodyError(what: string): Error {
  const error = systemError(5, SYSCALL); // EIO
  error.message = `EIO: the body ${what}`;
  return error;
}
