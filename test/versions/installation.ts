// The libraries of a Debian suite as if they were installed: a suite in, its libraries' files and what runs node with them out. One
// process has one version of a library. Follows ld.so(8).
//
// A suite that is not newer than the machine: its libraries are put before the machine's, but for the C and C++ libraries, which node and
// everything else share and of which newer ones serve older programs. A newer suite: its own loader is started, and given node.

import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { upstreamVersion } from '../../scripts/debian.mjs';
import { filesOf, LIBRARY_PACKAGES, type SuiteRoot, suiteRoot } from '../../scripts/suites.mjs';
import { root } from '../tools.ts';

export type LibraryName = keyof typeof LIBRARY_PACKAGES;

export const libraryNames = Object.keys(LIBRARY_PACKAGES) as LibraryName[];

/** Where the headers of each are. glfs.h asks for those of the ACL library. */
const HEADER_PACKAGES: Readonly<Record<LibraryName, string>> = {
  librados: 'librados-dev',
  librbd: 'librbd-dev',
  libiscsi: 'libiscsi-dev',
  libcurl: 'libcurl4-openssl-dev',
  libssh2: 'libssh2-1-dev',
  libssh: 'libssh-dev',
  libgfapi: 'libglusterfs-dev',
  libnfs: 'libnfs-dev',
};

export interface InstalledLibrary {
  /** By its SONAME. */
  readonly file: string;
  /** Its release, as the package has it. */
  readonly version: string;
}

/** Plain data, which vitest hands from its setup to the tests. */
export interface Installation {
  readonly suite: string;
  /** Why it is not there; then nothing else counts. */
  readonly missing?: string;
  readonly root: string;
  /** Where its headers are, as /usr/include is. */
  readonly include: string;
  readonly libraries: Readonly<Record<LibraryName, InstalledLibrary>>;
  /** Whether its C library is newer than the machine's. */
  readonly isNewer: boolean;
  /** What runs node with the suite's libraries, itself, and as what child processes of node run: it takes node's arguments. */
  readonly node: string;
  /** The folders of its libraries, for LD_LIBRARY_PATH; where it is newer, the suite's own loader needs them all. */
  readonly folders: readonly string[];
  readonly downloaded: number;
  /** What is not as it should be. */
  readonly note?: string | undefined;
}

/** Makes it, or says why not. The machine's own suite is one of them. */
export async function installation(suite: string): Promise<Installation> {
  try {
    const headers = await suiteRoot(suite, [...Object.values(HEADER_PACKAGES), 'libacl1-dev'], { dependencies: false });
    const made = await suiteRoot(suite, Object.values(LIBRARY_PACKAGES));
    const triplet = readdirSync(join(made.root, 'usr/lib')).find((name) => /-linux-gnu\w*$/.test(name))!;
    const libc = made.packages.find(({ name }) => name === 'libc6')!;
    const isNewer = compare(upstreamVersion(libc.version), machineLibc()) > 0;
    const own = ['', 'ceph'].map((name) => join(made.root, 'usr/lib', triplet, name));
    const place = join(root, 'build/versions', suite);
    mkdirSync(place, { recursive: true });
    const folders = isNewer ? own : [withoutTheBase(made, own, join(place, 'lib'))];
    const loader = isNewer ? readdirSync(own[0]!).find((name) => /^ld-linux.*\.so\./.test(name))! : undefined;
    return {
      suite,
      root: made.root,
      include: join(headers.root, 'usr/include'),
      libraries: Object.fromEntries(libraryNames.map((name) => [name, installed(made, name)])) as never,
      isNewer,
      node: launcher(join(place, 'node'), loader === undefined ? machineLoader() : join(own[0]!, loader), folders),
      folders,
      downloaded: made.downloaded + headers.downloaded,
      note: headers.note ?? made.note,
    };
  } catch (error) {
    const { message } = error as Error;
    return { suite, missing: message.split('\n')[0] } as Installation;
  }
}

/** What a process of the installation is started with besides `node`: its libraries by path. `env` is for child processes too, so that
 *  nothing in it leads other programs to the suite's libraries. */
export function environment({ node, libraries }: Installation): Record<string, string> {
  const paths = libraryNames.map((name) => [`DLSHIM_${name.toUpperCase()}`, libraries[name].file] as const);
  const preload = fileURLToPath(new URL('exec-path.cjs', import.meta.url));
  return { ...Object.fromEntries(paths), DLSHIM_TEST_NODE: node, NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
}

/** The library that a package brings: the one file of its folder that has its name. */
function installed({ suite, root: folder, packages }: SuiteRoot, name: LibraryName): InstalledLibrary {
  const names = LIBRARY_PACKAGES[name].split(' | ');
  const found = packages.find((each) => names.includes(each.name))!;
  const isIt = new RegExp(`/${name}\\.so\\.\\d+$`);
  const [file] = filesOf(suite, found).filter((path) => isIt.test(path));
  if (file === undefined) throw new Error(`${found.name} of ${suite} has no ${name}.so`);
  return { file: join(folder, file), version: upstreamVersion(found.version) };
}

/** A folder of links to the libraries, without those of the C and C++ compilers. */
function withoutTheBase({ suite, packages }: SuiteRoot, folders: readonly string[], to: string): string {
  const base = packages.filter(({ name }) => /^(libc6|libgcc-s1|libstdc\+\+6)$/.test(name));
  const left = new Set(base.flatMap((each) => filesOf(suite, each)).map((path) => basename(path)));
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const folder of folders) {
    for (const name of readdirSync(folder)) {
      if (/\.so(\.|$)/.test(name) && !left.has(name)) symlinkSync(join(folder, name), join(to, name));
    }
  }
  return to;
}

/** A program that starts node on a loader. The loader's option reaches this process alone, as LD_LIBRARY_PATH would not. */
function launcher(file: string, loader: string, folders: readonly string[]): string {
  const words = [loader, '--library-path', folders.join(':'), process.execPath].map((word) => `'${word}'`);
  writeFileSync(file, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

/** What started this very process. */
function machineLoader(): string {
  const folders = ['/lib64', '/lib'];
  for (const folder of folders) {
    const name = readdirSync(folder).find((each) => /^ld-linux.*\.so\.\d$/.test(each));
    if (name !== undefined) return join(folder, name);
  }
  throw new Error(`no loader (ld-linux) in ${folders.join(', ')}`);
}

function machineLibc(): string {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime ?? '0';
}

/** 2.36 is older than 2.41. */
function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
