// Bytes done in, a bar on the terminal out: on standard error, where that is a terminal, ten times a second at most.

const WIDTH = 30;
const PERIOD = 100;

export class Progress {
  readonly #total: number;
  readonly #shown: boolean;
  readonly #start = performance.now();
  #last = Number.NEGATIVE_INFINITY;

  constructor(total: number, wanted: boolean) {
    this.#total = total;
    this.#shown = wanted && process.stderr.isTTY === true;
  }

  update(done: number): void {
    const now = performance.now();
    if (!this.#shown || (now - this.#last < PERIOD && done < this.#total)) return;
    this.#last = now;
    const part = this.#total === 0 ? 1 : done / this.#total;
    const bar = '#'.repeat(Math.floor(part * WIDTH)).padEnd(WIDTH, '.');
    const rate = done / Math.max(0.001, (now - this.#start) / 1000);
    const left = `${Math.floor(part * 100)}%`.padStart(4);
    process.stderr.write(
      `\r\x1b[K[${bar}] ${left}  ${sizeText(done)} of ${sizeText(this.#total)}  ${sizeText(rate)}/s`,
    );
  }

  /** The line is the terminal's again. */
  end(): void {
    if (this.#shown) process.stderr.write('\r\x1b[K');
  }
}

/** `1.5 MiB`. */
export function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  return `${power === 0 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
