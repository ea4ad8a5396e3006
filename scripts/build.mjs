// Builds what a user of the packages gets: type-checked JavaScript and declarations of the runtime and the shims (tsc), and the
// generator as a few bundled files (rolldown), because start-up is most of a run.

import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { resolve } = createRequire(import.meta.url);

const only = process.argv.slice(2);
if (only.length === 0 || only.includes('generator')) await buildGenerator();
if (only.length === 0 || only.includes('types')) compile();

async function buildGenerator() {
  const out = join(root, 'generator/dist');
  const bundle = await rolldown({
    input: { cli: join(root, 'generator/src/cli.ts'), index: join(root, 'generator/src/index.ts') },
    platform: 'node',
    external: ['jiti'],
    // web-tree-sitter carries an eval that emscripten puts there and that Node never reaches.
    checks: { eval: false },
  });
  rmSync(out, { recursive: true, force: true });
  await bundle.write({
    dir: out,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    minify: false,
  });
  await bundle.close();
  mkdirSync(out, { recursive: true });
  copyFileSync(resolve('tree-sitter-c/tree-sitter-c.wasm'), join(out, 'tree-sitter-c.wasm'));
  copyFileSync(resolve('web-tree-sitter/web-tree-sitter.wasm'), join(out, 'web-tree-sitter.wasm'));
  copyLibc(join(out, 'libc'));
  writeFileSync(join(out, 'LICENSES.txt'), licences());
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
