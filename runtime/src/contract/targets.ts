// What a shim says for several targets in, what holds on this machine out. A target is a data model and an ABI: the platform and
// the machine decide it, and not the distribution or the C library.

import { UnsupportedPlatformError } from '../errors.ts';
import type { RecordEra } from '../versions/chosen.ts';
import type { FieldDescriptor, PerTarget, RecordDescriptor, ShimDescriptor } from './descriptor.ts';

/** By `process.platform` and `process.arch`. */
const TARGETS: Readonly<Record<string, string>> = {
  'linux x64': 'x86_64-linux-gnu',
  'linux arm64': 'aarch64-linux-gnu',
  'darwin x64': 'x86_64-apple-darwin',
  'darwin arm64': 'arm64-apple-darwin',
  'win32 x64': 'x86_64-windows',
};

/** The bits of a C `long`: Windows keeps it at 32. */
export const BITS_OF_LONG: 32 | 64 = process.platform === 'win32' ? 32 : 64;

/** The target whose code this process runs; undefined where no shim can be generated for it. */
export function hostTarget(): string | undefined {
  const key = `${process.platform} ${process.arch}`;
  return Object.hasOwn(TARGETS, key) ? TARGETS[key] : undefined;
}

/** The target to follow here. Signatures and layouts of another one would be wrong: where the shim has none for this, it throws. */
export function checkTarget({ library, target }: Pick<ShimDescriptor, 'library' | 'target'>): string {
  const targets = typeof target === 'string' ? [target] : target;
  const host = hostTarget();
  if (host !== undefined && targets.includes(host)) return host;
  const why = `the shim was generated for ${targets.join(', ')}, and this is ${process.platform} on ${process.arch}`;
  const remedy =
    host === undefined
      ? 'No shim can be generated for this platform yet.'
      : `Generate the shim for this target too: --target ${host}, or \`targets\` in its configuration.`;
  throw new UnsupportedPlatformError(why, { library, remedy });
}

/** The value for a target: its own, else that of all targets which are not named. */
export function pick<T extends string | number | FieldDescriptor>(value: PerTarget<T>): T {
  if (typeof value !== 'object' || Array.isArray(value)) return value as T;
  const variants = value as Readonly<Record<string, T>>;
  const target = hostTarget();
  return target !== undefined && Object.hasOwn(variants, target) ? variants[target]! : variants['*']!;
}

/** A record's layout on one target. */
export interface Layout {
  readonly kind: 'struct' | 'union';
  readonly size: number;
  readonly align: number;
  readonly fields: Readonly<Record<string, FieldDescriptor>>;
  /** Of a record that is not the same in all versions. */
  readonly era?: RecordEra | undefined;
}

/** The layout of a record here; undefined where there is no such record. */
export function layoutOf(records: Readonly<Record<string, RecordDescriptor>>, name: string): Layout | undefined {
  if (!Object.hasOwn(records, name)) return undefined;
  const { kind, size, align, fields, era } = records[name]! as RecordDescriptor & Pick<Layout, 'era'>;
  const own = Object.create(null) as Record<string, FieldDescriptor>;
  for (const [field, place] of Object.entries(fields)) own[field] = pick<FieldDescriptor>(place);
  return { kind, size: pick(size), align: pick(align), fields: own, era };
}
