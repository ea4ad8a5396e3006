// Files that are no headers, cycles, and writers that are ended: an answer in words, and never half a file.
// Run: npx vitest run test/hostile/files.test.ts

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../tools.ts';
import { folderOf, generate, generateModule } from './support.ts';

describe('what is no header', () => {
  test.each(['/dev/zero', '/dev/stdin', '/dev/full'])('%s is passed over, with the reason', (device) => {
    const answer = generate(folderOf({ 'x.h': '' }), '--header', device);
    expect(answer.stderr).toMatch(/(it is no regular file|not found)/);
    expect(answer.status).toBe(3);
    const included = generate(folderOf({ 'x.h': `#include "${device}"\n` }));
    expect(included.stderr).toContain('x.h:1:10');
    expect(included.status).toBe(3);
  });

  test('a pipe without a writer does not hang', () => {
    const folder = folderOf({});
    expect(spawnSync('mkfifo', [join(folder, 'x.h')]).status).toBe(0);
    expect(generate(folder).stderr).toContain('it is no regular file');
  });

  test('links that lead to themselves, to nothing, to a folder', () => {
    const folder = folderOf({ 'x.h': '#include "loop.h"\n#include "nothing.h"\n#include "folder.h"\n' });
    symlinkSync('loop.h', join(folder, 'loop.h'));
    symlinkSync('gone.h', join(folder, 'nothing.h'));
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'folder.h'));
    const answer = generate(folder);
    expect(answer.stderr).toContain('ELOOP');
    expect(answer.stderr.match(/\[include-not-found\]/g)).toHaveLength(3);
  });
});

describe('a header that is missing', () => {
  test('is named with who included it, where it was looked for, and what is near', () => {
    const folder = folderOf({ 'x.h': '#include "a/one.h"\n', 'a/one.h': '\n#include "too.h"\n', 'a/two.h': '' });
    const { stderr } = generate(folder);
    expect(stderr).toContain('a/one.h:2:10: error: header "too.h" not found [include-not-found]');
    expect(stderr).toContain(`searched: a, ${folder}, `);
    expect(stderr).toContain('did you mean two.h?');
    expect(stderr).toContain('included from x.h:1');
  });

  test.each([
    ['rdb/lib.h', 'rbd/lib.h'],
    ['lib.h', 'rbd/lib.h'],
    ['rbd/Lib.H', 'rbd/lib.h'],
    ['rbd/libb.h', 'rbd/lib.h'],
  ])('%s: did you mean %s?', (wrong, right) => {
    const { stderr } = generate(folderOf({ 'x.h': `#include <${wrong}>\n`, [right]: '' }));
    expect(stderr).toContain(`did you mean ${right}?`);
  });
});

describe('cycles of inclusion', () => {
  const CYCLES: Readonly<Record<string, readonly [files: Record<string, string>, status: number]>> = {
    'a file that includes itself': [{ 'x.h': '#include "x.h"\nint f(void);\n' }, 3],
    'two files without guards': [{ 'x.h': '#include "y.h"\n', 'y.h': '#include "x.h"\n' }, 3],
    'two files with guards': [
      {
        'x.h': '#ifndef X\n#define X\n#include "y.h"\nint f(void);\n#endif\n',
        'y.h': '#pragma once\n#include "x.h"\n',
      },
      0,
    ],
    'through ..': [{ 'x.h': '#include "a/../x.h"\n', 'a/y.h': '' }, 3],
    'through .. with #pragma once': [{ 'x.h': '#pragma once\n#include "a/../x.h"\nint f(void);\n', 'a/y.h': '' }, 0],
    'through a macro': [{ 'x.h': '#define H "x.h"\n#include H\n' }, 3],
    'that ends when a macro says so': [
      { 'x.h': '#if __INCLUDE_LEVEL__ < 50\n#include "x.h"\n#endif\n#ifndef F\n#define F\nint f(void);\n#endif\n' },
      0,
    ],
    '#include_next of itself': [{ 'x.h': '#include_next <x.h>\nint f(void);\n' }, 3],
  };
  test.each(Object.entries(CYCLES))('%s', (_, [files, status]) => {
    const answer = generateModule(folderOf(files));
    expect(answer.status).toBe(status);
    if (status === 3) expect(answer.stderr).toMatch(/nested 200 deep|not found/);
  });

  test('through a link to its own folder', () => {
    const folder = folderOf({ 'x.h': '#ifndef X\n#define X\n#include "self/self/x.h"\nint f(void);\n#endif\n' });
    symlinkSync('.', join(folder, 'self'));
    expect(generateModule(folder).status).toBe(0);
    const endless = folderOf({ 'x.h': '#include "self/x.h"\n' });
    symlinkSync('.', join(endless, 'self'));
    expect(generateModule(endless).stderr).toContain('nested 200 deep');
  });

  test('#pragma once holds for a file under two names, as in gcc', () => {
    const folder = folderOf({
      'x.h': '#include "real.h"\n#include "link.h"\nint f(struct s *s);\n',
      'real.h': '#pragma once\nstruct s { int a; };\n',
    });
    symlinkSync('real.h', join(folder, 'link.h'));
    expect(generateModule(folder).status).toBe(0);
  });
});

test('a macro bomb is stopped, with the macros and the place', () => {
  const lines = Array.from({ length: 40 }, (_, i) => `#define A${i} A${i + 1} A${i + 1}\n`).join('');
  const { status, stderr } = generate(folderOf({ 'x.h': `${lines}int f(void);\nint a[A0];\n` }));
  expect(status).toBe(3);
  expect(stderr).toContain('x.h:42:7: error: the headers make more than 4000000 tokens [expansion-limit]');
  expect(stderr).toContain('in the expansion of A0, A1, ');
});

describe('a writer that is ended', () => {
  const many = (count: number): string => Array.from({ length: count }, (_, i) => `int f_${i}(int a);\n`).join('');

  test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
    'by %s leaves the old file or the new one, whole',
    async (signal) => {
      const folder = folderOf({ 'x.h': many(10) });
      expect(generate(folder).status).toBe(0);
      const file = join(folder, 'out/libx.ts');
      const old = readFileSync(file, 'utf8');
      writeFileSync(join(folder, 'x.h'), many(3000));
      const cli = join(root, 'generator/dist/cli.js');
      const args = [
        cli,
        'generate',
        '--header',
        'x.h',
        '-I',
        folder,
        '--library',
        'libx.so.1',
        '--out',
        join(folder, 'out'),
      ];
      for (let wait = 100; wait < 1000; wait += 180) {
        const child = spawn(process.execPath, args, { stdio: 'ignore' });
        const ended = new Promise((resolve) => child.once('exit', resolve));
        await new Promise((resolve) => setTimeout(resolve, wait));
        child.kill(signal);
        await ended;
        const now = readFileSync(file, 'utf8');
        if (now !== old) expect(now).toMatch(/f_2999: 'i32\(i32\)'[\s\S]*\}\);\n/);
      }
      expect(readdirSync(join(folder, 'out')).filter((name) => name.endsWith('.ts'))).toEqual(['libx.ts']);
    },
  );
});
