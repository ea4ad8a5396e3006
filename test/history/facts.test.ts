// What the committed histories say, held to what is known of these libraries from elsewhere: where layouts and signatures changed under one
// name, what arrived when, and what each version calls itself.
// Run: npx vitest run test/history/facts.test.ts

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { factsToJson } from '../../generator/src/facts/facts.ts';
import type { History } from '../../generator/src/history/history.ts';
import { historyFromJson } from '../../generator/src/history/json.ts';
import { apiAt } from '../../generator/src/history/select.ts';
import { type SuggestedFeature, suggestedFeatures } from '../../generator/src/history/suggest.ts';
import { typeToText } from '../../generator/src/model/type-text.ts';
import { DEFAULT_TARGET } from '../../generator/src/targets/targets.ts';
import { root } from '../tools.ts';

interface Facts {
  readonly functions: { readonly [name: string]: { readonly abi: string } };
  readonly records: {
    readonly [name: string]: {
      readonly size: number;
      readonly fields: { readonly [member: string]: { readonly offset: number } };
    };
  };
  readonly enumerators: { readonly [name: string]: string };
  readonly constants: { readonly [name: string]: { readonly value: string } };
}

const histories = new Map<string, History>();

function historyOf(library: string): History {
  const known = histories.get(library);
  if (known) return known;
  const file = join(root, 'headers', library, 'history.json');
  const history = historyFromJson(readFileSync(file, 'utf8'), DEFAULT_TARGET.name);
  histories.set(library, history);
  return history;
}

function factsOf(library: string, version: string): Facts {
  return JSON.parse(factsToJson(apiAt(historyOf(library), version), DEFAULT_TARGET)) as Facts;
}

/** Bytes from the start of a record; undefined where the version has no such member. */
function offset(library: string, version: string, record: string, member: string): number | undefined {
  const field = factsOf(library, version).records[record]!.fields[member];
  return field && field.offset / 8;
}

const sizeOf = (library: string, version: string, record: string) => factsOf(library, version).records[record]!.size;

/** How many parameters a function has; undefined where there is no such function. */
function parameters(library: string, version: string, name: string): number | undefined {
  const list = /\((.*)\)$/.exec(factsOf(library, version).functions[name]?.abi ?? '')?.[1];
  return list === undefined ? undefined : list.split(',').length;
}

/** The type of a record's member, as snapshots write it. */
function memberType(library: string, version: string, record: string, member: string): string {
  const { records } = apiAt(historyOf(library), version);
  const field = records.find(({ name }) => name === record)!.fields!.find(({ name }) => name === member)!;
  return typeToText(field.type);
}

/** The versions that declare a function, an enumerator or a constant. */
function versionsWith(library: string, name: string): readonly string[] {
  const { versions, functions, constants, enums } = historyOf(library);
  const entries = [...functions, ...constants, ...enums.flatMap(({ enumerators }) => enumerators)];
  const indexes = entries.filter(({ key }) => key === name).flatMap(({ eras }) => eras.flatMap((era) => era.versions));
  return versions.flatMap(({ version }, at) => (indexes.includes(at) ? [version] : []));
}

/** The first version that has a name, which all after it have as well. */
function since(library: string, name: string): string | undefined {
  const having = versionsWith(library, name);
  const all = historyOf(library).versions.map(({ version }) => version);
  expect(having, `${name} comes and stays`).toEqual(all.slice(all.indexOf(having[0]!)));
  return having[0];
}

describe('libiscsi: layouts that changed under one name', () => {
  it.each([
    ['iscsi_url', 'lun', { '1.13.0': 1024, '1.14.0': 1536, '1.20.3': 1536 }],
    ['iscsi_url', 'transport', { '1.17.0': undefined, '1.18.0': 1552, '1.20.3': 1552 }],
    ['scsi_task', 'residual', { '1.8.0': 36, '1.9.0': 36, '1.10.0': 40, '1.20.3': 40 }],
    ['scsi_task', 'datain', { '1.9.0': 56, '1.10.0': 64, '1.19.0': 64, '1.20.0': 72, '1.20.3': 72 }],
  ] as const)('%s.%s moves', (record, member, expected) => {
    const found = Object.keys(expected).map((version) => [version, offset('libiscsi', version, record, member)]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  it.each([
    ['scsi_sense', { '1.13.0': 12, '1.14.0': 16, '1.19.0': 16, '1.20.0': 24 }],
    ['scsi_task', { '1.10.0': 176, '1.19.0': 176, '1.20.0': 184 }],
    ['iscsi_url', { '1.6.0': 40, '1.7.0': 1028, '1.8.0': 1040, '1.14.0': 1552, '1.18.0': 1560 }],
  ] as const)('%s grows', (record, expected) => {
    const found = Object.keys(expected).map((version) => [version, sizeOf('libiscsi', version, record)]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  it('iscsi_data.size, scsi_task.residual and the texts of iscsi_url change their types', () => {
    const types = (record: string, member: string, versions: readonly string[]) =>
      versions.map((version) => memberType('libiscsi', version, record, member));
    expect(types('iscsi_data', 'size', ['1.8.0', '1.9.0'])).toEqual(['int', '@size_t']);
    expect(types('scsi_task', 'residual', ['1.9.0', '1.10.0'])).toEqual(['int', '@size_t']);
    const [pointer, array] = types('iscsi_url', 'target', ['1.6.0', '1.7.0']);
    expect([pointer?.includes('*'), array?.includes('[')]).toEqual([true, true]);
  });
});

describe('libiscsi: what else changed', () => {
  it.each([
    ['iscsi_read10_task', { '1.4.0': 7, '1.5.0': 12, '1.20.3': 12 }],
    ['iscsi_write10_task', { '1.4.0': 10, '1.5.0': 13, '1.20.3': 13 }],
    ['iscsi_writesame10_task', { '1.8.0': 14, '1.9.0': 12 }],
    ['iscsi_writesame16_task', { '1.8.0': 14, '1.9.0': 12 }],
    ['iscsi_report_supported_opcodes_task', { '1.9.0': 6, '1.10.0': 9 }],
    ['scsi_cdb_writesame10', { '1.12.0': 6, '1.13.0': 7 }],
    ['scsi_cdb_writesame16', { '1.12.0': 6, '1.13.0': 7 }],
    ['iscsi_scsi_task_cancel', { '1.7.0': 2, '1.8.0': undefined }],
    ['iscsi_set_debug', { '1.7.0': 2, '1.8.0': undefined }],
  ] as const)('%s has other parameters', (name, expected) => {
    const found = Object.keys(expected).map((version) => [version, parameters('libiscsi', version, name)]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  it('symbols that date a layout arrive with it', () => {
    const names = [
      'iscsi_set_timeout',
      'iscsi_set_target_username_pwd',
      'iscsi_init_transport',
      'iscsi_force_reconnect',
    ];
    expect(names.map((name) => since('libiscsi', name))).toEqual(['1.10.0', '1.14.0', '1.18.0', '1.20.0']);
    expect(since('libiscsi', 'iscsi_read16_iov_task')).toBe('1.18.0');
  });

  it('the SONAME by release, and that of Debian, which is one for two layouts', () => {
    const sonames = new Map(historyOf('libiscsi').versions.map((one) => [one.version, one.sonames.join(' ')]));
    const of = (number: number) => `libiscsi.so.${number}`;
    const expected = {
      '1.2.0': 1,
      '1.9.0': 1,
      '1.10.0': 3,
      '1.11.0': 2,
      '1.12.0': 4,
      '1.15.0': 4,
      '1.16.0': 7,
      '1.17.0': 7,
      '1.18.0': 8,
      '1.20.1': 11,
    };
    for (const [version, number] of Object.entries(expected)) expect(sonames.get(version), version).toBe(of(number));
    expect([sonames.get('1.19.0'), sonames.get('1.20.0')]).toEqual([`${of(7)} ${of(9)}`, `${of(10)} ${of(7)}`]);
  });

  it('some functions are declared that no library exports', () => {
    const missing = apiAt(historyOf('libiscsi'), '1.19.0').notExported ?? [];
    expect(missing).toContain('iscsi_verify10_iov_task');
    expect(apiAt(historyOf('libiscsi'), '1.8.0').notExported).toBeDefined();
    expect(apiAt(historyOf('libiscsi'), '1.4.0').notExported).toBeUndefined();
  });
});

describe('librbd', () => {
  // The repository whose first commit is 12.2.1 has two functions of its own on top, which are no part of that release.
  it.each([
    ['0.26', 25, '0.1.0'],
    ['0.45', 30, '0.1.1'],
    ['0.46', 32, '0.1.2'],
    ['0.55', 55, '0.1.5'],
    ['0.56', 56, '0.1.7'],
    ['0.60', 58, '0.1.8'],
    ['0.87', 61, '0.1.8'],
    ['0.94', 67, '0.1.9'],
    ['9.0.0', 72, '0.1.10'],
    ['12.0.0', 139, '0.1.11'],
    ['12.0.1~20170301', 143, '1.12.0'],
    ['12.2.1', 155, '1.12.0'],
    ['15.2.17', 270, '1.15.0'],
    ['18.2.7', 283, '1.18.0'],
    ['19.2.0', 282, '1.19.0'],
    ['20.2.4', 294, '1.20.0'],
  ] as const)('%s declares %i functions and calls itself %s', (version, count, called) => {
    const { functions, constants } = factsOf('librbd', version);
    expect(Object.keys(functions).filter((name) => name.startsWith('rbd_'))).toHaveLength(count);
    const parts = ['MAJOR', 'MINOR', 'EXTRA'].map((part) => constants[`LIBRBD_VER_${part}`]!.value);
    expect(parts.join('.')).toBe(called);
  });

  it('rbd_copy loses a parameter, and rbd_image_info_t.parent_pool gets wider', () => {
    expect(['0.34', '0.35', '20.2.4'].map((version) => parameters('librbd', version, 'rbd_copy'))).toEqual([4, 3, 3]);
    const types = ['0.49', '0.50'].map((version) => memberType('librbd', version, 'rbd_image_info_t', 'parent_pool'));
    expect(types).toEqual(['int', '@int64_t']);
  });

  it('functions arrive by backport, and vanish for a time', () => {
    const cache = versionsWith('librbd', 'rbd_invalidate_cache');
    expect(cache.slice(0, 3)).toEqual(['0.67.10', '0.67.11', '0.80.6']);
    expect(cache).not.toContain('0.80.5');
    const groups = versionsWith('librbd', 'rbd_group_create');
    const known = ['11.1.0', '11.2.0', '12.0.1~20170301', '12.2.1', '14.2.21'];
    expect(known.map((version) => groups.includes(version))).toEqual([true, false, true, false, true]);
  });

  it('what QEMU asks for when it is compiled', () => {
    expect(since('librbd', 'rbd_aio_write_zeroes')).toBe('14.2.11');
    expect(since('librbd', 'rbd_namespace_exists')).toBe('14.0.1');
    expect(since('librbd', 'rbd_encryption_load')).toBe('16.2.15');
    expect(since('librbd', 'RBD_WRITE_ZEROES_FLAG_THICK_PROVISION')).toBe('16.2.15');
    expect(since('librbd', 'rbd_encryption_load2')).toBe('18.2.1');
    expect(since('librbd', 'RBD_ENCRYPTION_FORMAT_LUKS')).toBe('18.2.1');
  });
});

describe('the other libraries that QEMU drives', () => {
  it('libcurl: options by name and by type', () => {
    expect(since('libcurl', 'CURLOPT_PROTOCOLS_STR')).toBe('7.85.0');
    expect(since('libcurl', 'CURLOPT_REDIR_PROTOCOLS_STR')).toBe('7.85.0');
    expect(since('libcurl', 'CURLINFO_CONTENT_LENGTH_DOWNLOAD_T')).toBe('7.55.0');
  });

  it('libgfapi: glfs_ftruncate and callbacks with more parameters, each under a symbol version of its own', () => {
    const counts = ['5.13', '6.0'].map((version) => parameters('libgfapi', version, 'glfs_ftruncate'));
    expect(counts).toEqual([2, 4]);
    const { versions, exports } = historyOf('libgfapi');
    const name = (at: number | undefined) => (at === undefined ? undefined : versions[at]!.version);
    const entry = exports.find(({ symbol }) => symbol === 'glfs_ftruncate')!;
    expect(entry.symbolVersions.map((one) => [one.name, name(one.isDefault.at(-1)), name(one.isDefault[0])])).toEqual([
      ['GFAPI_3.4.0', '5.13', '3.4.7'],
      ['GFAPI_6.0', '11.2', '6.0'],
    ]);
    const callback = (version: string) => {
      const { typedefs } = apiAt(historyOf('libgfapi'), version);
      return typeToText(typedefs.find((d) => d.name === 'glfs_io_cbk')!.type).split(',').length;
    };
    expect([callback('5.13'), callback('6.0')]).toEqual([3, 5]);
  });

  it('libgfapi: what is asked for by name', () => {
    const names = [
      'glfs_set_xlator_option',
      'glfs_discard_async',
      'glfs_fallocate',
      'glfs_zerofill',
      'glfs_zerofill_async',
    ];
    expect(names.map((name) => since('libgfapi', name))).toEqual(['3.4.0', '3.5.0', '3.5.0', '3.5.0', '3.5.0']);
  });

  it('libnfs: what arrives, and what 6.0 takes away', () => {
    expect(since('libnfs', 'nfs_set_debug')).toBe('1.9.8');
    expect(since('libnfs', 'nfs_umount')).toBe('4.0.0');
    const span = (name: string) => [versionsWith('libnfs', name)[0], versionsWith('libnfs', name).at(-1)];
    expect(span('nfs_set_readahead')).toEqual(['1.9.4', '5.0.3']);
    expect(span('nfs_set_pagecache')).toEqual(['1.11.0', '5.0.3']);
  });
});

describe('what is suggested as a feature', () => {
  const suggestions = (library: string): readonly SuggestedFeature[] =>
    suggestedFeatures(historyOf(library), 0, { isWanted: () => true, features: new Map() });
  const symbolsOf = (library: string, feature: string) =>
    suggestions(library).find(({ name }) => name === feature)?.symbols ?? [];

  it.each(readdirSync(join(root, 'headers')).filter((name) => existsSync(join(root, 'headers', name, 'history.json'))))(
    'of %s is in the file of no version before',
    (library) => {
      const { versions, exports } = historyOf(library);
      const names = versions.map(({ version }) => version);
      for (const { name, symbols } of suggestions(library).filter((one) => one.name.startsWith('since_'))) {
        const first = names.findIndex((version) => `since_${version.replace(/[^A-Za-z0-9]+/g, '_')}` === name);
        const earlier = exports.filter((entry) => entry.versions.some((at) => at < first)).map(({ symbol }) => symbol);
        expect(symbols.filter((symbol) => earlier.includes(symbol))).toEqual([]);
      }
    },
  );

  it('leaves out what files had before a header said so', () => {
    expect(since('libcurl', 'curl_mprintf')).toBe('8.5.0');
    expect(symbolsOf('libcurl', 'since_8_5_0')).toEqual([]);
    expect(symbolsOf('libcurl', 'since_8_16_0')).not.toEqual([]);
    expect(symbolsOf('libnfs', 'since_7_0_0')).not.toContain('rpc_bind_udp');
    expect(symbolsOf('libiscsi', 'since_1_19_0')).not.toContain('iscsi_set_noautoreconnect');
  });
});
