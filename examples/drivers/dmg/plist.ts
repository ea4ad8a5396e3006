// A property list in XML in, its values out: dictionaries, lists, strings and data, as far as those of disk images go. Follows Apple's
// PropertyList-1.0.dtd. Text from strangers: depth is limited, the rest is by the text's length, which the caller limits.

import { refusal } from '../block.ts';

export type Plist = string | Buffer | readonly Plist[] | ReadonlyMap<string, Plist>;

const DEPTH = 32;

/** Throws EINVAL with the place for what is no property list. */
export function parsePlist(text: string): Plist {
  const tags = new Tags(text);
  for (let tag = tags.next(); ; tag = tags.next()) {
    if (!tag.closes && tag.name === 'plist') return plistOf(tags, tags.next(), 0);
  }
}

interface Tag {
  readonly name: string;
  readonly closes: boolean;
  /** `<array/>` */
  readonly isEmpty: boolean;
  readonly at: number;
}

function plistOf(tags: Tags, tag: Tag, depth: number): Plist {
  if (tag.closes) throw tags.wrong(`</${tag.name}> where a value is wanted`, tag.at);
  if (depth > DEPTH) throw tags.wrong('too deep', tag.at);
  switch (tag.name) {
    case 'dict': {
      const values = new Map<string, Plist>();
      for (let next = tags.after(tag); next; next = tags.after(tag)) {
        if (next.name !== 'key') throw tags.wrong(`<${next.name}> where <key> is wanted`, next.at);
        const key = plain(tags.textOf(next));
        values.set(key, plistOf(tags, tags.next(), depth + 1));
      }
      return values;
    }
    case 'array': {
      const values: Plist[] = [];
      for (let next = tags.after(tag); next; next = tags.after(tag)) values.push(plistOf(tags, next, depth + 1));
      return values;
    }
    case 'data':
      return Buffer.from(tags.textOf(tag), 'base64');
    default:
      return plain(tags.textOf(tag));
  }
}

class Tags {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }

  wrong(what: string, at = this.#at): Error {
    return refusal('EINVAL', `its property list is wrong: ${what}, character ${at}`);
  }

  /** The next one, whatever stands before it. */
  next(): Tag {
    for (;;) {
      const at = this.#text.indexOf('<', this.#at);
      if (at < 0) throw this.wrong('it ends too early');
      const ends = this.#text.startsWith('<!--', at) ? '-->' : '>';
      const end = this.#text.indexOf(ends, at);
      if (end < 0) throw this.wrong('a tag that does not end', at);
      this.#at = end + ends.length;
      const second = this.#text[at + 1];
      if (second === '!' || second === '?') continue;
      const inner = this.#text.slice(at + 1, Math.min(end, at + 100));
      const [, slash = '', name] = /^(\/?)([a-zA-Z]+)/.exec(inner) ?? [];
      if (name === undefined) throw this.wrong('a tag without a name', at);
      return { name, closes: slash !== '', isEmpty: this.#text[end - 1] === '/', at };
    }
  }

  /** The next one in an element; undefined at its end. */
  after(tag: Tag): Tag | undefined {
    if (tag.isEmpty) return undefined;
    const next = this.next();
    if (!next.closes) return next;
    if (next.name !== tag.name) throw this.wrong(`</${next.name}> closes <${tag.name}>`, next.at);
    return undefined;
  }

  textOf(tag: Tag): string {
    if (tag.isEmpty) return '';
    const start = this.#at;
    const end = this.next();
    if (!end.closes || end.name !== tag.name) throw this.wrong(`<${end.name}> in <${tag.name}>`, end.at);
    return this.#text.slice(start, end.at);
  }
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function plain(text: string): string {
  return text.replace(/&(\w{1,8});/g, (whole, name: string) => ENTITIES.get(name) ?? whole);
}
