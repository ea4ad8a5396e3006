// The C library headers that come with dlshim, against those of real systems: every size, offset, constant, type and signature that
// ours declare must be what the system's own say. The assertions are dlshim's, over ours; the headers compiled are theirs.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Diagnostics } from '../../generator/src/diagnostics.ts';
import { LayoutError, typeLayout } from '../../generator/src/layout/layout.ts';
import type { Api } from '../../generator/src/model/api.ts';
import { TypeTable } from '../../generator/src/model/types.ts';
import { readHeaders } from '../../generator/src/pipeline.ts';
import { integerLimits } from '../../generator/src/scalars.ts';
import type { Target } from '../../generator/src/target.ts';
import { findTarget } from '../../generator/src/targets/targets.ts';
import { assertionFile } from '../../generator/src/verify/assertions.ts';
import { headersOf, libc } from '../libc.ts';
import { compilers, named, noGcc } from '../needs.ts';

/** Where the headers of other systems stand; Debian's packages put them below /usr. */
const elsewhere = process.env.DLSHIM_SYSTEMS ?? '/usr';
const noClang = compilers.find(({ cc }) => cc === 'clang')!.missing;

interface System {
  readonly target: string;
  readonly cc: string;
  readonly flags: readonly string[];
  readonly missing: string | undefined;
  /** Headers of ours that this system's do not have, or whose meaning depends on what was included before. */
  readonly without: RegExp;
  /** Facts that are known to be others here, with the reason. */
  readonly except: RegExp;
}

/** Where MinGW's headers are not Microsoft's: types and formats of its own compiler's choice, x87's numbers for kinds of floats, opaque
 *  records under other names, and names that it leaves out. */
const MINGW = new RegExp(
  [
    ...[
      'u?int_fast16_t',
      'U?INT_FAST16_M',
      '(PRI|SCN)[diouxX](LEAST|FAST)?(8|16)\\b',
      '\\bFP_',
      'struct _iobuf',
      '_Mbstatet',
    ],
    ...[
      '_SETJMP_FLOAT128',
      '\\b_alloca\\b',
      'MATH_ERR',
      '\\bEOTHER\\b',
      'O_SHORT_LIVED',
      'MSG_C?TRUNC',
      'int select\\(',
      'L_tmpnam',
      'TMP_MAX',
      'CLOCKS_PER_SEC',
      'ADDRESS_FAMILY',
      '_locale_t',
      'W(CHAR|INT)_M',
    ],
  ].join('|'),
);

const SYSTEMS: readonly System[] = [
  {
    target: 'x86_64-linux-gnu',
    cc: 'gcc',
    flags: [],
    missing: noGcc ?? (process.arch === 'x64' ? undefined : `it compares AMD64, and this is ${process.arch}`),
    // glibc takes back some of the kernel's limits.
    without: /^linux\/limits\.h$/,
    except: /^$/,
  },
  cross('aarch64-linux-gnu', 'aarch64-linux-gnu', 'aarch64-linux-gnu/include', 'libc6-dev-arm64-cross', {
    without: /^(linux\/limits|sys\/acl)\.h$/,
    except: /^$/,
  }),
  cross('x86_64-windows', 'x86_64-w64-windows-gnu', 'x86_64-w64-mingw32/include', 'mingw-w64-x86-64-dev', {
    defines: ['_UCRT', '_WIN32_WINNT=0x0a00'],
    without: /^$/,
    except: MINGW,
  }),
];

function cross(
  target: string,
  triple: string,
  folder: string,
  from: string,
  { defines = [], ...rest }: Pick<System, 'without' | 'except'> & { readonly defines?: readonly string[] },
): System {
  const path = join(elsewhere, folder);
  const missing = existsSync(path) ? undefined : `${from} is not installed`;
  const flags = [`--target=${triple}`, '-nostdlibinc', '-isystem', path, ...defines.map((macro) => `-D${macro}`)];
  return { target, cc: 'clang', flags, missing: noClang ?? missing, ...rest };
}

async function apiOf(headers: readonly string[], target: Target, defines: readonly string[]): Promise<Api> {
  const diagnostics = new Diagnostics();
  const input = { library: 'libc', version: '', headers, includeDirs: [], defines, files: [], target, docs: false };
  const api = await readHeaders({ ...input, own: [libc], ownDirs: [], sysroots: ['builtin'] }, diagnostics);
  expect(diagnostics.all).toEqual([]);
  return api;
}

/** The assertions of `verify`, one a line, and those on typedefs, which it leaves to the functions that use them. */
function assertions(api: Api, target: Target): string[] {
  const lines = assertionFile(api, target).text.split('\n');
  return [
    ...lines.filter((line) => !line.startsWith('#include') && !line.includes('canary')),
    ...typedefs(api, target),
  ];
}

function typedefs(api: Api, target: Target): string[] {
  const table = new TypeTable(api);
  return api.typedefs.flatMap(({ name, type }) => {
    const resolved = table.resolve(type);
    const lines: string[] = [];
    if (resolved.kind === 'integer') {
      const isSigned = integerLimits(target, resolved.name).min < 0n;
      lines.push(`_Static_assert(((${name})-1 < 0) == ${isSigned ? 1 : 0}, "dlshim: signedness of ${name}");`);
    }
    try {
      const { size, align } = typeLayout(type, table, target);
      lines.push(`_Static_assert(sizeof(${name}) == ${size}, "dlshim: sizeof ${name} is ${size}");`);
      lines.push(`_Static_assert(_Alignof(${name}) == ${align}, "dlshim: alignment of ${name} is ${align}");`);
    } catch (error) {
      if (!(error instanceof LayoutError)) throw error;
    }
    return lines;
  });
}

/** The lines of ours that are private to these headers: no other has their names, or these types behind them. */
const PRIVATE = /__dlshim|__DLSHIM|__u6_addr|__saved_mask is|typedef __fpos_t /;

describe.each(SYSTEMS)('$target', ({ target: name, cc, flags, missing, without, except }) => {
  const target = findTarget(name)!;
  const headers = headersOf(target).filter((header) => !without.test(header));
  const features =
    target.platform === 'linux' ? [[], ['_GNU_SOURCE'], ['_FILE_OFFSET_BITS=64', '_LARGEFILE64_SOURCE']] : [[]];

  for (const defines of features) {
    const title = `its own headers say what ours do ${defines.map((d) => `with -D${d}`).join(' ')}`.trim();
    test.skipIf(missing)(named(title, missing), async () => {
      const facts = assertions(await apiOf(headers, target, defines), target).filter((line) => !PRIVATE.test(line));
      const file = join(mkdtempSync(join(tmpdir(), 'dlshim-facts-')), 'facts.c');
      writeFileSync(file, [...headers.map((header) => `#include <${header}>`), ...facts].join('\n'));
      const limit = cc === 'gcc' ? '-fmax-errors=0' : '-ferror-limit=0';
      const args = ['-std=gnu17', '-fsyntax-only', '-w', limit, ...flags, ...defines.map((d) => `-D${d}`), file];
      const { stderr } = spawnSync(cc, args, {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        env: { ...process.env, LC_ALL: 'C' },
      });
      const errors = stderr.split('\n').filter((line) => / error: /.test(line));
      const wrong = errors.map((line) => {
        const at = Number(/facts\.c:(\d+):/.exec(line)?.[1]) - 1 - headers.length;
        return `${line.replace(/^.*? error: /, '')} -- ${facts[at] ?? line}`;
      });
      expect(wrong.filter((line) => !except.test(line))).toEqual([]);
      expect(facts.length).toBeGreaterThan(target.platform === 'linux' ? 2500 : 1000);
    });
  }
});
