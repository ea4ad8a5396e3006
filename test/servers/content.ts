// Bytes for the tests: the same at each run, and different at each place of a file, so that a read at the wrong offset shows.

/** `length` bytes of a xorshift generator (Marsaglia, 2003). */
export function bytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}

/** The text in a buffer that C wrote, up to its NUL. */
export function text(buffer: Uint8Array): string {
  return new TextDecoder().decode(buffer.subarray(0, buffer.indexOf(0)));
}

/** Whether these are the same bytes; a comparison by `toEqual` would print megabytes. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
