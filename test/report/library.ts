// A small library with five versions, as `dlshim report` meets it: a configuration, a history made of the snapshots of each version's header, and
// the built library of one of them. It has one of everything that a page tells: what came, went and came back, signatures, layouts, values,
// functions that are declared only; and a reason that would be markup if nobody escaped it.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyToJson } from '../../generator/src/history/json.ts';
import { addVersion, emptyHistory } from '../../generator/src/history/merge.ts';
import { snapshotFromJson } from '../../generator/src/history/snapshot.ts';
import { dlshim } from '../tools.ts';

/** What no part of a page may be but text. */
export const HOSTILE = `</script></style></td><img src=x onerror=document.title='taken'><script>document.title='taken'</script>&amp;`;

interface Version {
  readonly version: string;
  readonly header: string;
  /** What its file exports; undefined where no file is known. */
  readonly exports?: readonly string[];
}

const COMMON = `
typedef struct lamp lamp;
lamp *lamp_open(const char *name);
void lamp_close(lamp *l);
int lamp_toggle(lamp *l);
`;

/** Every name that the functions of the newest version have, and those that are gone. */
export const VERSIONS: readonly Version[] = [
  {
    version: '0.9',
    header: `${COMMON}
struct lamp_state { int level; char name[8]; };
enum lamp_mode { LAMP_OFF, LAMP_ON };
#define LAMP_MAX 4
int lamp_read(lamp *l, struct lamp_state *out);
int lamp_legacy(lamp *l);
int lamp_blink(lamp *l);
`,
  },
  {
    version: '1.2',
    header: `${COMMON}
struct lamp_state { int level; char name[8]; };
enum lamp_mode { LAMP_OFF, LAMP_ON };
#define LAMP_MAX 4
int lamp_read(lamp *l, struct lamp_state *out);
int lamp_legacy(lamp *l) __attribute__((deprecated(${JSON.stringify(HOSTILE)})));
`,
  },
  {
    version: '1.10',
    header: `${COMMON}
struct lamp_state { int level; long energy; char name[8]; unsigned warm : 1, hue : 7; };
enum lamp_mode { LAMP_OFF, LAMP_DIM, LAMP_ON };
#define LAMP_MAX 16
#define LAMP_NAME "lamp"
typedef void (*lamp_callback)(lamp *l, void *user);
int lamp_read(lamp *l, struct lamp_state *out, unsigned long size);
int lamp_dim(lamp *l, int percent);
int lamp_dim_all(int percent);
int lamp_watch(lamp *l, lamp_callback cb, void *user);
int lamp_glow(lamp *l);
int lamp_blink(lamp *l);
`,
    exports: [
      'lamp_open',
      'lamp_close',
      'lamp_toggle',
      'lamp_read',
      'lamp_dim',
      'lamp_dim_all',
      'lamp_watch',
      'lamp_blink',
    ],
  },
  {
    version: '2.0~rc1',
    header: `${COMMON}
struct lamp_state { int level; long energy; char name[8]; unsigned warm : 1, hue : 7; };
enum lamp_mode { LAMP_OFF, LAMP_DIM, LAMP_ON };
#define LAMP_MAX 16
#define LAMP_NAME "lamp"
typedef void (*lamp_callback)(lamp *l, void *user);
int lamp_read(lamp *l, struct lamp_state *out, unsigned long size);
int lamp_dim(lamp *l, int percent);
int lamp_dim_all(int percent);
int lamp_watch(lamp *l, lamp_callback cb, void *user);
int lamp_glow(lamp *l);
int lamp_scene(lamp *l, const char *name);
int lamp_blink(lamp *l);
`,
    exports: [
      'lamp_open',
      'lamp_close',
      'lamp_toggle',
      'lamp_read',
      'lamp_dim',
      'lamp_dim_all',
      'lamp_watch',
      'lamp_glow',
      'lamp_scene',
      'lamp_blink',
    ],
  },
];

/** The version whose library can be built. */
export const INSTALLED = '1.10';

const LIBRARY_JSON = {
  name: 'lamp',
  headers: ['lamp.h'],
  includeDirs: ['1.10'],
  files: { linux: ['liblamp.so.1'] },
  history: 'history.json',
  baseline: '1.2',
  features: { dimming: ['lamp_dim*'], scenes: ['lamp_scene'], watching: ['lamp_watch', 'lamp_glow'] },
};

export interface LampFolder {
  readonly folder: string;
  readonly config: string;
}

/** The configuration, with `changes`, and the history, in a new folder. */
export function lampLibrary(versions: readonly Version[] = VERSIONS, changes: object = {}): LampFolder {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-report-'));
  let history = emptyHistory('lamp', 'x86_64-linux-gnu');
  for (const { version, header, exports } of versions) {
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, 'lamp.h'), header);
    const flags = ['--header', 'lamp.h', '-I', join(folder, version), '--library-version', version, '--name', 'lamp'];
    const { stdout, stderr, status } = dlshim('snapshot', ...flags, '--target', 'x86_64-linux-gnu');
    if (status !== 0) throw new Error(stderr);
    const api = snapshotFromJson(stdout);
    const known = exports && {
      notExported: api.functions.map(({ name }) => name).filter((name) => !exports.includes(name)),
      exports: { sonames: ['liblamp.so.1'], undeclared: [], symbolVersions: [] },
    };
    history = addVersion(history, { ...api, ...known }, { source: `release ${version}` });
  }
  writeFileSync(join(folder, 'history.json'), historyToJson(history));
  writeFileSync(join(folder, 'library.json'), JSON.stringify({ ...LIBRARY_JSON, ...changes }));
  const config = join(folder, 'dlshim.config.json');
  writeFileSync(config, JSON.stringify({ out: 'shims', libraries: ['library.json'] }));
  return { folder, config };
}

/** Builds the library of the version in a root of its own, and gives the root. `symbols` are what it exports. */
export function install(folder: string, symbols: readonly string[], soname = 'liblamp.so.1'): string {
  const root = mkdtempSync(join(folder, 'root-'));
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
  mkdirSync(libraries, { recursive: true });
  const source = join(root, 'lamp.c');
  writeFileSync(source, symbols.map((name) => `int ${name}(void) { return 0; }\n`).join(''));
  const file = join(libraries, 'liblamp.so.1');
  execFileSync('cc', ['-shared', '-fPIC', '-nostdlib', `-Wl,-soname,${soname}`, '-o', file, source]);
  return root;
}
