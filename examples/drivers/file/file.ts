// A path in, its file as a block device out, on node:fs alone: the counterpart that the others are copied from and to.

import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { type BlockDriver, type BlockInfo, checkRange, type OpenOptions, refusal } from '../block.ts';
import { checkUnused, use } from '../shared/in-use.ts';

/** What zeroes are written from, in bytes. */
const ZEROES = 1 << 20;

/** Opens a file. With `create` it is made anew, sparse. Rejects with the errors of node:fs, EISDIR for a folder, EINVAL for what else is
 *  no ordinary file and so has no size, and EBUSY where a file that this process has open would be made anew. */
export async function openFile(path: string, options: OpenOptions = {}): Promise<BlockDriver> {
  if (options.create !== undefined) await checkFileUnused(path);
  const { O_RDONLY, O_RDWR, O_CREAT, O_NONBLOCK } = constants;
  const making = options.create === undefined ? 0 : O_CREAT;
  // A named pipe would keep an ordinary open waiting for a writer.
  const handle = await open(path, (options.readOnly ? O_RDONLY : O_RDWR | making) | O_NONBLOCK);
  try {
    const status = await handle.stat({ bigint: true });
    if (status.isDirectory()) throw refusal('EISDIR', `${path} is a folder`);
    if (!status.isFile()) throw refusal('EINVAL', `${path} is not an ordinary file`);
    const identity = identityOf(status);
    if (options.create === undefined)
      return new FileDriver(handle, path, identity, Number(status.size), false, options.readOnly === true);
    checkUnused(path, identity); // A link may have been changed: it is not truncated before this.
    await handle.truncate(0);
    await handle.truncate(options.create);
    return new FileDriver(handle, path, identity, options.create, true, false);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Rejects with EBUSY where a driver has a file open that is about to be emptied; what does not exist is not in use. */
export async function checkFileUnused(path: string): Promise<void> {
  const status = await stat(path, { bigint: true }).catch(() => undefined);
  if (status) checkUnused(path, identityOf(status));
}

function identityOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `file:${dev}:${ino}`;
}

class FileDriver implements BlockDriver {
  readonly name: string;
  readonly alignment = 1;
  readonly blank: boolean;
  readonly #handle: FileHandle;
  readonly #release: () => void;
  readonly #readOnly: boolean;
  #size: number;
  #closing: Promise<void> | undefined;

  constructor(handle: FileHandle, name: string, identity: string, size: number, blank: boolean, readOnly: boolean) {
    this.#handle = handle;
    this.#release = use(identity);
    this.#size = size;
    this.#readOnly = readOnly;
    this.name = name;
    this.blank = blank;
  }

  get size(): number {
    return this.#size;
  }

  async read<B extends Uint8Array>(offset: number, target: B | number): Promise<B> {
    const buffer = typeof target === 'number' ? (Buffer.allocUnsafe(target) as Uint8Array as B) : target;
    this.#checkOpen();
    checkRange(this, offset, buffer.length);
    for (let done = 0; done < buffer.length; ) {
      const { bytesRead } = await this.#handle.read(buffer, done, buffer.length - done, offset + done);
      if (bytesRead === 0) throw refusal('EIO', `${this.name} has become shorter than ${this.#size} bytes`);
      done += bytesRead;
    }
    return buffer;
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    this.#checkOpen();
    checkRange(this, offset, data.length);
    for (let done = 0; done < data.length; ) {
      const { bytesWritten } = await this.#named(this.#handle.write(data, done, data.length - done, offset + done));
      done += bytesWritten;
    }
  }

  async flush(): Promise<void> {
    this.#checkOpen();
    await this.#handle.sync();
  }

  /** Node has no fallocate(2): a file keeps its blocks. */
  async discard(offset: number, length: number): Promise<void> {
    this.#checkOpen();
    checkRange(this, offset, length);
  }

  async writeZeroes(offset: number, length: number): Promise<void> {
    this.#checkOpen();
    checkRange(this, offset, length);
    const zeroes = new Uint8Array(Math.min(length, ZEROES));
    for (let done = 0; done < length; done += ZEROES)
      await this.write(offset + done, zeroes.subarray(0, Math.min(ZEROES, length - done)));
  }

  readonly resize = async (size: number): Promise<void> => {
    await this.#handle.truncate(size);
    this.#size = size;
  };

  async info(): Promise<BlockInfo> {
    const { blocks } = await this.#handle.stat();
    return {
      driver: 'file',
      name: this.name,
      size: this.#size,
      alignment: this.alignment,
      ...(this.#readOnly ? {} : { readOnly: false }),
      features: ['resize'],
      details: { allocated: blocks * 512 },
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#handle.close().finally(this.#release);
    return this.#closing;
  }

  /** What Node says of a descriptor, such as a full disk, has no name in it. */
  async #named<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      (error as Error).message = `${this.name}: ${(error as Error).message}`;
      throw error;
    }
  }

  #checkOpen(): void {
    if (this.#closing) throw refusal('ESHUTDOWN', `${this.name} is closed`);
  }
}
