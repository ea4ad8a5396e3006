// In: a driver's sources. Out: sources of what they import as declarations only, where those stand beside them: a helper of a package of
// the same workspace uses the shim on the driver's behalf. A declaration's source is what its declaration map names, or what the
// package's tsconfig.json makes it of.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Morph, Project, SourceFile } from './morph.ts';
import type { ShimModule } from './shims.ts';

export interface Followed {
  /** To be read beside the driver's own. */
  readonly sources: readonly SourceFile[];
  /** By a shim's module, what uses it as well and has no source here: as it is imported, sorted. */
  readonly unseen: ReadonlyMap<string, readonly string[]>;
}

/** What the files import that uses one of the shims, and what that is made of. */
export function followed(
  project: Project,
  files: readonly SourceFile[],
  isShim: (source: SourceFile) => boolean,
  sourceOf: SourceFinder,
): Followed {
  const seen = new Set(files);
  const unseen = new Map<string, readonly string[]>();
  const sources: SourceFile[] = [];
  const read = (source: SourceFile): void => {
    if (seen.has(source)) return;
    seen.add(source);
    sources.push(source);
    follow(source);
  };
  const follow = (file: SourceFile): void => {
    for (const declaration of file.getImportDeclarations()) {
      const module = declaration.getModuleSpecifierSourceFile();
      if (!module || isShim(module)) continue;
      // What a driver imports of its own is its own affair: it says which files are meant.
      if (!module.isDeclarationFile()) {
        if (!files.includes(file)) read(module);
        continue;
      }
      const used = importsOf(module).filter(isShim);
      if (used.length === 0) continue;
      const path = sourceOf(module.getFilePath());
      const source = path === undefined ? undefined : project.addSourceFileAtPathIfExists(path);
      if (source) read(source);
      else for (const shim of used) note(unseen, shim.getFilePath(), declaration.getModuleSpecifierValue());
    }
  };
  for (const file of files) follow(file);
  return { sources, unseen };
}

/** By their files. The source of a shim whose declarations are imported is that shim. */
export function bySource(shims: readonly ShimModule[], sourceOf: SourceFinder): ReadonlyMap<string, ShimModule> {
  const files = new Map(shims.map((shim) => [shim.file, shim]));
  for (const shim of shims) {
    const source = sourceOf(shim.file);
    if (source !== undefined) files.set(source, shim);
  }
  return files;
}

function importsOf(file: SourceFile): SourceFile[] {
  return file.getImportDeclarations().flatMap((declaration) => declaration.getModuleSpecifierSourceFile() ?? []);
}

function note(lists: Map<string, readonly string[]>, key: string, text: string): void {
  lists.set(key, [...new Set([...(lists.get(key) ?? []), text])].sort());
}

/** From a declaration's path to its source's; undefined where there is none. */
export type SourceFinder = (declaration: string) => string | undefined;

export function sourceFinder(morph: Morph): SourceFinder {
  const outputs = new Map<string, ReadonlyMap<string, string>>();
  return (declaration) => {
    if (!/\.d\.[mc]?ts$/.test(declaration)) return undefined;
    const mapped = fromMap(declaration);
    if (mapped !== undefined) return mapped;
    const config = configAbove(dirname(declaration));
    if (config === undefined) return undefined;
    const made = outputs.get(config) ?? outputsOf(config, morph);
    outputs.set(config, made);
    return made.get(declaration);
  };
}

/** What the map beside it says (`declarationMap`). */
function fromMap(declaration: string): string | undefined {
  const file = `${declaration}.map`;
  if (!existsSync(file)) return undefined;
  try {
    const { sourceRoot = '', sources } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly sourceRoot?: string;
      readonly sources: readonly string[];
    };
    const path = resolve(dirname(file), sourceRoot, sources[0] ?? '');
    return sources.length === 1 && existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** The nearest tsconfig.json within the package. */
function configAbove(folder: string): string | undefined {
  const config = join(folder, 'tsconfig.json');
  if (existsSync(config)) return config;
  return existsSync(join(folder, 'package.json')) || dirname(folder) === folder
    ? undefined
    : configAbove(dirname(folder));
}

/** By each file that a project is compiled to, the one that it is compiled from. */
function outputsOf(config: string, { ts }: Morph): ReadonlyMap<string, string> {
  const { config: json, error } = ts.readConfigFile(config, ts.sys.readFile);
  if (error) return new Map();
  const project = ts.parseJsonConfigFileContent(json, ts.sys, dirname(config), undefined, config);
  const sources = project.fileNames.filter((file) => !/\.d\.[mc]?ts$/.test(file));
  return new Map(
    sources.flatMap((file) =>
      ts.getOutputFileNames(project, file, false).map((output): [string, string] => [output, file]),
    ),
  );
}
