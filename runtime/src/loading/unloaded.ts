// A shim's file names and symbols in, the file that open() would load out, and which of the symbols it has; or the error that open()
// would throw. Nothing is loaded: neither the library nor koffi. Names are tried as loader.ts tries them, files are read by images/.

import type { ShimDescriptor } from '../contract/descriptor.ts';
import { checkTarget } from '../contract/targets.ts';
import { UnseenLibraryError } from '../errors.ts';
import type { Attempt } from '../types.ts';
import { adviceFor } from './advice.ts';
import { dependency, judgeFile, type Verdict } from './classify.ts';
import type { FileKind } from './elf.ts';
import { DamagedError } from './images/bytes.ts';
import { type Finder, finderOf } from './images/finder.ts';
import type { Image } from './images/image.ts';
import { forgetCache } from './library-cache.ts';
import { candidatesOf, checkSoname, type LoadRequest, noteOf, reasonOf } from './loader.ts';
import type { Resident } from './residency.ts';

/** Symbols to look for. */
export interface Sought {
  readonly names: ReadonlySet<string>;
  /** Those that every version has, where the rest is not worth reading every file that loading would bring in. */
  readonly sure: readonly string[] | undefined;
}

/** Looks for the library. Throws a ShimError. */
export function findUnloaded(
  descriptor: ShimDescriptor,
  request: LoadRequest,
  sought: Sought,
  finder?: Finder,
): Resident {
  const candidates = candidatesOf(descriptor, request.path);
  const target = checkTarget(descriptor);
  const files = finder ?? finderOf(target);
  const attempts: Attempt[] = [];
  const verdicts: Verdict[] = [];
  forgetCache();
  for (const { file, from } of candidates) {
    const seen = look(files, file, sought, descriptor);
    const note = noteOf(file, target, undefined);
    if ('verdict' in seen) {
      attempts.push({ file, from, error: seen.words, ...note });
      verdicts.push(seen.verdict);
      continue;
    }
    const { soname, lacks } = seen.image;
    checkSoname(descriptor, file, soname, () => [
      ...attempts,
      { file, from, error: `not loaded: its SONAME is ${soname}`, ...note },
    ]);
    if (lacks === undefined) {
      const { image } = seen;
      const found: Attempt = { file, from, loaded: false, ...note };
      return { handle: 0n, path: image.path, deep: undefined, attempts: [...attempts, found], image };
    }
    attempts.push({ file, from, error: `${lacks.by}: needs ${lacks.name}, which is not there`, ...note });
    verdicts.push(dependency(seen.image.path, lacks.name, adviceFor(descriptor)));
  }
  throw reasonOf(descriptor, attempts, verdicts);
}

type Seen = { readonly image: Image } | { readonly verdict: Verdict; readonly words: string };

function look(finder: Finder, file: string, sought: Sought, descriptor: ShimDescriptor): Seen {
  const first = finder.first(file);
  const seen = first === undefined ? undefined : attempt(finder, first, sought);
  if (typeof seen === 'object') return { image: seen };
  // It is not what it should be: now all that there is gets a closer look. The loader passes over what it cannot use, and what it then
  // says is of the first of them.
  const places = finder.places(file).map((path) => ({ path, found: finder.kindOf(path) }));
  const chosen = places.find(({ found }) => !isPassedOver(found)) ?? places[0];
  if (chosen === undefined) {
    const words = finder.hidden?.(file);
    if (words === undefined) return { verdict: { kind: 'absent' }, words: `${file}: there is no such file` };
    return { verdict: { kind: 'rejected', error: (facts) => new UnseenLibraryError(words, facts) }, words };
  }
  const { path, found } = chosen;
  if (found.kind !== 'library') {
    const words = `${path}: ${'why' in found ? found.why : 'there is no such file'}`;
    return { verdict: judgeFile(path, found, words, adviceFor(descriptor)), words };
  }
  const image = path === first ? seen! : attempt(finder, path, sought);
  if (typeof image === 'object') return { image };
  const words = `${path}: ${image}`;
  return { verdict: judgeFile(path, { kind: 'not-a-library', why: image }, words, adviceFor(descriptor)), words };
}

/** What is in a file, or why that cannot be told. */
function attempt(finder: Finder, path: string, { names, sure }: Sought): Image | string {
  try {
    return finder.read(path, names, sure);
  } catch (error) {
    if (error instanceof DamagedError) return error.message;
    if (error instanceof RangeError) return `is damaged: ${error.message}`;
    const { syscall, code } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    return `cannot be read (${code})`;
  }
}

function isPassedOver({ kind }: FileKind): boolean {
  return kind === 'wrong-machine' || kind === 'unreadable' || kind === 'absent';
}
