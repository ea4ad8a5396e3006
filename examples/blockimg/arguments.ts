// The command line in, what to do out; a UsageError where it makes no sense. Follows util.parseArgs of Node.

import { parseArgs } from 'node:util';

export const HELP = `blockimg: look at, read, write and copy disk images, wherever they are

  blockimg info    [--json] IMAGE
  blockimg read    [--offset N] [--length N] [--output FILE] IMAGE
  blockimg write   [--offset N] [--input FILE] IMAGE
  blockimg convert SOURCE TARGET

IMAGE, SOURCE and TARGET are one of
  disk.img                                     a file (raw bytes); file:disk.img where the name has a colon
  rbd:pool[/namespace]/image[@snapshot]        an image of a Ceph cluster (librbd). Options follow, as for qemu:
      :conf=FILE                               the cluster's configuration (default: /etc/ceph/ceph.conf)
      :id=NAME                                 the client, without 'client.' (default: admin)
      :OPTION=VALUE                            any option of librados; \\: \\@ \\/ \\= stand for themselves
  iscsi://[USER%PASSWORD@]HOST[:PORT]/TARGET/LUN   a disk of an iSCSI target (libiscsi), CHAP with USER
Quote what the shell would take for its own.

  --offset N     where to begin, in bytes; N may end in K, M, G or T (1024 times each) (default: 0)
  --length N     how much to read, in bytes (default: up to the end)
  --output FILE  where to put it (default: standard output)
  --input FILE   where to take it from (default: standard input)
  --timeout N    how long to wait for a server, in seconds; 0: for ever (default: 30)
  --json         print the facts as JSON
  --quiet        no progress bar and no summary
  --help         this text

convert makes TARGET as large as SOURCE where it is a file or a new rbd image; another TARGET must be large enough. It does not send
zeroes: what is new stays empty, and elsewhere the server is told to clear the range. TARGET may not be SOURCE, by whatever name.

Examples
  blockimg info --json rbd:rbd/disk0
  blockimg convert disk.img rbd:rbd/disk0:conf=/etc/ceph/ceph.conf
  blockimg convert rbd:rbd/disk0@monday iscsi://alice%secret@192.0.2.7/iqn.2026-11.example:disk0/1
  blockimg read --length 512 rbd:rbd/disk0 | xxd | head

Exit codes: 0 done; 1 it failed; 2 usage; 3 a library is not installed; 130 stopped by Ctrl-C.
`;

export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** What to print behind it. */
  readonly help: string;

  constructor(message: string, help = 'blockimg --help tells more.\n') {
    super(message);
    this.help = help;
  }
}

const COMMANDS = { info: 1, read: 1, write: 1, convert: 2 } as const;

export interface Arguments {
  readonly command: keyof typeof COMMANDS | 'help';
  readonly images: readonly string[];
  readonly offset: number;
  readonly length: number | undefined;
  readonly output: string | undefined;
  readonly input: string | undefined;
  readonly timeout: number;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** What each command takes besides --timeout, --quiet and --help. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  info: ['json'],
  read: ['offset', 'length', 'output'],
  write: ['offset', 'input'],
  convert: [],
};

export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const [command, ...images] = positionals;
  const timeout = Number(values.timeout ?? 30);
  if (!Number.isInteger(timeout) || timeout < 0) throw new UsageError('--timeout takes whole seconds');
  const common = {
    images,
    offset: values.offset === undefined ? 0 : parseSize('--offset', values.offset),
    length: values.length === undefined ? undefined : parseSize('--length', values.length),
    output: values.output,
    input: values.input,
    timeout,
    json: values.json === true,
    quiet: values.quiet === true,
  };
  if (values.help) return { ...common, command: 'help' };
  if (command === undefined) throw new UsageError('a command is needed', HELP);
  if (!isCommand(command)) throw new UsageError(`no such command: ${command}`);
  const allowed = [...OPTIONS[command]!, 'timeout', 'quiet'];
  const stray = Object.keys(values).find((name) => !allowed.includes(name));
  if (stray !== undefined) throw new UsageError(`${command} does not take --${stray}`);
  if (images.length !== COMMANDS[command]) {
    const wanted = command === 'convert' ? 'a source and a target' : 'one image';
    throw new UsageError(`${command} takes ${wanted}`);
  }
  return { ...common, command };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { offset: text, length: text, output: text, input: text, timeout: text };
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...options, json: flag, quiet: flag, help: { ...flag, short: 'h' } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function isCommand(name: string): name is keyof typeof COMMANDS {
  return Object.hasOwn(COMMANDS, name);
}

function parseSize(option: string, text: string): number {
  const [, digits, unit = ''] = /^(\d+)([KMGT]?)$/i.exec(text) ?? [];
  const size = Number(digits) * 1024 ** ' KMGT'.indexOf(unit === '' ? ' ' : unit.toUpperCase());
  if (!Number.isSafeInteger(size))
    throw new UsageError(`${option} takes bytes, such as 4096 or 64M, and not '${text}'`);
  return size;
}
