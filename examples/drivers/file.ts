// A path in, its file as a block device out, on node:fs alone: the counterpart that the others are copied from and to.

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type BlockDriver, type BlockInfo, checkRange, type OpenOptions, refusal } from './driver.ts';

/** What zeroes are written from, in bytes. */
const ZEROES = 1 << 20;

/** Opens a file. With `create` it is made anew, sparse. Rejects with the errors of node:fs, and EISDIR for a folder. */
export async function openFile(path: string, options: OpenOptions = {}): Promise<BlockDriver> {
  const { O_RDONLY, O_RDWR, O_CREAT, O_TRUNC } = constants;
  const making = options.create === undefined ? 0 : O_CREAT | O_TRUNC;
  const handle = await open(path, options.readOnly ? O_RDONLY : O_RDWR | making);
  try {
    const stat = await handle.stat();
    if (stat.isDirectory()) throw refusal('EISDIR', `${path} is a folder`);
    if (options.create === undefined) return new FileDriver(handle, path, stat.size, false, options.readOnly === true);
    await handle.truncate(options.create);
    return new FileDriver(handle, path, options.create, true, false);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class FileDriver implements BlockDriver {
  readonly name: string;
  readonly alignment = 1;
  readonly blank: boolean;
  readonly #handle: FileHandle;
  readonly #readOnly: boolean;
  #size: number;
  #closing: Promise<void> | undefined;

  constructor(handle: FileHandle, name: string, size: number, blank: boolean, readOnly: boolean) {
    this.#handle = handle;
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
    checkRange(this, offset, buffer.length);
    for (let done = 0; done < buffer.length; ) {
      const { bytesRead } = await this.#handle.read(buffer, done, buffer.length - done, offset + done);
      if (bytesRead === 0) throw refusal('EIO', `${this.name} has become shorter than ${this.#size} bytes`);
      done += bytesRead;
    }
    return buffer;
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    checkRange(this, offset, data.length);
    for (let done = 0; done < data.length; ) {
      const { bytesWritten } = await this.#handle.write(data, done, data.length - done, offset + done);
      done += bytesWritten;
    }
  }

  flush(): Promise<void> {
    return this.#handle.sync();
  }

  /** Node has no fallocate(2): a file keeps its blocks. */
  async discard(offset: number, length: number): Promise<void> {
    checkRange(this, offset, length);
  }

  async writeZeroes(offset: number, length: number): Promise<void> {
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
      format: 'file',
      name: this.name,
      size: this.#size,
      alignment: this.alignment,
      readOnly: this.#readOnly,
      features: ['resize'],
      details: { allocated: blocks * 512 },
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#handle.close();
    return this.#closing;
  }
}
