// One line on standard error that says what a long run is at. Only on a terminal, only after a second, and gone at the end.

/** How long a run may last, in milliseconds, before it says what it does. */
const PATIENCE = 1000;

export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #start = performance.now();
  #shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Work on something begins. It is synchronous for the most part: no timer would fire, so that each step looks at the clock. */
  step(what: string): void {
    if (this.#stream.isTTY !== true || performance.now() - this.#start < PATIENCE) return;
    // A line that wraps could not be taken back.
    const room = Math.max(20, this.#stream.columns || 80) - 1;
    this.#stream.write(`\r\x1b[2K${what.length > room ? `${what.slice(0, room - 1)}…` : what}`);
    this.#shown = true;
  }

  /** Before anything else is printed. */
  clear(): void {
    if (this.#shown) this.#stream.write('\r\x1b[2K');
    this.#shown = false;
  }
}

export const progress: Progress = new Progress(process.stderr);
