// What the fuzzer's generators make and its oracle judges. Plain data: it travels between processes as JSON.

export interface FuzzInput {
  /** `valid`: gcc must accept it, and then so must we. `broken`: anything goes. `preprocess`: tokens are compared with gcc's. */
  readonly kind: 'valid' | 'broken' | 'preprocess';
  /** The header's bytes, as Latin-1: one character a byte. */
  readonly text: string;
  readonly docs: boolean;
  /** Folders to search before the system's. */
  readonly includeDirs: readonly string[];
}

/** The text as its UTF-8 bytes, one character a byte. */
export function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
