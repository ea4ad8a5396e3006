// No constant expression of C tells where a bit-field is, so this is shown by running: every bit-field of a record is filled with
// ones, by C and through the shim's record type, and the bytes are compared.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, type RecordType } from '@dlshim/runtime';
import { libiscsi, scsi_sense } from '@dlshim/shims/libiscsi';
import { beforeAll, describe, expect, test } from 'vitest';
import { bits, tight } from '../golden/librecords.ts';
import { named, noCompiler, noHeader } from '../needs.ts';
import { dlshim, root } from '../tools.ts';

interface Case {
  readonly record: string;
  readonly headers: readonly string[];
  readonly type: RecordType<unknown>;
  readonly fields: Readonly<Record<string, bigint>>;
}

const all: readonly Case[] = [
  {
    record: 'struct bits',
    headers: ['records.h'],
    type: bits,
    fields: { a: 7n, b: -1n, c: 2n ** 40n - 1n, d: 1n, e: 127n, f: 3n },
  },
  { record: 'struct tight', headers: ['records.h'], type: tight, fields: { c: 7n, d: 2n ** 30n - 1n } },
  {
    record: 'struct scsi_sense',
    headers: ['iscsi/iscsi.h', 'iscsi/scsi-lowlevel.h'],
    type: scsi_sense,
    fields: { sense_specific: 1n, ill_param_in_cdb: 1n, bit_pointer_valid: 1n },
  },
];

const noIscsi = noHeader('iscsi/iscsi.h');
// The installed version decides how its records are laid out; the headers are that version's.
if (!noIscsi) libiscsi.open();
const cases = noIscsi ? all.filter(({ headers }) => headers[0] === 'records.h') : all;
const includes = [...new Set(cases.flatMap(({ headers }) => headers))]
  .map((header) => `#include <${header}>`)
  .join('\n');

describe.skipIf(noCompiler)(named('bit-fields', noCompiler), () => {
  const lines = new Map<string, string>();

  beforeAll(() => {
    const folder = join(root, 'build/bit-fields');
    mkdirSync(folder, { recursive: true });
    const body = cases.flatMap(({ record, fields }) =>
      Object.keys(fields).map(
        (field) =>
          `{ ${record} r; memset(&r, 0, sizeof r); r.${field} = -1; show("${record}.${field}", &r, sizeof r); }`,
      ),
    );
    const source = join(folder, 'fill.c');
    writeFileSync(
      source,
      `#include <stdio.h>\n#include <string.h>\n#include <stdint.h>\n${includes}
static void show(const char *name, const void *p, size_t n) {
  printf("%s ", name);
  for (size_t i = 0; i < n; i++) printf("%02x", ((const unsigned char *)p)[i]);
  printf("\\n");
}
int main(void) {
${body.join('\n')}
  return 0;
}
`,
    );
    const program = join(folder, 'fill');
    execFileSync('cc', ['-w', '-I', join(root, 'test/cases'), '-o', program, source]);
    for (const line of execFileSync(program, { encoding: 'utf8' }).trim().split('\n')) {
      const at = line.lastIndexOf(' ');
      lines.set(line.slice(0, at), line.slice(at + 1));
    }
  });

  describe.each(all)('$record', ({ record, headers, type, fields }) => {
    const reason = headers.includes('records.h') ? undefined : noIscsi;
    test.skipIf(reason).each(Object.entries(fields))(
      named('.%s is where C has it, and reads back', reason),
      (field, value) => {
        const view = type.alloc() as Record<string, unknown>;
        view[field] = typeof view[field] === 'boolean' ? true : value;
        expect(Buffer.from(bytesOf(view)).toString('hex')).toBe(lines.get(`${record}.${field}`));
        expect(BigInt(view[field] as number | bigint | boolean)).toBe(value);
      },
    );

    test.skipIf(reason)(named('are all of its bit-fields', reason), () => {
      const flags = headers.flatMap((header) => ['--header', header]);
      const run = dlshim('snapshot', ...flags, '-I', join(root, 'test/cases'), '--library', 'libx.so.1');
      const { records } = JSON.parse(run.stdout) as {
        records: { tag?: string; fields?: { name?: string; bits?: number }[] }[];
      };
      const declared = records.find((r) => `struct ${r.tag}` === record)!.fields!;
      expect(declared.filter((f) => f.bits !== undefined && f.name).map((f) => f.name)).toEqual(Object.keys(fields));
    });
  });
});
