// In: a fuzzer's input. Out: what is wrong with what the generator makes of it, in words; undefined when nothing is.
// An answer is a module or at least one error, never an exception. A module is TypeScript that compiles in strict mode
// and holds nothing but declarations; a valid header gives one, and gcc agrees with every fact of it.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Diagnostics, render } from '../../generator/src/diagnostics.ts';
import { PlanError } from '../../generator/src/emit/module.ts';
import type { Api } from '../../generator/src/model/api.ts';
import { generateModule, readHeaders } from '../../generator/src/pipeline.ts';
import { DEFAULT_TARGET } from '../../generator/src/targets/targets.ts';
import { assertionFile } from '../../generator/src/verify/assertions.ts';
import { verify } from '../../generator/src/verify/run.ts';
import { comparePreprocessor } from '../conformance/preprocessor.ts';
import type { FuzzInput } from './input.ts';
import { moduleProblem } from './module.ts';

const target = DEFAULT_TARGET;
const folder = join(tmpdir(), `dlshim-fuzz-${process.pid}`);
const header = join(folder, 'fuzz.h');

/** gcc expands an argument that a __VA_OPT__ then leaves out, and finds fault with what is in it. */
const LAZY = /^only gcc reports an error: .*(requires \d+ arguments|passed \d+ arguments|unterminated argument list)/;

export async function judge(input: FuzzInput): Promise<string | undefined> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(header, Buffer.from(input.text, 'latin1'));
  try {
    if (input.kind === 'preprocess') {
      const { difference } = comparePreprocessor({ headers: [header] });
      return difference === undefined || LAZY.test(difference) ? undefined : difference;
    }
    const valid = input.kind === 'valid' && acceptedByGcc(input);
    return await judgeModule(input, valid);
  } catch (error) {
    return `it throws: ${error instanceof Error ? error.stack : String(error)}`;
  }
}

function acceptedByGcc({ includeDirs }: FuzzInput): boolean {
  const args = ['-std=gnu17', '-fsyntax-only', '-w', ...includeDirs.map((dir) => `-I${dir}`), header];
  return spawnSync('gcc', args).status === 0;
}

async function judgeModule(input: FuzzInput, valid: boolean): Promise<string | undefined> {
  const diagnostics = new Diagnostics();
  const includeDirs = [...input.includeDirs, folder];
  const api = await readHeaders(
    {
      library: 'libfuzz',
      version: '1',
      headers: ['fuzz.h'],
      includeDirs,
      defines: [],
      own: undefined,
      ownDirs: [],
      sysroots: undefined,
      files: [],
      target,
      docs: input.docs,
    },
    diagnostics,
  );
  // Every message must be printable, whatever the header holds.
  for (const diagnostic of diagnostics.all.slice(0, 50)) render(diagnostic);
  if (diagnostics.hasErrors) {
    const first = diagnostics.all.find(({ severity }) => severity === 'error')!;
    return valid ? `gcc accepts it, and dlshim says: ${render(first)}` : undefined;
  }
  const text = moduleOf(api);
  if (text === undefined) return undefined;
  return moduleProblem(text) ?? (valid ? deniedByGcc(api, includeDirs) : undefined);
}

function moduleOf(api: Api): string | undefined {
  const options = { name: 'libfuzz', files: { linux: ['libfuzz.so.1'] }, runtime: '@dlshim/runtime' };
  try {
    return generateModule([{ api, target }], options).text;
  } catch (error) {
    if (error instanceof PlanError) return undefined;
    throw error;
  }
}

function deniedByGcc(api: Api, includeDirs: readonly string[]): string | undefined {
  const { failed, errors } = verify(
    assertionFile(api, target),
    'gcc',
    includeDirs.map((dir) => `-I${dir}`),
  );
  const all = [...failed, ...errors];
  return all.length === 0 ? undefined : `gcc denies: ${all.slice(0, 5).join('; ')}`;
}
