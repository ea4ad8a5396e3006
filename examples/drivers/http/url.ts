// An `http:` or `https:` URL in, what is asked for and who asks out: secrets apart from what is shown. Follows the WHATWG URL Standard.

export interface HttpUrl {
  /** Without user, password and fragment. */
  readonly url: URL;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Throws a TypeError for what is no such URL. */
export function parseHttpUrl(text: string): HttpUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // A text that is no URL may hold a password all the same.
  if (!url || !isHttp(url)) throw new TypeError('not an http: or https: URL with a host');
  const [username, password] = [url.username, url.password].map((part) => decoded(part) || undefined);
  url.username = '';
  url.password = '';
  url.hash = '';
  return { url, username, password };
}

export function isHttp({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:';
}

/** For people: a query often is a key to what is behind it, and is left out. */
export function nameOf({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A percent sign that stands for itself.
  }
}
