// Signature text to trees: every rule of the grammar in runtime/src/contract/descriptor.ts, and what is wrong with bad text.
// Run: npx vitest run test/runtime/signature.test.ts

import { describe, expect, it } from 'vitest';
import { parseFieldType, parseSignature } from '../../runtime/src/contract/signature.ts';

const scalar = (name: string) => ({ kind: 'scalar', name });

describe('signature text', () => {
  it('has a result and parameters', () => {
    expect(parseSignature('void()')).toEqual({ result: scalar('void'), parameters: [], variadic: false });
    expect(parseSignature('i32(ptr, u64)').parameters).toEqual([scalar('ptr'), scalar('u64')]);
  });

  it('marks directions and variadics', () => {
    const { parameters, variadic } = parseSignature('i32(in:str,out:@rbd_image_t,inout:i64,...)');
    expect(parameters).toEqual([
      { kind: 'to', direction: 'in', to: scalar('str') },
      { kind: 'to', direction: 'out', to: { kind: 'handle', name: 'rbd_image_t' } },
      { kind: 'to', direction: 'inout', to: scalar('i64') },
    ]);
    expect(variadic).toBe(true);
    expect(parseSignature('i32(...)')).toMatchObject({ parameters: [], variadic: true });
  });

  it('says how much memory C touches', () => {
    const { parameters } = parseSignature('i64(*context,out:char[2],in:{point}[3b],inout:u8[=16])');
    expect(parameters[0]).toEqual({ kind: 'pointer', name: 'context' });
    expect(parameters.slice(1)).toMatchObject([
      { direction: 'out', to: scalar('char'), extent: { parameter: 2, unit: 'elements' } },
      { direction: 'in', to: { kind: 'record', name: 'point' }, extent: { parameter: 3, unit: 'bytes' } },
      { direction: 'inout', extent: { count: 16, unit: 'elements' } },
    ]);
  });

  it('nests functions and records', () => {
    const { parameters } = parseSignature('void(fn<i32(fn<void(ptr)>,{timeval})>)');
    expect(parameters[0]).toMatchObject({ kind: 'function', text: 'fn<i32(fn<void(ptr)>,{timeval})>' });
    expect(parameters).toMatchObject([
      { signature: { parameters: [{ kind: 'function' }, { kind: 'record', name: 'timeval' }] } },
    ]);
  });

  it('points into the text where it is wrong', () => {
    for (const text of [
      '',
      'i32',
      'i32(',
      'i32(,)',
      'i32(i32',
      'i32(..., i32)',
      'i32()x',
      'fn<i32()',
      'i32({})',
      'i32(@)',
      'i32(in:u8[)',
      'i32(u8[2])',
    ]) {
      expect(() => parseSignature(text), text).toThrow(/column \d+ of the signature/);
    }
  });
});

describe('the text of a member', () => {
  it('has array lengths after the type, outermost first', () => {
    expect(parseFieldType('u8[2][3]')).toEqual({
      kind: 'array',
      length: 2,
      of: { kind: 'array', length: 3, of: scalar('u8') },
    });
    expect(parseFieldType('{point}[4]')).toEqual({ kind: 'array', length: 4, of: { kind: 'record', name: 'point' } });
    expect(parseFieldType('u8[]')).toMatchObject({ kind: 'array', length: 0 });
  });
});
