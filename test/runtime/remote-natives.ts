// Another process, built from test/native/remote.c, in; natives that call the C functions of that process out. So a platform file
// runs against the real loader of a C library that Node itself is not linked to.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Natives, NativeType } from '../../runtime/src/loading/platforms/platform.ts';

export interface Remote extends Natives {
  /** Calls a function without parameters. */
  call(address: bigint): bigint;
  close(): void;
}

export function startRemote(program: string, env: Record<string, string> = {}, cwd?: string): Remote {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-remote-'));
  const [input, output] = [join(folder, 'in'), join(folder, 'out')];
  execFileSync('mkfifo', [input, output]);
  // The shell opens its ends in the same order as we do; a pipe of spawn's could not be read without the event loop.
  const child: ChildProcess = spawn('sh', ['-c', 'exec "$0" <"$1" >"$2"', program, input, output], {
    env: { ...process.env, ...env },
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const to = openSync(input, 'w');
  const from = openSync(output, 'r');

  function ask(words: string): string {
    writeSync(to, `${words}\n`);
    let answer = '';
    const bytes = Buffer.alloc(65_536);
    while (!answer.endsWith('\n')) {
      const got = readSync(from, bytes);
      if (got === 0) throw new Error(`the other process ended at: ${words.slice(0, 80)}`);
      answer += bytes.toString('latin1', 0, got);
    }
    return answer.trim();
  }
  const number = (words: string): bigint => BigInt(`0x${ask(words)}`);
  const copyOf = (bytes: Uint8Array): bigint => number(`put ${Buffer.from(bytes).toString('hex')}00`);
  const bytesOf = (answer: string): Buffer => Buffer.from(answer === '-' ? '' : answer, 'hex');
  const view = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
    Buffer.from(buffer, byteOffset, byteLength);
  const textAt = (address: bigint): string => bytesOf(ask(`text ${address.toString(16)}`)).toString();
  const symbol = (name: string): bigint | undefined => number(`symbol ${name}`) || undefined;

  function resultOf(type: NativeType, value: bigint): unknown {
    if (type === 'int') return Number(BigInt.asIntN(32, value));
    if (type === 'text') return value === 0n ? null : textAt(value);
    return type === 'pointer' ? value || null : Number(value);
  }

  return {
    func(name, result) {
      const address = symbol(name);
      if (address === undefined) throw new Error(`the other process has no ${name}`);
      return ((...args: unknown[]) => {
        const lent: [ArrayBufferView, bigint][] = [];
        const words = args.map((arg) => {
          if (arg === null) return '0';
          if (typeof arg === 'string') return copyOf(Buffer.from(arg)).toString(16);
          if (typeof arg === 'number' || typeof arg === 'bigint') return BigInt.asUintN(64, BigInt(arg)).toString(16);
          const copy = copyOf(view(arg as ArrayBufferView));
          lent.push([arg as ArrayBufferView, copy]);
          return copy.toString(16);
        });
        const value = number(`call ${address.toString(16)} ${words.join(' ')}`);
        for (const [memory, copy] of lent) {
          view(memory).set(bytesOf(ask(`get ${copy.toString(16)} ${memory.byteLength.toString(16)}`)));
        }
        return resultOf(result, value);
      }) as never;
    },
    call: (address) => number(`call ${address.toString(16)}`),
    symbol,
    addressOf: (memory) => copyOf(view(memory)),
    pointerAt: (address) => bytesOf(ask(`get ${address.toString(16)} 8`)).readBigUInt64LE() || null,
    stringAt: textAt,
    close() {
      closeSync(to);
      closeSync(from);
      child.kill();
      rmSync(folder, { recursive: true });
    },
  };
}
