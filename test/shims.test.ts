// The committed shims as a driver's author gets them: importing all of them does nothing native, and each opens on a machine
// that has its library.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { library, named, noLibrary } from './needs.ts';
import { node, root } from './tools.ts';

const names = readdirSync(join(root, 'headers')).filter((name) => library(name) !== undefined);

const importing = `
  import { readFileSync } from 'node:fs';
  import { createRequire } from 'node:module';
  const mapped = () => [...new Set(readFileSync('/proc/self/maps', 'utf8').match(/\\/\\S+\\.(?:node|so)\\b\\S*$/gm) ?? [])];
  const koffi = () => Object.keys(createRequire(import.meta.url).cache).filter((name) => name.includes('koffi'));
  const before = mapped();
  const opens = [];
  for (const name of process.argv.slice(1)) {
    const module = await import('@dlshim/shims/' + name);
    opens.push(typeof module[name].open);
    for (const value of Object.values(module)) {
      if (!value?.alloc) continue;
      try {
        if (value.size > 0) value.alloc();
      } catch (error) {
        // Which layout it has, the installed version decides.
        if (error.code !== 'DLSHIM_UNDECIDED') throw error;
      }
    }
  }
  console.log(JSON.stringify({ opens, koffi: koffi(), mapped: mapped().filter((path) => !before.includes(path)) }));
`;

const opening = `
  const [name] = process.argv.slice(1);
  const shim = (await import('@dlshim/shims/' + name))[name];
  const opened = shim.open();
  const { status, version, missing, features } = shim.inspect();
  const data = Object.keys(opened.data);
  console.log(JSON.stringify({ status, version, same: shim.open() === opened, missing, features, data }));
`;

const noMaps = process.platform === 'linux' ? undefined : 'there is no /proc/self/maps';

test('there is a shim for each library under headers/, and it is exported', () => {
  expect(names.length).toBeGreaterThanOrEqual(14);
  const shims = readdirSync(join(root, 'shims')).filter((name) => name.endsWith('.ts'));
  expect(shims.sort()).toEqual(names.map((name) => `${name}.ts`).sort());
});

test.skipIf(noMaps)(named('importing every shim maps no native code and loads no koffi', noMaps), () => {
  const run = node('--input-type=module', '-e', importing, ...names);
  expect(run.stderr).toBe('');
  expect(JSON.parse(run.stdout)).toEqual({ opens: names.map(() => 'function'), koffi: [], mapped: [] });
});

describe('the installed library', () => {
  for (const name of names) {
    const files = library(name)!.files.linux;
    const missing = files.some((file) => noLibrary(file) === undefined) ? undefined : noLibrary(files[0]!);
    test.skipIf(missing)(named(`of ${name} opens, and lacks only what the shim calls weak`, missing), () => {
      const run = node('--input-type=module', '-e', opening, name);
      expect(run.stderr).toBe('');
      const told = JSON.parse(run.stdout);
      expect(told).toMatchObject({ status: 'loaded', same: true });
      // Those that have no function for it tell none.
      if (library(name)!.versionCall) expect(told.version).toMatch(/^\d+\.\d+\.\d+$/);
      else expect(told.version).toBeUndefined();
      if (name === 'libvirt') expect(told.data).toEqual(['virConnectAuthPtrDefault']);
    });
  }
});
