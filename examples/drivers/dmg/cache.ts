// Chunks in, their data out: what was decompressed lately is kept, up to so many bytes, and what several ask for at once is decompressed once.

import type { Chunk } from './chunks.ts';

/** Chunks that are decompressed at once: as many as libuv's pool has threads. */
const AT_ONCE = 4;

export class ChunkCache {
  readonly #load: (chunk: Chunk) => Promise<Uint8Array>;
  readonly #limit: number;
  /** Those that were used last are at the end. */
  readonly #kept = new Map<number, Uint8Array>();
  readonly #loading = new Map<number, Promise<Uint8Array>>();
  readonly #waiting: (() => void)[] = [];
  #free = AT_ONCE;
  #bytes = 0;
  /** How many were decompressed. */
  loads = 0;

  constructor(load: (chunk: Chunk) => Promise<Uint8Array>, limit: number) {
    this.#load = load;
    this.#limit = limit;
  }

  async get(chunk: Chunk): Promise<Uint8Array> {
    const { index } = chunk;
    const kept = this.#kept.get(index);
    if (kept) {
      this.#kept.delete(index);
      this.#kept.set(index, kept);
      return kept;
    }
    const known = this.#loading.get(index);
    if (known) return known;
    const loading = this.#loadOne(chunk).finally(() => this.#loading.delete(index));
    this.#loading.set(index, loading);
    return loading;
  }

  async #loadOne(chunk: Chunk): Promise<Uint8Array> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      this.loads++;
      const data = await this.#load(chunk);
      this.#keep(chunk.index, data);
      return data;
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  #keep(index: number, data: Uint8Array): void {
    if (data.length > this.#limit) return;
    this.#kept.set(index, data);
    this.#bytes += data.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#bytes <= this.#limit) return;
      this.#kept.delete(oldest);
      this.#bytes -= length;
    }
  }
}
