// An SFTP channel in, the operations on its files out, as promises. Follows draft-ietf-secsh-filexfer-02, and OpenSSH's PROTOCOL for the extensions
// fsync@openssh.com and limits@openssh.com.

import {
  SSH_FILEXFER_ATTR_PERMISSIONS,
  SSH_FILEXFER_ATTR_SIZE,
  SSH_FILEXFER_ATTR_UIDGID,
  SSH_FX_EOF,
  SSH_FXP_ATTRS,
  SSH_FXP_CLOSE,
  SSH_FXP_DATA,
  SSH_FXP_EXTENDED,
  SSH_FXP_EXTENDED_REPLY,
  SSH_FXP_FSETSTAT,
  SSH_FXP_FSTAT,
  SSH_FXP_HANDLE,
  SSH_FXP_INIT,
  SSH_FXP_NAME,
  SSH_FXP_OPEN,
  SSH_FXP_READ,
  SSH_FXP_REALPATH,
  SSH_FXP_STAT,
  SSH_FXP_STATUS,
  SSH_FXP_VERSION,
  SSH_FXP_WRITE,
} from '@dlshim/shims/libssh';
import type { SftpChannel } from './channel.ts';
import type { SshError } from './errors.ts';
import { Fields, type Reader } from './packets.ts';

export interface Attributes {
  /** In bytes; undefined where the server does not say. */
  readonly size: number | undefined;
  /** st_mode of stat(2). */
  readonly mode: number | undefined;
}

/** What every server takes and gives at a time, in bytes (section 3: packets of 34,000 bytes). */
const SURE = 32 << 10;
/** More is not faster. */
const ENOUGH = 256 << 10;

export class Sftp {
  readonly #channel: SftpChannel;
  /** What the server has besides, by name. */
  readonly extensions: ReadonlyMap<string, string>;
  /** What one request reads or writes at most, in bytes. */
  readonly longestRead: number;
  readonly longestWrite: number;

  private constructor(channel: SftpChannel, extensions: ReadonlyMap<string, string>, limits: readonly number[]) {
    this.#channel = channel;
    this.extensions = extensions;
    const [longestRead, longestWrite] = limits;
    this.longestRead = Math.min(longestRead || SURE, ENOUGH);
    this.longestWrite = Math.min(longestWrite || SURE, ENOUGH);
  }

  /** The first thing to be said on a channel. */
  static async start(channel: SftpChannel): Promise<Sftp> {
    const extensions = await channel.request(['SSH_FXP_INIT', SSH_FXP_INIT], new Fields(), (type, fields) => {
      expect(type, SSH_FXP_VERSION);
      const found = new Map<string, string>();
      while (fields.left > 0) found.set(fields.text(), fields.text());
      return found;
    });
    if (extensions.get('limits@openssh.com') !== '1') return new Sftp(channel, extensions, []);
    const asking = new Fields().string('limits@openssh.com');
    const limits = await channel.request(['limits@openssh.com', SSH_FXP_EXTENDED], asking, (type, fields) => {
      expect(type, SSH_FXP_EXTENDED_REPLY);
      fields.u64(); // Of a packet: reading and writing have their own.
      return [fields.u64(), fields.u64()];
    });
    return new Sftp(channel, extensions, limits);
  }

  /** The path of a file without links; its last part need not be there. */
  realpath(path: string): Promise<string> {
    return this.#channel.request(['SSH_FXP_REALPATH', SSH_FXP_REALPATH], new Fields().string(path), (type, fields) => {
      expect(type, SSH_FXP_NAME);
      fields.u32();
      return fields.text();
    });
  }

  stat(path: string): Promise<Attributes> {
    return this.#channel.request(['SSH_FXP_STAT', SSH_FXP_STAT], new Fields().string(path), attributesIn);
  }

  /** `flags`: SSH_FXF_…. */
  open(path: string, flags: number): Promise<SftpFile> {
    const asking = new Fields().string(path).u32(flags).u32(0);
    return this.#channel.request(['SSH_FXP_OPEN', SSH_FXP_OPEN], asking, (type, fields) => {
      expect(type, SSH_FXP_HANDLE);
      return new SftpFile(this.#channel, Buffer.from(fields.string()));
    });
  }
}

/** A file that is open. */
export class SftpFile {
  readonly #channel: SftpChannel;
  readonly #handle: Buffer;

  constructor(channel: SftpChannel, handle: Buffer) {
    this.#channel = channel;
    this.#handle = handle;
  }

  /** How many bytes have come: fewer than asked for at the end of the file, and wherever the server likes; 0 is the end. */
  async read(offset: number, target: Uint8Array): Promise<number> {
    const asking = this.#fields().u64(offset).u32(target.length);
    try {
      return await this.#channel.request(['SSH_FXP_READ', SSH_FXP_READ], asking, (type, fields) => {
        expect(type, SSH_FXP_DATA);
        const data = fields.string();
        target.set(data); // A RangeError where it is too long.
        return data.length;
      });
    } catch (error) {
      if ((error as SshError).status === SSH_FX_EOF) return 0;
      throw error;
    }
  }

  write(offset: number, data: Uint8Array): Promise<void> {
    const asking = this.#fields().u64(offset).u32(data.length);
    return this.#channel.request(['SSH_FXP_WRITE', SSH_FXP_WRITE], asking, nothing, data);
  }

  stat(): Promise<Attributes> {
    return this.#channel.request(['SSH_FXP_FSTAT', SSH_FXP_FSTAT], this.#fields(), attributesIn);
  }

  truncate(size: number): Promise<void> {
    const asking = this.#fields().u32(SSH_FILEXFER_ATTR_SIZE).u64(size);
    return this.#channel.request(['SSH_FXP_FSETSTAT', SSH_FXP_FSETSTAT], asking, nothing);
  }

  /** Where the server has fsync@openssh.com. */
  sync(): Promise<void> {
    const asking = new Fields().string('fsync@openssh.com').string(this.#handle);
    return this.#channel.request(['fsync@openssh.com', SSH_FXP_EXTENDED], asking, nothing);
  }

  close(): Promise<void> {
    return this.#channel.request(['SSH_FXP_CLOSE', SSH_FXP_CLOSE], this.#fields(), nothing);
  }

  #fields(): Fields {
    return new Fields().string(this.#handle);
  }
}

function nothing(type: number): void {
  expect(type, SSH_FXP_STATUS);
}

function expect(type: number, wanted: number): void {
  if (type !== wanted) throw new RangeError(`answer ${type}, and not ${wanted}`);
}

function attributesIn(type: number, fields: Reader): Attributes {
  expect(type, SSH_FXP_ATTRS);
  const flags = fields.u32();
  const size = (flags & SSH_FILEXFER_ATTR_SIZE) === 0 ? undefined : fields.u64();
  if ((flags & SSH_FILEXFER_ATTR_UIDGID) !== 0) fields.u64();
  const mode = (flags & SSH_FILEXFER_ATTR_PERMISSIONS) === 0 ? undefined : fields.u32();
  return { size, mode };
}
