// Each header in test/cases is generated with the flags in its first line and compared with its golden in test/golden.
// `compilers:` in the second line names the ones that take it, if not all do.
// UPDATE_GOLDENS=1 rewrites the goldens; read the difference before you commit it. A C compiler checks every fact as well.

import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compilers, named } from '../needs.ts';
import { dlshim, root } from '../tools.ts';

const cases = join(root, 'test/cases');
const goldens = join(root, 'test/golden');
const out = mkdtempSync(join(tmpdir(), 'dlshim-cases-'));

describe.each(readdirSync(cases).filter((name) => name.endsWith('.h')))('%s', (file) => {
  const path = join(cases, file);
  const flags = /^\/\/ flags: (.*)$/m.exec(readFileSync(path, 'utf8'))![1]!.split(' ');
  const only = /^\/\/ compilers: (.*)$/m.exec(readFileSync(path, 'utf8'))?.[1];
  const name = `lib${file.replace('.h', '')}.ts`;

  test('the module is the golden one', () => {
    const run = dlshim('generate', '--header', file, '-I', cases, ...flags, '--library-version', '1.0', '--out', out);
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    const golden = join(goldens, name);
    const text = readFileSync(join(out, name), 'utf8');
    if (process.env.UPDATE_GOLDENS) writeFileSync(golden, text);
    expect(existsSync(golden), `${golden} is missing: UPDATE_GOLDENS=1 writes it`).toBe(true);
    expect(text).toBe(readFileSync(golden, 'utf8'));
  });

  // GCC compiles for one machine; for the others clang is asked.
  const able = flags.includes('--target') ? compilers.filter(({ cc }) => cc === 'clang') : compilers;
  for (const { cc, missing } of able.filter((c) => only === undefined || only === c.cc)) {
    test.skipIf(missing)(
      named(`${cc} agrees with every size, offset, signature, enumerator and constant`, missing),
      () => {
        const run = dlshim('verify', '--header', file, '-I', cases, ...flags, '--cc', cc, '--json');
        const results = JSON.parse(run.stdout) as {
          result: { held: number; failed: string[]; errors: string[] };
        }[];
        expect(results).toHaveLength(flags.filter((flag) => flag === '--target').length || 1);
        for (const { result } of results) {
          expect(result.failed).toEqual([]);
          expect(result.errors).toEqual([]);
          expect(result.held).toBeGreaterThan(3);
        }
      },
    );
  }
});
