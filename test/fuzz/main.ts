// The command line of `npm run fuzz`: as many random inputs as asked for, in as much time, each judged in a process of its
// own kind. What is found is made small by fast-check, printed with the seed that leads to it, and kept in build/fuzz.

import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { directives } from './directives.ts';
import { validHeader } from './grammar.ts';
import type { FuzzInput } from './input.ts';
import { mutatedHeader } from './mutate.ts';

const KINDS: Readonly<Record<string, fc.Arbitrary<FuzzInput>>> = {
  grammar: validHeader,
  mutation: mutatedHeader,
  preprocessor: directives,
};

const HELP = `Usage: npm run fuzz -- [options]

Random headers through the generator: valid ones (grammar), damaged ones of this machine (mutation), and input of the
preprocessor that is compared with gcc -E -P (preprocessor).

  --count <n>    inputs of each kind (default 1000)
  --time <s>     seconds for each kind at most (default 60)
  --seed <n>     the same seed gives the same inputs (default: another one each time; it is printed)
  --only <kind>  grammar, mutation or preprocessor; may be repeated
  --help         print this

Exit codes: 0 nothing was found, 1 something was (see build/fuzz), 2 usage.
`;

/** How long an answer may take, and how far a worker's memory may grow over what it needs at rest. */
const ANSWER_MS = 10_000;
const MEMORY_LIMIT = 1.5e9;

interface Answer {
  readonly finding?: string;
  readonly memory: number;
}

/** A judging process, started again after it was ended. */
class Worker {
  #process: ChildProcess | undefined;

  async judge(input: FuzzInput): Promise<string | undefined> {
    const child = this.#process ?? (await this.start());
    const { promise, resolve } = withResolvers<string | undefined>();
    const end = (code: number | null, signal: string | null): void => {
      this.#process = undefined;
      resolve(`the process ended with ${signal ?? code}`);
    };
    const timer = setTimeout(() => {
      child.off('exit', end);
      this.stop();
      resolve(`no answer in ${ANSWER_MS / 1000} s`);
    }, ANSWER_MS);
    child.once('exit', end);
    child.once('message', ({ finding, memory }: Answer) => {
      child.off('exit', end);
      const grown = memory > MEMORY_LIMIT;
      if (grown) this.stop();
      resolve(finding ?? (grown ? `the process grew to ${Math.round(memory / 1e6)} MB` : undefined));
    });
    child.send(input);
    const finding = await promise;
    clearTimeout(timer);
    return finding;
  }

  stop(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
  }

  async start(): Promise<ChildProcess> {
    const child = fork(join(import.meta.dirname, 'worker.mjs'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#process = child;
    await new Promise((ready) => child.once('message', ready));
    return child;
  }
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

class Finding extends Error {}

/** Runs one kind; true when nothing was found. */
async function fuzz(kind: string, numRuns: number, seconds: number, seed: number): Promise<boolean> {
  const worker = new Worker();
  await worker.start();
  const start = Date.now();
  const property = fc.asyncProperty(KINDS[kind]!, async (input) => {
    const finding = await worker.judge(input);
    if (finding !== undefined) throw new Finding(finding);
  });
  const options = { numRuns, seed, interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false };
  const result = await fc.check(property, options);
  worker.stop();
  const took = `${((Date.now() - start) / 1000).toFixed(1)} s, seed ${seed}`;
  // Stopped before the first input was judged is failed too, without an example.
  if (!result.failed || result.counterexample === null) {
    process.stdout.write(`${kind}: ${result.numRuns} inputs, nothing found (${took})\n`);
    return true;
  }
  const [input] = result.counterexample;
  const folder = join(import.meta.dirname, '../../build/fuzz');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${kind}-${seed}.h`);
  writeFileSync(path, Buffer.from(input.text, 'latin1'));
  const what = result.errorInstance instanceof Finding ? result.errorInstance.message : String(result.errorInstance);
  process.stdout.write(`${kind}: found after ${result.numRuns} inputs (${took}): ${what}\n  kept as ${path}\n`);
  return false;
}

export async function main(argv: readonly string[]): Promise<number> {
  const flags = readFlags(argv);
  if (typeof flags === 'string') {
    process.stderr.write(`${flags}\n`);
    return 2;
  }
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const results = [];
  for (const kind of flags.only) results.push(await fuzz(kind, flags.count, flags.time, flags.seed));
  return results.every(Boolean) ? 0 : 1;
}

interface Flags {
  readonly count: number;
  readonly time: number;
  readonly seed: number;
  readonly only: readonly string[];
  readonly help: boolean;
}

/** The flags, or what is wrong with them. */
function readFlags(argv: readonly string[]): Flags | string {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { count: text, time: text, seed: text, only: { ...text, multiple: true }, help: { type: 'boolean' } },
    });
    const number = (name: 'count' | 'time' | 'seed', otherwise: number): number => {
      const value = values[name] === undefined ? otherwise : Number(values[name]);
      if (!Number.isInteger(value) || (name !== 'seed' && value < 1)) throw new Error(`--${name} takes a number`);
      return value;
    };
    const unknown = values.only?.find((kind) => !Object.hasOwn(KINDS, kind));
    if (unknown !== undefined) return `--only ${unknown}: the kinds are ${Object.keys(KINDS).join(', ')}`;
    return {
      count: number('count', 1000),
      time: number('time', 60),
      seed: number('seed', Math.floor(Math.random() * 0x7fffffff)),
      only: values.only ?? Object.keys(KINDS),
      help: values.help ?? false,
    };
  } catch (error) {
    return `${(error as Error).message}; --help prints the options`;
  }
}
