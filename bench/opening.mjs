// A process that opens one shim, for bench/open.mjs, or imports them all, for bench/imports.mjs; prints milliseconds as JSON.
//   open NAME      the first open() of the process
//   resident NAME FILE deep|plain  open() of a library that is in memory already, in a process that has opened another one
//   names NAME     nothing is timed: the library's file, whether it is bound deep, and every symbol of the shim
//   import FILE    import of a module

import { pathToFileURL } from 'node:url';
import { defineShim } from '@dlshim/runtime';

const [mode, name] = /** @type {[string, string]} */ (process.argv.slice(2));

/** The C library, as a shim of one function. */
function libc() {
  return /** @type {import('@dlshim/runtime').Shim<{ dlopen(file: string | null, flags: number): bigint | null }, {}, {}>} */ (
    defineShim({
      format: 3,
      library: 'c',
      version: '2',
      stamp: 'bench',
      target: process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu',
      files: { linux: ['libc.so.6'] },
      packages: {},
      required: { dlopen: 'ptr(str,i32)' },
      weak: {},
      features: {},
      records: {},
    })
  ).open();
}

/** @param {() => unknown} run */
function time(run) {
  const start = performance.now();
  run();
  return performance.now() - start;
}

if (mode === 'import') {
  const url = pathToFileURL(name).href;
  const cpu = process.cpuUsage();
  const start = performance.now();
  await import(url);
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, mapped: process.report.getReport().sharedObjects.length }));
} else {
  const { [name]: shim } = await import(`@dlshim/shims/${name}`);
  if (mode === 'open') console.log(JSON.stringify({ ms: time(() => shim.open()) }));
  else if (mode === 'resident') {
    const [file, deep] = process.argv.slice(4);
    const firstMs = time(libc);
    const { dlopen } = libc().fn;
    dlopen(null, 2);
    const dlopenMs = time(() => dlopen(file, 2 | 0x1000 | (deep === 'deep' ? 8 : 0)));
    console.log(JSON.stringify({ firstMs, dlopenMs, ms: time(() => shim.open()) }));
  } else {
    const { path, present, missing, attempts } = shim.inspect();
    const deep = !attempts.some((/** @type {{ note?: string }} */ { note }) => note?.includes('not bound deep'));
    console.log(JSON.stringify({ path, deep, names: [...present, ...missing] }));
  }
}
