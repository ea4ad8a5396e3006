// An `http:` or `https:` URL in, the file behind it as a block device to read out, on libcurl's multi interface and the event loop.
// Proxies are those of the environment, as libcurl reads it: http_proxy, https_proxy (or HTTPS_PROXY), all_proxy, no_proxy.

import { defineDriver, type OptionValues } from '@dlshim/runtime/drivers';
import { libcurl } from '@dlshim/shims/libcurl';
import {
  type BlockDriver,
  type BlockHost,
  type BlockInfo,
  checkRange,
  type OpenOptions,
  refusal,
  TIMEOUT,
} from '../block.ts';
import { ReadAhead } from './readahead.ts';
import { RemoteFile } from './remote.ts';
import { nameOf, parseHttpUrl } from './url.ts';

type Libcurl = ReturnType<typeof libcurl.open>;

const OPTIONS = {
  username: { type: 'string', description: 'who asks, instead of the one in the URL' },
  password: { type: 'string', description: 'the password of the one who asks', secret: true },
  cookie: { type: 'string', description: 'what a browser would send: NAME=VALUE; NAME=VALUE', secret: true },
  sslverify: { type: 'boolean', description: 'https: the certificate has to be right', default: true },
  cafile: {
    type: 'string',
    description: 'https: a file of certificates to trust, in PEM, instead of those of the system',
  },
  readahead: {
    type: 'size',
    description: 'what is fetched at once for reads one after the other; 0: what is asked for',
    default: 262_144,
    minimum: 0,
    maximum: 67_108_864,
  },
  connections: {
    type: 'integer',
    description: 'how many requests are under way at a time',
    default: 8,
    minimum: 1,
    maximum: 64,
  },
  'connect-timeout': {
    type: 'number',
    description: 'how long to wait for a connection, in seconds; 0: as for an answer',
    default: 10,
    minimum: 0,
  },
} as const;

export default defineDriver(
  {
    name: 'http',
    description: 'files on web servers that serve ranges, to read: http[s]://[USER[:PASSWORD]@]HOST[:PORT]/PATH',
    protocols: ['http', 'https'],
    shims: { libcurl: { uses: ['header_api'] } },
    host: '1.0.0',
    options: OPTIONS,
  },
  {
    shims: { libcurl },
    load: (host: BlockHost, { libcurl: curl }) => ({
      open: (address: string, request: OpenOptions, options) => openHttp(curl, host, address, request, options),
    }),
  },
);

/** Opens a file. Rejects with a TypeError for what is no such URL, EROFS unless it is opened for reading alone, ENOENT (404), EACCES (401, 403), EIO (other answers),
 *  ENOTSUP where the server does not serve ranges, ENOTFOUND, ECONNREFUSED, ETIMEDOUT, and EPROTO with libcurl's words where TLS fails. */
async function openHttp(
  curl: Libcurl,
  host: BlockHost,
  address: string,
  request: OpenOptions,
  options: OptionValues<typeof OPTIONS>,
): Promise<BlockDriver> {
  const { url, ...user } = parseHttpUrl(address);
  const { readahead, 'connect-timeout': connectTimeout, username = user.username, password = user.password } = options;
  if (!request.readOnly)
    throw refusal('EROFS', `${nameOf(url)} can only be read: files on web servers are not written`);
  const agent = `${host.name}/${host.version}`;
  const timeout = request.timeout ?? TIMEOUT;
  const file = await RemoteFile.open(curl, url, { ...options, username, password, timeout, connectTimeout, agent });
  return new HttpDriver(curl, file, readahead);
}

class HttpDriver implements BlockDriver {
  readonly name: string;
  readonly size: number;
  readonly alignment = 1;
  readonly blank = false;
  readonly #curl: Libcurl;
  readonly #file: RemoteFile;
  readonly #ahead: ReadAhead;
  readonly #under = new Set<Promise<void>>();
  #closing: Promise<void> | undefined;

  constructor(curl: Libcurl, file: RemoteFile, readahead: number) {
    this.#curl = curl;
    this.#file = file;
    this.name = file.name;
    this.size = file.size;
    this.#ahead = new ReadAhead(this.size, readahead, (offset, buffer) => file.read(offset, buffer));
  }

  async read<B extends Uint8Array>(offset: number, target: B | number): Promise<B> {
    const buffer = typeof target === 'number' ? (Buffer.allocUnsafe(target) as Uint8Array as B) : target;
    checkRange(this, offset, buffer.length);
    this.#checkOpen();
    const reading = this.#ahead.read(offset, buffer);
    this.#under.add(reading);
    try {
      await reading;
    } catch (error) {
      // What was kept is of a version that is no more.
      if ((error as { code?: string }).code === 'ESTALE') this.#ahead.clear();
      throw error;
    } finally {
      this.#under.delete(reading);
    }
    return buffer;
  }

  async write(): Promise<void> {
    throw this.#readOnly();
  }

  async discard(): Promise<void> {
    throw this.#readOnly();
  }

  async writeZeroes(): Promise<void> {
    throw this.#readOnly();
  }

  async flush(): Promise<void> {
    this.#checkOpen();
  }

  async info(): Promise<BlockInfo> {
    const [library = '', tls = ''] = (this.#curl.fn.curl_version() ?? '').split(' ');
    const { validator, location } = this.#file;
    return {
      driver: 'http',
      name: this.name,
      size: this.size,
      alignment: this.alignment,
      readOnly: true,
      features: [],
      details: { library: library.replace('/', ' '), tls, validator, ...(location === this.name ? {} : { location }) },
    };
  }

  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#under).then(() => this.#file.close());
    return this.#closing;
  }

  #checkOpen(): void {
    if (this.#closing) throw refusal('ESHUTDOWN', `${this.name} is closed`);
  }

  #readOnly(): Error {
    return this.#closing
      ? refusal('ESHUTDOWN', `${this.name} is closed`)
      : refusal('EROFS', `${this.name} can only be read`);
  }
}
