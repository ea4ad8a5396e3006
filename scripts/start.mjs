// npm start: the main job, on any machine. Generates the shims of two libraries from their committed histories into build/shims, compiles
// them strictly, and asks them what this machine's libraries offer. It needs no headers, no library and no network.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'build/shims');
const LIBRARIES = ['librbd', 'libiscsi'];

if (process.argv.length > 2) {
  process.stderr.write('npm start takes no arguments; `npx dlshim --help` says what dlshim can be asked\n');
  process.exit(2);
}
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
generate();
for (const name of LIBRARIES) compare(name);
compile();
for (const name of LIBRARIES) await inspect(name);

function generate() {
  const cli = join(root, 'generator/dist/cli.js');
  const run = spawnSync(process.execPath, [cli, 'generate', ...LIBRARIES, '--out', out], {
    cwd: root,
    stdio: 'inherit',
  });
  if (run.status !== 0) process.exit(1);
}

/** @param {string} name */
function compare(name) {
  const committed = join(root, 'shims', `${name}.ts`);
  const same =
    existsSync(committed) && readFileSync(committed, 'utf8') === readFileSync(join(out, `${name}.ts`), 'utf8');
  process.stdout.write(
    `build/shims/${name}.ts ${same ? 'is the same as' : 'differs from'} the committed shims/${name}.ts\n`,
  );
}

function compile() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const flags = [
    '--strict',
    '--exactOptionalPropertyTypes',
    '--noUncheckedIndexedAccess',
    '--module',
    'nodenext',
    '--target',
    'es2023',
  ];
  const files = LIBRARIES.map((name) => join(out, `${name}.ts`));
  const run = spawnSync(process.execPath, [tsc, ...flags, '--types', '', '--outDir', join(out, 'js'), ...files], {
    cwd: root,
    stdio: 'inherit',
  });
  if (run.status !== 0) process.exit(1);
}

/** @param {string} name */
async function inspect(name) {
  const module = await import(pathToFileURL(join(out, 'js', `${name}.js`)).href);
  const found = module[name].inspect();
  const write = (/** @type {string} */ text) => process.stdout.write(`  ${text}\n`);
  process.stdout.write(`\n${name} on this machine: ${found.status}\n`);
  if (found.status === 'loaded') {
    const says = found.version && found.version !== found.versions.text ? `, which says ${found.version}` : '';
    write(`${found.path}: ${found.versions.text}${says}`);
    // A function may have a slot for each of its signatures, `f@1.8.0` beside `f`: one that is there is enough.
    const present = functions(found.present);
    const missing = [...functions(found.missing)].filter((name) => !present.has(name));
    write(`${present.size} of ${present.size + missing.length} functions`);
    const more = missing.length > 6 ? ` and ${missing.length - 6} more` : '';
    if (missing.length > 0) write(`missing: ${missing.slice(0, 6).join(', ')}${more}`);
    const features = Object.entries(found.features);
    const names = (/** @type {boolean} */ has) =>
      features
        .filter(([, value]) => value === has)
        .map(([key]) => key)
        .join(', ');
    write(`features: ${names(true) || 'none'}`);
    if (names(false)) write(`lacks: ${names(false)}`);
  } else {
    for (const line of String(found.error?.message ?? found.error).split('\n')) write(line);
  }
}

/** @param {readonly string[]} slots */
function functions(slots) {
  return new Set(slots.map((slot) => slot.replace(/@.*/, '')));
}
