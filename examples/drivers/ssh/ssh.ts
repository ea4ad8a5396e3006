// An `ssh:` URL in, its file as a block device out, on libssh and the event loop. Follows draft-ietf-secsh-filexfer-02. A file behind SFTP
// has no holes to ask for: zeroes are written, and nothing is given back.

import { defineDriver } from '@dlshim/runtime/drivers';
import { libssh, SSH_FXF_CREAT, SSH_FXF_READ, SSH_FXF_WRITE } from '@dlshim/shims/libssh';
import {
  type BlockDriver,
  type BlockHost,
  type BlockInfo,
  checkRange,
  type OpenOptions,
  refusal,
  TIMEOUT,
} from '../block.ts';
import { checkUnused, use } from '../shared/in-use.ts';
import type { SftpChannel } from './channel.ts';
import { connect } from './connect.ts';
import { type Libssh, type SshError, sshError } from './errors.ts';
import type { HostKey } from './host-key.ts';
import { type SshOptions, together } from './options.ts';
import { type Attributes, Sftp, type SftpFile } from './sftp.ts';
import { parseSshUrl } from './url.ts';

export default defineDriver(
  {
    name: 'ssh',
    description:
      'files on SSH servers, by SFTP: ssh://[USER@]HOST[:PORT]/PATH[?OPTION=VALUE&…]; /~/ is the home folder',
    protocols: ['ssh'],
    shims: { libssh: {} },
    host: '1.0.0',
    options: {
      user: { type: 'string', description: 'whom to log in as, where the URL does not say' },
      identity: { type: 'string', description: 'the file of a private key: the only one that is tried' },
      passphrase: { type: 'string', secret: true, description: 'of the private key' },
      password: { type: 'string', secret: true, description: 'of the user, where no key was taken' },
      agent: { type: 'boolean', default: true, description: 'ask the agent (SSH_AUTH_SOCK) for keys' },
      host_key_check: {
        type: 'string',
        choices: ['known_hosts', 'fingerprint', 'none'],
        description: "how the server's key is checked: known_hosts, unless host_key is given; none is for tests",
      },
      host_key: {
        type: 'string',
        description: "the fingerprint of the server's key: SHA256:…, in base64 or hexadecimal digits",
      },
      known_hosts: { type: 'string', description: 'the file of the known hosts, instead of ~/.ssh/known_hosts' },
      config: {
        type: 'string',
        description: "an ssh_config to read, instead of ~/.ssh/config and the machine's; none: do not read any",
      },
      connect_timeout: {
        type: 'number',
        minimum: 0,
        description: 'how long connecting and logging in may take, in seconds; 0 is for ever',
      },
    },
  },
  {
    shims: { libssh },
    load: (_host: BlockHost, { libssh: ssh }) => ({
      open: (address: string, request: OpenOptions, options) => openSsh(ssh, address, request, options),
    }),
  },
);

/** What zeroes are written from, in bytes. */
const ZEROES = 1 << 20;

/** Opens a file. With `create` it is made anew, sparse. Rejects with a TypeError for the URL and for options that do not go together, as `connect` does, with the
 *  server's errors (ENOENT, EACCES), EISDIR for a folder, EINVAL for what else is no file, EBUSY for what is made and in use, and the shim's own. */
async function openSsh(ssh: Libssh, url: string, request: OpenOptions, given: SshOptions): Promise<BlockDriver> {
  const place = parseSshUrl(url);
  const timeout = request.timeout ?? TIMEOUT;
  const { channel, hostKey } = await connect(ssh, place, together(given, place.options), timeout);
  try {
    const sftp = await Sftp.start(channel);
    const version = ssh.fn.ssh_version(0)?.split('/')[0] ?? '';
    return await openOn({ version, channel, sftp, hostKey, name: place.name, path: place.path }, request);
  } catch (error) {
    channel.close();
    throw error;
  }
}

interface Place {
  /** Of libssh: `0.10.6`. */
  readonly version: string;
  readonly channel: SftpChannel;
  readonly sftp: Sftp;
  readonly hostKey: HostKey;
  readonly name: string;
  readonly path: string;
}

async function openOn(place: Place, { create, readOnly = false }: OpenOptions): Promise<BlockDriver> {
  const { sftp, name, path, hostKey } = place;
  const identity = async () => `ssh:${hostKey.fingerprint}:${await sftp.realpath(path)}`;
  const making = create !== undefined && !readOnly;
  if (making) checkUnused(name, await identity());
  // A named pipe would keep the server's open waiting: what it is comes first.
  const found = await sftp.stat(path).catch((error: SshError) => {
    if (making && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found) checkFile(found, name);
  const flags = readOnly ? SSH_FXF_READ : SSH_FXF_READ | SSH_FXF_WRITE | (making ? SSH_FXF_CREAT : 0);
  const file = await sftp.open(path, flags);
  const { size } = checkFile(await file.stat(), name);
  const itself = await identity();
  if (!making) return new SshDriver({ ...place, file, identity: itself, size, blank: false, readOnly });
  checkUnused(name, itself); // A link may have been changed: it is not emptied before this.
  const driver = new SshDriver({ ...place, file, identity: itself, size: create, blank: true, readOnly });
  try {
    await file.truncate(0);
    await file.truncate(create);
    return driver;
  } catch (error) {
    await driver.close();
    throw error;
  }
}

const TYPE = 0o170000;
const FOLDER = 0o040000;
const ORDINARY = 0o100000;

function checkFile({ size, mode }: Attributes, name: string): { size: number } {
  const type = mode === undefined ? ORDINARY : mode & TYPE;
  if (type === FOLDER) throw sshError('EISDIR', `${name} is a folder`, 'SSH_FXP_STAT');
  if (type !== ORDINARY || size === undefined)
    throw sshError('EINVAL', `${name} is not an ordinary file`, 'SSH_FXP_STAT');
  return { size };
}

interface Parts extends Place {
  readonly file: SftpFile;
  readonly identity: string;
  readonly size: number;
  readonly blank: boolean;
  readonly readOnly: boolean;
}

class SshDriver implements BlockDriver {
  readonly name: string;
  readonly alignment = 1;
  readonly blank: boolean;
  readonly #parts: Parts;
  readonly #file: SftpFile;
  readonly #release: () => void;
  readonly #under = new Set<Promise<unknown>>();
  #size: number;
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#file = parts.file;
    this.#size = parts.size;
    this.#release = use(parts.identity);
    this.name = parts.name;
    this.blank = parts.blank;
  }

  get size(): number {
    return this.#size;
  }

  async read<B extends Uint8Array>(offset: number, target: B | number): Promise<B> {
    this.#checkOpen();
    const buffer = typeof target === 'number' ? (Buffer.allocUnsafe(target) as Uint8Array as B) : target;
    checkRange(this, offset, buffer.length);
    await this.#pieces(buffer.length, this.#parts.sftp.longestRead, (from, to) =>
      this.#readPiece(offset + from, buffer.subarray(from, to)),
    );
    return buffer;
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    this.#checkWritable();
    checkRange(this, offset, data.length);
    await this.#pieces(data.length, this.#parts.sftp.longestWrite, (from, to) =>
      this.#file.write(offset + from, data.subarray(from, to)),
    );
  }

  /** A server without fsync@openssh.com has the data, and may not have written it down: there is nothing more to ask of it. */
  async flush(): Promise<void> {
    this.#checkOpen();
    if (this.#hasSync && !this.#parts.readOnly) await this.#track(this.#file.sync());
  }

  /** SFTP cannot make holes: the file keeps its blocks. */
  async discard(offset: number, length: number): Promise<void> {
    this.#checkWritable();
    checkRange(this, offset, length);
  }

  async writeZeroes(offset: number, length: number): Promise<void> {
    this.#checkWritable();
    checkRange(this, offset, length);
    const longest = Math.min(this.#parts.sftp.longestWrite, ZEROES);
    const zeroes = new Uint8Array(Math.min(length, longest));
    await this.#pieces(length, longest, (from, to) => this.#file.write(offset + from, zeroes.subarray(0, to - from)));
  }

  readonly resize = async (size: number): Promise<void> => {
    this.#checkWritable();
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`not a size in bytes: ${size}`);
    await this.#track(this.#file.truncate(size));
    this.#size = size;
  };

  async info(): Promise<BlockInfo> {
    this.#checkOpen();
    const { hostKey, readOnly, sftp, version } = this.#parts;
    return {
      driver: 'ssh',
      name: this.name,
      size: this.#size,
      alignment: this.alignment,
      ...(readOnly ? {} : { readOnly: false }),
      features: this.#hasSync ? ['flush', 'resize'] : ['resize'],
      details: {
        library: `libssh ${version}`,
        hostKeyType: hostKey.type,
        hostKey: hostKey.fingerprint,
        longestRead: sftp.longestRead,
        longestWrite: sftp.longestWrite,
      },
    };
  }

  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#under)
      .then(() => this.#file.close())
      .catch(() => {}) // A server that is gone has closed it.
      .then(() => this.#parts.channel.close())
      .finally(this.#release);
    return this.#closing;
  }

  get #hasSync(): boolean {
    return this.#parts.sftp.extensions.has('fsync@openssh.com');
  }

  #checkOpen(): void {
    if (this.#closing) throw refusal('ESHUTDOWN', `${this.name} is closed`);
  }

  #checkWritable(): void {
    this.#checkOpen();
    if (this.#parts.readOnly) throw refusal('EROFS', `${this.name} is open for reading alone`);
  }

  async #readPiece(offset: number, target: Uint8Array): Promise<void> {
    for (let done = 0; done < target.length; ) {
      const count = await this.#file.read(offset + done, target.subarray(done));
      if (count === 0)
        throw sshError('EIO', `${this.name} has become shorter than ${this.#size} bytes`, 'SSH_FXP_READ');
      done += count;
    }
  }

  /** Runs `step` for the pieces of a range, all at once; rejects with the first error when all of them have ended, so that nobody uses the
   *  caller's memory any more. */
  async #pieces(length: number, longest: number, step: (from: number, to: number) => Promise<void>): Promise<void> {
    const steps: Promise<void>[] = [];
    for (let from = 0; from < length; from += longest) steps.push(step(from, Math.min(length, from + longest)));
    await this.#track(steps.length === 1 ? steps[0]! : allOf(steps));
  }

  /** What `close` waits for. */
  async #track(running: Promise<void>): Promise<void> {
    this.#under.add(running);
    try {
      await running;
    } finally {
      this.#under.delete(running);
    }
  }
}

/** Rejects with the first error when all have ended. */
async function allOf(steps: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(steps)) if (result.status === 'rejected') throw result.reason;
}
