// In: a pattern of paths, as shells have them, and the folder that it starts from. Out: the files that it matches, sorted: `*` and `?` within a
// name, `**` for any folders, `{a,b}`, `[a-z]`. Wildcards match neither hidden names nor node_modules. Node has no such function before 22.

import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export function isGlob(pattern: string): boolean {
  return /[*?[\]{}]/.test(pattern);
}

export function glob(pattern: string, folder: string): string[] {
  const found = alternatives(pattern).flatMap((one) => {
    const segments = one.split('/').filter((segment) => segment !== '' && segment !== '.');
    return below(one.startsWith('/') ? '/' : resolve(folder), segments);
  });
  return [...new Set(found)].sort();
}

function below(folder: string, [segment, ...rest]: readonly string[]): string[] {
  if (segment === undefined) return [];
  if (segment === '**') {
    const inner = entries(folder).filter((entry) => entry.isDirectory() && isOpen(entry.name));
    const here = rest.length === 0 ? files(folder) : below(folder, rest);
    return [...here, ...inner.flatMap(({ name }) => below(join(folder, name), [segment, ...rest]))];
  }
  if (!isGlob(segment)) {
    const path = join(folder, segment);
    if (rest.length > 0) return below(path, rest);
    return behind(path)?.isFile() ? [path] : [];
  }
  const pattern = new RegExp(`^${segmentSource(segment)}$`);
  const matching = entries(folder).filter(
    ({ name }) => pattern.test(name) && (isOpen(name) || segment.startsWith('.')),
  );
  return matching.flatMap((entry) => {
    const path = join(folder, entry.name);
    const kind = kindOf(entry, path);
    if (rest.length > 0) return kind === 'folder' ? below(path, rest) : [];
    return kind === 'file' ? [path] : [];
  });
}

function files(folder: string): string[] {
  return entries(folder)
    .filter((entry) => isOpen(entry.name) && kindOf(entry, join(folder, entry.name)) === 'file')
    .map(({ name }) => join(folder, name));
}

function isOpen(name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules';
}

/** Of a link, what it leads to, if anything. `**` does not follow links, which may lead in circles; a name that matches may be one. */
function kindOf(entry: Dirent, path: string): 'file' | 'folder' | undefined {
  const target = entry.isSymbolicLink() ? behind(path) : entry;
  return target?.isDirectory() ? 'folder' : target?.isFile() ? 'file' : undefined;
}

/** Undefined where nothing can be reached: a link may lead to itself, or through a file. */
function behind(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Without braces: `a.{ts,js}` is two patterns. */
function alternatives(pattern: string): string[] {
  const [, before, inner, after] = /^(.*?)\{([^{}]*)\}(.*)$/.exec(pattern) ?? [];
  if (inner === undefined) return [pattern];
  return inner.split(',').flatMap((one) => alternatives(`${before}${one}${after}`));
}

function segmentSource(segment: string): string {
  return segment.replace(/\[(!?)([^\]]+)\]|[.*+?^${}()|[\]\\]/g, (text: string, not?: string, set?: string) => {
    if (set !== undefined) return `[${not ? '^' : ''}${set.replaceAll('\\', '\\\\')}]`;
    return text === '*' ? '[^/]*' : text === '?' ? '[^/]' : `\\${text}`;
  });
}
