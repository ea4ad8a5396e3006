// `node` holds copies of some data of the C++ library. A library that is bound deep would find the dead originals: such libraries are
// bound the ordinary way, all others deep. Run: npx vitest run test/runtime/copied-data.test.ts

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostTarget } from '../../runtime/src/contract/targets.ts';
import { copiedData } from '../../runtime/src/loading/copied-data.ts';
import { executableOf } from '../../runtime/src/loading/executable.ts';
import { preflight } from '../../runtime/src/loading/preflight.ts';
import { buildLibrary, out, root, runProgram } from '../native/build.ts';
import { named, noCompiler, noLibrary } from '../needs.ts';

const reason = noCompiler ?? noLibrary('libstdc++.so.6');

describe.skipIf(reason)(named('data of which the executable holds a copy', reason), () => {
  const build = () => buildLibrary('copied.c', 'libcopied.so', ['-l:libstdc++.so.6']);

  it('is found in the executable', () => {
    expect(copiedData(process.execPath)).toContain('_ZSt4cerr');
    expect(copiedData(join(out, 'no such file'))).toEqual([]);
  });

  it('is named for a library that refers to it, and for no other', () => {
    expect(preflight(build(), hostTarget()!, true).clash).toBe('_ZSt4cerr');
    expect(preflight(buildLibrary('odd.c', 'libodd.so'), hostTarget()!, true).clash).toBeUndefined();
    expect(preflight(build(), hostTarget()!, false).clash).toBeUndefined();
  });

  const loader = '/lib64/ld-linux-x86-64.so.2';
  const noLoader = existsSync(loader) ? undefined : `${loader} is not there`;
  it.skipIf(noLoader)(named('is found where the loader is started, and given the program', noLoader), () => {
    const file = join(root, 'test/runtime/programs/copied.mjs');
    const ended = spawnSync(loader, [process.execPath, file, build()], { encoding: 'utf8' });
    expect(JSON.parse(ended.stdout)).toMatchObject({ shim: 1, deep: 0 });
    expect(executableOf(loader, process.execPath)).toBe(process.execPath);
    expect(executableOf(loader, 'no such file')).toBe(loader);
    expect(executableOf(process.execPath, 'anything')).toBe(process.execPath);
  });

  it('is live in a library that a shim opens, and dead in one that is bound deep', () => {
    const ended = runProgram('copied.mjs', [build()]);
    expect(ended, ended.errors).toMatchObject({ status: 0 });
    const { shim, deep, note } = JSON.parse(ended.output);
    expect({ shim, deep }).toEqual({ shim: 1, deep: 0 });
    expect(note).toContain('_ZSt4cerr');
  });
});
