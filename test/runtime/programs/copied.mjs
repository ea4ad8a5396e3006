// Opens libcopied through a shim, and a copy of it with RTLD_DEEPBIND, and prints whether each sees live data. Argument: the file.
import { copyFileSync } from 'node:fs';
import { defineShim } from '@dlshim/runtime';
import koffi from 'koffi';

const [, , file] = process.argv;
const shim = defineShim({
  format: 1,
  library: 'copied',
  version: '1',
  stamp: 'test',
  target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
  files: {},
  packages: {},
  required: { copied_is_live: 'i32()' },
  weak: {},
  features: {},
  records: {},
});
process.env.DLSHIM_COPIED = file;
const live = shim.open().fn.copied_is_live();
const [{ note }] = shim.inspect().attempts;
copyFileSync(file, `${file}.deep`);
const deep = koffi.load(`${file}.deep`, { deep: true }).func('copied_is_live', 'int', [])();
console.log(JSON.stringify({ shim: live, deep, note }));
