// `gluster[+tcp|+unix]://[host[:port]]/volume/path[?socket=…&logfile=…&debug=…]` in, its parts out. The form is QEMU's.

import { refusal } from '../block.ts';
import { shownAddress } from '../shared/shown.ts';

export interface GlusterUrl {
  readonly transport: 'tcp' | 'unix';
  /** A name or an address, or a socket's path. */
  readonly host: string;
  /** 0 for Gluster's own, 24007, and for a socket. */
  readonly port: number;
  readonly volume: string;
  /** From the volume's root, with a slash before it. */
  readonly path: string;
  readonly logfile: string | undefined;
  readonly debug: number | undefined;
}

/** Throws a TypeError that says what is wrong; ENOTSUP for RDMA, which Gluster has given up. */
export function parseGlusterUrl(url: string): GlusterUrl {
  const wrong = (what: string) =>
    new TypeError(
      `${shownAddress(url)}: ${what}; a file is gluster://HOST[:PORT]/VOLUME/PATH, or gluster+unix:///VOLUME/PATH?socket=FILE`,
    );
  const [, kind = 'tcp', authority = '', place = '', query = ''] =
    /^gluster(?:\+(\w+))?:\/\/([^/?#]*)\/([^?#]*)(?:\?([^#]*))?$/.exec(url) ?? [];
  if (kind === 'rdma') throw refusal('ENOTSUP', `${shownAddress(url)}: Gluster has no RDMA any more; use gluster+tcp`);
  if (kind !== 'tcp' && kind !== 'unix') throw wrong(`there is no transport '${kind}'`);
  const [volume = '', ...path] = place.split('/').map((part) => plain(part, wrong));
  if (volume === '' || path.join('') === '') throw wrong('a volume and a path in it are needed');
  const settings = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(query)) {
    if (!['socket', 'logfile', 'debug'].includes(key)) throw wrong(`there is no parameter '${key}'`);
    settings.set(key, value);
  }
  const debug = settings.get('debug');
  if (debug !== undefined && !/^\d$/.test(debug)) throw wrong(`'${debug}' is no level from 0 to 9`);
  const common = {
    volume,
    path: `/${path.join('/')}`,
    logfile: settings.get('logfile'),
    debug: debug === undefined ? undefined : Number(debug),
  };
  const socket = settings.get('socket');
  if (kind === 'unix') {
    if (authority !== '' || !socket) throw wrong('a socket has its path in the parameter, and no host');
    return { transport: 'unix', host: socket, port: 0, ...common };
  }
  if (socket !== undefined) throw wrong('a socket is for gluster+unix');
  if (authority.includes('@')) throw wrong('Gluster knows no users');
  const [, bracketed, name, port = '0'] = /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(\d+))?$/.exec(authority) ?? [];
  const host = bracketed ?? name;
  if (host === undefined || Number(port) > 65535) throw wrong(`'${authority}' is no host and port`);
  return { transport: 'tcp', host: host || 'localhost', port: Number(port), ...common };
}

function plain(part: string, wrong: (what: string) => Error): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw wrong(`'${part}' is not encoded as URLs are`);
  }
}
