// The committed shims as a driver's author gets them: importing both does nothing native.

import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { named } from './needs.ts';
import { root } from './tools.ts';

const program = `
  import { readFileSync } from 'node:fs';
  import { createRequire } from 'node:module';
  const state = () => ({
    mapped: [...new Set(readFileSync('/proc/self/maps', 'utf8').match(/\\S+(\\.node|librbd\\S*|libiscsi\\S*|librados\\S*)$/gm) ?? [])],
    koffi: Object.keys(createRequire(import.meta.url).cache).filter((name) => name.includes('koffi')),
  });
  const before = state();
  const { librbd, rbd_image_info_t } = await import('@dlshim/shims/librbd');
  const { libiscsi, iscsi_url } = await import('@dlshim/shims/libiscsi');
  rbd_image_info_t.alloc().num_objs = 3;
  const after = state();
  console.log(JSON.stringify({ before, after, types: [typeof librbd.open, typeof libiscsi.open, iscsi_url.size] }));
`;

const noMaps = process.platform === 'linux' ? undefined : 'there is no /proc/self/maps';

test.skipIf(noMaps)(named('importing both shims maps no native code and loads no koffi', noMaps), () => {
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: root, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  const { before, after, types } = JSON.parse(run.stdout) as Record<string, unknown>;
  expect(before).toEqual({ mapped: [], koffi: [] });
  expect(after).toEqual({ mapped: [], koffi: [] });
  expect(types).toEqual(['function', 'function', 1560]);
});
