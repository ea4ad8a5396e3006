// npm run history: the headers of every known version of the libraries (headers/<library>/sources.json), from Debian's suites and public
// repositories into .cache/headers, and what they say into headers/<library>/history.json. What cannot be had is named, and what the
// history says of it stays as it is.

import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fill } from './history/fill.mjs';
import { readSources } from './history/sources.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const HELP = `Usage: npm run history -- [library…] [options]

Fills .cache/headers with the headers of every version that headers/<library>/sources.json names, and adds what they declare to
headers/<library>/history.json. All libraries when none is named.

  --mirror DIR   where bare copies of repositories are, called owner+name or owner/name (else they are fetched from GitHub)
  --cache DIR    another folder than .cache/headers
  --fill         only fill the cache
  --verify       let a C compiler check each version's facts with that version's own headers, and change nothing
`;

async function main() {
  const options = /** @type {const} */ ({
    mirror: { type: 'string' },
    cache: { type: 'string' },
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
    cache: resolve(values.cache ?? join(root, '.cache/headers')),
    repositories: join(root, '.cache/repositories'),
  };
  const known = readdirSync(join(root, 'headers')).filter((name) => readSources(join(root, 'headers', name)));
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`history: no sources.json for ${unknown.join(', ')}; there is one for ${known.join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  for (const library of positionals.length > 0 ? positionals : known) {
    const sources = /** @type {import('./history/sources.mjs').Sources} */ (
      readSources(join(root, 'headers', library))
    );
    const filled = [];
    for (const version of sources.versions) {
      try {
        filled.push(await fill(library, sources, version, where));
      } catch (error) {
        process.stderr.write(
          `history: ${library} ${version.version}: not to be had: ${/** @type {Error} */ (error).message}\n`,
        );
      }
    }
    process.stdout.write(`${library}: ${filled.length} of ${sources.versions.length} versions\n`);
  }
}

await main();
