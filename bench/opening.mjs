// A process of its own that opens one shim, for bench/open.mjs, or imports a module, for bench/imports.mjs; prints JSON, in milliseconds.
//   names NAME           nothing is timed: the library's file, whether it is bound deep, and every symbol of the shim
//   first NAME           open() as the first one of the process, which loads koffi too
//   later NAME           open() in a process that has opened another library
//   inspect NAME         inspect() as the first one of the process, which loads koffi and the library
//   unloaded NAME        inspect({ load: false }) likewise, which loads neither
//   bare FILE deep|plain  dlopen of a file alone, in such a process
//   import FILE          import of a module, and the shared objects that it brought into memory
//   add FILE             the same in a process that has the runtime

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [mode, name = '', binding] = process.argv.slice(2);

const RTLD_NOW = 2;
const RTLD_DEEPBIND = 8;

/** @template T @param {() => T} run @returns {[ms: number, result: T]} */
function timed(run) {
  const start = performance.now();
  const result = run();
  return [performance.now() - start, result];
}

/** The C library, as a shim of one function. */
async function openC() {
  const { defineShim } = await import('@dlshim/runtime');
  const shim = defineShim({
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
  });
  const { fn } = /** @type {{ fn: { dlopen(file: string | null, flags: number): bigint | null } }} */ (shim.open());
  return fn.dlopen;
}

const sharedObjects = () => new Set(readFileSync('/proc/self/maps', 'utf8').match(/\S+\.(?:so\S*|node)$/gm)).size;

async function run() {
  if (mode === 'import' || mode === 'add') {
    if (mode === 'add') await import('@dlshim/runtime');
    const before = sharedObjects();
    const url = pathToFileURL(name).href;
    const start = performance.now();
    await import(url);
    return { ms: performance.now() - start, mapped: sharedObjects() - before };
  }
  if (mode === 'bare') {
    const dlopen = await openC();
    dlopen(null, RTLD_NOW);
    const [ms, handle] = timed(() => dlopen(name, RTLD_NOW | (binding === 'deep' ? RTLD_DEEPBIND : 0)));
    if (handle === null) throw new Error(`${name} does not load`);
    return { ms };
  }
  const { [name]: shim } = await import(`@dlshim/shims/${name}`);
  if (mode === 'names') {
    const { path, present, missing, deepBound } = shim.inspect();
    return { path, deep: deepBound === true, names: [...present, ...missing] };
  }
  if (mode === 'inspect' || mode === 'unloaded') {
    const [ms, { status }] = timed(() => shim.inspect({ load: mode === 'inspect' }));
    if (status !== (mode === 'inspect' ? 'loaded' : 'loadable')) throw new Error(`${name} is ${status}`);
    return { ms };
  }
  if (mode === 'later') await openC();
  return { ms: timed(() => shim.open())[0] };
}

console.log(JSON.stringify(await run()));
