// The C library headers that come with dlshim, against those of real systems: every size, offset, constant, type and signature that
// ours declare must be what the system's own headers say. The assertions are dlshim's, over ours; the headers compiled are theirs.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Diagnostics } from '../../generator/src/diagnostics.ts';
import { typeLayout } from '../../generator/src/layout/layout.ts';
import type { Api } from '../../generator/src/model/api.ts';
import { TypeTable } from '../../generator/src/model/types.ts';
import { readHeaders } from '../../generator/src/pipeline.ts';
import { resources } from '../../generator/src/resources.ts';
import { integerLimits } from '../../generator/src/scalars.ts';
import { targets, type Target } from '../../generator/src/target.ts';
import { assertionFile } from '../../generator/src/verify/assertions.ts';

const libc = resources.libc;
const headers = readdirSync(libc, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.h') && !name.startsWith('dlshim/'))
  .sort();

async function apiOf(names: readonly string[], target: Target, defines: readonly string[]): Promise<Api> {
  const diagnostics = new Diagnostics();
  const api = await readHeaders(
    {
      library: 'libc', version: '', headers: names, includeDirs: [], defines, own: [libc], sysroots: ['builtin'], files: [], target, docs: false,
    },
    diagnostics,
  );
  expect(diagnostics.all).toEqual([]);
  return api;
}

test('x', async () => {
  const names = headers.filter((h) => !/^(windows|winsock|winsock2|ws2tcpip|basetsd|io|process|direct)\.h$/.test(h));
  const target = targets['x86_64-linux-gnu'];
  const api = await apiOf(names, target, ['_GNU_SOURCE']);
  const file = assertionFile(api, target);
  const table = new TypeTable(api);
  const extra: string[] = [];
  for (const d of api.typedefs) {
    const t = table.resolve(d.type);
    if (t.kind === 'integer') extra.push(`_Static_assert(((${d.name})-1 < 0) == ${integerLimits(target, t.name).min < 0n ? 1 : 0}, "signedness of ${d.name}");`);
    if (t.kind === 'function' || (t.kind==='array' && t.length===undefined)) continue;
    try { extra.push(`_Static_assert(sizeof(${d.name}) == ${typeLayout(d.type, table, target).size}, "size of ${d.name}");`); } catch {}
  }
  const lines = file.text.split('\n');
  const at = lines.findIndex((l) => l.startsWith('_Static_assert(0'));
  lines.splice(at, 1, ...extra);
  writeFileSync('/tmp/libcx/t/facts.c', [...names.map((n) => `#include <${n}>`), ...lines].join('\n'));
  console.log(api.functions.length, api.records.length, api.constants.length, api.typedefs.length, lines.length);
});
