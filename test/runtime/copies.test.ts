// Two installed copies of the runtime in one thread share a library's table; each thread has a table of its own.
// Run: npx vitest run test/runtime/copies.test.ts

import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as runtime from '@dlshim/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildShapes, out, root } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

const descriptor: runtime.ShimDescriptor = {
  format: 1,
  library: 'shapes',
  version: '1',
  stamp: 'copies',
  target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
  files: {},
  packages: {},
  required: { shapes_area: 'i32(i32,i32)' },
  weak: {},
  features: {},
  records: {},
};
interface Area {
  shapes_area(width: number, height: number): number;
}

describe.skipIf(noCompiler)(named('two copies of the runtime', noCompiler), () => {
  const folder = join(out, `copy-${process.pid}`);
  beforeAll(() => {
    cpSync(join(root, 'runtime', 'dist'), folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('have one table per library in a thread', async () => {
    const copy: typeof runtime = await import(pathToFileURL(join(folder, 'index.js')).href);
    expect(copy.defineShim).not.toBe(runtime.defineShim);
    const path = buildShapes('1.2');
    const first = runtime.defineShim<Area, object, object>(descriptor).open({ path });
    const second = copy.defineShim<Area, object, object>(descriptor).open();
    expect(second).toBe(first);
    expect(second.fn.shapes_area(6, 7)).toBe(42);
    // And from another copy another file is refused, too.
    expect(() => copy.defineShim(descriptor).open({ path: buildShapes('1.1') })).toThrow(/already loaded from/);
  });

  it('have a table in each of eight workers that open at once, over one library in the process', async () => {
    const path = buildShapes('1.2');
    const source = `
      import { parentPort } from 'node:worker_threads';
      import { defineShim } from ${JSON.stringify(pathToFileURL(join(folder, 'index.js')).href)};
      const shim = defineShim(${JSON.stringify(descriptor)});
      parentPort.postMessage(shim.open({ path: ${JSON.stringify(path)} }).fn.shapes_area(3, 5));
    `;
    const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
    const results = Array.from({ length: 8 }, () => {
      const worker = new Worker(url);
      return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    });
    expect(await Promise.all(results)).toEqual(Array(8).fill(15));
    const maps = readFileSync('/proc/self/maps', 'utf8');
    expect(maps.split('\n').filter((line) => line.includes(path) && line.includes('r-xp'))).toHaveLength(1);
  });
});
