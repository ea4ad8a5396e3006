// A place where servers run for a test: a fresh folder below the system's temporary one, and the daemons that were started in it.
// In: what to start. Out: daemons that answer, or an error that carries what their logs say. Nothing outlives the process that
// asked for it: daemons die with it by the parent-death signal of prctl(2), set by setpriv(1), even when it is killed; whatever
// then remains (folders, and what a daemon put into the background, known by a mark in its environment) goes with the next start.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Daemon, ServerError } from './daemon.mjs';
import { descendants, isRunning, kill, marked, processOf, read } from './processes.mjs';

const PREFIX = 'dlshim-server-';
const MARK = 'DLSHIM_SERVER_SITE';
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @type {Set<Site>} */
const live = new Set();

export class Site {
  /** @type {Daemon[]} */
  #daemons = [];
  /** @type {Promise<void> | undefined} */
  #stopping;

  /** @param {string} name of the server */
  constructor(name) {
    sweep();
    this.name = name;
    this.folder = mkdtempSync(join(tmpdir(), `${PREFIX}${name}-`));
    writeFileSync(join(this.folder, 'owner'), identity(process.pid));
    // Daemons stand where only root's PATH looks.
    const PATH = `${process.env.PATH ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`;
    this.env = { ...process.env, PATH, LC_ALL: 'C', [MARK]: this.folder };
    if (live.size === 0) watchExit();
    live.add(this);
  }

  /** Of the daemons that were started here, in this order. */
  get pids() {
    return this.#daemons.map(({ pid }) => pid);
  }

  /** @param {...string} parts */
  path(...parts) {
    return join(this.folder, ...parts);
  }

  /** Makes a folder of the site. @param {string} name */
  mkdir(name) {
    mkdirSync(this.path(name), { recursive: true });
    return this.path(name);
  }

  /** Writes a file of the site. @param {string} name @param {string | Uint8Array} content @param {number} [mode] */
  write(name, content, mode = 0o644) {
    writeFileSync(this.path(name), content, { mode });
    return this.path(name);
  }

  /** Runs a command to its end and gives what it printed. @param {string} command @param {readonly string[]} args
   *  @returns {Promise<string>} */
  run(command, ...args) {
    const options = { cwd: this.folder, env: this.env, encoding: /** @type {const} */ ('utf8'), timeout: 60_000 };
    return new Promise((resolve, reject) => {
      execFile(command, args, options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else
          reject(
            new ServerError(`${this.name}: ${command} ${args.join(' ')}: ${`${stdout}${stderr}`.trim() || error}`),
          );
      });
    });
  }

  /** Starts a daemon and waits until `ready` says so. @param {string} command @param {readonly string[]} args
   *  @param {import('./daemon.mjs').DaemonOptions} [options] */
  async daemon(command, args, options = {}) {
    const daemon = new Daemon(this, command, args, options);
    this.#daemons.push(daemon);
    await daemon.started();
    return daemon;
  }

  /** Stops the daemons, the last one first, and removes the folder. */
  stop() {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop() {
    const before = this.#family();
    for (const daemon of this.#daemons.toReversed()) await daemon.stop();
    const family = [...before, ...this.#family()];
    kill(family);
    while (family.some(isRunning)) await sleep(5);
    this.#forget();
  }

  /** The end without ceremony, for a process that is about to end. */
  destroy() {
    const family = this.#family();
    for (const daemon of this.#daemons) daemon.signal('SIGKILL');
    kill(family);
    const deadline = Date.now() + 2000;
    while (family.some(isRunning) && Date.now() < deadline)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    this.#forget();
  }

  /** What the daemons have started, in the background too. */
  #family() {
    return [...descendants(this.pids), ...marked(`${MARK}=${this.folder}`)];
  }

  #forget() {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    live.delete(this);
    if (live.size === 0) unwatchExit();
  }
}

/** Builds a server in a fresh site. Where it fails, everything is stopped before the error goes on. Ports are chosen at run time: one
 *  that somebody took meanwhile is no reason to give up.
 *  @template T @param {string} name @param {(site: Site) => Promise<T>} build
 *  @returns {Promise<T & { readonly folder: string, readonly pids: readonly number[], stop(): Promise<void> }>} */
export async function inSite(name, build) {
  for (let attempt = 1; ; attempt++) {
    const site = new Site(name);
    try {
      const server = await build(site);
      return { ...server, folder: site.folder, pids: site.pids, stop: () => site.stop() };
    } catch (error) {
      await site.stop();
      if (attempt === 3 || !/address (already )?in use/i.test(String(error))) throw error;
    }
  }
}

/** Removes what processes left that could not clean up after themselves. */
function sweep() {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const owner = read(join(folder, 'owner'));
    if (!owner || identity(Number.parseInt(owner, 10)) === owner) continue;
    kill(marked(`${MARK}=${folder}`));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A process, to be known again. @param {number} pid */
function identity(pid) {
  return `${pid} ${processOf(pid)?.start ?? 'has ended'}`;
}

function destroyAll() {
  for (const site of live) site.destroy();
}

/** Where somebody else listens too, the signal is theirs to answer. @param {NodeJS.Signals} signal */
function onSignal(signal) {
  if (process.listenerCount(signal) > 1) return;
  destroyAll();
  process.kill(process.pid, signal);
}

function watchExit() {
  process.on('exit', destroyAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function unwatchExit() {
  process.off('exit', destroyAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}
