// `ssh://[user@]host[:port]/path[?option=value&…]` in, its parts out. The path is from the root; `/~/` is the user's home. What stands
// behind the `?` are the driver's options, but for secrets, which no URL has.

import type { SshOptions } from './options.ts';

export interface SshUrl {
  readonly user: string | undefined;
  /** A name or an address; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** As the server knows it: what is not absolute is in the home folder. */
  readonly path: string;
  /** The URL without its options. */
  readonly name: string;
  readonly options: Partial<SshOptions>;
}

type Kind = 'text' | 'switch' | 'seconds';

/** Options that a URL may have, by what they are. */
const OPTIONS: Readonly<Record<string, Kind>> = {
  identity: 'text',
  agent: 'switch',
  host_key_check: 'text',
  host_key: 'text',
  known_hosts: 'text',
  config: 'text',
  connect_timeout: 'seconds',
} satisfies Partial<Record<keyof SshOptions, Kind>>;

/** Throws a TypeError that says what is wrong, without repeating what may be a password. */
export function parseSshUrl(text: string): SshUrl {
  const [, authority = '', rest = '', query = ''] = /^ssh:\/\/([^/?]*)(\/[^?]*)?(?:\?(.*))?$/s.exec(text) ?? [];
  const [, login, host = '', port] = /^(?:(.*)@)?(\[[^\]]*\]|[^:@]*)(?::(\d+))?$/.exec(authority) ?? [];
  if (login?.includes(':'))
    throw new TypeError(`ssh://…@${host}${rest}: a URL has no password; give it by the option 'password'`);
  const user = login === undefined ? undefined : decoded(login);
  const at = `${login === undefined ? '' : `${login}@`}${host}${port === undefined ? '' : `:${port}`}`;
  const wrong = (what: string) => new TypeError(`ssh://${at}${rest}: ${what}; a file is ssh://[user@]host[:port]/path`);
  const plain = decoded(host.replace(/^\[(.*)\]$/, '$1'));
  if (plain === '' || user === '') throw wrong('a host is needed, and a user has a name');
  // ssh_config may put these into a command line (ProxyCommand).
  if (!/^[\w.:%][\w.:%-]*$/.test(plain)) throw wrong('this is no name of a host');
  if (user !== undefined && !isUser(user)) throw wrong('this is no name of a user');
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) throw wrong(`there is no port ${port}`);
  const path = decoded(rest).replace(/^\/~\/+/, '');
  if (path === '' || path.endsWith('/') || path.includes('\0')) throw wrong('the path of a file is needed');
  return {
    user,
    host: plain,
    port: port === undefined ? undefined : Number(port),
    path,
    name: `ssh://${at}${rest}`,
    options: optionsIn(query, wrong),
  };

  function decoded(part: string): string {
    try {
      return decodeURIComponent(part);
    } catch {
      throw new TypeError(`${part}: '%' stands before two hexadecimal digits; one by itself is %25`);
    }
  }
}

/** Nothing that a shell would take for more than a name. */
export function isUser(name: string): boolean {
  return !/^-|['"`$;&<>|(){}\s]|\\$|\p{Cc}/u.test(name);
}

function optionsIn(query: string, wrong: (what: string) => TypeError): Partial<SshOptions> {
  const options: Record<string, string | boolean | number> = {};
  // A plus is a plus: it stands in fingerprints.
  for (const [key, value] of new URLSearchParams(query.replaceAll('+', '%2B'))) {
    const kind = Object.hasOwn(OPTIONS, key) ? OPTIONS[key] : undefined;
    if (key === 'config' && value !== 'none')
      throw wrong(
        "config=none is all that a URL may say of it: an ssh_config can name programs to run, and is given by the option 'config'",
      );
    if (kind === 'text') options[key] = value;
    else if (kind === 'switch' && /^(on|off|yes|no|true|false)$/.test(value))
      options[key] = /^(on|yes|true)$/.test(value);
    else if (kind === 'seconds' && value !== '' && Number(value) >= 0) options[key] = Number(value);
    else if (kind) throw wrong(`the option '${key}' takes ${kind === 'switch' ? 'on or off' : 'a number of seconds'}`);
    else
      throw wrong(
        `there is no option '${key}' that a URL may have: ${Object.keys(OPTIONS).join(', ')}; a '?' of the path is %3F`,
      );
  }
  return options;
}
