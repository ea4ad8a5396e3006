// `rbd:pool[/namespace]/image[@snapshot][:option=value…]` in, its parts out. The form is QEMU's: a backslash takes the meaning from
// the character behind it, and `conf` and `id` are the configuration file and the client's name; all others are librados' own.

import { shownAddress } from '../shared/shown.ts';

export interface RbdUrl {
  readonly pool: string;
  readonly namespace: string;
  readonly image: string;
  readonly snapshot: string | undefined;
  /** The configuration file; librados looks in its own places without one. */
  readonly conf: string | undefined;
  /** The client's name without `client.`; `admin` without one. */
  readonly id: string | undefined;
  readonly options: ReadonlyMap<string, string>;
}

/** Throws a TypeError that says what is wrong, without the options: one of them may be a key. */
export function parseRbdUrl(url: string): RbdUrl {
  const wrong = (what: string) =>
    new TypeError(`${shownAddress(url)}: ${what}; an image is rbd:pool/image[@snapshot][:option=value…]`);
  if (!url.startsWith('rbd:')) throw wrong('rbd: expected');
  const [place = '', ...settings] = split(url.slice('rbd:'.length), ':');
  const path = split(place, '/');
  if (path.length < 2 || path.length > 3) throw wrong('a pool and an image are needed');
  const [last = '', snapshot, ...more] = split(path.at(-1)!, '@');
  if (more.length > 0 || snapshot === '') throw wrong('one snapshot at most, by its name');
  const names = [path[0]!, path.length === 3 ? path[1]! : '', last].map(plain);
  const [pool = '', namespace = '', image = ''] = names;
  if (pool === '' || image === '') throw wrong('the pool or the image has no name');
  const options = new Map<string, string>();
  for (const setting of settings) {
    const [key = '', ...value] = split(setting, '=');
    if (key === '' || value.length === 0)
      throw wrong('an option has no value, or a colon in one no backslash before it');
    options.set(plain(key), plain(value.join('=')));
  }
  const [conf, id] = ['conf', 'id'].map((key) => options.get(key));
  options.delete('conf');
  options.delete('id');
  return { pool, namespace, image, snapshot: snapshot === undefined ? undefined : plain(snapshot), conf, id, options };
}

/** At each separator that no backslash stands before. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  for (const [token] of text.matchAll(/\\[\s\S]|[\s\S]/g)) {
    if (token === separator) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}

function plain(text: string): string {
  return text.replace(/\\([\s\S])/g, '$1');
}
