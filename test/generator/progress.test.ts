// Progress of long runs: on a terminal, after a second, and gone when the result is printed. script(1) gives the terminal.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { named } from '../needs.ts';
import { dlshim, root } from '../tools.ts';

const noTerminal = spawnSync('script', ['--version']).status === 0 ? undefined : 'script(1) is not installed';

const folder = mkdtempSync(join(tmpdir(), 'dlshim-progress-'));
const line = (n: number): string => `int number_${n}(struct s${n} *a, const char *text, unsigned long length);\n`;
writeFileSync(join(folder, 'short.h'), line(0));
writeFileSync(join(folder, 'long.h'), Array.from({ length: 40_000 }, (_, n) => line(n)).join(''));
const flags = (header: string): string[] => ['snapshot', '--header', header, '-I', folder, '--out', `${folder}/x.json`];

/** What the program writes to a terminal, standard output and standard error together. */
function onTerminal(header: string): string {
  const command = [process.execPath, join(root, 'generator/dist/cli.js'), ...flags(header)].join(' ');
  return spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', input: '' }).stdout;
}

test.skipIf(noTerminal)(named('a run of over a second says on a terminal what it is at', noTerminal), () => {
  const output = onTerminal('long.h');
  expect(output).toContain('\r\x1b[2Klong: looking up exports');
  expect(output.split('\x1b[2K').at(-1)!.trim()).toMatch(/^\S*x\.json$/);
});

test.skipIf(noTerminal)(named('a short run says nothing of the kind', noTerminal), () => {
  expect(onTerminal('short.h')).not.toContain('\x1b[2K');
});

test('a long run says nothing where standard error is no terminal', () => {
  expect(dlshim(...flags('long.h'))).toMatchObject({ status: 0, stderr: '' });
});
