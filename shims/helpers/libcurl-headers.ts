// What a server has answered out: of curl_easy_header(3), which copies only what is asked for, where libcurl has it (7.83, unless it was
// left out when it was built); else of the lines that CURLOPT_HEADERFUNCTION gets. Follows RFC 9112, sections 4 and 5.

import { type Pointer, stringAt } from '@dlshim/runtime';
import {
  type CURL,
  CURLH_HEADER,
  CURLHE_NOT_BUILT_IN,
  CURLHE_OK,
  CURLINFO_RESPONSE_CODE,
  curl_header,
  type libcurl,
} from '../libcurl.ts';

type Libcurl = ReturnType<typeof libcurl.open>;

/** What a server has answered: the last one, where it took several. */
export interface Answer {
  /** Of HTTP: 206. 0 where there was no status line. */
  readonly status: number;
  /** Those that were asked for, by names in lower case; several of one name are one, with commas between them. */
  readonly headers: ReadonlyMap<string, string>;
}

/** Reads the answer of a transfer that has got one. */
export type ReadAnswer = (handle: Pointer<CURL>, names: readonly string[]) => Answer;

const readers = new WeakMap<Libcurl, ReadAnswer | undefined>();

/** Undefined where libcurl has no functions for it, and HeaderLines are needed. */
export function answerReader(curl: Libcurl): ReadAnswer | undefined {
  if (!readers.has(curl)) readers.set(curl, makeReader(curl));
  return readers.get(curl);
}

function makeReader(curl: Libcurl): ReadAnswer | undefined {
  if (!curl.has('header_api', false)) return undefined;
  const { fn } = curl;
  const found: [Pointer<curl_header> | null] = [null];
  const handle = fn.curl_easy_init();
  const isMissing = fn.curl_easy_header(handle, 'a', 0, CURLH_HEADER, -1, found) === CURLHE_NOT_BUILT_IN;
  fn.curl_easy_cleanup(handle);
  if (isMissing) return undefined;

  const status = new BigInt64Array(1);
  const values = (of: Pointer<CURL>, name: string): string[] => {
    const all: string[] = [];
    for (let at = 0, count = 1; at < count; at++) {
      if (fn.curl_easy_header(of, name, at, CURLH_HEADER, -1, found) !== CURLHE_OK) break;
      const { value, amount } = curl_header.at(found[0]);
      all.push(stringAt(value) ?? '');
      count = Number(amount);
    }
    return all;
  };
  return (of, names) => {
    fn.curl_easy_getinfo(of, CURLINFO_RESPONSE_CODE, status);
    const headers = new Map<string, string>();
    for (const name of names) {
      const all = values(of, name);
      if (all.length > 0) headers.set(name, all.join(', '));
    }
    return { status: Number(status[0]), headers };
  };
}

/** The lines of one answer after the other: a new one begins with its status line. */
export class HeaderLines {
  #status = 0;
  #headers = new Map<string, string>();

  add(bytes: Uint8Array): void {
    const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString().trim();
    const [, status] = /^HTTP\/\S+ +(\d{3})\b/i.exec(line) ?? [];
    if (status !== undefined) {
      this.#status = Number(status);
      this.#headers = new Map();
      return;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) return;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = this.#headers.get(name);
    this.#headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }

  answer(names: readonly string[]): Answer {
    const wanted = names.flatMap((name) => {
      const value = this.#headers.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    return { status: this.#status, headers: new Map(wanted) };
  }
}
