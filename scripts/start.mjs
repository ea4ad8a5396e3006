// npm start: the main job, on any machine. Finds the headers of each library (installed, else Debian's packages unpacked into
// a cache without root, else the committed snapshot), generates the shims into build/shims, and asks them what this machine's
// libraries offer.
//
//   npm start                             the first of these that works
//   npm start -- --headers system         only installed headers; also: download, snapshot

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installedVersion, unpack, unpackedVersion, upstreamVersion } from './debian.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'build/shims');
const LIBRARIES = ['librbd', 'libiscsi'];
const WAYS = ['system', 'download', 'snapshot'];

const ways = chosenWays(process.argv.slice(2));
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const name of LIBRARIES) generate(name, readLibrary(name));
compile();
for (const name of LIBRARIES) await inspect(name);

/** @param {readonly string[]} args */
function chosenWays(args) {
  if (args.length === 0) return WAYS;
  if (args.length === 2 && args[0] === '--headers' && WAYS.includes(args[1] ?? ''))
    return [/** @type {string} */ (args[1])];
  process.stderr.write(`usage: npm start [-- --headers ${WAYS.join('|')}]\n`);
  process.exit(2);
}

/** @typedef {{ version: string, headers: string[], files: { linux: string[] }, headerPackages: { debian: string[] }, packages: { debian: string } }} Library
 *  @param {string} name @returns {Library} */
function readLibrary(name) {
  return JSON.parse(readFileSync(join(root, 'headers', name, 'library.json'), 'utf8'));
}

/** Tries each way in turn, and says why one did not do. @param {string} name @param {Library} library */
function generate(name, library) {
  for (const way of ways) {
    const source =
      way === 'system' ? fromSystem(library) : way === 'download' ? fromDownload(name, library) : fromSnapshot(library);
    if ('reason' in source) {
      process.stdout.write(`${name}: ${source.reason}\n`);
      continue;
    }
    process.stdout.write(`${name}: ${source.what}\n`);
    const cli = join(root, 'generator/dist/cli.js');
    const run = spawnSync(process.execPath, [cli, 'generate', name, '--out', out, ...source.flags], {
      cwd: root,
      stdio: 'inherit',
    });
    if (run.status === 0) return compare(name);
    process.stdout.write(`${name}: these headers do not do (see above)\n`);
  }
  process.stderr.write(`${name}: no shim; nothing more to try\n`);
  process.exit(1);
}

/** @param {Library} library @returns {{ what: string, flags: string[] } | { reason: string }} */
function fromSystem({ headers, headerPackages }) {
  const include = ['/usr/local/include', '/usr/include'];
  const missing = [...headers, 'stdio.h'].find((h) => !include.some((dir) => existsSync(join(dir, h))));
  if (missing) return { reason: `${missing} is not installed` };
  const version = installedVersion(headerPackages.debian[0] ?? '');
  return {
    what: `headers of this machine${version ? ` (${version})` : ''}`,
    flags: version ? ['--library-version', upstreamVersion(version)] : [],
  };
}

/** @param {string} name @param {Library} library @returns {{ what: string, flags: string[] } | { reason: string }} */
function fromDownload(name, { headerPackages, packages }) {
  process.stdout.write(`${name}: downloading ${headerPackages.debian.join(' ')} …\n`);
  const unpacked = unpack(
    [...headerPackages.debian, packages.debian, ...(name === 'librbd' ? ['librados2'] : [])],
    join(root, '.cache/debian', name),
  );
  if ('error' in unpacked) {
    return { reason: `no download (${unpacked.error}); with root: apt-get install ${headerPackages.debian.join(' ')}` };
  }
  const version = unpackedVersion(headerPackages.debian[0] ?? '', join(root, '.cache/debian', name));
  return {
    what: `headers of the Debian packages in .cache/debian, unpacked without root${version ? ` (${version})` : ''}`,
    flags: [
      '--sysroot',
      'builtin',
      '--sysroot',
      unpacked.root,
      ...(version ? ['--library-version', upstreamVersion(version)] : []),
    ],
  };
}

/** @param {Library} library @returns {{ what: string, flags: string[] } | { reason: string }} */
function fromSnapshot({ version }) {
  return { what: `the committed snapshot of ${version}`, flags: ['--from-snapshot'] };
}

/** @param {string} name */
function compare(name) {
  const committed = join(root, 'shims', `${name}.ts`);
  const same =
    existsSync(committed) && readFileSync(committed, 'utf8') === readFileSync(join(out, `${name}.ts`), 'utf8');
  process.stdout.write(`  ${same ? 'the same as' : 'differs from'} the committed shims/${name}.ts\n`);
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
    write(`${found.path}${found.version ? `, version ${found.version}` : ''}`);
    write(`${found.present.length} of ${found.present.length + found.missing.length} functions`);
    const missing = found.missing.slice(0, 6).join(', ');
    if (missing) write(`missing: ${missing}${found.missing.length > 6 ? ` and ${found.missing.length - 6} more` : ''}`);
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
