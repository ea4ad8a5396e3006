// Functions by the name of their type: those that C keeps in members of records, and those that it hands out.
// Run: npx vitest run test/runtime/function-types.test.ts

import { bytesAt, bytesOf } from '@dlshim/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { extras, stream } from './extras.ts';

const open = () => extras.open({ path: buildLibrary('extras.c', 'libextras.so') });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).split('\0')[0];

describe.skipIf(noCompiler)(named('a function type by its name', noCompiler), () => {
  let opened: ReturnType<typeof open>;
  beforeAll(() => {
    opened = open();
  });

  it('makes a callback for a member of a record, which C calls', () => {
    const { callback, fn, release } = opened;
    const view = stream.alloc();
    const out = new Uint8Array(16);
    expect(fn.extras_read(bytesOf(view), out, 16)).toBe(-1);
    const kept = callback('stream.read', (self, target, length) => {
      expect(self).toBeTypeOf('bigint');
      bytesAt(target, Number(length)).set(new TextEncoder().encode('from JS\0'));
      return 7;
    });
    view.read = kept;
    expect(view.read).toBe(kept);
    expect(fn.extras_read(bytesOf(view), out, 16)).toBe(7);
    expect(text(out)).toBe('from JS');
    release(kept);
  });

  it('calls what a record of C points to', () => {
    const { fn, functionAt } = opened;
    const address = fn.extras_stream();
    const table = stream.at(address);
    const read = functionAt('stream.read', table.read);
    const out = new Uint8Array(16);
    expect(read(address, out, 16)).toBe(6);
    expect(text(out)).toBe('from C');
    expect(functionAt('stream.close', table.close)(address)).toBe(1);
    expect(table.closed).toBe(1);
  });

  it('knows a member by another name of its record', () => {
    const { callback, fn, release } = opened;
    const view = stream.alloc();
    const kept = callback('stream_t.read', () => 3);
    view.read = kept;
    expect(fn.extras_read(bytesOf(view), new Uint8Array(16), 16)).toBe(3);
    release(kept);
  });

  it('is refused where it is unknown, and a null function is not called', () => {
    const { callback, functionAt } = opened;
    for (const name of [
      'nothing',
      'stream.closed',
      'stream.nothing',
      'nothing.read',
      '.read',
      'constructor',
      'stream.constructor',
      'stream_t.nothing',
      'stream_t',
    ]) {
      expect(() => callback(name as 'hook_t', () => 0), name).toThrow(`extras has no function type '${name}'`);
    }
    expect(() => functionAt('stream.read', null)).toThrow(/functionAt\('stream.read'\): not an address: null/);
  });
});
