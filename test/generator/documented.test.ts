// What a doc comment says of a function's parameters: Doxygen's marks, GTK-Doc's, and sentences as people write them.
// What it says of parameters that C only reads is passed over: `[in]` stands before many an argument that C writes.

import { describe, expect, test } from 'vitest';
import { documentedDirections } from '../../generator/src/parse/documented.ts';

describe('a comment says of a parameter', () => {
  const said: readonly (readonly [words: string, direction: 'out' | 'inout' | undefined])[] = [
    ['@param[out] x the answer', 'out'],
    ['@param[in,out] x the size', 'inout'],
    ['@param[in, out] x the size', 'inout'],
    ['@param[in] x where to store the answer', undefined],
    ['\\param[out] x the answer', 'out'],
    ['@param x [out] the answer', 'out'],
    ['@param x where to store the answer', 'out'],
    ['@param x - where to put it', 'out'],
    ['@param x pointer to where to store it', 'out'],
    ['@param x the handle in which to store the context', 'out'],
    ['@param x pointer to buffer where name will be stored', 'out'],
    ['@param x a pointer filled in with the width', 'out'],
    ['\\param x a pointer to be filled with the width', 'out'],
    ['@param x the buffer, filled with the name', undefined],
    ['@param x cursor populated with the start of the range', undefined],
    ['@param x receives the result', 'out'],
    ['@param x where to store the size, on input the capacity', 'inout'],
    ['@param x where to store the position, updated at each call', 'inout'],
    ['@param x where to find input', undefined],
    ['@param x the buffer to store', undefined],
    ['@param x what to store in the attribute', undefined],
    ['@param x how many fit where the names are stored', undefined],
    ['@x: (out): the answer', 'out'],
    ['@x: (inout) (array): the values', 'inout'],
    ['@x: (in): the value', undefined],
    ['@returns where to store the answer', undefined],
  ];
  test.each(said)('%s', (words, direction) => {
    expect(documentedDirections(`Does it.\n\n${words}\n@returns 0`)?.x).toBe(direction);
  });
});

test('a sentence goes on over further lines, and ends at an empty one or at the next tag', () => {
  const comment = [
    '@param a the value, or',
    '  where to store it',
    '@param b where to',
    '  store it',
    '@return x',
    '',
  ].join('\n');
  expect(documentedDirections(comment)).toEqual({ b: 'out' });
  expect(documentedDirections('@param a where to\n\nstore')).toBe(undefined);
});

test('names that are those of every JavaScript object are names as any other', () => {
  const said = documentedDirections('@param[out] __proto__ x\n@param[in,out] constructor y');
  expect(Object.entries(said ?? {})).toEqual([
    ['__proto__', 'out'],
    ['constructor', 'inout'],
  ]);
});

test('a comment without parameters says nothing', () => {
  expect(documentedDirections('Where to store the answer is x.')).toBe(undefined);
});
