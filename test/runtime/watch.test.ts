// Descriptors watched on the event loop: by libuv's poll handles, and by poll(2) on the thread pool where there are none (Bun, Deno).

import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Readiness, type Watch, watch, watchEvents } from '@dlshim/runtime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { named } from '../needs.ts';
import { root } from '../tools.ts';

const READ: Readiness = { readable: true, writable: false };
const NOTHING: Readiness = { readable: false, writable: false };

const folder = mkdtempSync(join(tmpdir(), 'dlshim-watch-'));
afterAll(() => rmSync(folder, { recursive: true }));

let fifos = 0;
/** A FIFO open for both: what is written can be read. */
function fifo(): number {
  const path = join(folder, `${fifos++}`);
  execFileSync('mkfifo', [path]);
  return openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
}

/** Runs a module in a process of its own. */
function run(script: string): { status: number | null; stdout: string; stderr: string } {
  const preamble = `import { watch, watchEvents } from '@dlshim/runtime'; import { writeSync } from 'node:fs';
    const ONE = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);`;
  const args = ['--input-type=module', '-e', `${preamble}\n${script}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: join(root, 'shims'),
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status, stdout, stderr };
}

describe.each(['loop', 'pool'])('a watch, by the %s', (way) => {
  const open: Watch[] = [];
  const watched = (...args: Parameters<typeof watch>): Watch => {
    const made = watch(...args);
    open.push(made);
    return made;
  };

  beforeAll(() => {
    if (way === 'pool') process.env.DLSHIM_WATCH = 'pool';
  });
  afterAll(() => {
    delete process.env.DLSHIM_WATCH;
  });
  let fd: number;
  beforeEach(() => {
    fd = fifo();
  });
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
  });

  test('calls when there is something to read, until it is read; promises in the listener go on', async () => {
    const seen: string[] = [];
    watched(fd, READ, async ({ readable, writable }) => {
      seen.push(`${readable} ${writable}`);
      if (seen.length > 2) readSync(fd, new Uint8Array(1));
      await undefined;
      seen.push('went on');
    });
    await sleep(50);
    expect(seen).toEqual([]);
    writeSync(fd, 'x');
    await expect.poll(() => seen.length).toBeGreaterThanOrEqual(4);
    await sleep(50);
    expect(seen).toEqual(['true false', 'went on', 'true false', 'went on']);
  });

  const noFdinfo = existsSync('/proc/self/fdinfo') ? undefined : 'proc(5) tells the flags of a descriptor';
  test.skipIf(noFdinfo)(named('makes the descriptor non-blocking', noFdinfo), () => {
    const isNonBlocking = (): boolean => {
      const [, flags = ''] = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${blocking}`, 'utf8')) ?? [];
      return (Number.parseInt(flags, 8) & constants.O_NONBLOCK) !== 0;
    };
    const blocking = openSync(join(folder, `${fifos - 1}`), constants.O_RDWR);
    expect(isNonBlocking()).toBe(false);
    watched(blocking, NOTHING, () => {});
    expect(isNonBlocking()).toBe(true);
    closeSync(blocking);
  });

  test('waits for what the last update says', async () => {
    let calls: Readiness[] = [];
    const one = watched(fd, READ, (ready) => {
      calls.push(ready);
      one.update(NOTHING);
    });
    one.update({ readable: false, writable: true });
    await expect.poll(() => calls.length).toBe(1);
    expect(calls[0]).toMatchObject({ readable: false, writable: true });
    calls = [];
    writeSync(fd, 'x');
    await sleep(150);
    expect(calls).toEqual([]);
    one.update(READ);
    await expect.poll(() => calls.length).toBe(1);
    expect(calls[0]).toMatchObject({ readable: true });
  });

  test('is silent once it is closed, for what has come already too; closing again does nothing', async () => {
    let calls = 0;
    const one = watched(fd, READ, () => calls++);
    writeSync(fd, 'x');
    one.close();
    one.close();
    one.update(READ);
    await sleep(100);
    expect(calls).toBe(0);
  });

  test('goes on when the descriptor is closed, and does not take what is opened under its number for it', async () => {
    const path = join(folder, `${fifos - 1}`);
    let calls = 0;
    const one = watched(fd, READ, () => {
      calls++;
      one.update(NOTHING);
    });
    closeSync(fd);
    const other = fifo();
    writeSync(other, 'x');
    await sleep(100);
    expect(calls).toBe(0);
    const again = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    writeSync(again, 'x');
    await expect.poll(() => calls).toBe(1);
    closeSync(other);
    fd = again;
  });

  test('refuses what is no open descriptor, and ordinary files', () => {
    expect(() => watch(999_999, READ, () => {})).toThrow('999999 is not an open descriptor');
    expect(() => watch(1.5, READ, () => {})).toThrow('1.5 is not an open descriptor');
    const file = openSync(join(root, 'package.json'), 'r');
    expect(() => watch(file, READ, () => {})).toThrow('ordinary file');
    closeSync(file);
  });

  test('leaves no descriptor behind', async () => {
    const count = () => readdirSync('/proc/self/fd').length;
    watch(fd, READ, () => {}).close();
    const before = count();
    for (let i = 0; i < 200; i++) {
      watch(fd, READ, () => {}).close();
      watchEvents(() => {}).close();
    }
    await sleep(50);
    expect(count()).toBe(before);
  });

  test('events are told once for all that came before, and again for later ones', async () => {
    let calls = 0;
    const events = watchEvents(() => calls++);
    const one = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);
    for (let i = 0; i < 5; i++) writeSync(events.fd, one);
    await expect.poll(() => calls).toBe(1);
    await sleep(50);
    expect(calls).toBe(1);
    writeSync(events.fd, one);
    await expect.poll(() => calls).toBe(2);
    events.close();
  });

  test('keeps the process alive, unless it is told not to', () => {
    const env = way === 'pool' ? "process.env.DLSHIM_WATCH = 'pool';" : '';
    const start = `${env} const events = watchEvents(() => { console.log('came'); events.close(); });`;
    const later = 'setTimeout(() => writeSync(events.fd, ONE), 200)';
    // A thread that does not keep the process alive writes.
    const thread = `import { Worker } from 'node:worker_threads';
      const code = 'const { writeSync } = require("node:fs"); const { workerData } = require("node:worker_threads");'
        + 'setTimeout(() => writeSync(workerData.fd, workerData.one), 300)';
      new Worker(code, { eval: true, execArgv: [], workerData: { fd: events.fd, one: ONE } }).unref();`;
    expect(run(`${start} ${thread}`)).toEqual({ status: 0, stdout: 'came\n', stderr: '' });
    expect(run(`${start} ${thread} events.unref();`)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(run(`${start} events.unref(); ${later}.unref();`)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(run(`${start} ${thread} events.unref(); events.ref();`)).toMatchObject({ stdout: 'came\n' });
    expect(run(`${start} events.unref(); ${later}; setTimeout(() => {}, 600);`)).toMatchObject({ stdout: 'came\n' });
  });

  test('what a listener throws is an uncaughtException, with its own trace', () => {
    const env = way === 'pool' ? "process.env.DLSHIM_WATCH = 'pool';" : '';
    const script = `${env}
      const events = watchEvents(() => { throw new Error('out of the listener'); });
      process.on('uncaughtException', (error) => { console.log(error.message); events.close(); });
      writeSync(events.fd, ONE);`;
    expect(run(script)).toEqual({ status: 0, stdout: 'out of the listener\n', stderr: '' });
  });

  test('a worker ends, or is ended, with open watches, and so does a process beside a worker that has some', () => {
    const script = `
      import { Worker } from 'node:worker_threads';
      ${way === 'pool' ? "process.env.DLSHIM_WATCH = 'pool';" : ''}
      const code = 'import("@dlshim/runtime").then(({ watchEvents }) => {'
        + 'const { parentPort, workerData } = require("node:worker_threads");'
        + 'const events = [1, 2, 3].map(() => watchEvents(() => {}));'
        + 'if (workerData === "ends") for (const one of events) one.unref();'
        + 'parentPort.postMessage("open"); })';
      for (const way of ['ends', 'is ended', 'stays']) {
        const worker = new Worker(code, { eval: true, execArgv: [], workerData: way });
        const ended = new Promise((resolve) => worker.once('exit', resolve));
        await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
        if (way === 'is ended') await worker.terminate();
        if (way !== 'stays') await ended;
        console.log(way);
      }
      process.exit(0);`;
    expect(run(script)).toEqual({
      status: 0,
      stdout: 'ends\nis ended\nstays\n',
      stderr: '',
    });
  });
});

test('a worker is terminated in the middle of a storm of events', () => {
  const script = `
    import { Worker } from 'node:worker_threads';
    const code = 'import("@dlshim/runtime").then(({ watchEvents }) => {'
      + 'const { writeSync } = require("node:fs"); const one = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);'
      + 'for (let i = 0; i < 8; i++) { const events = watchEvents(() => writeSync(events.fd, one)); writeSync(events.fd, one); }'
      + 'require("node:worker_threads").parentPort.postMessage("open"); })';
    for (let round = 0; round < 20; round++) {
      const worker = new Worker(code, { eval: true, execArgv: [] });
      await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
      await new Promise((resolve) => setTimeout(resolve, round));
      await worker.terminate();
    }
    console.log('alive');`;
  expect(run(script)).toEqual({ status: 0, stdout: 'alive\n', stderr: '' });
});
