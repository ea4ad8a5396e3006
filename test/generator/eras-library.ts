// A library of five versions, as headers in test/cases/eras, and its histories: what the tests of shims for several versions share.

import { join } from 'node:path';
import { Diagnostics, render } from '../../generator/src/diagnostics.ts';
import type { History } from '../../generator/src/history/history.ts';
import { addVersion, emptyHistory } from '../../generator/src/history/merge.ts';
import { unionApi } from '../../generator/src/history/select.ts';
import type { Api, LibraryExports } from '../../generator/src/model/api.ts';
import { generateModule, readHeaders } from '../../generator/src/pipeline.ts';
import type { Target } from '../../generator/src/target.ts';
import { findTarget } from '../../generator/src/targets/targets.ts';
import { root } from '../tools.ts';

export const VERSIONS = ['1.0', '1.1', '1.2', '1.3', '2.0'];
export const LINUX = findTarget('x86_64-linux-gnu')!;
export const WINDOWS = findTarget('x86_64-windows')!;

/** What the files of a version say. */
function exportsOf(version: string): LibraryExports {
  const isOld = version < '1.2';
  return {
    sonames: [version < '2' ? 'liberas.so.1' : 'liberas.so.2'],
    undeclared: [],
    symbolVersions: [
      { symbol: 'eras_truncate', version: 'ERAS_1', isDefault: isOld },
      ...(isOld ? [] : [{ symbol: 'eras_truncate', version: 'ERAS_2', isDefault: true }]),
    ],
  };
}

const read = new Map<string, Promise<Api>>();

/** What one version declares. */
export function apiOf(version: string, target: Target): Promise<Api> {
  const id = `${version} ${target.name}`;
  const known = read.get(id) ?? readApi(version, target);
  read.set(id, known);
  return known;
}

async function readApi(version: string, target: Target): Promise<Api> {
  const diagnostics = new Diagnostics();
  const api = await readHeaders(
    {
      ...{ library: 'liberas', version, headers: [`${version}.h`], includeDirs: [join(root, 'test/cases/eras')] },
      ...{ defines: [], own: undefined, ownDirs: [], sysroots: undefined, files: [], target, docs: false },
    },
    diagnostics,
  );
  if (diagnostics.hasErrors) throw new Error(diagnostics.all.map((d) => render(d)).join('\n'));
  return { ...api, notExported: [], exports: exportsOf(version) };
}

export async function historyOf(target: Target, versions: readonly string[] = VERSIONS): Promise<History> {
  let history = emptyHistory('liberas', target.name);
  for (const version of versions)
    history = addVersion(history, await apiOf(version, target), { source: 'test/cases/eras' });
  return history;
}

type Options = Parameters<typeof generateModule>[1];

export const OPTIONS: Options = {
  name: 'liberas',
  files: { linux: ['liberas.so.2', 'liberas.so.1'], win32: ['eras.dll'] },
  runtime: '@dlshim/runtime',
  versionCall: { kind: 'string', symbol: 'eras_version', constants: ['ERAS_VERSION'] },
  features: {
    details: { members: ['eras_sense.details'] },
    truncate_with_stat: ['eras_truncate'],
    old_truncate: { symbols: ['eras_truncate@ERAS_1'], not: { symbols: ['eras_truncate@ERAS_2'] } },
    append: { constants: ['ERAS_APPEND'], any: [['eras_flush'], { versions: '>=1.1 <2.0' }] },
    wide_point: { layouts: { eras_point: '2.0' }, reported: '>=2.0' },
  },
};

/** The module of all versions from the baseline on. */
export async function moduleOf(
  targets: readonly Target[],
  options: Partial<Options> & { readonly versions?: readonly string[] } = {},
) {
  const { versions = VERSIONS, ...own } = options;
  const inputs = await Promise.all(
    targets.map(async (target) => {
      const history = await historyOf(target, versions);
      return { api: unionApi(history, own.baseline ?? versions[0]!), target, history };
    }),
  );
  return generateModule(inputs, { ...OPTIONS, ...own });
}
