// What a table has besides plain functions: arguments behind `...`, data symbols, functions by the name of their type. The values
// behind options are those of the shim of libcurl. Every line under @ts-expect-error must not compile. Compiled by types.test.ts.

import { type CallbackError, double, int, int64, long, type Pointer, type Shim, type Variadic } from '@dlshim/runtime';
import {
  CURLINFO_EFFECTIVE_URL,
  CURLINFO_RESPONSE_CODE,
  CURLMOPT_MAXCONNECTS,
  CURLOPT_HTTPHEADER,
  CURLOPT_MAX_SEND_SPEED_LARGE,
  CURLOPT_POSTFIELDS,
  CURLOPT_SSLCERT_BLOB,
  CURLOPT_TIMEOUT,
  CURLOPT_URL,
  CURLOPT_WRITEDATA,
  CURLOPT_WRITEFUNCTION,
  CURLSHOPT_SHARE,
  type curl_slist,
  type curl_write_callback,
  libcurl,
} from '@dlshim/shims/libcurl';
import { image } from './shims.ts';

const { fn, callback, functionAt, release } = libcurl.open();
const handle = fn.curl_easy_init();
const multi = fn.curl_multi_init();
declare const list: Pointer<curl_slist>;

// Each option takes its own type.
fn.curl_easy_setopt(handle, CURLOPT_URL, 'http://localhost/');
fn.curl_easy_setopt(handle, CURLOPT_URL, null);
// @ts-expect-error a string is wanted
fn.curl_easy_setopt(handle, CURLOPT_URL, 5);
// @ts-expect-error and it is wanted
fn.curl_easy_setopt(handle, CURLOPT_URL);
// @ts-expect-error and nothing behind it
fn.curl_easy_setopt(handle, CURLOPT_URL, 'http://localhost/', 5);
fn.curl_easy_setopt(handle, CURLOPT_TIMEOUT, 30);
// @ts-expect-error a number is wanted
fn.curl_easy_setopt(handle, CURLOPT_TIMEOUT, '30');
// @ts-expect-error the type is known, and is not said
fn.curl_easy_setopt(handle, CURLOPT_TIMEOUT, int(30));
fn.curl_easy_setopt(handle, CURLOPT_MAX_SEND_SPEED_LARGE, 2n ** 40n);
fn.curl_easy_setopt(handle, CURLOPT_HTTPHEADER, list);
// @ts-expect-error a list is wanted
fn.curl_easy_setopt(handle, CURLOPT_HTTPHEADER, ['Accept: */*']);
fn.curl_easy_setopt(handle, CURLOPT_WRITEDATA, handle);
// @ts-expect-error memory of JavaScript's does not last
fn.curl_easy_setopt(handle, CURLOPT_WRITEDATA, new Uint8Array(4));
// @ts-expect-error nor does this string, which libcurl does not copy
fn.curl_easy_setopt(handle, CURLOPT_POSTFIELDS, 'a=1');
// @ts-expect-error a blob is a record
fn.curl_easy_setopt(handle, CURLOPT_SSLCERT_BLOB, new Uint8Array(4));

// Callback options take a pointer to a function of their own type.
const write = callback('curl_write_callback', (buffer, size, count) =>
  buffer === null ? 0 : Number(size) * Number(count),
);
fn.curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, write);
// @ts-expect-error a plain function is gone after the call
fn.curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, () => 0);
const seek = callback('curl_seek_callback', () => 0);
// @ts-expect-error a function of another type
fn.curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, seek);
// @ts-expect-error it returns a number
callback('curl_write_callback', () => 'text');
// @ts-expect-error no such type
callback('curl_nothing_callback', () => 0);
release(write);

// Errors of callbacks that no call can throw; traces and checks are asked for by name.
const { on, off } = libcurl.open({ trace: true, check: false });
const hear = (error: CallbackError) => void [error.cause, error.callback, error.library];
on('error', hear);
off('error', hear);
// @ts-expect-error no such event
on('data', hear);
// @ts-expect-error a listener takes a CallbackError
on('error', (error: number) => void error);
// @ts-expect-error not a boolean
libcurl.open({ check: 'yes' });

// What an option gives is written into a cell.
const code: [number | bigint] = [0];
const url: [string | null] = [null];
fn.curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, code);
fn.curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, [0]);
fn.curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, new BigInt64Array(1));
fn.curl_easy_getinfo(handle, CURLINFO_EFFECTIVE_URL, url);
// @ts-expect-error a long is written there
fn.curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, url);
// @ts-expect-error 64 bits are written there
fn.curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, new Int32Array(1));
// @ts-expect-error a number is not written to
fn.curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, 0);
fn.curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 10);
// @ts-expect-error a number is wanted
fn.curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 'ten');
fn.curl_share_setopt(fn.curl_share_init(), CURLSHOPT_SHARE, 3);

// An option that the shim does not know takes arguments that say their type.
const newer: number = 999;
fn.curl_easy_setopt(handle, newer, long(1));
fn.curl_easy_setopt(handle, 999, 'text');
// @ts-expect-error a bare number has no type
fn.curl_easy_setopt(handle, newer, 1);

// Behind any other `...`.
declare const format: (format: string, ...rest: Variadic[]) => number;
format('%d %f %s %ld', int(5), double(1.5), 'text', long(5n), int64(1), null, image, new Uint8Array(1));
// @ts-expect-error a bare number has no type
format('%d', 5);
// @ts-expect-error nor has a boolean
format('%d', true);
// @ts-expect-error a plain function is gone after the call
format('%p', () => 0);
// @ts-expect-error a bigint is no address
format('%p', 5n);
// @ts-expect-error nothing is no null
format('%p', undefined);
// @ts-expect-error a number is wanted
int('5');

// Variadic functions are not on the thread pool; all others are.
const { async } = libcurl.open();
const done: Promise<number> = async.curl_easy_perform(handle);
// @ts-expect-error it is variadic
async.curl_easy_setopt(handle, CURLOPT_TIMEOUT, 30);
// @ts-expect-error and so is this one
async.curl_formadd([null], [null]);

// Functions by the name of their type.
declare const handed: Pointer<curl_write_callback>;
const call = functionAt('curl_write_callback', handed);
const written: number | bigint = call(new Uint8Array(4), 1, 4, null);
// @ts-expect-error all of its parameters are wanted
call(new Uint8Array(4));
// @ts-expect-error a pointer to a function of another type
functionAt('curl_seek_callback', handed);

// Data symbols.
interface Data {
  level: number;
  readonly fixed: number;
  perhaps: number | undefined;
}
declare const tools: Shim<
  { plain(): void },
  object,
  object,
  { 'ops.open': Pointer<(path: string) => number> | null },
  Data
>;
const opened = tools.open();
opened.data.level = opened.data.level + opened.data.fixed;
// @ts-expect-error it is const
opened.data.fixed = 5;
// @ts-expect-error it may be missing
opened.data.perhaps + 1;
// @ts-expect-error no such variable
opened.data.nothing;
const level: Pointer<number> = opened.addressOf('level');
const plain: Pointer<() => void> = opened.addressOf('plain');
// @ts-expect-error no such symbol
opened.addressOf('nothing');
const member = opened.callback('ops.open', (path) => path.length);
// @ts-expect-error it returns a number
opened.callback('ops.open', (path) => path);

export { done, level, member, plain, written };
