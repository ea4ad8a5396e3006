// Handles and pointers of different types do not mix, and callbacks have the type of their parameter.
// Every line under @ts-expect-error must not compile. Compiled by types.test.ts.

import { bytesOf, type Pointer, type RecordType } from '@dlshim/runtime';
import { image, type image_t, info, library, pool, type stat } from './shims.ts';

const { fn, callback, release } = library.open();

// Handles.
const cell: [image_t | null] = [null];
fn.open(pool, 'disk0', cell);
// @ts-expect-error the cell may still be null
fn.close(cell[0]);
if (cell[0]) fn.close(cell[0]);
// @ts-expect-error a pool is not an image
fn.close(pool);
// @ts-expect-error nor an image a pool
fn.open(image, 'disk0', cell);
// @ts-expect-error nor any number
fn.close(0);
// @ts-expect-error nor any bigint
fn.close(16n);
// @ts-expect-error the cell is of another handle
fn.open(pool, 'disk0', [pool]);

// Pointers to opaque types and to records.
const context = fn.create_context();
fn.use_context(context);
// @ts-expect-error a handle is not that pointer
fn.use_context(image);
const view = info.alloc();
fn.stat(image, bytesOf(view));
declare const ofInfo: Pointer<import('./shims.ts').info>;
fn.stat(image, ofInfo);
// @ts-expect-error a pointer to something else
fn.stat(image, context);
// @ts-expect-error bytes that are of no record, or of another one
fn.stat(image, new Uint8Array(info.size));
fn.stat(image, info.bytes(2));
// @ts-expect-error a view is not its bytes
fn.stat(image, view);
info.at(ofInfo).size;
// @ts-expect-error a pointer to something else
info.at(context);
// @ts-expect-error a record's type has its members
info.alloc().length;
export declare const statType: RecordType<stat>;

// Callbacks.
fn.walk((index) => index * 2, null);
// @ts-expect-error it returns a number
fn.walk((index) => String(index), null);
const kept = callback('walk', 0, (index, data) => (data === null ? index : 0));
fn.walk(kept, null);
release(kept);
// @ts-expect-error it returns a number
callback('walk', 0, () => 'text');
// @ts-expect-error that parameter is not a function
callback('walk', 1, () => 0);
// @ts-expect-error there is no such parameter
callback('walk', 7, () => 0);
// @ts-expect-error this function takes no function
callback('close', 0, () => 0);
// @ts-expect-error no such function
callback('nothing', 0, () => 0);
const done = callback('writesame_aio', 1, (result) => void result);
// @ts-expect-error a function of another type
fn.walk(done, null);
// @ts-expect-error not a function of C
release(image);
