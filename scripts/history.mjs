// npm run history: the headers of every known version of the libraries (headers/<library>/sources.json), from Debian's suites and public
// repositories into .cache/headers, and what they say into headers/<library>/history.json. What cannot be had is named, and what the
// history says of it stays as it is.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { add, verify } from './history/dlshim.mjs';
import { fill, isFilled } from './history/fill.mjs';
import { readSources } from './history/sources.mjs';

/** @typedef {import('./history/sources.mjs').Sources} Sources */
/** @typedef {import('./history/fill.mjs').Where} Where */

const headers = fileURLToPath(new URL('../headers', import.meta.url));
const cache = fileURLToPath(new URL('../.cache', import.meta.url));

const HELP = `Usage: npm run history -- [library…] [options]

Fills .cache/headers with the headers of every version that headers/<library>/sources.json names, and adds what they declare to
headers/<library>/history.json. All libraries when none is named.

  --mirror DIR   where bare copies of repositories are, called owner+name or owner/name (else they are fetched from GitHub)
  --cache DIR    another folder than .cache/headers
  --anew         read the headers again of versions that the history has already
  --fill         only fill the cache
  --verify       let C compilers check what the history says of each version that the cache has with that version's own headers, and
                 change nothing (--fill first fetches those)
`;

/** Fills the cache and adds what is new. Gives how many versions could not be had. @param {string} library @param {Sources} sources
 *  @param {Where} where @param {{ anew?: boolean | undefined, fill?: boolean | undefined }} options */
async function update(library, sources, where, options) {
  const known = sourcesInHistory(library);
  let [missing, added] = [0, 0];
  for (const version of sources.versions) {
    const name = `${library} ${version.version}`;
    try {
      const isNew = !isFilled(library, sources, version, where);
      const filled = await fill(library, sources, version, where);
      if (options.fill || (known.get(version.version) === filled.source && !isNew && !options.anew)) continue;
      add(library, version.version, filled);
      added += 1;
      process.stdout.write(`${name}: ${filled.source}\n`);
    } catch (error) {
      missing += 1;
      tell(`${name} is not to be had: ${/** @type {Error} */ (error).message}`);
    }
  }
  const here = `${sources.versions.length - missing} of ${sources.versions.length} versions at hand`;
  process.stdout.write(`${library}: ${here}${options.fill ? '' : `, ${added} read`}\n`);
  return missing;
}

/** Checks all versions that the cache has. Gives how many facts are wrong; one where nothing could be checked. @param {string} library @param {Sources} sources @param {Where} where */
function check(library, sources, where) {
  let [versions, held, wrong] = [0, 0, 0];
  for (const version of sources.versions) {
    const name = `${library} ${version.version}`;
    if (!isFilled(library, sources, version, where)) {
      tell(`${name} is not checked: its headers are not at hand`);
      continue;
    }
    versions += 1;
    for (const one of verify(library, version.version, join(where.cache, library, version.version))) {
      if (one.skipped !== undefined) tell(`${name} is not checked for ${one.target}: ${one.skipped}`);
      held += one.held;
      wrong += one.wrong.length;
      for (const line of one.wrong) tell(`${name} for ${one.target}: ${line}`);
    }
  }
  if (versions === 0) {
    tell(`${library}: nothing is checked: \`npm run history -- ${library} --fill\` gets the headers`);
    return 1;
  }
  process.stdout.write(`${library}: ${held} facts of ${versions} versions hold, ${wrong} do not\n`);
  return wrong;
}

/** Of each version in the history, where it says that it is from. @param {string} library @returns {ReadonlyMap<string, string>} */
function sourcesInHistory(library) {
  const file = join(headers, library, 'history.json');
  if (!existsSync(file)) return new Map();
  /** @type {{ versions: { version: string, source: string }[] }} */
  const { versions } = JSON.parse(readFileSync(file, 'utf8'));
  return new Map(versions.map(({ version, source }) => [version, source]));
}

/** @param {string} message */
function tell(message) {
  process.stderr.write(`history: ${message}\n`);
}

async function main() {
  const options = /** @type {const} */ ({
    mirror: { type: 'string' },
    cache: { type: 'string' },
    anew: { type: 'boolean' },
    fill: { type: 'boolean' },
    verify: { type: 'boolean' },
    help: { type: 'boolean' },
  });
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const where = {
    mirror: values.mirror,
    cache: resolve(values.cache ?? join(cache, 'headers')),
    repositories: join(cache, 'repositories'),
  };
  const known = readdirSync(headers).filter((name) => readSources(join(headers, name)));
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    tell(`there is no sources.json of ${unknown.join(', ')}; there is one of ${known.join(', ')}`);
    process.exitCode = 2;
    return;
  }
  let failed = 0;
  for (const library of positionals.length > 0 ? positionals : known) {
    const sources = /** @type {Sources} */ (readSources(join(headers, library)));
    failed += values.verify ? check(library, sources, where) : await update(library, sources, where, values);
  }
  if (failed > 0) process.exitCode = 1;
}

main().catch((error) => {
  const isUsage = /** @type {NodeJS.ErrnoException} */ (error).code?.startsWith('ERR_PARSE_ARGS');
  tell(isUsage ? `${error.message}\n\n${HELP}` : error.stack);
  process.exitCode = isUsage ? 2 : 1;
});
