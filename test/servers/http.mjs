// An HTTP server in a process of its own, for libcurl, with TLS and HTTP/2 beside it. Nothing in; out its URLs, the folder that it serves and what
// was asked of it.

import { fileURLToPath } from 'node:url';
import { readLog } from './daemon.mjs';
import { inSite } from './site.mjs';

/** What it, and a client to compare with, need of the machine. */
export const needs = { commands: ['openssl'], root: false };

/** @typedef {Awaited<ReturnType<typeof start>>} Http */

/** Gives `url`, `tlsUrl` and `http2Url` (with a slash at their ends), `certificate`, the file of the certificate that the last two show, which it has signed itself,
 *  `files`, the folder behind them, and `requests()`: `GET /name bytes=0-9`, one for each. http-server.mjs says what goes wrong on demand. */
export function start() {
  return inSite('http', async (site) => {
    const files = site.mkdir('files');
    const [key, certificate] = [site.path('key.pem'), site.path('certificate.pem')];
    const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost';
    const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const subject = ['-subj', '/CN=dlshim test', '-addext', names];
    await site.run('openssl', 'req', '-x509', ...made, ...subject, '-keyout', key, '-out', certificate);
    const script = fileURLToPath(new URL('http-server.mjs', import.meta.url));
    const ready = (/** @type {import('./daemon.mjs').Daemon} */ { output }) => readLog(output).includes('\n');
    const server = await site.daemon(process.execPath, [script, files, key, certificate], {
      name: 'http-server',
      ready,
    });
    const [first = ''] = readLog(server.output).split('\n');
    const [port, tlsPort, http2Port] = first.replace('ports ', '').split(' ').map(Number);
    const [url, tlsUrl] = [`http://127.0.0.1:${port}/`, `https://127.0.0.1:${tlsPort}/`];
    const http2Url = `https://127.0.0.1:${http2Port}/`;
    const requests = () => readLog(server.output).trim().split('\n').slice(1);
    return { url, tlsUrl, http2Url, certificate, files, requests, server, hint: `curl -r 0-9 ${url}NAME` };
  });
}
