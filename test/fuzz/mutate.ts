// Headers of this machine with damage done to them: bytes, tokens and lines removed, doubled, swapped, and text put in
// that would break out of comments, strings or brackets.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { bytesOf, type FuzzInput } from './input.ts';

/** Where headers are taken from: what is installed of these, and the cases of test/cases. */
const FOLDERS: readonly string[] = [
  join(import.meta.dirname, '../cases'),
  ...['rbd', 'rados', 'iscsi', 'cephfs', 'nfsc', 'libssh', 'x86_64-linux-gnu/curl', 'glusterfs/api', 'SDL2', 'libvirt'],
  ...[
    'openssl',
    'libxml2/libxml',
    'alsa',
    'infiniband',
    'vulkan',
    'xcb',
    'pcap',
    'spice-server',
    'x86_64-linux-gnu/bits',
  ],
  ...['linux', 'glib-2.0/glib', 'gtk-3.0/gtk', '.'],
].map((folder) => (folder.startsWith('/') ? folder : join('/usr/include', folder)));

interface Source {
  readonly text: string;
  readonly includeDirs: readonly string[];
}

export const sources: readonly Source[] = FOLDERS.flatMap((folder) => {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.h'))
    .sort()
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).size < 40_000);
  const step = Math.ceil(files.length / 40);
  return files
    .filter((_, at) => at % step === 0)
    .map((file) => ({ text: readFileSync(file, 'latin1'), includeDirs: [folder, dirname(folder)] }));
});

const INSERTIONS: readonly string[] = [
  ...[
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '`',
    '\\',
    ';',
    ',',
    '*',
    '#',
    '##',
    ':',
    '=',
    '...',
    '@',
    '?',
    '<',
    '>',
    '/*',
  ],
  ...[
    '*/',
    '//',
    '\0',
    '\n',
    '\r',
    '\r\n',
    '\\\n',
    '${globalThis.CANARY=1}',
    '*/globalThis.CANARY=1;/*',
    '\u2028',
    '\u2029',
  ],
  ...['\ufeff', '</script>', '"*/"', '((((((((', '{{{{{{', 'struct {', 'union', 'enum {', '__attribute__((', 'typedef'],
  ...['#define', '#if', '#else', '#endif', '#include', '#pragma pack(push,1)', '__VA_ARGS__', '__asm__("', 'sizeof('],
  ...[
    '_Static_assert(',
    '__extension__',
    '_Generic(',
    '0x',
    "1'0",
    '-',
    '~0',
    'int',
    'void',
    'const',
    'unsigned',
    '1/0',
  ],
  ...[
    'typeof(',
    '_Alignas(',
    '__int128',
    'static inline',
    '_Complex',
    ': 3',
    '[[',
    ']]',
    '%:',
    '<:',
    '??=',
    '\\u1234',
    'é',
  ],
];

type Edit =
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }
  | { readonly kind: 'byte'; readonly at: number; readonly value: number }
  | {
      readonly kind: 'delete' | 'double' | 'swap';
      readonly unit: 'byte' | 'token' | 'line';
      readonly at: number;
      readonly count: number;
    };

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), at: place, text: fc.constantFrom(...INSERTIONS) }),
  fc.record({ kind: fc.constant('byte' as const), at: place, value: fc.integer({ min: 0, max: 255 }) }),
  fc.record({
    kind: fc.constantFrom('delete' as const, 'double' as const, 'swap' as const),
    unit: fc.constantFrom('byte' as const, 'token' as const, 'line' as const),
    at: place,
    count: fc.constantFrom(1, 1, 1, 2, 5, 20),
  }),
);

const UNITS = { byte: /[\s\S]/g, token: /\w+|\s+|[\s\S]/g, line: /.*\n|.+$/g } as const;

function apply(text: string, change: Edit): string {
  if (change.kind === 'insert' || change.kind === 'byte') {
    const at = Math.floor(change.at * text.length);
    const put = change.kind === 'insert' ? bytesOf(change.text) : String.fromCharCode(change.value);
    return text.slice(0, at) + put + text.slice(change.kind === 'byte' ? at + 1 : at);
  }
  const parts = text.match(UNITS[change.unit]) ?? [];
  const at = Math.floor(change.at * parts.length);
  const taken = parts.slice(at, at + change.count);
  const next = parts.slice(at + change.count, at + 2 * change.count);
  if (change.kind === 'delete') parts.splice(at, change.count);
  else if (change.kind === 'double') parts.splice(at, 0, ...taken);
  else parts.splice(at, 2 * change.count, ...next, ...taken);
  return parts.join('');
}

/** Headers of which nothing is expected but an answer. */
export const mutatedHeader: fc.Arbitrary<FuzzInput> = fc
  .record({
    source: fc.constantFrom(...sources),
    edits: fc.array(edit, { minLength: 1, maxLength: 8 }),
    docs: fc.boolean(),
  })
  .map(({ source, edits, docs }) => ({
    kind: 'broken',
    text: edits.reduce(apply, source.text),
    docs,
    includeDirs: source.includeDirs,
  }));
