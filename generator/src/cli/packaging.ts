// dlshim packaging: what a program needs of a system that opens its libraries at run time, for those who package it: from its shims and drivers,
// as ELF dlopen metadata and as dependencies of packages.

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { debianFields, debianText, substvarsText, withoutPackage } from '../packaging/debian.ts';
import type { Dependency, Priority } from '../packaging/dependency.ts';
import { ELF_TARGETS, elfObject } from '../packaging/elf.ts';
import { notesOf } from '../packaging/notes.ts';
import { rpmTags, rpmText } from '../packaging/rpm.ts';
import { DEFAULT_TARGET } from '../targets/targets.ts';
import { checkFile, colors, ExitCode, fail, report, UsageError, writeFiles } from './output.ts';
import { dependenciesOf } from './packaging-sources.ts';
import { packagingText } from './packaging-text.ts';

export interface PackagingFlags {
  readonly config?: string;
  readonly format: 'text' | 'json' | 'debian' | 'substvars' | 'rpm' | 'elf';
  readonly out?: string;
  readonly target?: string;
  readonly priority?: Priority;
  /** `--no-versions`. */
  readonly versions: boolean;
  readonly check?: true;
  readonly json?: true;
}

export async function packaging(names: readonly string[], flags: PackagingFlags): Promise<void> {
  checkFlags(flags);
  const needed = await dependenciesOf(names, flags);
  if (report(needed.problems, Number.POSITIVE_INFINITY)) {
    process.exitCode = ExitCode.headers;
    return;
  }
  const dependencies = flags.versions ? needed.dependencies : needed.dependencies.map(withoutVersions);
  const content = flags.json ? jsonOf(dependencies) : write(dependencies, flags);
  if (flags.out === undefined) process.stdout.write(content);
  else if (flags.check) check(flags.out, content);
  else writeFiles([{ path: resolve(flags.out), text: content }]);
}

function checkFlags({ format, out, target, check: isCheck, json }: PackagingFlags): void {
  if (json && format !== 'text') throw new UsageError(`--json and --format ${format} do not go together`);
  if (isCheck && out === undefined) throw new UsageError('--check needs -o: which file is to be compared?');
  if (out !== undefined && /\.[cm]?[jt]sx?$/.test(out))
    throw new UsageError(`-o ${out}: what is written is no module, and may replace none`);
  if (target !== undefined && format !== 'elf')
    throw new UsageError(`--target is of --format elf; ${format} is the same for all`);
  if (target !== undefined && !ELF_TARGETS.includes(target))
    throw new UsageError(`--target ${target}: an object can be written for ${ELF_TARGETS.join(' and ')}`);
  if (format === 'elf' && out === undefined && process.stdout.isTTY)
    throw new UsageError('--format elf gives bytes, not text: name a file with -o, or redirect the output');
}

function withoutVersions(dependency: Dependency): Dependency {
  return { ...dependency, files: dependency.files.map(({ soname, packages }) => ({ soname, packages })) };
}

function write(dependencies: readonly Dependency[], { format, target, out }: PackagingFlags): string | Uint8Array {
  switch (format) {
    case 'text':
      return packagingText(dependencies, out === undefined ? colors(process.stdout).bold : (text) => text);
    case 'json':
      return `${JSON.stringify(notesOf(dependencies), undefined, 2)}\n`;
    case 'debian':
      return debianText(packaged(dependencies));
    case 'substvars':
      return substvarsText(packaged(dependencies));
    case 'rpm':
      return rpmText(dependencies);
    case 'elf':
      return elfObject(notesOf(dependencies), target ?? DEFAULT_TARGET.name);
  }
}

/** A dependency that is silently left out would be missed by those who install the package. */
function packaged(dependencies: readonly Dependency[]): readonly Dependency[] {
  const lacking = withoutPackage(dependencies);
  if (lacking.length === 0) return dependencies;
  const lines = lacking.map(({ feature, files }) => {
    const names = files.map(({ soname }) => soname).join(', ');
    return `${feature}: no package of Debian's is known to have ${names}`;
  });
  const libraries = [...new Set(lacking.map(({ library }) => library))].join(', ');
  throw new UsageError(
    `${lines.join('\n  ')}\n  name it in \`packages\` of ${libraries} in dlshim.config.ts, or in its library.json: packages: { debian: 'zlib1g' } (\`filePackages\` for each file); then generate the shim again`,
  );
}

function jsonOf(dependencies: readonly Dependency[]): string {
  const all = {
    dependencies,
    notes: notesOf(dependencies),
    debian: debianFields(dependencies),
    rpm: rpmTags(dependencies),
  };
  return `${JSON.stringify(all, undefined, 2)}\n`;
}

function check(path: string, content: string | Uint8Array): void {
  checkFile(path);
  const isSame = existsSync(path) && readFileSync(path).equals(Buffer.from(content));
  if (isSame) return;
  fail(`${path} is not what would be written: run dlshim packaging without --check`, ExitCode.failed);
}
