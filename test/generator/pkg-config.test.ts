// --pkg-config and `pkgConfig`: folders, macros and the version come from pkg-config(1).

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { named, noPkgConfig } from '../needs.ts';
import { dlshim, type Run } from '../tools.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dlshim-pkg-config-'));
  mkdirSync(join(folder, 'inc dir'));
  writeFileSync(join(folder, 'inc dir', 'told.h'), '#ifdef WITH_MORE\nint more(void);\n#endif\nint some(void);\n');
  writeFileSync(
    join(folder, 'told.pc'),
    [
      'Name: told',
      'Description: a module of the tests',
      'Version: 4.5.6',
      `Cflags: "-I${folder}/inc dir" -DWITH_MORE -DTEXT=\\"a\\" -pthread`,
      '',
    ].join('\n'),
  );
});

function withModules(...flags: string[]): Run {
  process.env.PKG_CONFIG_PATH = folder;
  try {
    return dlshim(...flags);
  } finally {
    delete process.env.PKG_CONFIG_PATH;
  }
}

describe('pkg-config', () => {
  test.skipIf(noPkgConfig)(named('gives folders, macros and the version', noPkgConfig), () => {
    const run = withModules('snapshot', '--header', 'told.h', '--pkg-config', 'told');
    expect(run.stderr).toBe('');
    const snapshot = JSON.parse(run.stdout) as { version: string; functions: { name: string }[] };
    expect(snapshot.version).toBe('4.5.6');
    expect(snapshot.functions.map((f) => f.name)).toEqual(['more', 'some']);
  });

  test.skipIf(noPkgConfig)(named('serves a configuration too', noPkgConfig), () => {
    const library = { name: 'told', headers: ['told.h'], files: { linux: ['libtold.so.4'] }, pkgConfig: ['told'] };
    const config = join(folder, 'dlshim.config.json');
    writeFileSync(config, JSON.stringify({ out: 'shims', libraries: [library] }));
    const run = withModules('generate', '--config', config, '--json');
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toMatchObject([{ library: 'told', version: '4.5.6', required: 2 }]);
  });

  test.skipIf(noPkgConfig)(named('that knows no such module is quoted', noPkgConfig), () => {
    const run = withModules('snapshot', '--header', 'told.h', '--pkg-config', 'no-such-module');
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('no-such-module');
  });

  test('that is not installed is an error that says what to do', () => {
    process.env.PKG_CONFIG = '/nonexistent/pkg-config';
    try {
      const run = dlshim('snapshot', '--header', 'told.h', '--pkg-config', 'told');
      expect(run.status).toBe(2);
      expect(run.stderr).toContain('/nonexistent/pkg-config cannot be run');
      expect(run.stderr).toContain('PKG_CONFIG');
    } finally {
      delete process.env.PKG_CONFIG;
    }
  });
});
