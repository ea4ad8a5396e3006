// node http-server.mjs FOLDER [KEY CERTIFICATE]: serves the files of a folder on a free port of loopback, and with a key on two
// others by TLS and by HTTP/2, ranges of bytes too; prints the ports and then a line for each request. What it does wrong it does when it is asked to, by the
// query: see `faults`. Follows RFC 9110, section 14, and RFC 7616.

import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { createServer } from 'node:http';
import { createSecureServer as createHttp2Server } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const [folder = '.', key, certificate] = process.argv.slice(2);
/** Who may read what is behind `auth`. */
const [USER, PASSWORD, NONCE] = ['user', 'secret', 'dcd98b7102dd2f0e'];
/** How often each `token` was used. @type {Map<string, number>} */
const uses = new Map();
let tokens = 0;

/** @typedef {import('node:http').IncomingMessage} Request @typedef {import('node:http').ServerResponse} Response
 *  @typedef {URLSearchParams} Faults */

/** @param {Request} request @param {Response} response */
async function answer(request, response) {
  const { pathname, searchParams: faults } = new URL(request.url ?? '/', 'http://localhost');
  const { range: asked = '-', cookie, authorization } = request.headers;
  const secrets = [authorization && ` authorization:${authorization.split(' ')[0]}`, cookie && ` cookie:${cookie}`];
  process.stdout.write(`${request.method} ${request.url} ${asked}${secrets.map((each) => each ?? '').join('')}\n`);
  if (faults.has('hang')) return;
  if (refused(request, response, faults)) return;
  let fd;
  try {
    fd = openSync(join(folder, basename(pathname)), 'r');
  } catch {
    return void response.writeHead(404).end('no such file\n');
  }
  try {
    await serve(fd, request, response, faults);
  } finally {
    closeSync(fd);
  }
}

/** Faults that need no file: `status=500`, `redirect=3` (three times), `to=URL`, `fresh=2` (to a token that can be used twice), `token=T&most=2`,
 *  `auth=basic` or `digest`, `cookie=a` (has to be sent), `nohead`. @param {Request} request @param {Response} response @param {Faults} faults */
function refused(request, response, faults) {
  const end = (/** @type {number} */ status, headers = {}) => {
    response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : `this is ${status}\n`);
    return true;
  };
  const status = faults.get('status');
  if (status) return end(Number(status));
  const redirect = Number(faults.get('redirect') ?? 0);
  if (redirect > 0) return end(302, { location: `?redirect=${redirect - 1}` });
  const to = faults.get('to');
  if (to) return end(307, { location: to });
  if (faults.has('fresh')) return end(302, { location: `?token=${++tokens}&most=${faults.get('fresh')}` });
  const token = faults.get('token');
  if (token) {
    uses.set(token, (uses.get(token) ?? 0) + 1);
    if ((uses.get(token) ?? 0) > Number(faults.get('most'))) return end(403);
  }
  const { authorization = '', cookie = '' } = request.headers;
  const auth = faults.get('auth');
  if (auth === 'basic' && authorization !== `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`)
    return end(401, { 'www-authenticate': 'Basic realm="files"' });
  if (auth === 'digest' && !isDigest(request.method ?? '', authorization))
    return end(401, { 'www-authenticate': `Digest realm="files", qop="auth", nonce="${NONCE}"` });
  if (faults.has('cookie') && cookie !== faults.get('cookie')) return end(403);
  return faults.has('nohead') && request.method === 'HEAD' && end(405);
}

/** @param {string} method @param {string} authorization */
function isDigest(method, authorization) {
  const md5 = (/** @type {string} */ text) => createHash('md5').update(text).digest('hex');
  const part = (/** @type {string} */ name) => new RegExp(`\\b${name}="?([^",]*)`).exec(authorization)?.[1] ?? '';
  const [who, what] = [md5(`${USER}:files:${PASSWORD}`), md5(`${method}:${part('uri')}`)];
  return part('response') === md5([who, NONCE, part('nc'), part('cnonce'), 'auth', what].join(':'));
}

/** Faults of what is sent: `norange` (the whole file), `star` (a length that is not known), `shift=1` (another range, and it says so), `multipart`,
 *  `notag`, `extra=1` (more bytes than asked for, without a length), `drop=1000` (the connection, after so many bytes), `stall=1000`, `slow=10`
 *  (milliseconds for each 16 KiB), `coded=gzip` (it says so). @param {number} fd @param {Request} request @param {Response} response @param {Faults} faults */
async function serve(fd, request, response, faults) {
  const { size, mtime, ino } = fstatSync(fd);
  const { mtimeNs } = fstatSync(fd, { bigint: true });
  const range = faults.has('norange') ? null : /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const number = (/** @type {string} */ fault) => Number(faults.get(fault) ?? 0);
  const tags = { etag: `"${ino}-${mtimeNs}-${size}"`, 'last-modified': mtime.toUTCString() };
  const headers = {
    'content-type': faults.has('multipart') ? 'multipart/byteranges; boundary=x' : 'application/octet-stream',
    ...(faults.has('coded') ? { 'content-encoding': faults.get('coded') ?? '' } : {}),
    ...(faults.has('notag') ? {} : tags),
    ...(faults.has('norange') ? {} : { 'accept-ranges': 'bytes' }),
  };
  const [first, last] = range
    ? [Number(range[1]) + number('shift'), Math.min(Number(range[2] || size - 1) + number('shift'), size - 1)]
    : [0, size - 1];
  if (range && first > last) return void response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
  const part = range &&
    !faults.has('multipart') && { 'content-range': `bytes ${first}-${last}/${faults.has('star') ? '*' : size}` };
  const length = faults.has('extra') ? {} : { 'content-length': last - first + 1 };
  response.writeHead(range ? 206 : 200, { ...headers, ...part, ...length });
  if (request.method === 'HEAD' || size === 0) return void response.end();
  const limit = number('drop') || number('stall') || Number.POSITIVE_INFINITY;
  const end = Math.min(last + 1, first + limit);
  const longest = faults.has('slow') ? 16 << 10 : 256 << 10;
  const pieces = async function* () {
    for (let at = first; at < end; at += longest) {
      const piece = Buffer.alloc(Math.min(longest, end - at));
      readSync(fd, piece, 0, piece.length, at);
      yield piece;
      if (faults.has('slow')) await sleep(number('slow'));
    }
  };
  try {
    await pipeline(Readable.from(pieces()), response, { end: false });
  } catch {
    return; // Whoever asked is gone.
  }
  if (end <= last && faults.has('drop')) return void setTimeout(() => response.destroy(), 50);
  if (end <= last) return;
  response.end('x'.repeat(number('extra')));
}

const listener = (/** @type {Request} */ request, /** @type {Response} */ response) => void answer(request, response);
const listening = [createServer(listener)];
if (key && certificate) {
  const tls = { key: readFileSync(key), cert: readFileSync(certificate) };
  const http2 = createHttp2Server(tls, /** @type {any} */ (listener));
  listening.push(createTlsServer(tls, listener), /** @type {any} */ (http2));
}
const ports = listening.map(
  (server) =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' ? address?.port : address);
      });
    }),
);
process.stdout.write(`ports ${(await Promise.all(ports)).join(' ')}\n`);
