// One shim, four versions of a library: what is present, weak, a feature, or missing.
// Run: npx vitest run test/runtime/versions.test.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { buildModule, buildShapes, runProgram } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

type Request = Record<string, unknown>;

function open(request: Request, env: Record<string, string> = {}) {
  const ended = runProgram('report.mjs', [JSON.stringify(request)], { env });
  expect(ended, ended.errors).toMatchObject({ status: 0, signal: null });
  return JSON.parse(ended.output);
}

describe.skipIf(noCompiler)(named('one shim over four versions of a library', noCompiler), () => {
  const path: Record<string, string> = {};
  beforeAll(() => {
    buildModule('shapes');
    for (const version of ['1.0', '1.1', '1.2', '2.0'] as const) path[version] = buildShapes(version);
  });

  it('opens 1.0, which has neither feature, and weak slots read as undefined', () => {
    const report = open({ path: path['1.0'] });
    expect(report).toMatchObject({
      area: 42,
      rotate: null,
      imaginary: 'undefined',
      has: { rotate: false, exact: false },
    });
  });

  it('opens 1.1, which has the first feature', () => {
    expect(open({ path: path['1.1'] })).toMatchObject({ rotate: 10, has: { rotate: true, exact: false } });
  });

  it('opens 1.2, which has both, and returns the same object each time', () => {
    const report = open({ path: path['1.2'] });
    expect(report).toMatchObject({ rotate: 10, has: { rotate: true, exact: true }, same: true });
  });

  it('refuses 2.0, which lost a required function, and names function, version and file', () => {
    const { error, inspection } = open({ path: path['2.0'] });
    expect(error).toMatchObject({
      name: 'MissingSymbolsError',
      code: 'DLSHIM_SYMBOLS',
      symbols: ['shapes_scale'],
      version: '2.0.7',
      path: path['2.0'],
    });
    expect(error.message).toContain('shapes 2.0.7');
    expect(error.message).toContain('shapes_scale');
    expect(inspection.status).toBe('absent'); // by name it is not installed: a refused file is not kept
  });

  it('inspects without throwing: version, file, present and missing functions, features', () => {
    const { first } = open({ inspectFirst: true }, { DLSHIM_SHAPES: path['1.1']! });
    expect(first).toMatchObject({
      status: 'loaded',
      version: '1.1.7',
      shimVersion: '1.2',
      path: path['1.1'],
      missing: ['shapes_rotate_exact', 'shapes_mirror', 'shapes_imaginary'],
      missingRequired: [],
      features: { rotate: true, exact: false },
    });
    const refused = open({ inspectFirst: true }, { DLSHIM_SHAPES: path['2.0']! }).first;
    expect(refused).toMatchObject({ status: 'incompatible', version: '2.0.7', missingRequired: ['shapes_scale'] });
    expect(open({ inspectFirst: true }).first).toMatchObject({
      status: 'absent',
      present: [],
      error: { code: 'DLSHIM_ABSENT' },
    });
  });

  it('opens with require when all is there, and names everything that is not', () => {
    expect(open({ path: path['1.2'], require: ['exact', 'shapes_rotate'] }).error).toBeUndefined();
    const { error } = open({ path: path['1.0'], require: ['exact', 'shapes_rotate', 'shapes_area'] });
    expect(error).toMatchObject({ name: 'RequireError', unmet: ['exact', 'shapes_rotate'], version: '1.0.7' });
    expect(error.symbols).toEqual(['shapes_rotate_exact', 'shapes_mirror', 'shapes_rotate']);
    expect(error.message).toContain('exact (lacks shapes_rotate_exact, shapes_mirror)');
  });

  it('keeps nothing of a library that require refused, so that another file can be opened after it', () => {
    const report = open({ path: path['1.0'], require: ['exact'], thenPath: path['1.2'] });
    expect(report).toMatchObject({ error: { name: 'RequireError' }, later: true });
  });

  it('takes an unknown name in require or has for the mistake that it is', () => {
    expect(open({ path: path['1.2'], require: ['toString'] }).error).toMatchObject({ name: 'TypeError' });
    expect(open({ path: path['1.2'] }).unknownFeature).toBe('TypeError');
  });

  it('finds a bare name through LD_LIBRARY_PATH', () => {
    const folder = path['1.1']!.replace('/libshapes.so.1', '');
    const report = open({}, { LD_LIBRARY_PATH: folder });
    expect(report.inspection).toMatchObject({ status: 'loaded', path: path['1.1'] });
    expect(report.inspection.attempts[0].note).toContain('LD_LIBRARY_PATH');
  });

  it('does not open a second copy from another file, and accepts the same one', () => {
    const report = open({ path: path['1.1'], second: path['1.2'] });
    expect(report.second).toMatchObject({ name: 'PathError', code: 'DLSHIM_PATH' });
    expect(report.second.message).toContain(path['1.1']);
    expect(open({ path: path['1.1'], second: path['1.1'] }).second).toBe('opened');
  });
});
