// End to end with a C library of the tests: its header is generated into a shim, the shim and a driver are compiled with the
// strictest TypeScript settings, and the driver runs on 1.0, 1.1, 1.2, on 2.0, and with nothing installed.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildLibrary } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { dlshim, node, root } from '../tools.ts';

const folder = join(root, 'build/e2e/vessel');

function driver(library: string | undefined): Record<string, unknown> {
  const env = { ...process.env, ...(library ? { DLSHIM_LIBVESSEL: library } : {}) };
  const run = spawnSync(process.execPath, [join(folder, 'js/vessel-driver.js')], { encoding: 'utf8', env });
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout) as Record<string, unknown>;
}

describe.skipIf(noCompiler)(named('one shim of vessel', noCompiler), () => {
  const library = (version: string): string => {
    const [major, minor] = version.split('.').map(Number) as [number, number];
    return buildLibrary('vessel.c', join(`vessel-${version}`, 'libvessel.so.1'), [`-DVERSION=${major * 100 + minor}`]);
  };

  beforeAll(() => {
    mkdirSync(folder, { recursive: true });
    const config = {
      out: '.',
      libraries: [
        {
          name: 'libvessel',
          version: '1.2',
          headers: ['vessel.h'],
          includeDirs: [join(root, 'test/native')],
          files: { linux: ['libvessel.so.1'] },
          versionCall: { symbol: 'vessel_version', kind: 'string' },
          features: { stats: ['vessel_stats'], names: ['vessel_rename', 'vessel_get_name'] },
        },
      ],
    };
    writeFileSync(join(folder, 'dlshim.config.json'), JSON.stringify(config));
    expect(dlshim('generate', '--config', join(folder, 'dlshim.config.json'))).toMatchObject({ status: 0, stderr: '' });
    copyFileSync(join(root, 'test/e2e/vessel-driver.ts'), join(folder, 'vessel-driver.ts'));
    const options = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8')) as { compilerOptions: object };
    const compilerOptions = { ...options.compilerOptions, outDir: 'js', types: ['node'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    expect(node(join(root, 'node_modules/typescript/bin/tsc'), '-p', folder)).toMatchObject({ stdout: '', status: 0 });
  });

  const item = { name: 'crate', weight: `${2n ** 60n}n`, kind: 2, fragile: 1, floor: 99, label: 'kept by vessel' };

  test('opens 1.0: the required functions work, weak ones are undefined', () => {
    const found = driver(library('1.0'));
    expect(found).toMatchObject({ outcome: 'open', opened: 0, got: 0, version: '1.0.0', weight: `${2n ** 60n}n` });
    expect(found.copy).toMatchObject(item);
    expect(found).toMatchObject({ sum: 7, seen: [0, 'crate', 99] });
    expect(found.features).toEqual({ stats: false, names: false });
    expect(found.missing).toEqual(['vessel_stats', 'vessel_rename', 'vessel_get_name']);
  });

  test('opens 1.1: the feature of 1.1 is there', () => {
    const found = driver(library('1.1'));
    expect(found).toMatchObject({ outcome: 'open', version: '1.1.0', stats: { count: 1, mean: 2 ** 60 } });
    expect(found.features).toEqual({ stats: true, names: false });
  });

  test('opens 1.2: everything is there', () => {
    const found = driver(library('1.2'));
    expect(found).toMatchObject({ outcome: 'open', version: '1.2.0', name: 'second', missing: [] });
    expect(found.features).toEqual({ stats: true, names: true });
  });

  test('refuses 2.0, which lost a required function, and names it, the version and the file', () => {
    const file = library('2.0');
    const found = driver(file);
    expect(found.outcome).toBe('DLSHIM_SYMBOLS');
    expect(found.message).toContain('vessel_retired');
    expect(found.message).toContain('2.0.0');
    expect(found.message).toContain(file);
  });

  test('is absent where nothing is installed', () => {
    expect(driver(undefined)).toEqual({ outcome: 'absent' });
  });
});
