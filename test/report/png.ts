// In: a PNG of 8 bits a channel without interlacing, as browsers write them. Out: its pixels (PNG specification, 9 and 10).

import { inflateSync } from 'node:zlib';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `#rrggbb`. */
  at(x: number, y: number): string;
  /** How many colours there are in a rectangle. */
  colours(x: number, y: number, width: number, height: number): number;
}

const HEAD = 8;

export function decodePng(file: Buffer): Picture {
  const [width, height, channels] = [file.readUInt32BE(16), file.readUInt32BE(20), file[25] === 6 ? 4 : 3];
  if (file[24] !== 8 || file[28] !== 0 || (file[25] !== 6 && file[25] !== 2)) throw new Error('another kind of PNG');
  const parts: Buffer[] = [];
  for (let at = HEAD; at < file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const pixels = unfilter(inflateSync(Buffer.concat(parts)), width * channels, height, channels);
  const at = (x: number, y: number): string => {
    const start = (Math.floor(y) * width + Math.floor(x)) * channels;
    return `#${pixels.toString('hex', start, start + 3)}`;
  };
  return {
    width,
    height,
    at,
    colours(left, top, wide, high) {
      const found = new Set<string>();
      for (let y = top; y < top + high; y++) for (let x = left; x < left + wide; x++) found.add(at(x, y));
      return found.size;
    },
  };
}

function unfilter(data: Buffer, stride: number, height: number, channels: number): Buffer {
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const raw = data[y * (stride + 1) + 1 + x]!;
      const left = x >= channels ? out[y * stride + x - channels]! : 0;
      const up = y > 0 ? out[(y - 1) * stride + x]! : 0;
      const corner = y > 0 && x >= channels ? out[(y - 1) * stride + x - channels]! : 0;
      out[y * stride + x] = raw + predicted(filter, left, up, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
