// The probes of known drivers and a file in, the formats that it may have out, the surest first. Reads what the probes ask for, once for
// each range, and loads nothing.

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

export async function probeData(known: readonly DriverDescriptor[], source: Source): Promise<Candidate[]> {
  const reads = new Map<string, Promise<Uint8Array>>();
  const best = new Map<string, Candidate>();
  for (const { name: driver, formats = [], probes = [] } of known) {
    for (const probe of probes) {
      const format = probe.format ?? formats[0] ?? driver;
      const key = `${driver} ${format}`;
      if (probe.score > (best.get(key)?.score ?? 0) && (await matches(probe, source, reads)))
        best.set(key, { driver, format, score: probe.score });
    }
  }
  return [...best.values()].sort((a, b) => b.score - a.score);
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
  return value.every((byte, at) => ((bytes[at]! ^ byte) & (mask[at] ?? 0xff)) === 0);
}

function patternOf({ text, hex, mask = '' }: BytesProbe): { readonly value: Uint8Array; readonly mask: Uint8Array } {
  return {
    value: text === undefined ? Buffer.from(hex ?? '', 'hex') : Buffer.from(text, 'latin1'),
    mask: Buffer.from(mask, 'hex'),
  };
}
