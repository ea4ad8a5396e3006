// Builds what a user of the packages gets: declarations of all and type-checked JavaScript of the shims (tsc), and the runtime and the
// generator as a few bundled files (rolldown), because start-up is most of a run.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { compact, MARK } from './compact.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { resolve } = createRequire(import.meta.url);

const only = process.argv.slice(2);
if (only.some((part) => part !== 'generator' && part !== 'types')) {
  process.stderr.write(`build: unknown: ${only.join(' ')}; it takes generator, types, or nothing for both\n`);
  process.exit(2);
}
if (only.length === 0 || only.includes('generator')) await buildGenerator();
if (only.length === 0 || only.includes('types')) {
  compile();
  compactShims();
  await buildRuntime();
}

async function buildGenerator() {
  const out = join(root, 'generator/dist');
  // What tsc makes stays: it is made of the same sources, and only by a whole build.
  for (const name of existsSync(out) ? readdirSync(out) : []) {
    if (name !== 'types' && name !== '.tsbuildinfo') rmSync(join(out, name), { recursive: true });
  }
  await bundle({ cli: 'cli.ts', launch: 'launch.ts' }, { dir: out, format: 'cjs', entryFileNames: '[name].js' });
  await bundle(
    { program: 'program.ts' },
    { dir: out, format: 'cjs', entryFileNames: '[name].js', codeSplitting: false },
  );
  await bundle({ index: 'index.ts' }, { dir: out, format: 'esm', entryFileNames: '[name].mjs' });
  // npm does this once, when it links a checkout's folder: `npx dlshim` shall run after another build, too.
  chmodSync(join(out, 'cli.js'), 0o755);
  // CommonJS starts sooner; the declarations are those of index.mjs.
  writeFileSync(join(out, 'package.json'), '{ "type": "commonjs" }\n');
  mkdirSync(join(out, 'types'), { recursive: true });
  writeFileSync(join(out, 'types/package.json'), '{ "type": "module" }\n');
  quicken(join(out, 'program.js'));
  copyFileSync(resolve('tree-sitter-c/tree-sitter-c.wasm'), join(out, 'tree-sitter-c.wasm'));
  copyFileSync(resolve('web-tree-sitter/web-tree-sitter.wasm'), join(out, 'web-tree-sitter.wasm'));
  copyLibc(join(out, 'libc'));
  writeFileSync(join(out, 'LICENSES.txt'), licences());
  const cache = spawnSync(process.execPath, [join(root, 'scripts/code-cache.mjs'), out], { encoding: 'utf8' });
  if (cache.status !== 0) throw new Error(`the bundle does not run: ${cache.stderr}`);
}

/** @param {Record<string, string>} input @param {import('rolldown').OutputOptions} output */
async function bundle(input, output) {
  const entries = Object.entries(input).map(([name, file]) => [name, join(root, 'generator/src', file)]);
  const bundled = await rolldown({
    input: Object.fromEntries(entries),
    platform: 'node',
    external: ['jiti'],
    resolve: { alias: { 'web-tree-sitter': resolve('web-tree-sitter') } },
    // web-tree-sitter carries an eval that emscripten puts there and that Node never reaches.
    checks: { eval: false },
  });
  await bundled.write({ ...output, minify: false });
  await bundled.close();
}

/** What tsc has just written; what it wrote earlier is compact already. */
function compactShims() {
  const out = join(root, 'shims/dist');
  for (const name of readdirSync(out)) {
    const text = name.endsWith('.js') ? readFileSync(join(out, name), 'utf8') : MARK;
    if (!text.startsWith(MARK)) writeFileSync(join(out, name), compact(text));
  }
}

/** The runtime is few files: each module of many is looked up, read and linked by itself, and an import of fifty takes ten times as long. */
async function buildRuntime() {
  const out = join(root, 'runtime/dist');
  for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    if (/\.js(\.map)?$/.test(name)) rmSync(join(out, name));
  }
  const source = (/** @type {string} */ name) => join(root, 'runtime/src', name);
  await bundleRuntime({ index: source('index.ts'), testing: source('testing.ts') }, 'shared.js');
  // By itself: a program that knows drivers starts with this one file, and has the rest when it needs a driver.
  await bundleRuntime({ drivers: source('drivers.ts') }, 'drivers-[name].js', 'allow-extension');
}

/** @param {Record<string, string>} input @param {string} chunks @param {'allow-extension'} [signatures] */
async function bundleRuntime(input, chunks, signatures) {
  const out = join(root, 'runtime/dist');
  const bundled = await rolldown({
    input,
    platform: 'node',
    external: ['koffi'],
    ...(signatures && { preserveEntrySignatures: signatures }),
  });
  const names = { entryFileNames: '[name].js', chunkFileNames: chunks };
  const { output } = await bundled.write({ dir: out, format: 'esm', ...names, sourcemap: true, minify: false });
  await bundled.close();
  for (const { fileName, type } of output) {
    if (type === 'chunk') writeFileSync(join(out, fileName), inAscii(readFileSync(join(out, fileName), 'utf8')));
  }
}

/** Every character that is not ASCII as an escape, which means the same in strings, templates, regular expressions and comments: V8
 *  keeps and reads such a text in half of the memory. @param {string} text */
function inAscii(text) {
  return text.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What spares a run some milliseconds: every character of the bundle is ASCII, and what starts processes is loaded by the few runs that start one. @param {string} file */
function quicken(file) {
  const text = readFileSync(file, 'utf8');
  const lazy = text.replace(/^.*\b(\w+) = require\("node:child_process"\);\n/gm, '');
  if (lazy === text) throw new Error('the bundle loads node:child_process in another way than was known');
  const calls = lazy.replace(/\b(?:node_child_process|childProcess)\./g, 'require("node:child_process").');
  writeFileSync(file, inAscii(calls));
}

/** Windows does not tell `BaseTsd.h` from `basetsd.h`, and headers are written for it in either spelling. The copies have the usual
 *  ones; the sources do not, because a checkout on such a system has room for one. @param {string} out */
function copyLibc(out) {
  const spellings = { basetsd: 'BaseTsd', windows: 'Windows', winsock2: 'WinSock2', ws2tcpip: 'WS2tcpip' };
  cpSync(join(root, 'headers/libc'), out, { recursive: true });
  for (const [name, spelling] of Object.entries(spellings)) {
    copyFileSync(join(out, `${name}.h`), join(out, `${spelling}.h`));
  }
}

/** The licences of what is bundled, which ask to travel with it. */
function licences() {
  const bundled = ['commander', 'picocolors', 'tree-sitter-c', 'web-tree-sitter', 'zod'];
  return bundled
    .map((name) => {
      const folder = join(root, 'node_modules', name);
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      if (!file) throw new Error(`${name} has no licence file`);
      const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
    })
    .join(`\n${'-'.repeat(72)}\n\n`);
}

function compile() {
  const tsc = join(dirname(resolve('typescript/package.json')), 'bin/tsc');
  const run = spawnSync(process.execPath, [tsc, '-b', 'runtime', 'generator', 'shims', 'examples'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (run.status !== 0) process.exit(run.status ?? 1);
}
