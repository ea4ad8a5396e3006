// A file on an HTTP server in, its size and any range of its bytes out: of one version of it alone. Follows RFC 9110: 13 (validators),
// 14 (ranges), 15.4 (redirections), 11 (authentication).

import type { libcurl } from '@dlshim/shims/libcurl';
import {
  CURLAUTH_BASIC,
  CURLAUTH_DIGEST,
  CURLOPT_CAINFO,
  CURLOPT_COOKIE,
  CURLOPT_HTTPAUTH,
  CURLOPT_HTTPGET,
  CURLOPT_NOBODY,
  CURLOPT_PASSWORD,
  CURLOPT_RANGE,
  CURLOPT_SSL_VERIFYHOST,
  CURLOPT_SSL_VERIFYPEER,
  CURLOPT_TCP_KEEPALIVE,
  CURLOPT_URL,
  CURLOPT_USERAGENT,
  CURLOPT_USERNAME,
} from '@dlshim/shims/libcurl';
import { type Answer, type CurlError, CurlMulti, type SetOption } from '@dlshim/shims/libcurl-multi';
import { refusal } from '../block.ts';
import { about } from '../shared/about.ts';
import { isHttp, nameOf } from './url.ts';

type Libcurl = ReturnType<typeof libcurl.open>;

export interface RemoteOptions {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly cookie?: string | undefined;
  readonly sslverify: boolean;
  readonly cafile?: string | undefined;
  /** In seconds. */
  readonly timeout: number;
  readonly connectTimeout: number;
  /** How many requests are under way at a time. */
  readonly connections: number;
  readonly agent: string;
}

/** An answer that is none of what was asked for. */
export interface HttpError extends Error {
  readonly code: string;
  /** Of HTTP: 404. */
  readonly status: number;
}

/** What is said of a version of the file: where two answers both say something, it is the same or the file is another. */
interface Version {
  readonly size: number | undefined;
  readonly etag: string | undefined;
  readonly modified: string | undefined;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** `*` for what is not known. */
interface ContentRange {
  readonly range: Range | undefined;
  readonly size: number | undefined;
}

const REDIRECTS = 10;
const HEADERS = [
  'content-encoding',
  'content-range',
  'etag',
  'last-modified',
  'content-length',
  'location',
  'www-authenticate',
];

export class RemoteFile {
  /** As it was given, without secrets. */
  readonly name: string;
  readonly #multi: CurlMulti;
  readonly #options: RemoteOptions;
  readonly #origin: URL;
  /** Where redirections have led to; asked first. */
  #current: URL;
  /** CURLAUTH_*, once the server has asked for it. */
  #auth: number | undefined;
  #version: Version = { size: undefined, etag: undefined, modified: undefined };

  /** Rejects with ENOENT, EACCES or EIO as the server answers, ENOTSUP where it does not serve ranges, and a CurlError. */
  static async open(curl: Libcurl, url: URL, options: RemoteOptions): Promise<RemoteFile> {
    const file = new RemoteFile(curl, url, options);
    try {
      await file.#learn();
    } catch (error) {
      await file.close();
      throw error;
    }
    return file;
  }

  private constructor(curl: Libcurl, url: URL, options: RemoteOptions) {
    const { timeout, connectTimeout, connections: transfers } = options;
    this.name = nameOf(url);
    this.#origin = url;
    this.#current = url;
    this.#options = options;
    this.#multi = new CurlMulti(curl, { timeout, connectTimeout, transfers });
  }

  /** In bytes. */
  get size(): number {
    return this.#version.size!;
  }

  /** What tells that the file has been replaced; its size alone, where the server says no more. */
  get validator(): 'etag' | 'last-modified' | 'size' {
    return this.#version.etag !== undefined ? 'etag' : this.#version.modified !== undefined ? 'last-modified' : 'size';
  }

  /** Where the file is, after redirections. */
  get location(): string {
    return nameOf(this.#current);
  }

  /** Fills the buffer from an offset on. Rejects with ESTALE where the file is not the one that was opened. */
  async read(offset: number, body: Uint8Array): Promise<void> {
    if (body.length === 0) return;
    const range = { first: offset, last: offset + body.length - 1 };
    await this.#ask(range, body, (answer) => {
      if (answer.status === 416) throw this.#changed(`it has no bytes ${range.first}-${range.last} any more`);
      if (answer.status === 206) this.#checkSame(answer); // A shorter file has a shorter range, too.
      this.#checkRange(answer, range);
      return true;
    });
  }

  close(): Promise<void> {
    return this.#multi.close();
  }

  /** Asks for one byte: what the server says of it has the size, and shows that it serves ranges. */
  async #learn(): Promise<void> {
    const first = { first: 0, last: 0 };
    const answer = await this.#ask(first, new Uint8Array(1), (got) => {
      if (isEmpty(got)) return false;
      this.#checkRange(got, first);
      return true;
    });
    this.#version = isEmpty(answer) ? { ...versionOf(answer), size: 0 } : versionOf(answer);
    if (this.#version.size !== undefined) return;
    const head = await this.#ask(undefined, undefined, (got) => {
      if (got.status !== 200) throw this.#statusError(got);
      return false;
    });
    const length = head.headers.get('content-length');
    if (length === undefined || !/^\d+$/.test(length)) throw this.#refuse(head, 'does not say how long the file is');
    this.#checkSame(head);
    this.#version = { ...this.#version, size: Number(length) };
  }

  /** GET of a range, or HEAD. What no longer is where redirections have led to is looked for at the beginning. */
  async #ask(range: Range | undefined, body: Uint8Array | undefined, accept: (answer: Answer) => boolean) {
    const from = this.#current;
    try {
      return await this.#follow(from, range, body, accept);
    } catch (error) {
      const { status = 0 } = error as Partial<HttpError>;
      if (from === this.#origin || status < 400 || status > 499) throw error;
      return await this.#follow(this.#origin, range, body, accept);
    }
  }

  async #follow(
    from: URL,
    range: Range | undefined,
    body: Uint8Array | undefined,
    accept: (answer: Answer) => boolean,
  ): Promise<Answer> {
    let url = from;
    for (let hops = 0; ; ) {
      const asked = { url, auth: this.#auth };
      const isAnswer = (answer: Answer) => !redirects(answer) && !this.#wantsPassword(answer, asked);
      const answer = await this.#multi
        .transfer({
          prepare: (set) => this.#prepare(set, url, range),
          headers: HEADERS,
          body,
          accept: (got) => isAnswer(got) && accept(got),
        })
        .catch((error) => {
          throw about(this.name, withRemedy(error));
        });
      if (isAnswer(answer)) {
        this.#current = url;
        return answer;
      }
      if (redirects(answer)) {
        if (++hops > REDIRECTS) throw refusal('ELOOP', `${this.name}: redirected more than ${REDIRECTS} times`);
        url = this.#next(url, answer);
      } else this.#auth = schemeOf(answer);
    }
  }

  #next(url: URL, { headers }: Answer): URL {
    const location = headers.get('location')!;
    const next = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
    if (!next || !isHttp(next))
      throw refusal('ENOTSUP', `${this.name}: redirected to what is neither http: nor https:`);
    if (url.protocol === 'https:' && next.protocol === 'http:' && this.#options.sslverify)
      throw refusal(
        'EPROTO',
        `${this.name}: redirected from https: to http:, where nobody vouches for it (sslverify=off lets it pass)`,
      );
    next.username = '';
    next.password = '';
    next.hash = '';
    return next;
  }

  #prepare(set: SetOption, url: URL, range: Range | undefined): void {
    const { username, password, cookie, sslverify, cafile, agent } = this.#options;
    set(CURLOPT_URL, url.href);
    set(CURLOPT_USERAGENT, agent);
    set(CURLOPT_TCP_KEEPALIVE, 1);
    if (range) {
      set(CURLOPT_HTTPGET, 1);
      set(CURLOPT_RANGE, `${range.first}-${range.last}`);
    } else set(CURLOPT_NOBODY, 1);
    if (url.protocol === 'https:') {
      set(CURLOPT_SSL_VERIFYPEER, sslverify ? 1 : 0);
      set(CURLOPT_SSL_VERIFYHOST, sslverify ? 2 : 0);
      if (cafile !== undefined) set(CURLOPT_CAINFO, cafile);
    }
    // Secrets are for who was named, and for nobody that it leads to.
    if (url.origin !== this.#origin.origin) return;
    if (cookie !== undefined) set(CURLOPT_COOKIE, cookie);
    if (this.#auth === undefined) return;
    set(CURLOPT_HTTPAUTH, this.#auth);
    set(CURLOPT_USERNAME, username ?? '');
    set(CURLOPT_PASSWORD, password ?? '');
  }

  /** Passwords are sent once they have been asked for, and once each. */
  #wantsPassword(answer: Answer, asked: { readonly url: URL; readonly auth: number | undefined }): boolean {
    const { username, password } = this.#options;
    const has = username !== undefined || password !== undefined;
    const isOurs = asked.url.origin === this.#origin.origin;
    return answer.status === 401 && has && isOurs && asked.auth === undefined && schemeOf(answer) !== undefined;
  }

  /** Throws unless it is this range, and nothing else, that comes. */
  #checkRange(answer: Answer, { first, last }: Range): void {
    if (answer.status === 200)
      throw this.#refuse(answer, 'does not serve ranges of bytes: asked for one, it sends the whole file');
    if (answer.status !== 206) throw this.#statusError(answer);
    const coding = answer.headers.get('content-encoding') ?? 'identity';
    if (coding !== 'identity') throw this.#refuse(answer, `sends its bytes as ${coding}, which was not asked for`);
    const { range } = contentRange(answer);
    if (range?.first !== first || range.last !== last)
      throw this.#refuse(
        answer,
        `does not serve ranges of bytes: asked for ${first}-${last}, it sends ${answer.headers.get('content-range') ?? 'something else'}`,
      );
  }

  #checkSame(answer: Answer): void {
    const [before, now] = [this.#version, versionOf(answer)];
    const differs = <T>(a: T | undefined, b: T | undefined) => a !== undefined && b !== undefined && a !== b;
    if (differs(before.size, now.size)) throw this.#changed(`it had ${before.size} bytes and has ${now.size}`);
    if (differs(before.etag, now.etag) || differs(before.modified, now.modified))
      throw this.#changed('it is another version of it');
  }

  #changed(why: string): Error {
    return refusal('ESTALE', `${this.name} has changed since it was opened: ${why}`);
  }

  #refuse({ status }: Answer, why: string): HttpError {
    return Object.assign(refusal('ENOTSUP', `${this.name}: the server ${why}`), { status });
  }

  #statusError({ status }: Answer): HttpError {
    const words = status === 0 ? 'an answer that is not HTTP' : `HTTP status ${status}`;
    return Object.assign(refusal(codeOf(status), `${this.name}: ${words}`), { status });
  }
}

/** Of a certificate that nobody vouches for, and of one that is another server's: two of libcurl's errors, which are one, 60, since 7.62. */
const UNTRUSTED: readonly (number | undefined)[] = [51, 60];

function withRemedy(error: Partial<CurlError> & Error): Error {
  if (UNTRUSTED.includes(error.curl))
    error.message += `; cafile=FILE names the certificates to trust, and with sslverify=off any will do`;
  return error;
}

function codeOf(status: number): string {
  switch (status) {
    case 401:
    case 403:
    case 407:
      return 'EACCES';
    case 404:
    case 410:
      return 'ENOENT';
    case 408:
    case 504:
      return 'ETIMEDOUT';
    default:
      return 'EIO';
  }
}

function redirects({ status, headers }: Answer): boolean {
  return [301, 302, 303, 307, 308].includes(status) && headers.has('location');
}

/** Digest where the server knows it: the password stays here. Undefined for schemes that are neither. */
function schemeOf({ headers }: Answer): number | undefined {
  const schemes = headers.get('www-authenticate') ?? '';
  if (/\bdigest\b/i.test(schemes)) return CURLAUTH_DIGEST;
  return /\bbasic\b/i.test(schemes) ? CURLAUTH_BASIC : undefined;
}

/** A file of no bytes has no range to serve. */
function isEmpty(answer: Answer): boolean {
  if (answer.status === 416) return contentRange(answer).size === 0;
  return answer.status === 200 && answer.headers.get('content-length') === '0';
}

function contentRange({ headers }: Answer): ContentRange {
  const [, first, last, size] = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i.exec(headers.get('content-range') ?? '') ?? [];
  return {
    range: first === undefined ? undefined : { first: Number(first), last: Number(last) },
    size: size === undefined || size === '*' ? undefined : Number(size),
  };
}

function versionOf(answer: Answer): Version {
  const { headers, status } = answer;
  const length = headers.get('content-length');
  return {
    size: status === 200 && length !== undefined ? Number(length) : contentRange(answer).size,
    etag: headers.get('etag'),
    modified: headers.get('last-modified'),
  };
}
