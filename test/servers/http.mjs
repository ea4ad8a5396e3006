// An HTTP server in a process of its own, for libcurl. Nothing in; out its URL, the folder that it serves and what was asked of it.

import { fileURLToPath } from 'node:url';
import { readLog } from './daemon.mjs';
import { inSite } from './site.mjs';

/** What it, and a client to compare with, need of the machine. */
export const needs = { commands: [], root: false };

/** @typedef {Awaited<ReturnType<typeof start>>} Http */

/** Gives `url` (with a slash at its end), `files`, the folder behind it, and `requests()`: `GET /name bytes=0-9`, one for each. */
export function start() {
  return inSite('http', async (site) => {
    const files = site.mkdir('files');
    const script = fileURLToPath(new URL('http-server.mjs', import.meta.url));
    const ready = (/** @type {import('./daemon.mjs').Daemon} */ { output }) => readLog(output).includes('\n');
    const server = await site.daemon(process.execPath, [script, files], { name: 'http-server', ready });
    const [first = ''] = readLog(server.output).split('\n');
    const url = `http://127.0.0.1:${Number(first.replace('port ', ''))}/`;
    const requests = () => readLog(server.output).trim().split('\n').slice(1);
    return { url, files, requests, server, hint: `curl -r 0-9 ${url}NAME` };
  });
}
