// In: sources, and the whole modules of libraries. Out: a project in which every import of a library's module finds the whole one, which is
// on no disk: a first run has no module yet, and a later one has what an earlier run left of it. Whatever a module is imported as counts
// that is one by its text, or that is not there and ends in the library's name. A helper of which there are only declarations beside the
// sources that they are made of is read from these.

import { basename, dirname, join } from 'node:path';
import type { Morph, Project, ts } from './morph.ts';
import { isShimText } from './shims.ts';
import { sourceFinder } from './sources.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface WholeProject {
  readonly program: ts.Program;
  /** The sources, and what they import of their own. */
  readonly files: readonly ts.SourceFile[];
  /** By the file of its module. */
  readonly modules: ReadonlyMap<string, Vocabulary>;
  /** Declarations without sources that use a module: what imports them, and what they are. */
  readonly unseen: readonly Unseen[];
  /** Whether the runtime's types were found, by which tables are followed. */
  readonly hasRuntime: boolean;
}

/** What is imported and cannot be read. */
export interface Unseen {
  readonly importer: string;
  readonly specifier: string;
  /** What it is known to use; undefined where it is not there at all. */
  readonly library?: string;
}

interface Setting {
  readonly paths: readonly string[];
  readonly vocabularies: readonly Vocabulary[];
  /** The module that shims import. */
  readonly runtime: string;
  /** Undefined where there is none. */
  readonly tsconfig: string | undefined;
}

export function wholeProject({ paths, vocabularies, runtime, tsconfig }: Setting, morph: Morph): WholeProject {
  const modules = new Map(vocabularies.map((one) => [one.module, one]));
  const resolver = new Resolver(paths[0]!, modules, runtime, morph);
  const { ModuleKind, ModuleResolutionKind, ScriptTarget } = morph;
  const always = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowJs: true,
    composite: false,
    incremental: false,
  };
  const modern = { module: ModuleKind.NodeNext, moduleResolution: ModuleResolutionKind.NodeNext };
  const project: Project = new morph.Project({
    ...(tsconfig === undefined
      ? { compilerOptions: { ...always, ...modern, target: ScriptTarget.ES2023, allowImportingTsExtensions: true } }
      : { tsConfigFilePath: tsconfig, skipAddingFilesFromTsConfig: true, compilerOptions: always }),
    resolutionHost: (host, options) => ({
      resolveModuleNames: (names, file) => names.map((name) => resolver.resolve(name, file, options(), host)),
    }),
  });
  for (const { module, text } of vocabularies) project.createSourceFile(module, text, { overwrite: true });
  for (const path of paths) project.addSourceFileAtPath(path);
  const program = project.getProgram().compilerObject;
  const files = program
    .getSourceFiles()
    .filter(
      (file) => !file.isDeclarationFile && !modules.has(file.fileName) && !/\/node_modules\//.test(file.fileName),
    );
  return { program, files, modules, unseen: resolver.unseen, hasRuntime: resolver.hasRuntime };
}

class Resolver {
  readonly unseen: Unseen[] = [];
  hasRuntime = false;
  readonly #first: string;
  readonly #modules: ReadonlyMap<string, Vocabulary>;
  readonly #byName: ReadonlyMap<string, Vocabulary>;
  readonly #runtime: string;
  readonly #ts: Morph['ts'];
  readonly #sourceOf: (declaration: string) => string | undefined;
  readonly #helpers = new Map<string, string | undefined>();

  constructor(first: string, modules: ReadonlyMap<string, Vocabulary>, runtime: string, morph: Morph) {
    this.#first = first;
    this.#modules = modules;
    this.#byName = new Map([...modules.values()].map((one) => [one.library, one]));
    this.#runtime = runtime;
    this.#ts = morph.ts;
    this.#sourceOf = sourceFinder(morph);
  }

  resolve(
    specifier: string,
    from: string,
    options: ts.CompilerOptions,
    host: ts.ModuleResolutionHost,
  ): ts.ResolvedModuleFull | undefined {
    const plain = (file: string): ts.ResolvedModuleFull | undefined =>
      this.#ts.resolveModuleName(specifier, file, options, host, undefined, undefined, this.#ts.ModuleKind.ESNext)
        .resolvedModule;
    const isOfModule = this.#modules.has(from);
    if (isOfModule && specifier === this.#runtime) {
      const found = plain(specifier.startsWith('.') ? from : this.#first) ?? plain(from);
      this.hasRuntime ||= found !== undefined;
      return found;
    }
    const found = plain(from);
    const own = this.#moduleOf(specifier, found?.resolvedFileName, host);
    if (own) return source(own.module, this.#ts.Extension.Ts);
    // A part of the runtime that is not there, and its types with it: an older one.
    if (!found && specifier.startsWith(`${this.#runtime}/`)) this.unseen.push({ importer: from, specifier });
    if (!found?.resolvedFileName || !/\.d\.[mc]?ts$/.test(found.resolvedFileName)) return found;
    return this.#helper(specifier, from, found, options, host);
  }

  /** The library whose module this is. */
  #moduleOf(specifier: string, file: string | undefined, host: ts.ModuleResolutionHost): Vocabulary | undefined {
    if (file !== undefined && this.#modules.has(file)) return this.#modules.get(file);
    const named = this.#byName.get(nameOf(file ?? specifier));
    if (!named) return undefined;
    return file === undefined || isShimText(host.readFile(file) ?? '') ? named : undefined;
  }

  /** What uses a module on the sources' behalf: its source, where there is one. */
  #helper(
    specifier: string,
    importer: string,
    found: ts.ResolvedModuleFull,
    options: ts.CompilerOptions,
    host: ts.ModuleResolutionHost,
  ): ts.ResolvedModuleFull {
    const file = found.resolvedFileName;
    if (!this.#helpers.has(file)) this.#helpers.set(file, this.#libraryUsedBy(file, options, host));
    const library = this.#helpers.get(file);
    if (library === undefined) return found;
    const path = this.#sourceOf(file);
    if (path !== undefined) return source(path, path.endsWith('.tsx') ? this.#ts.Extension.Tsx : this.#ts.Extension.Ts);
    this.unseen.push({ importer, specifier, library });
    return found;
  }

  #libraryUsedBy(file: string, options: ts.CompilerOptions, host: ts.ModuleResolutionHost): string | undefined {
    const { importedFiles } = this.#ts.preProcessFile(host.readFile(file) ?? '', true, true);
    for (const { fileName } of importedFiles) {
      const { resolvedModule } = this.#ts.resolveModuleName(fileName, file, options, host);
      const own = this.#moduleOf(fileName, resolvedModule?.resolvedFileName, host);
      if (own) return own.library;
    }
    return undefined;
  }
}

function source(resolvedFileName: string, extension: string): ts.ResolvedModuleFull {
  return { resolvedFileName, extension, isExternalLibraryImport: false };
}

/** `librbd` of `@dlshim/shims/librbd` and `./shims/librbd.js`. */
function nameOf(path: string): string {
  return basename(path).replace(/(\.d)?\.[mc]?[jt]s$/, '');
}

/** The tsconfig.json that a file belongs to: the nearest one. */
export function nearestProject(folder: string, exists: (path: string) => boolean): string | undefined {
  const path = join(folder, 'tsconfig.json');
  if (exists(path)) return path;
  return dirname(folder) === folder ? undefined : nearestProject(dirname(folder), exists);
}
