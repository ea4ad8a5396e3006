// The version that a library tells, in each of the ways that there are.
// Run: npx vitest run test/runtime/version-call.test.ts

import { defineShim, type VersionCall } from '@dlshim/runtime';
import { describe, expect, it } from 'vitest';
import { buildLibrary } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { descriptor } from './extras.ts';

const ways: [told: string | undefined, versionCall: VersionCall][] = [
  ['3.2.1', { kind: 'string', symbol: 'extras_version_text', argument: 0 }],
  ['3', { kind: 'string', symbol: 'extras_version_text', argument: 3, until: '.' }],
  [undefined, { kind: 'string', symbol: 'extras_version_text', argument: 4, until: '.' }],
  ['9.0.11', { kind: 'number', symbol: 'extras_version_number' }],
  [
    '2.26.5',
    { kind: 'record', symbol: 'extras_version_fill', record: 'version', members: ['major', 'minor', 'patch'] },
  ],
  ['7.88.1', { kind: 'record', symbol: 'extras_about', argument: 10, record: 'about', members: ['version'] }],
  ['10.7.88.1', { kind: 'record', symbol: 'extras_about', argument: 10, record: 'about', members: ['age', 'version'] }],
  ['3.24.38', { kind: 'functions', symbol: 'extras_major', others: ['extras_minor', 'extras_micro'] }],
  [undefined, { kind: 'functions', symbol: 'extras_major', others: ['extras_minor', 'extras_absent'] }],
  [undefined, { kind: 'string', symbol: 'extras_absent' }],
  [undefined, { kind: 'record', symbol: 'extras_version_fill', record: 'nothing', members: ['major'] }],
];

describe.skipIf(noCompiler)(named('a version', noCompiler), () => {
  it.each(ways)('is %s where it is told by %o', (told, versionCall) => {
    process.env.DLSHIM_TOLD = buildLibrary('extras.c', 'libextras.so');
    const shim = defineShim({ ...descriptor, library: 'told', stamp: JSON.stringify(versionCall), versionCall });
    const { status, version } = shim.inspect();
    delete process.env.DLSHIM_TOLD;
    expect([status, version]).toEqual(['loaded', told]);
  });
});
