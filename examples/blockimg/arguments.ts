// The command line in, what to do out; a UsageError where it makes no sense. Follows util.parseArgs of Node.

import { parseArgs } from 'node:util';
import type { OpenHow } from '../drivers/open.ts';

export const HELP = `blockimg: look at, read, write and copy disk images, wherever they are

  blockimg info    [--json] IMAGE
  blockimg read    [--offset N] [--length N] [--output FILE] IMAGE
  blockimg write   [--offset N] [--input FILE] IMAGE
  blockimg convert SOURCE TARGET
  blockimg drivers [--json] [--check] [NAME]

IMAGE, SOURCE and TARGET are one of
  disk.img                                     a file, of the format that its bytes show (dmg), else raw; file:disk.img where the name has a colon
  rbd:pool[/namespace]/image[@snapshot]        an image of a Ceph cluster (librbd). Options follow, as for qemu:
      :conf=FILE                               the cluster's configuration (default: /etc/ceph/ceph.conf)
      :id=NAME                                 the client, without 'client.' (default: admin)
      :OPTION=VALUE                            any option of librados; \\: \\@ \\/ \\= stand for themselves
  iscsi://[USER%PASSWORD@]HOST[:PORT]/TARGET/LUN   a disk of an iSCSI target (libiscsi), CHAP with USER
  http://HOST[:PORT]/PATH, https://…           a file of a web server that gives ranges, for reading (libcurl)
  ssh://[USER@]HOST[:PORT]/PATH                a file by SFTP (libssh)
  gluster://HOST[:PORT]/VOLUME/PATH            a file of a Gluster volume (libgfapi)
  nfs://HOST/EXPORT/PATH[?version=4]           a file of an NFS server (libnfs)
Quote what the shell would take for its own. 'blockimg drivers NAME' lists the options of each.

  --offset N     where to begin, in bytes; N may end in K, M, G or T (1024 times each) (default: 0)
  --length N     how much to read, in bytes (default: up to the end)
  --output FILE  where to put it (default, and -: standard output)
  --input FILE   where to take it from (default, and -: standard input)
  --format NAME  raw: its plain bytes; dmg; unless given, a file's bytes decide, and what is behind a protocol is raw
  --option K=V   an option of the image's driver, any number of them; NAME.K=V: of that one of two (http.sslverify=off)
  --target-option K=V   the same, of TARGET
  --check        try which drivers could be used on this machine; nothing is loaded
  --timeout N    how long to wait for a server, and for a library to be loaded, in seconds; 0: for ever (default: 30)
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

Exit codes: 0 done; 1 it failed; 2 usage; 3 a driver or its library is not installed; 130 stopped by Ctrl-C.
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

/** Each with how many names it takes, at least and at most. */
const COMMANDS = { info: [1, 1], read: [1, 1], write: [1, 1], convert: [2, 2], drivers: [0, 1] } as const;

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
  readonly check: boolean;
  /** How IMAGE or SOURCE is opened. */
  readonly source: OpenHow;
  readonly target: OpenHow;
}

/** What each command takes besides --timeout, --quiet and --help. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  info: ['json', 'format', 'option'],
  read: ['offset', 'length', 'output', 'format', 'option'],
  write: ['offset', 'input', 'format', 'option'],
  convert: ['format', 'option', 'target-option'],
  drivers: ['json', 'check'],
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
    output: values.output === '-' ? undefined : values.output,
    input: values.input === '-' ? undefined : values.input,
    timeout,
    json: values.json === true,
    quiet: values.quiet === true,
    check: values.check === true,
    source: { format: values.format, options: optionsIn('--option', values.option) },
    target: { format: 'raw', options: optionsIn('--target-option', values['target-option']) },
  };
  if (values.help) return { ...common, command: 'help' };
  if (command === undefined) throw new UsageError('a command is needed', HELP);
  if (!isCommand(command)) throw new UsageError(`no such command: ${command}`);
  const allowed = [...OPTIONS[command]!, 'timeout', 'quiet'];
  const stray = Object.keys(values).find((name) => !allowed.includes(name));
  if (stray !== undefined) throw new UsageError(`${command} does not take --${stray}`);
  const [least, most] = COMMANDS[command];
  if (images.length < least || images.length > most) {
    const wanted = { convert: 'a source and a target', drivers: 'the name of a driver, or none' };
    throw new UsageError(`${command} takes ${command in wanted ? wanted[command as 'convert'] : 'one image'}`);
  }
  return { ...common, command };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const list = { type: 'string', multiple: true } as const;
  const flag = { type: 'boolean' } as const;
  const texts = { offset: text, length: text, output: text, input: text, timeout: text, format: text };
  const options = { ...texts, option: list, 'target-option': list, check: flag };
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

/** `key=value`, and a key alone for what is on. */
function optionsIn(flag: string, given: readonly string[] = []): Record<string, string | boolean> {
  const options = given.map((text) => {
    const [, key, value] = /^([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
    if (key === undefined) throw new UsageError(`${flag} takes KEY=VALUE, and not '${text}'`);
    return [key, value ?? true] as const;
  });
  return Object.fromEntries(options);
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
