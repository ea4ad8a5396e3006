// One daemon: started with its output in a file (a pipe that it holds would block whoever waits for the pipe's end), awaited, paused,
// killed and stopped by its pid. It runs in a session of its own, so that Ctrl-C reaches only the process that started it.

import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server could not be started, or one of its tools failed. */
export class ServerError extends Error {
  /** @override */
  name = 'ServerError';
}

/** @typedef {object} DaemonOptions
 *  @property {string} [name] of its log; the command's where it is not given
 *  @property {(daemon: Daemon) => boolean | Promise<boolean>} [ready] whether it answers; asked until it does
 *  @property {string} [log] the file that it logs to where that is not its output
 *  @property {NodeJS.Signals} [stopSignal] what it ends itself upon
 *  @property {Record<string, string>} [env] besides this process'
 *  @property {readonly string[]} [files] opened for it as descriptors 3 and up */

const START_SECONDS = 30;
const STOP_SECONDS = 10;

export class Daemon {
  /** Settles once it has ended, with how. @type {Promise<string>} */
  end;
  /** @type {string | undefined} */
  #how;
  #options;
  #site;

  /** @param {import('./site.mjs').Site} site @param {string} command @param {readonly string[]} args @param {DaemonOptions} options */
  constructor(site, command, args, options) {
    this.#site = site;
    this.#options = options;
    this.name = options.name ?? basename(command);
    this.output = site.path(`${this.name}.out`);
    const files = [this.output, ...(options.files ?? [])].map((path) => openSync(path, 'w'));
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', command, ...args], {
      cwd: site.folder,
      env: { ...site.env, ...options.env },
      stdio: ['ignore', files[0], files[0], ...files.slice(1)],
      detached: true,
    });
    files.map(closeSync);
    this.pid = child.pid ?? 0;
    this.end = new Promise((resolve) => {
      child.once('error', (error) => resolve(this.#note(error.message)));
      child.once('exit', (code, signal) => resolve(this.#note(signal ? `ended by ${signal}` : `exited with ${code}`)));
    });
    child.unref();
  }

  /** @param {string} how */
  #note(how) {
    this.#how = how;
    return how;
  }

  /** Whether it has ended. */
  get ended() {
    return this.#how !== undefined;
  }

  /** Returns once it is ready; throws with its log where it ends before, or takes too long. */
  async started() {
    const deadline = Date.now() + START_SECONDS * 1000;
    while (!(await (this.#options.ready?.(this) ?? true))) {
      if (this.#how !== undefined) throw this.error(this.#how);
      if (Date.now() > deadline) throw this.error(`does not answer after ${START_SECONDS} s`);
      await sleep(20);
    }
  }

  /** What happened to it, with the end of its log. @param {string} what */
  error(what) {
    const files = [this.output, ...(this.#options.log ? [this.#options.log] : [])];
    const lines = files.flatMap((file) => readLog(file).trimEnd().split('\n').slice(-15)).filter((line) => line !== '');
    return new ServerError(
      `${this.#site.name}: ${this.name} ${what}. Its log says:\n${lines.join('\n') || '(nothing)'}`,
    );
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    if (this.#how === undefined && this.pid > 0) process.kill(this.pid, signal);
  }

  /** Keeps it from running, connections open, as a machine that hangs does. */
  pause() {
    this.signal('SIGSTOP');
    // A thread that is just running stops a little later, and might still answer (proc(5): the state stands behind the name).
    const tasks = `/proc/${this.pid}/task`;
    const runs = (/** @type {string} */ task) => !/\) [TtZX] /.test(readLog(`${tasks}/${task}/stat`));
    const [wait, end] = [new Int32Array(new SharedArrayBuffer(4)), Date.now() + 1000];
    while (existsSync(tasks) && readdirSync(tasks).some(runs) && Date.now() < end) Atomics.wait(wait, 0, 0, 1);
  }

  resume() {
    this.signal('SIGCONT');
  }

  /** Ends it at once, as a crash does. */
  async kill() {
    this.signal('SIGKILL');
    await this.end;
  }

  /** Asks it to end, and ends it where it does not. */
  async stop() {
    this.resume();
    this.signal(this.#options.stopSignal ?? 'SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), STOP_SECONDS * 1000);
    await this.end;
    clearTimeout(timer);
  }
}

/** @param {string} path */
export function readLog(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The first of `count` consecutive ports that are free on loopback, below the range that the system gives to connections (ip(7)).
 *  @param {number} [count] */
export async function freePort(count = 1) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const first = 10_000 + Math.floor(Math.random() * 20_000);
    const ports = Array.from({ length: count }, (_, index) => first + index);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
  throw new ServerError('no free port on 127.0.0.1 between 10000 and 30000');
}

/** @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Whether something accepts connections there. @param {number} port @param {string} [host] @returns {Promise<boolean>} */
export function accepts(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
