// The probes of known drivers and a file in, the formats that it may have out, the surest first. Reads what the probes ask for, once for
// each range, and loads nothing. What is certain ends it.

import type { BytesProbe, DriverDescriptor, Probe } from './descriptor.ts';

/** What is probed: anything that can be read from. */
export interface Source {
  /** In bytes. */
  readonly size: number;
  /** A path or address; its end is a hint. */
  readonly name?: string;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A format that a file may have. */
export interface Candidate {
  readonly driver: string;
  readonly format: string;
  /** 1 to 100; 100 is certain. */
  readonly score: number;
}

export const CERTAIN = 100;

/** What has been found, the best of each driver and format. */
export class Candidates {
  readonly #best = new Map<string, Candidate>();

  /** Returns whether it is certain. */
  add(candidate: Candidate): boolean {
    const key = keyOf(candidate);
    if (candidate.score > this.scoreOf(candidate)) this.#best.set(key, candidate);
    return candidate.score >= CERTAIN;
  }

  scoreOf(candidate: Omit<Candidate, 'score'>): number {
    return this.#best.get(keyOf(candidate))?.score ?? 0;
  }

  /** The surest first, and of those that are as sure the first on the list. */
  all(): Candidate[] {
    return [...this.#best.values()].sort((a, b) => b.score - a.score);
  }
}

function keyOf({ driver, format }: Omit<Candidate, 'score'>): string {
  return `${driver} ${format}`;
}

/** Returns whether it found what is certain. Reads no more for somebody who has given up. */
export async function probeData(
  known: readonly DriverDescriptor[],
  source: Source,
  candidates: Candidates,
  signal?: AbortSignal,
): Promise<boolean> {
  const reads = new Map<string, Promise<Uint8Array>>();
  for (const { name: driver, formats = [], probes = [] } of known) {
    for (const probe of probes) {
      if (signal?.aborted) return false;
      const { score, format = formats[0] ?? driver } = probe;
      const isNews = score > candidates.scoreOf({ driver, format });
      if (isNews && (await matches(probe, source, reads)) && candidates.add({ driver, format, score })) return true;
    }
  }
  return false;
}

async function matches(probe: Probe, source: Source, reads: Map<string, Promise<Uint8Array>>): Promise<boolean> {
  if ('suffix' in probe) return source.name?.toLowerCase().endsWith(probe.suffix.toLowerCase()) === true;
  const { value, mask } = patternOf(probe);
  const offset = probe.offset < 0 ? source.size + probe.offset : probe.offset;
  if (offset < 0 || offset + value.length > source.size) return false;
  const key = `${offset} ${value.length}`;
  const read = reads.get(key) ?? source.read(offset, value.length);
  reads.set(key, read);
  const bytes = await read;
  return bytes.length >= value.length && value.every((byte, at) => ((bytes[at]! ^ byte) & (mask[at] ?? 0xff)) === 0);
}

function patternOf({ text, hex, mask = '' }: BytesProbe): { readonly value: Uint8Array; readonly mask: Uint8Array } {
  return {
    value: text === undefined ? Buffer.from(hex ?? '', 'hex') : Buffer.from(text, 'latin1'),
    mask: Buffer.from(mask, 'hex'),
  };
}
