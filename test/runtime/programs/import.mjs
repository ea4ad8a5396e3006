// Imports the runtime and a shim, and prints what is mapped: before anything, after the import, and after open().
// Argument: the library's file.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const state = () => ({
  addons: [...new Set(readFileSync('/proc/self/maps', 'utf8').match(/\S+\.node$/gm) ?? [])].length,
  koffi: Object.keys(require.cache).filter((name) => name.includes('koffi')).length,
  library: readFileSync('/proc/self/maps', 'utf8').includes(process.argv[2]),
});

const { shapes } = await import('../../../build/native/modules/shapes/shapes.js');
const { point } = await import('../../../build/native/modules/records/records.js');
point.alloc().x = 3;
const imported = state();
shapes.open({ path: process.argv[2] });
console.log(JSON.stringify({ imported, opened: state() }));
