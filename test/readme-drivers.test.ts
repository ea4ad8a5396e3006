// The examples of drivers in README.md and runtime/README.md, as somebody pastes them: with declarations of what is the program's own they compile,
// and `dlshim drivers` makes the list out of the first that the second imports.
// Run: npx vitest run test/readme-drivers.test.ts

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { project, run } from './generator/drivers-project.ts';
import { root } from './tools.ts';

/** The TypeScript of a README's part about drivers. */
function examplesOf(readme: string): string[] {
  const [, part = ''] = readFileSync(join(root, readme), 'utf8').split(/^## Drivers on demand$/m);
  const [own = ''] = part.split(/^## /m);
  return [...own.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text]) => text!);
}

/** What a program has of its own: behind a driver, and around what opens. */
const OWN: Readonly<Record<string, readonly [driver: string, program: string]>> = {
  'README.md': [
    `interface Request { readonly readOnly?: boolean }
declare function openImage(rbd: object, address: string, conf: string | undefined): Promise<{ size: number }>;`,
    'declare const file: import("@dlshim/runtime/drivers").Source;',
  ],
  'runtime/README.md': [
    `interface Program { readonly name: string; readonly version: string; readonly interface: number }
interface Request { readonly readOnly?: boolean }
declare function connect(ssh: object, address: string, user: string | undefined, port: number): Promise<{ size: number }>;`,
    `declare const request: { readonly readOnly: true };
declare const report: (report: import('@dlshim/runtime/drivers').DriverReport) => void;
declare const file: import('@dlshim/runtime/drivers').Source;
declare const AbortSignal: { timeout(milliseconds: number): NonNullable<import('@dlshim/runtime/drivers').LoadHow['signal']> };`,
  ],
};

describe.each(Object.entries(OWN))('the drivers of %s', (readme, [ownOfDriver, ownOfProgram]) => {
  it('are read by `dlshim drivers`, and compile with the program that uses them', () => {
    const examples = examplesOf(readme);
    expect(examples).toHaveLength(2);
    const [driver, program] = examples as [string, string];
    const folder = project({
      'driver.ts': `${driver}\n${ownOfDriver}\n`,
      'program.ts': `${program}\n${ownOfProgram}\n`,
    });
    expect(run(folder, 'drivers', 'driver.ts', '-o', 'known.ts')).toMatchObject({ status: 0, stderr: '' });
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const compiled = spawnSync(process.execPath, [compiler, '--pretty', 'false'], { cwd: folder, encoding: 'utf8' });
    expect(compiled.stdout).toBe('');
    expect(compiled.status).toBe(0);
  });
});
