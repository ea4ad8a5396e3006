// The arrows of ARCHITECTURE.md, held: who may import whom, and which one file imports each outside library.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './tools.ts';

interface Import {
  /** Relative to the root of the checkout. */
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/(^|\/)(dist|node_modules)\//.test(name))
    .map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const pattern =
    /\b(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?'([^']+)'|\bimport\(\s*'([^']+)'|\brequire\(\s*'([^']+)'/g;
  return [...text.matchAll(pattern)].map((match) => {
    const target = (match[2] ?? match[3] ?? match[4])!;
    return {
      file,
      typeOnly: match[1] !== undefined,
      target: target.startsWith('.') ? relative(root, join(root, dirname(file), target)) : target,
    };
  });
}

const generator = sources('generator/src').flatMap(importsOf);
const runtime = sources('runtime/src').flatMap(importsOf);
const shims = sources('shims').flatMap(importsOf);
const examples = sources('examples').flatMap(importsOf);

/** The folder of generator/src that a path stands in; files at the top are named themselves. */
function room(path: string): string {
  const [first = ''] = path.replace(/^generator\/src\//, '').split('/');
  return first;
}

describe('between packages', () => {
  test('the generator imports neither the runtime nor the shims, and the runtime nothing of either', () => {
    expect(generator.filter(({ target }) => /@dlshim|^(runtime|shims)\//.test(target))).toEqual([]);
    expect(runtime.filter(({ target }) => /@dlshim|^dlshim$|^(generator|shims)\//.test(target))).toEqual([]);
  });

  test('generated shims import the runtime and nothing else; what is written by hand beside them imports them, and Node', () => {
    const isHelper = ({ file }: Import) => file.startsWith('shims/helpers/');
    const generated = shims.filter((one) => !isHelper(one));
    expect(new Set(generated.map(({ target }) => target))).toEqual(new Set(['@dlshim/runtime']));
    const helpers = shims.filter(isHelper);
    expect(helpers.length).toBeGreaterThan(0);
    expect(helpers.filter(({ target }) => !/^(@dlshim\/runtime$|node:|shims\/)/.test(target))).toEqual([]);
  });

  test('examples use shims and the runtime by their public names, and each other', () => {
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.filter(({ target }) => !/^(@dlshim\/|node:|examples\/)/.test(target))).toEqual([]);
  });
});

describe('inside the generator', () => {
  /** What stages share: the spine. Its members import each other, and nothing else of the generator. */
  const SPINE = [
    ...['target.ts', 'targets', 'predefined.ts', 'scalars.ts', 'diagnostics.ts', 'model', 'token.ts', 'expression'],
  ];
  const STAGES = [
    'preprocess',
    'parse',
    'passes',
    'layout',
    'history',
    'exports',
    'emit',
    'verify',
    'facts',
    'diff',
    'typescript',
    'report',
    'packaging',
  ];
  const own = generator.filter(({ target }) => target.startsWith('generator/src/'));

  /** What a stage may ask another. */
  const allowed = (from: string, to: string): boolean =>
    (to === 'layout' && ['verify', 'emit', 'facts', 'diff'].includes(from)) ||
    (to === 'history' && ['emit', 'report', 'packaging'].includes(from));

  test('stages do not import each other; some ask layout, emit, report and packaging what is known of versions', () => {
    const wrong = own.filter(({ file, target }) => {
      const [from, to] = [room(file), room(target)];
      return STAGES.includes(from) && from !== to && !SPINE.includes(to) && !allowed(from, to);
    });
    expect(wrong).toEqual([]);
  });

  test('the spine knows no stage', () => {
    const wrong = own.filter(({ file, target }) => SPINE.includes(room(file)) && !SPINE.includes(room(target)));
    expect(wrong).toEqual([]);
  });

  test('only the command line and the pipeline know several stages', () => {
    const knowing = new Map<string, Set<string>>();
    for (const { file, target } of own) {
      if (!STAGES.includes(room(target)) || room(file) === room(target) || allowed(room(file), room(target))) continue;
      knowing.set(room(file), (knowing.get(room(file)) ?? new Set()).add(room(target)));
    }
    const several = [...knowing].filter(([, stages]) => stages.size > 1).map(([from]) => from);
    expect(several.sort()).toEqual(['cli', 'pipeline.ts']);
  });

  test("console output and exit codes are the command line's", () => {
    const speaking = sources('generator/src').filter((file) =>
      /\bconsole\.|process\.(stdout|stderr|exit)/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(speaking.filter((file) => room(file) !== 'cli')).toEqual([]);
  });
});

describe('outside libraries', () => {
  test('each is imported by one file', () => {
    const importers = new Map<string, Set<string>>();
    for (const { file, target } of [...generator, ...runtime]) {
      if (/^(node:|generator\/|runtime\/|\$\{)/.test(target)) continue;
      importers.set(target, (importers.get(target) ?? new Set()).add(file));
    }
    expect(Object.fromEntries([...importers].map(([name, files]) => [name, [...files].sort()]).sort())).toEqual({
      commander: ['generator/src/cli/main.ts'],
      jiti: ['generator/src/config/config.ts'],
      koffi: ['runtime/src/ffi.ts'],
      picocolors: ['generator/src/cli/output.ts'],
      'ts-morph': ['generator/src/typescript/morph.ts'],
      'web-tree-sitter': ['generator/src/parse/syntax.ts'],
      zod: ['generator/src/config/schema.ts'],
    });
  });
});

test('files say at their top what they are, and are not longer than 400 lines', () => {
  const all = [...sources('generator/src'), ...sources('runtime/src')];
  const silent = all.filter((file) => !/^(#!.*\n)?\/\//.test(readFileSync(join(root, file), 'utf8')));
  const long = all.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 401);
  expect(silent).toEqual([]);
  expect(long).toEqual([]);
});
