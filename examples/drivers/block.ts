// What every block driver here can do, whatever library is behind it, and what it gets of the program. Types, and what they have in common.

import type { Host } from '@dlshim/runtime/drivers';

/** The program that the drivers here work for: any that works with block devices. */
export interface BlockHost extends Host {
  /** What of this interface it knows: a driver that needs more refuses it. */
  readonly interface: number;
}

/** Of this file. */
export const INTERFACE = 1;

/** A block device that is open. Offsets and lengths are bytes. All I/O is asynchronous, no method blocks the event loop, and any number
 *  of operations may be under way; those that overlap have no order. Failed operations reject with an Error that has `code`
 *  ('ETIMEDOUT', 'EIO', …) and, where a C function said no, `syscall`. A buffer that is being read into or written from
 *  belongs to the driver until the promise settles. */
export interface BlockDriver {
  /** What it was opened by, without secrets. */
  readonly name: string;
  /** In bytes, as of opening, `resize` or `rollback`. */
  readonly size: number;
  /** What offsets and lengths are multiples of: 1, or a disk's block length. */
  readonly alignment: number;
  /** It was made just now, and reads as zeroes all over. */
  readonly blank: boolean;
  /** Reads into a buffer, all of it, or so many bytes into one of its own. Resolves to the buffer. */
  read<B extends Uint8Array>(offset: number, target: B): Promise<B>;
  read(offset: number, length: number): Promise<Uint8Array>;
  write(offset: number, data: Uint8Array): Promise<void>;
  /** Resolves when what has been written is on stable storage. */
  flush(): Promise<void>;
  /** Gives back storage, as far as the device can; what reads find there then is the device's to say. */
  discard(offset: number, length: number): Promise<void>;
  /** The range reads as zeroes, without zeroes being sent where the device can do without. */
  writeZeroes(offset: number, length: number): Promise<void>;
  /** Where the device can. Shrinking it loses what is beyond. */
  readonly resize?: (size: number) => Promise<void>;
  /** Where the device has any. */
  readonly snapshots?: Snapshots;
  info(): Promise<BlockInfo>;
  /** Waits for what is under way, and releases everything. Later calls are refused with ESHUTDOWN, and closing again does nothing. */
  close(): Promise<void>;
}

/** States of a device to go back to. */
export interface Snapshots {
  create(name: string): Promise<void>;
  list(): Promise<Snapshot[]>;
  /** Refused with EBUSY while it is protected. */
  remove(name: string): Promise<void>;
  /** Gives the device the content and size that it had. */
  rollback(name: string): Promise<void>;
  /** Keeps it from being removed, which clones of it ask for. */
  protect(name: string): Promise<void>;
  unprotect(name: string): Promise<void>;
}

export interface Snapshot {
  readonly name: string;
  /** Of the device when it was made. */
  readonly size: number;
  readonly protected: boolean;
}

/** What `info` tells: plain data that JSON can say. */
export interface BlockInfo {
  /** The name of the driver, or `file`. */
  readonly driver: string;
  readonly name: string;
  readonly size: number;
  readonly alignment: number;
  /** Whether nobody can write to it through this name, where that is known: what is open for reading alone may be writable. */
  readonly readOnly?: boolean;
  /** Operations that the device, under this name, and the installed library offer. */
  readonly features: readonly string[];
  readonly snapshots?: readonly Snapshot[];
  /** What only this kind of device has to say. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface OpenOptions {
  /** Open for reading alone. */
  readonly readOnly?: boolean;
  /** Make it, so many bytes long: a file is made anew, an image where there is none; what is there already must not be smaller.
   *  Refused with EBUSY, before anything is opened for writing, where this process has it open, by whatever name. */
  readonly create?: number;
  /** How long to wait for an answer, connecting included, in seconds (30). 0: as long as the library does by itself. */
  readonly timeout?: number;
}

/** An Error with a code such as Node's own have: for what is refused before the library is asked. */
export function refusal(code: string, message: string): Error & { code: string } {
  return Object.assign(new Error(message), { code });
}

/** The default of OpenOptions.timeout, in seconds. */
export const TIMEOUT = 30;

/** Throws a RangeError for a range that is not within the device, or not aligned. */
export function checkRange({ size, alignment }: BlockDriver, offset: number, length: number): void {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0)
    throw new RangeError(`not a range of bytes: ${length} at ${offset}`);
  if (offset + length > size) throw new RangeError(`${length} bytes at ${offset} are beyond the end, ${size}`);
  if (offset % alignment !== 0 || length % alignment !== 0)
    throw new RangeError(`${length} bytes at ${offset} are not whole blocks of ${alignment} bytes`);
}
