// What is wrong with a library in, what the reader can do about it out: the commands of the system at hand first.
// Follows os-release(5), apt(8), dnf(8), apk(8), pacman(8) and brew(1).

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ShimDescriptor } from '../contract/descriptor.ts';
import { overrideName } from '../errors.ts';

interface Manager {
  readonly title: string;
  readonly install: (packages: string) => string;
  /** Puts the files of an installed package in place again. */
  readonly repair: (packages: string) => string;
  /** Finds or installs what provides a library's file. */
  readonly provider: (file: string) => string;
}

/** By the names that `packages` has. */
const MANAGERS: Readonly<Record<string, Manager>> = {
  debian: {
    title: 'Debian',
    install: (packages) => `apt install ${packages}`,
    repair: (packages) => `apt install --reinstall ${packages}`,
    provider: (file) => `apt-file search ${file}`,
  },
  fedora: {
    title: 'Fedora',
    install: (packages) => `dnf install ${packages}`,
    repair: (packages) => `dnf reinstall ${packages}`,
    provider: (file) => `dnf provides '*/${file}'`,
  },
  alpine: {
    title: 'Alpine',
    install: (packages) => `apk add ${packages}`,
    repair: (packages) => `apk fix ${packages}`,
    provider: (file) => `apk add so:${file}`,
  },
  arch: {
    title: 'Arch',
    install: (packages) => `pacman -S ${packages}`,
    repair: (packages) => `pacman -S ${packages}`,
    provider: (file) => `pacman -F ${file}`,
  },
  homebrew: {
    title: 'Homebrew',
    install: (packages) => `brew install ${packages}`,
    repair: (packages) => `brew reinstall ${packages}`,
    provider: (file) => `brew search ${file.replace(/^lib|[.-].*$/g, '')}`,
  },
};

/** The remedies for one library. */
export interface Advice {
  absent(): string;
  /** The file that was named is not there. */
  misnamed(): string;
  unreadable(path: string): string;
  notALibrary(): string;
  wrongMachine(): string;
  truncated(path: string): string;
  dependency(name: string, path: string): string;
  other(path: string): string;
  incompatible(): string;
}

/** What a shim is said to follow that was generated without a version. */
const UNVERSIONED = 'unversioned';

/** `at` is the family of the system, as `packages` names it. */
export function adviceFor(
  { library, packages, files, version }: ShimDescriptor,
  at: string | undefined = distribution(),
): Advice {
  const variable = overrideName(library);
  const named = Object.entries(packages).map(([name, list]) => ({ manager: MANAGERS[name], name, list }));
  const here = named.find(({ name }) => name === at);
  const [first] = Object.hasOwn(files, process.platform) ? (files[process.platform] ?? []) : [];
  const example = first ?? `${library}.so`;

  /** `Install it: apt install a. Elsewhere: dnf install b (Fedora).`, or undefined where no package is known. */
  function commands(verb: string, command: 'install' | 'repair'): string | undefined {
    const others = named.filter((one) => one !== here);
    const text = others.map(({ manager, name, list }) =>
      manager ? `${manager[command](list)} (${manager.title})` : `${list} (${name})`,
    );
    if (here?.manager)
      return `${verb}: ${here.manager[command](here.list)}.${others.length ? ` Elsewhere: ${text.join(', ')}.` : ''}`;
    return text.length > 0 ? `${verb}: ${text.join(', ')}.` : undefined;
  }
  const follows = version === UNVERSIONED ? '' : `; the shim follows ${version}`;
  const override = `${variable} to the absolute path of`;
  const sentences = (...parts: (string | undefined)[]): string => parts.filter((part) => part).join(' ');

  return {
    absent() {
      const install = commands('Install it', 'install');
      return install ? `${install} Or set ${override} the library's file.` : `Set ${override} the library's file.`;
    },
    misnamed: () =>
      sentences(
        `Correct the path, or leave it out: then the system's loader searches for ${example}.`,
        commands('Install it', 'install'),
      ),
    unreadable: (path) =>
      `Let this user read it (chmod a+r ${path}, and a+x for each folder above it), or set ${override} another copy.`,
    notALibrary: () =>
      `Name the shared library itself, for example ${example}: not a linker script, an archive (.a) or a program.`,
    wrongMachine: () =>
      sentences(
        `Use a copy for this process, which is ${process.arch}: set ${override} one, or run the Node of the library's machine.`,
        commands('Install it', 'install'),
      ),
    truncated: (path) =>
      sentences(
        `${path} was not copied or downloaded to its end: put it in place again.`,
        commands('From a package', 'repair'),
      ),
    dependency(name, path) {
      const [file = name, lacks] = name.split(' version ');
      if (lacks !== undefined) {
        return `${path} was built for a newer system than this: use the ${library} of this system, or update what has ${basename(file)}.`;
      }
      const manager = MANAGERS[at ?? ''];
      const find = manager
        ? `Find what provides ${file}: ${manager.provider(file)}.`
        : `Install what provides ${file}.`;
      const beside = `If it is in a folder of its own, name that folder in LD_LIBRARY_PATH before the process starts.`;
      return sentences(
        find,
        commands('Its package brings it along', 'install'),
        process.platform === 'linux' ? beside : '',
      );
    },
    other: (path) =>
      sentences(`The loader's words above say why ${path} cannot be used.`, `Set ${override} another copy.`),
    incompatible: () =>
      `Install another version of it, or set ${override} one${follows}. Or generate the shim again, from the headers of the installed version.`,
  };
}

let known: { readonly name: string | undefined } | undefined;

/** The family of this system, as `packages` names it. */
function distribution(): string | undefined {
  known ??= { name: process.platform === 'darwin' ? 'homebrew' : familyOf(osRelease()) };
  return known.name;
}

function osRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}

const FAMILIES: Readonly<Record<string, string>> = { ubuntu: 'debian', rhel: 'fedora', centos: 'fedora' };

/** The family that the text of os-release names: its own, or one that it is like. */
export function familyOf(release: string): string | undefined {
  const value = (key: string): string => new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(release)?.[1] ?? '';
  const names = [value('ID'), ...value('ID_LIKE').split(/\s+/)];
  return names.map((name) => FAMILIES[name] ?? name).find((name) => Object.hasOwn(MANAGERS, name));
}
