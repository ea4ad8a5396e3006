// Reads of any length in, fewer and longer ones out. A read that begins where another has ended is taken for the next of a series: more
// is fetched for it than it asks for, and kept for those that follow. What is read here and there is fetched as it is asked for.

/** Fills a buffer from an offset on. */
export type Fetch = (offset: number, buffer: Uint8Array) => Promise<void>;

/** Part of the file: here, or on its way. */
interface Window {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  readonly fetched: Promise<void>;
}

/** How many windows are kept, for so many series side by side. */
const WINDOWS = 4;
/** How many ends of reads are known. */
const ENDS = 16;

export class ReadAhead {
  readonly #size: number;
  readonly #length: number;
  readonly #fetch: Fetch;
  /** The one used last is the last. */
  #windows: Window[] = [];
  #ends: number[] = [];

  /** `size` is the file's, `length` that of a window: 0 for none. */
  constructor(size: number, length: number, fetch: Fetch) {
    this.#size = size;
    this.#length = length;
    this.#fetch = fetch;
  }

  /** Drops what is kept. */
  clear(): void {
    this.#windows = [];
  }

  async read(offset: number, buffer: Uint8Array): Promise<void> {
    const end = offset + buffer.length;
    const isNext = offset === 0 || this.#ends.includes(offset);
    this.#ends = [...this.#ends.filter((each) => each !== offset && each !== end), end].slice(-ENDS);
    for (let at = offset; at < end; ) {
      const rest = buffer.subarray(at - offset);
      const window = this.#find(at) ?? (isNext && rest.length < this.#length ? this.#open(at) : undefined);
      if (!window) return this.#fetch(at, rest);
      await window.fetched;
      const part = window.bytes.subarray(at - window.start, end - window.start);
      rest.set(part);
      at += part.length;
    }
  }

  #find(at: number): Window | undefined {
    const found = this.#windows.find(({ start, end }) => at >= start && at < end);
    if (found) this.#windows = [...this.#windows.filter((each) => each !== found), found];
    return found;
  }

  #open(start: number): Window {
    const bytes = new Uint8Array(Math.min(this.#length, this.#size - start));
    const fetched = this.#fetch(start, bytes);
    const window = { start, end: start + bytes.length, bytes, fetched };
    this.#windows = [...this.#windows, window].slice(-WINDOWS);
    // Who waits for it hears of it; who comes later fetches anew.
    fetched.catch(() => {
      this.#windows = this.#windows.filter((each) => each !== window);
    });
    return window;
  }
}
