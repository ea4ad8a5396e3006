// What C does with what a parameter points to shows in its type: on the shims of librbd, librados, libiscsi and libcurl as they are generated.
// Every line under @ts-expect-error must not compile. Compiled by types.test.ts.

import { allocate, type Cell, type Pointer } from '@dlshim/runtime';
import { type CURL, type CURLM, CURLOPT_URL, CURLOPT_VERBOSE, type CURLSH, libcurl } from '@dlshim/shims/libcurl';
import { type iscsi_context, libiscsi, type scsi_task } from '@dlshim/shims/libiscsi';
import { librados, type rados_completion_t, type rados_ioctx_t, type rados_t } from '@dlshim/shims/librados';
import { librbd, type rbd_completion_t, rbd_image_info_t, type rbd_image_t } from '@dlshim/shims/librbd';
import { RbdAio } from '@dlshim/shims/librbd-aio';

declare const cluster: rados_t;
declare const io: rados_ioctx_t;
declare const image: rbd_image_t;
declare const completion: rbd_completion_t;
const rbd = librbd.open();
const rados = librados.open();
const iscsi = libiscsi.open();
const curl = libcurl.open();

// Handles: each of its own kind, and none where one is wanted.
const opened: Cell<rbd_image_t> = [null];
rbd.fn.rbd_open(io, 'disk0', opened, null);
// @ts-expect-error an image is no I/O context
rbd.fn.rbd_open(image, 'disk0', opened, null);
// @ts-expect-error a cell of another handle
rbd.fn.rbd_open(io, 'disk0', [cluster], null);
// @ts-expect-error the cell may still be empty
rbd.fn.rbd_close(opened[0]);
// @ts-expect-error no cell at all
rbd.fn.rbd_open(io, 'disk0', image, null);
// @ts-expect-error librados's completions are not librbd's
rbd.fn.rbd_aio_release(undefined as unknown as rados_completion_t);
declare const context: Pointer<iscsi_context>;
declare const task: Pointer<scsi_task>;
iscsi.fn.iscsi_scsi_cancel_task(context, task);
// @ts-expect-error the wrong way round
iscsi.fn.iscsi_scsi_cancel_task(task, context);
// @ts-expect-error a task is what libiscsi has made, and no bytes of JavaScript's
iscsi.fn.scsi_free_scsi_task(new Uint8Array(256));

// libcurl's handles are void to C.
declare const multi: Pointer<CURLM>;
declare const share: Pointer<CURLSH>;
const easy: Pointer<CURL> | null = curl.fn.curl_easy_init();
curl.fn.curl_multi_add_handle(multi, easy);
// @ts-expect-error a transfer is not many
curl.fn.curl_multi_add_handle(easy, multi);
// @ts-expect-error nor is a share one
curl.fn.curl_easy_perform(share);
// @ts-expect-error nor bytes
curl.fn.curl_easy_perform(new Uint8Array(8));
curl.fn.curl_easy_setopt(easy, CURLOPT_URL, 'http://localhost/');
// @ts-expect-error a URL is no number
curl.fn.curl_easy_setopt(easy, CURLOPT_URL, 1);
// @ts-expect-error and a switch no text
curl.fn.curl_easy_setopt(easy, CURLOPT_VERBOSE, 'yes');

// Buffers: bytes of any kind, and no text.
const bytes = new Uint8Array(4096);
rbd.fn.rbd_read(image, 0, bytes.length, bytes);
rbd.fn.rbd_read(image, 0, bytes.length, Buffer.alloc(4096));
rbd.fn.rbd_read(image, 0, 4096, allocate(4096));
// @ts-expect-error the buffer is missing
rbd.fn.rbd_read(image, 0, 4096);
// @ts-expect-error a string cannot be filled
rbd.fn.rbd_read(image, 0, 4096, 'text');
// @ts-expect-error nor can an array of numbers
rbd.fn.rbd_read(image, 0, 4096, [0]);
rbd.fn.rbd_write(image, 0, bytes.length, bytes);
// @ts-expect-error so many characters are not so many bytes
rbd.fn.rbd_write(image, 0, 4, 'text');
rados.fn.rados_setxattr(io, 'object', 'name', bytes, bytes.length);
// @ts-expect-error the name is text, the value is not
rados.fn.rados_setxattr(io, 'object', 'name', 'value', 5);

// Sizes: in and out, so that they have a value; answers need none.
rbd.fn.rbd_list(io, bytes, [bytes.length]);
rbd.fn.rbd_list(io, bytes, new BigUint64Array([4096n]));
// @ts-expect-error how much room there is
rbd.fn.rbd_list(io, bytes, [null]);
// @ts-expect-error it is written back
rbd.fn.rbd_list(io, bytes, bytes.length);
// @ts-expect-error elements of another size
rbd.fn.rbd_list(io, bytes, new Uint32Array(1));
const size: Cell<number | bigint> = [null];
rbd.fn.rbd_get_size(image, size);
const info = rbd_image_info_t.bytes(1);
rbd.fn.rbd_stat(image, info, info.length);
// @ts-expect-error bytes of no record
rbd.fn.rbd_stat(image, bytes, bytes.length);

// Lists of strings.
const out: Cell<Pointer<number>> = [null];
const command = Object.freeze(['{"prefix":"status"}']);
rados.fn.rados_mon_command(cluster, command, 1, null, 0, out, [0], [null], [0]);
// @ts-expect-error one string is no list
rados.fn.rados_mon_command(cluster, '{}', 1, null, 0, out, [0], [null], [0]);
if (out[0]) rados.fn.rados_buffer_free(out[0]);
// @ts-expect-error librados frees what librados has allocated
rados.fn.rados_buffer_free(bytes);

// What C keeps.
const result = new Int32Array(1);
const read = rados.fn.rados_create_read_op()!;
rados.fn.rados_read_op_stat(read, new BigUint64Array(1), new BigInt64Array(1), result);
// @ts-expect-error a plain array would be a copy that is gone when it is written
rados.fn.rados_read_op_stat(read, [0], new BigInt64Array(1), result);
const done = rbd.callback('rbd_aio_create_completion', 1, (of) => void of);
const made: Cell<rbd_completion_t> = [null];
rbd.fn.rbd_aio_create_completion(null, done, made);
// @ts-expect-error a plain function is C's until the call returns, and this one is called later
rbd.fn.rbd_aio_create_completion(null, () => {}, made);
// @ts-expect-error what C hands to the callback is an address
rbd.fn.rbd_aio_create_completion(bytes, done, made);
// And what it does not keep.
rbd.fn.rbd_diff_iterate2(image, null, 0, 4096, 1, 0, (offset, length) => Number(offset) + Number(length), null);

// Weak ones, on a real shim.
// @ts-expect-error possibly undefined
rbd.fn.rbd_aio_write_zeroes(image, 0, 4096, completion, 0, 0);
if (rbd.has('write_zeroes')) rbd.fn.rbd_aio_write_zeroes(image, 0, 4096, completion, 0, 0);

// What is all or nothing has no number to add up.
const aio = new RbdAio(rbd, image);
const sum = (count: number): number => count;
sum(await aio.read(0, bytes));
// @ts-expect-error a write has no result
sum(await aio.write(0, bytes));
// @ts-expect-error nor has a flush
sum(await aio.flush());
// @ts-expect-error nor a discard
sum(await aio.discard(0, 4096));
