// node http-server.mjs FOLDER: serves the files of a folder on a free port of loopback, ranges of bytes too, and prints the port and
// then a line for each request. Follows RFC 9110, section 14.

import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

const folder = process.argv[2] ?? '.';

const server = createServer((request, response) => {
  process.stdout.write(`${request.method} ${request.url} ${request.headers.range ?? '-'}\n`);
  const path = join(folder, basename(new URL(request.url ?? '/', 'http://localhost').pathname));
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return void response.writeHead(404).end('no such file\n');
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const headers = { 'accept-ranges': 'bytes', 'content-type': 'application/octet-stream' };
  const [first, last] = range ? [Number(range[1]), Math.min(Number(range[2] || size - 1), size - 1)] : [0, size - 1];
  if (range && first > last) return void response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
  const part = range && { 'content-range': `bytes ${first}-${last}/${size}` };
  response.writeHead(range ? 206 : 200, { ...headers, ...part, 'content-length': last - first + 1 });
  if (request.method === 'HEAD' || size === 0) return void response.end();
  createReadStream(path, { start: first, end: last }).pipe(response);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`port ${typeof address === 'object' ? address?.port : address}\n`);
});
