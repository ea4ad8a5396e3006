// The gates of QEMU's block drivers and the versions in which each is open, from the drivers' own conditions and the libraries' releases:
// what test/gates.test.ts asks of the testing kit, and test/versions of real libraries.

import type { Shim } from '@dlshim/runtime';
import { libcurl } from '@dlshim/shims/libcurl';
import { libgfapi } from '@dlshim/shims/libgfapi';
import { libiscsi } from '@dlshim/shims/libiscsi';
import { libnfs } from '@dlshim/shims/libnfs';
import { librbd } from '@dlshim/shims/librbd';
import { compareVersions } from '../runtime/src/versions/compare.ts';

const SHIMS = { librbd, libiscsi, libcurl, libgfapi, libnfs };

export type GateLibrary = keyof typeof SHIMS;

export interface Gate {
  readonly number: number;
  /** What the driver asks when it is compiled. */
  readonly stands: string;
  readonly library: GateLibrary;
  readonly feature: string;
  /** The first version that has it. */
  readonly since: string;
  /** The first one that has it no more. */
  readonly before?: string;
  /** Versions of which nothing tells whether they have it. */
  readonly undecided?: readonly string[];
  /** What the baseline makes sure of. */
  readonly isMinimum?: true;
}

type AnyShim = Shim<object, Record<string, unknown>, Record<string, never>>;

export function shimOf(library: GateLibrary): AnyShim {
  return SHIMS[library] as unknown as AnyShim;
}

export const GATES: readonly Gate[] = [
  {
    number: 1,
    stands: 'librbd >= 1.12.0',
    library: 'librbd',
    feature: 'version_1_12',
    since: '12.2.1',
    isMinimum: true,
  },
  { number: 2, stands: 'LIBRBD_SUPPORTS_WRITE_ZEROES', library: 'librbd', feature: 'write_zeroes', since: '14.2.11' },
  { number: 3, stands: 'LIBRBD_SUPPORTS_ENCRYPTION', library: 'librbd', feature: 'encryption', since: '16.2.15' },
  {
    number: 4,
    stands: 'LIBRBD_SUPPORTS_ENCRYPTION_LOAD2',
    library: 'librbd',
    feature: 'encryption_load2',
    since: '18.2.1',
  },
  { number: 5, stands: 'HAVE_RBD_NAMESPACE_EXISTS', library: 'librbd', feature: 'namespace_exists', since: '14.0.1' },
  {
    number: 6,
    stands: 'LIBRBD_VERSION_CODE < 1.17.0',
    library: 'librbd',
    feature: 'fast_diff_iterate',
    since: '18.2.1',
  },
  {
    number: 7,
    stands: 'RBD_WRITE_ZEROES_FLAG_THICK_PROVISION',
    library: 'librbd',
    feature: 'thick_provision',
    since: '16.2.15',
  },
  {
    number: 8,
    stands: 'LIBISCSI_API_VERSION >= 20160603',
    library: 'libiscsi',
    feature: 'iov_transport',
    since: '1.18.0',
  },
  {
    number: 9,
    stands: 'LIBISCSI_API_VERSION >= 20150621',
    library: 'libiscsi',
    feature: 'timeout',
    since: '1.15.0',
    undecided: ['1.14.0', '1.15.0'],
  },
  {
    number: 10,
    stands: 'libiscsi >= 1.9.0, fallbacks for statuses',
    library: 'libiscsi',
    feature: 'busy_status',
    since: '1.10.0',
  },
  {
    number: 11,
    stands: 'LIBCURL_VERSION_NUM >= 7.85.0',
    library: 'libcurl',
    feature: 'protocols_str',
    since: '7.85.0',
  },
  {
    number: 12,
    stands: 'LIBCURL_VERSION_NUM >= 7.55.0',
    library: 'libcurl',
    feature: 'content_length_t',
    since: '7.55.0',
  },
  {
    number: 13,
    stands: 'CONFIG_GLUSTERFS_XLATOR_OPT',
    library: 'libgfapi',
    feature: 'xlator_option',
    since: '3.4.0',
    isMinimum: true,
  },
  { number: 14, stands: 'CONFIG_GLUSTERFS_DISCARD', library: 'libgfapi', feature: 'discard', since: '3.5.0' },
  { number: 14, stands: 'CONFIG_GLUSTERFS_FALLOCATE', library: 'libgfapi', feature: 'fallocate', since: '3.5.0' },
  { number: 14, stands: 'CONFIG_GLUSTERFS_ZEROFILL', library: 'libgfapi', feature: 'zerofill', since: '3.5.0' },
  {
    number: 15,
    stands: 'CONFIG_GLUSTERFS_FTRUNCATE_HAS_STAT',
    library: 'libgfapi',
    feature: 'ftruncate_stat',
    since: '6.0',
  },
  { number: 16, stands: 'CONFIG_GLUSTERFS_IOCB_HAS_STAT', library: 'libgfapi', feature: 'iocb_stat', since: '6.0' },
  {
    number: 17,
    stands: 'libnfs >= 1.9.3 and < 6.0.0',
    library: 'libnfs',
    feature: 'api_v1',
    since: '1.9.3',
    before: '6.0.0',
  },
  { number: 17, stands: 'LIBNFS_FEATURE_UMOUNT', library: 'libnfs', feature: 'umount', since: '4.0.0' },
  {
    number: 17,
    stands: 'LIBNFS_FEATURE_READAHEAD',
    library: 'libnfs',
    feature: 'readahead',
    since: '1.9.4',
    before: '6.0.0',
    undecided: ['1.9.3', '1.9.4', '1.9.5'],
  },
  {
    number: 17,
    stands: 'LIBNFS_FEATURE_PAGECACHE',
    library: 'libnfs',
    feature: 'pagecache',
    since: '1.11.0',
    before: '6.0.0',
  },
  { number: 17, stands: 'LIBNFS_FEATURE_DEBUG', library: 'libnfs', feature: 'debug', since: '1.9.8' },
];

/** What has() is to say of a version. */
export function expected({ since, before, undecided = [] }: Gate, version: string): boolean | 'undecided' {
  if (undecided.includes(version)) return 'undecided';
  return compareVersions(version, since) >= 0 && (before === undefined || compareVersions(version, before) < 0);
}
