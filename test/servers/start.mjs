#!/usr/bin/env node
// node test/servers/start.mjs NAME…: starts servers, prints how to reach them, and keeps them until Ctrl-C.

import { noServer, servers } from './servers.mjs';

const names = /** @type {import('./servers.mjs').ServerName[]} */ (process.argv.slice(2));
const unknown = names.filter((name) => !Object.hasOwn(servers, name));
if (names.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) process.stderr.write(`start: no such server: ${unknown.join(', ')}\n`);
  process.stderr.write(`usage: node test/servers/start.mjs ${Object.keys(servers).join('|')} …\n`);
  process.exit(2);
}
const reason = noServer(...names);
if (reason !== undefined) {
  process.stderr.write(`start: ${reason}\n`);
  process.exit(1);
}

/** @type {{ stop(): Promise<void> }[]} */
const running = [];
let stopping = false;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, stop);
const alive = setInterval(() => {}, 1 << 30);
try {
  for (const name of names) await start(name);
  process.stdout.write('Ctrl-C stops.\n');
} catch (error) {
  process.stderr.write(`start: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
  await stop();
}

/** @param {import('./servers.mjs').ServerName} name */
async function start(name) {
  const before = performance.now();
  const server = await servers[name].start();
  running.push(server);
  process.stdout.write(`${name}, started in ${((performance.now() - before) / 1000).toFixed(2)} s\n`);
  for (const [key, value] of Object.entries(facts(server))) process.stdout.write(`  ${key}: ${value}\n`);
}

/** What can be printed of a server. @param {object} server */
function facts(server) {
  return Object.fromEntries(
    Object.entries(server).flatMap(([key, value]) => {
      if (typeof value === 'function') return [];
      if (typeof value !== 'object') return [[key, value]];
      return 'pid' in value ? [[key, `pid ${value.pid}, ${value.output}`]] : [[key, JSON.stringify(value)]];
    }),
  );
}

async function stop() {
  if (stopping) return;
  stopping = true;
  for (const server of running.toReversed()) await server.stop();
  clearInterval(alive);
}
