// In: header names and search folders. Out: files, each read once (C11 6.10.2; the search order is GCC's: beside the
// includer for "name", then the user's folders, then the system's).

import { existsSync, readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import type { SourceFile } from '../token.ts';

/** A source file with what the preprocessor remembers of it. */
export interface SourceRecord extends SourceFile {
  /** A header that the user names is an entry header whichever file included it first. */
  included: SourceFile['included'];
  /** Where in the search list it was found; -1 outside it. */
  readonly searchIndex: number;
  /** From a system folder: its warnings are dropped. */
  readonly system: boolean;
  /** The macro that keeps a second inclusion empty. */
  guard: string | undefined;
  /** Whether it said `#pragma once`. */
  once: boolean;
}

/** The only maker of records: one shape for all keeps the code that handles tokens fast. */
export function sourceRecord(
  path: string,
  text: string,
  included: SourceFile['included'],
  includedFrom: SourceFile | undefined,
  searchDir: string | undefined,
  searchIndex: number,
  system: boolean,
): SourceRecord {
  return { path, text, included, includedFrom, searchDir, searchIndex, system, guard: undefined, once: false };
}

/** Returns the text of a file, undefined if there is no such file, and throws if it cannot be read. */
export type ReadFile = (path: string) => string | undefined;

export class FileTable {
  /** In the order of first inclusion. */
  readonly files: SourceRecord[] = [];
  readonly searchDirs: readonly string[];
  private readonly systemFrom: number;
  private readonly byPath = new Map<string, SourceRecord | undefined>();
  /** What searches have found, by the index that they began with. */
  private readonly found: Map<string, SourceRecord>[] = [];
  private readonly folders = new Map<string, boolean>();
  private readonly readFile: ReadFile;
  /** Files that exist but could not be read, with the reason; taken by whoever reports them. */
  readonly unreadable: string[] = [];

  constructor(
    includeDirs: readonly string[],
    systemDirs: readonly string[],
    readFile: ReadFile = readFromDisk,
    isHidden: (path: string) => boolean = () => false,
  ) {
    const system = [...new Set(systemDirs.map(fold))];
    const own = [...new Set(includeDirs.map(fold))].filter((dir) => !system.includes(dir));
    this.searchDirs = [...own, ...system];
    this.systemFrom = own.length;
    this.readFile = (path) => (isHidden(path) ? undefined : readFile(path));
  }

  /** A header named by the user: an existing path, else searched for like `#include <name>`. */
  entry(name: string): SourceRecord | undefined {
    const given = slashes(name);
    const found = this.load(given, 'entry', undefined, -1) ?? this.search(given, 'entry', undefined, 0);
    if (found !== undefined) found.included = 'entry';
    return found;
  }

  /** What `#include "name"` in `from` means. */
  quote(name: string, from: SourceRecord): SourceRecord | undefined {
    if (posix.isAbsolute(name)) return this.load(name, 'quote', from, -1);
    const beside = fold(posix.join(posix.dirname(from.path), name));
    return this.load(beside, 'quote', from, -1) ?? this.search(name, 'quote', from, 0);
  }

  /** What `#include <name>` in `from` means; #include_next starts after the folder `from` was found in. */
  search(
    name: string,
    included: SourceFile['included'],
    from: SourceRecord | undefined,
    start: number,
  ): SourceRecord | undefined {
    if (posix.isAbsolute(name)) return this.load(name, included, from, -1);
    const known = this.found[start]?.get(name);
    if (known !== undefined) return known;
    const slash = name.indexOf('/');
    const folder = slash > 0 ? name.slice(0, slash) : undefined;
    for (let index = start; index < this.searchDirs.length; index += 1) {
      if (folder !== undefined && !this.hasFolder(index, folder)) continue;
      const found = this.load(join(this.searchDirs[index]!, name), included, from, index);
      if (found !== undefined) {
        this.found[start] ??= new Map();
        this.found[start].set(name, found);
        return found;
      }
    }
    return undefined;
  }

  /** Whether a search folder has this folder: most have none of those that headers are named with. */
  private hasFolder(index: number, name: string): boolean {
    if (this.readFile !== readFromDisk) return true;
    const path = join(this.searchDirs[index]!, name);
    let known = this.folders.get(path);
    if (known === undefined) {
      known = existsSync(path);
      this.folders.set(path, known);
    }
    return known;
  }

  /** A line marker names another file than the one it stands in: a file of that name with the same text. */
  twin(path: string, of: SourceRecord, system: boolean): SourceRecord {
    const known = this.byPath.get(path);
    if (known !== undefined && known.text === of.text) return known;
    const twin = sourceRecord(path, of.text, 'quote', of, undefined, -1, system);
    this.byPath.set(path, twin);
    this.files.push(twin);
    return twin;
  }

  private load(
    path: string,
    included: SourceFile['included'],
    from: SourceRecord | undefined,
    index: number,
  ): SourceRecord | undefined {
    const key = fold(path);
    if (this.byPath.has(key)) return this.byPath.get(key);
    const text = this.read(key);
    let record: SourceRecord | undefined;
    if (text !== undefined) {
      const system = index === -1 ? (from?.system ?? false) : index >= this.systemFrom;
      const searchDir = this.searchDirs[index];
      const opened = included === 'entry' && index === -1 ? path : key;
      record = sourceRecord(opened, text, included, from, searchDir, index, system);
      this.files.push(record);
    }
    this.byPath.set(key, record);
    return record;
  }

  private read(path: string): string | undefined {
    try {
      return this.readFile(path);
    } catch (error) {
      this.unreadable.push(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }
}

/** Only regular files are headers: a folder of that name is passed over, and so is what might never end, with a word. */
function readFromDisk(path: string): string | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined || status.isDirectory()) return undefined;
  if (!status.isFile()) throw new Error('it is no regular file');
  const bytes = readFileSync(path);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new Error('it is UTF-16; save it as UTF-8');
  }
  return bytes.toString('utf8');
}

function join(dir: string, name: string): string {
  return dir.endsWith('/') ? dir + name : `${dir}/${name}`;
}

/** `.`, `..` and double slashes taken out. */
function fold(path: string): string {
  const given = slashes(path);
  if (!given.includes('./') && !given.includes('//') && !given.endsWith('.')) return given;
  return posix.normalize(given);
}

function slashes(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
}
