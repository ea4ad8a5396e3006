// In: the bytes of an object file, of any format, and a probe. Out: how the bytes behind the probe's mark differ from what was said.

import type { Probe } from './writer.ts';

/** Undefined where the bytes are as said; else what stands there. */
export function difference(object: Buffer, probe: Probe): string | undefined {
  const at = object.indexOf(probe.mark, 0, 'latin1');
  if (at < 0) return 'the object does not hold it';
  const found = object.subarray(at + probe.offset, at + probe.offset + probe.bytes.length);
  if (probe.isNaN && Number.isNaN(found.readDoubleLE(0))) return undefined;
  return found.equals(probe.bytes) ? undefined : `the compiler has the bytes ${hex(found)}, dlshim ${hex(probe.bytes)}`;
}

const MOST = 32;

function hex(bytes: Uint8Array): string {
  const text = [...bytes.subarray(0, MOST)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > MOST ? `${text} …` : text;
}
