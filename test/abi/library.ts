// A library of the model in; built by the C compiler, its header read by dlshim, and opened by the runtime: its functions out.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bytesAt, type Pointer, type Shim } from '@dlshim/runtime';
import { rolldown } from 'rolldown';
import { root } from '../tools.ts';
import type { Records } from './cases.ts';
import type { CFunction, Library } from './model.ts';
import { headerText, STREAM_BYTES, sourceText } from './source.ts';
import type { Streams } from './values.ts';

/** Files of a built library. */
export interface Built {
  /** What the shim is called: one process has one library of a name. */
  readonly name: string;
  readonly folder: string;
  readonly library: string;
  /** The shim, in JavaScript. */
  readonly module: string;
}

/** Writes, compiles and generates. `cc` is the C compiler with its flags. */
export async function build(library: Library, name: string, cc: string): Promise<Built> {
  const folder = join(root, 'build/abi', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'abi.h'), headerText(library));
  writeFileSync(join(folder, 'abi.c'), sourceText(library));
  const file = join(folder, 'libabi.so');
  const [compiler = 'cc', ...flags] = cc.split(' ');
  execFileSync(compiler, [...flags, '-std=gnu11', '-w', '-O1', '-shared', '-fPIC', '-o', file, join(folder, 'abi.c')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const cli = join(root, 'generator/dist/cli.js');
  const options = ['--header', join(folder, 'abi.h'), '--library', 'libabi.so', '--name', name, '--out', folder];
  execFileSync(process.execPath, [cli, 'generate', ...options], { stdio: 'pipe' });
  const module = join(folder, `${name}.js`);
  const bundle = await rolldown({ input: join(folder, `${name}.ts`), external: [/^@dlshim\//] });
  await bundle.write({ file: module, format: 'esm' });
  await bundle.close();
  return { name, folder, library: file, module };
}

type Callable = (...args: unknown[]) => unknown;
type AsyncCallable = (...args: unknown[]) => Promise<unknown>;

/** An opened library. */
export interface Opened {
  readonly records: Records;
  /** Throws where the runtime refuses the function. */
  call(name: string): Callable;
  async(name: string): AsyncCallable;
  /** What the shim says of each parameter. */
  directions(name: string): readonly (string | undefined)[];
  /** Lays out what C is to take. */
  give(streams: Streams): void;
  /** What C put down otherwise than expected, undefined where nothing. */
  compare(streams: Streams): string | undefined;
}

export async function open({ name, library, module }: Built): Promise<Opened> {
  const loaded = (await import(pathToFileURL(module).href)) as Records;
  const opened = (loaded[name] as unknown as Shim<object, object, object>).open({ path: library });
  const fn = opened.fn as { readonly [name: string]: Callable };
  const async = opened.async as { readonly [name: string]: AsyncCallable };
  const address = BigInt(fn.abi_streams!() as number | bigint) as Pointer;
  const head = new Uint32Array(bytesAt(address, 16).buffer);
  const given = bytesAt((address + 16n) as Pointer, STREAM_BYTES);
  const seen = bytesAt((address + 16n + BigInt(STREAM_BYTES)) as Pointer, STREAM_BYTES);
  const signatures = readFileSync(module, 'utf8');
  return {
    records: loaded,
    call: (name) => fn[name]!,
    async: (name) => async[name]!,
    directions: (name) => directionsOf(signatures, name),
    give(streams) {
      head.fill(0);
      given.set(streams.given.written);
    },
    compare(streams) {
      if (head[3]) return 'a stream overflowed';
      const [expected, got] = [streams.seen.written, seen.subarray(0, head[1])];
      const at = expected.findIndex((byte, index) => byte !== got[index]);
      const hex = (bytes: Uint8Array) => Buffer.from(bytes.subarray(Math.max(0, at - 8), at + 16)).toString('hex');
      if (at >= 0) return `C saw ${hex(got)} around byte ${at} of its arguments, instead of ${hex(expected)}`;
      if (got.length !== expected.length) return `C saw ${got.length} bytes instead of ${expected.length}`;
      return head[0] === streams.given.written.length
        ? undefined
        : `C took ${head[0]} bytes of ${streams.given.written.length}`;
    },
  };
}

/** `in`, `out` or `inout` of each parameter in the module's signature of a function. */
function directionsOf(module: string, name: string): readonly (string | undefined)[] {
  const [, list] = new RegExp(`\\b${name}: ["'][^("']*\\(([^"']*)\\)["']`).exec(module) ?? [];
  if (list === undefined) throw new Error(`the module has no signature of ${name}`);
  const parts: string[] = [''];
  let depth = 0;
  for (const character of list) {
    if ('(<{['.includes(character)) depth++;
    if (')>}]'.includes(character)) depth--;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => /^(in|out|inout):/.exec(part)?.[1]);
}

/** The functions that the shim leaves out, each with the reason that the module states. */
export function refusedBy({ folder, name: shim }: Built, functions: readonly CFunction[]): ReadonlyMap<string, string> {
  const text = readFileSync(join(folder, `${shim}.ts`), 'utf8');
  const refused = new Map<string, string>();
  for (const { name } of functions) {
    if (new RegExp(`^  +${name}: '`, 'm').test(text)) continue;
    const [, reason] = new RegExp(`^//   function ${name} \\(abi\\.h:\\d+\\): (.*)$`, 'm').exec(text) ?? [];
    refused.set(name, reason ?? 'no reason is stated');
  }
  return refused;
}
