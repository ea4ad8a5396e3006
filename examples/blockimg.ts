// blockimg, a small tool like qemu-img: looks at, reads, writes and copies disk images in files and wherever its drivers reach.
// Run: node examples/dist/blockimg.js --help

import { createReadStream, createWriteStream } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { finished } from 'node:stream/promises';
import { DriverError, type DriverReport, reportInWords } from '@dlshim/runtime/drivers';
import { type Arguments, HELP, readArguments, UsageError } from './blockimg/arguments.ts';
import { copy } from './blockimg/copy.ts';
import { driversText } from './blockimg/drivers.ts';
import { Progress, sizeText } from './blockimg/progress.ts';
import type { BlockDriver, BlockInfo, OpenOptions } from './drivers/block.ts';
import { checkFileUnused } from './drivers/file/file.ts';
import { blockOpener, type OpenHow } from './drivers/open.ts';
import { readBytes, writeBytes } from './drivers/shared/unaligned.ts';

/** How much is read and written at a time where one piece follows the other, in bytes. */
const PIECE = 1 << 20;

/** The drivers that this program knows: of these, what an image needs is loaded, and nothing else. */
const { drivers, open } = blockOpener(note);

/** A driver was given up, and its thread does not return. */
let hangs = false;

const stop = new AbortController();
// Once: a second Ctrl-C ends the process at once, whatever its threads wait for.
process.once('SIGINT', () => {
  if (process.stderr.isTTY) process.stderr.write('\nblockimg: stopping; Ctrl-C again does not wait\n');
  stop.abort(new Error('stopped by Ctrl-C'));
});

const stopped = new Promise<never>((_, reject) => {
  stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true });
});
stopped.catch(() => {});

process.exitCode = await main(process.argv.slice(2));
// Everything is closed; a pipe that nobody reads, or a library that hangs in its constructor, would keep the process.
if (stop.signal.aborted || hangs) process.exit();

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readArguments(args);
    await run(options);
    return 0;
  } catch (error) {
    return tell(error);
  }
}

async function run(options: Arguments): Promise<void> {
  const [first = '', second = ''] = options.images;
  switch (options.command) {
    case 'help':
      process.stdout.write(HELP);
      return;
    case 'drivers':
      process.stdout.write(await driversText(drivers, options));
      return;
    case 'info':
      return withImage(first, { ...common(options), readOnly: true }, options.source, (image) => info(image, options));
    case 'read':
      return withImage(first, { ...common(options), readOnly: true }, options.source, (image) => read(image, options));
    case 'write':
      return withImage(first, common(options), options.source, (image) => write(image, options));
    case 'convert':
      return withImage(first, { ...common(options), readOnly: true }, options.source, (source) =>
        withImage(second, { ...common(options), create: source.size }, options.target, (target) =>
          convert(source, target, options),
        ),
      );
    default:
      return options.command satisfies never;
  }
}

function common({ timeout }: Arguments): OpenOptions {
  return { timeout };
}

/** Opens an image for some work, and closes it whatever became of that. */
async function withImage(
  name: string,
  options: OpenOptions,
  how: OpenHow,
  work: (image: BlockDriver) => Promise<void>,
): Promise<void> {
  stop.signal.throwIfAborted();
  const opening = open(name, options, { ...how, signal: stop.signal, patience: options.timeout });
  // Of what is only read nothing is lost when nobody waits for a server any more.
  const image = await (options.readOnly ? unlessStopped(opening) : opening);
  try {
    await work(image);
  } finally {
    if (options.readOnly && stop.signal.aborted) image.close().catch(() => {});
    else await image.close();
  }
}

/** Ctrl-C ends the wait, and not the work. */
function unlessStopped<T>(work: Promise<T>): Promise<T> {
  return Promise.race([work, stopped]);
}

async function info(image: BlockDriver, { json }: Arguments): Promise<void> {
  const facts = await unlessStopped(image.info());
  process.stdout.write(json ? `${JSON.stringify(facts, undefined, 2)}\n` : infoText(facts));
}

function infoText(facts: BlockInfo): string {
  const lines = [
    ['image', facts.name],
    ['driver', facts.driver],
    ['size', `${sizeText(facts.size)} (${facts.size} bytes)`],
    ['block length', `${facts.alignment}`],
    ['features', facts.features.join(', ') || 'none'],
    ...Object.entries(facts.details).map(([key, value]) => [key, String(value)]),
    ...(facts.snapshots ?? []).map((snapshot) => [
      'snapshot',
      `${snapshot.name}, ${sizeText(snapshot.size)}${snapshot.protected ? ', protected' : ''}`,
    ]),
  ];
  const width = Math.max(...lines.map(([key = '']) => key.length));
  return lines.map(([key = '', value]) => `${`${key}:`.padEnd(width + 2)}${value}\n`).join('');
}

async function read(image: BlockDriver, { offset, length, output, quiet }: Arguments): Promise<void> {
  const end = length === undefined ? image.size : offset + length;
  if (end > image.size || offset > image.size)
    throw new RangeError(`${image.name} has ${image.size} bytes, and the range ends at ${Math.max(offset, end)}`);
  if (output !== undefined) await checkFileUnused(output);
  const out = output === undefined ? process.stdout : createWriteStream(output);
  const progress = new Progress(end - offset, !quiet && output !== undefined);
  const failure = new Promise<never>((_, reject) => {
    out.once('error', reject);
    stopped.catch(reject);
  });
  failure.catch(() => {});
  try {
    for (let at = offset; at < end; at += PIECE) {
      stop.signal.throwIfAborted();
      const piece = await Promise.race([readBytes(image, at, Math.min(PIECE, end - at)), failure]);
      await Promise.race([new Promise((resolve) => out.write(piece, resolve)), failure]);
      progress.update(at + piece.length - offset);
    }
    if (out !== process.stdout) await Promise.race([finished(out.end()), failure]);
  } finally {
    progress.end();
  }
}

async function write(image: BlockDriver, { offset, input, quiet }: Arguments): Promise<void> {
  if (input !== undefined) await checkFileUnused(input);
  const source = input === undefined ? process.stdin : createReadStream(input, { highWaterMark: PIECE });
  addAbortSignal(stop.signal, source); // Nothing may come for long.
  const progress = new Progress(image.size - offset, !quiet && input !== undefined);
  let at = offset;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      stop.signal.throwIfAborted();
      if (at + chunk.length > image.size)
        throw new RangeError(`${image.name} has ${image.size} bytes, and there is more to write at ${at}`);
      await writeBytes(image, at, chunk);
      at += chunk.length;
      progress.update(at - offset);
    }
    await image.flush();
  } finally {
    progress.end();
  }
  if (!quiet) process.stderr.write(`${sizeText(at - offset)} written to ${image.name} at ${offset}\n`);
}

async function convert(source: BlockDriver, target: BlockDriver, { quiet }: Arguments): Promise<void> {
  const progress = new Progress(source.size, !quiet);
  try {
    const { written, zero } = await copy(source, target, stop.signal, (done) => progress.update(done));
    progress.end();
    if (!quiet) process.stderr.write(`${sizeText(written)} written, ${sizeText(zero)} of zeroes not sent\n`);
  } catch (error) {
    progress.end();
    if (!stop.signal.aborted) process.stderr.write(`blockimg: ${target.name} is incomplete\n`);
    throw error;
  } finally {
    progress.end();
  }
}

/** What is worth knowing, and stops nothing. */
function note(report: DriverReport): void {
  process.stderr.write(`blockimg: ${reportInWords(report)}\n`);
}

/** Says what went wrong, and gives the exit code for it. */
function tell(error: unknown): number {
  const say = (text: string) => process.stderr.write(`blockimg: ${text}\n`);
  if (stop.signal.aborted) {
    say('stopped by Ctrl-C; what had been written stays');
    return 130;
  }
  if (error instanceof UsageError) {
    say(`${error.message}\n${error.help.trimEnd()}`);
    return 2;
  }
  // Whoever reads has had enough.
  if ((error as { code?: string }).code === 'EPIPE') return 1;
  say(error instanceof Error ? error.message : String(error));
  if (!(error instanceof DriverError)) return 1;
  hangs = error.kind === 'aborted';
  return { absent: 3, unknown: 2, options: 2, refused: 1, version: 1, failed: 1, aborted: 1 }[error.kind];
}
