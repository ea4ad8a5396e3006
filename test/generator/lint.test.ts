// What `dlshim lint` says of drivers: small ones for each form of use, with the shim of the library of five versions (eras-library.ts), and
// the drivers of examples/.
// Longer than 400 lines because each form of use and of guard is a case, and all share one project and one set of shims.

import { copyFileSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as morph from 'ts-morph';
import { ModuleKind, ModuleResolutionKind, Project, ScriptTarget } from 'ts-morph';
import { beforeAll, describe, expect, test } from 'vitest';
import { indexFrom, knownVersions } from '../../generator/src/cli/lint-facts.ts';
import { type LoadedConfig, loadConfig } from '../../generator/src/config/config.ts';
import { historyToJson } from '../../generator/src/history/json.ts';
import { Judge, type LibraryFacts, type ShimReport, versionWords } from '../../generator/src/typescript/judge.ts';
import type { ShimUse, Use } from '../../generator/src/typescript/use.ts';
import { usesOf } from '../../generator/src/typescript/uses.ts';
import { dlshim, root } from '../tools.ts';
import { historyOf, LINUX } from './eras-library.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlshim-lint-'));

interface Case {
  readonly what: string;
  /** Statements of a function with `eras`, an open library, `task` and `point`, records of it. */
  readonly code: string;
  /** `rule name`, for each problem in the order of its places. */
  readonly problems: readonly string[];
  /** `state name: guards` of what else is said. */
  readonly used?: readonly string[];
}

const CASES: readonly Case[] = [
  { what: 'a required function', code: "eras.fn.eras_open('x', 0);", problems: [], used: ['required eras_open: '] },
  {
    what: 'a feature around it',
    code: "if (eras.has('flush')) eras.fn.eras_flush(null);",
    problems: [],
    used: ["guarded eras_flush: has('flush')"],
  },
  {
    what: 'a feature before it',
    code: "if (!eras.has('flush')) return; eras.fn.eras_flush(null);",
    problems: [],
    used: ["guarded eras_flush: has('flush')"],
  },
  {
    what: 'a feature in an expression',
    code: "void (eras.has('flush') ? eras.fn.eras_flush(null) : 0); void (eras.has('flush') && eras.fn.eras_flush_all());",
    problems: [],
    used: ["guarded eras_flush: has('flush')", "guarded eras_flush_all: has('flush')"],
  },
  {
    what: 'another feature around it',
    code: "if (eras.has('since_2_0')) { eras.fn.eras_rotate(null, 1); } if (eras.has('details')) eras.fn.eras_flaky!(null);",
    problems: [],
    used: ["guarded eras_rotate: has('since_2_0')", "guarded eras_flaky: has('details')"],
  },
  {
    what: 'an older feature around it, which does not say that it is there',
    code: "if (eras.has('since_1_1')) { eras.fn.eras_flush(null); eras.fn.eras_rotate!(null, 1); }",
    problems: ['unguarded eras_rotate'],
  },
  { what: '!', code: 'eras.fn.eras_flush!(null);', problems: ['unguarded eras_flush'] },
  { what: '! on the pool', code: 'void eras.async.eras_flush!(null);', problems: ['unguarded eras_flush'] },
  {
    what: '! where a feature was asked for, by a constant',
    code: "const canFlush = eras.has('flush'); const later = () => { if (canFlush) eras.fn.eras_flush!(null); }; later();",
    problems: [],
    used: ["guarded eras_flush: has('flush')"],
  },
  {
    what: '! where the feature is not there',
    code: "if (eras.has('flush')) { eras.fn.eras_flush(null); } else { eras.fn.eras_flush_all!(); }",
    problems: ['unguarded eras_flush_all'],
  },
  {
    what: '! where inspect() says it',
    code: "if (liberas.inspect().features.flush) eras.fn.eras_flush!(null); if (liberas.inspect().present.includes('eras_rotate')) eras.fn.eras_rotate!(null, 1);",
    problems: [],
    used: ["guarded eras_flush: inspect('flush')", 'guarded eras_rotate: inspect'],
  },
  {
    what: 'as, of the function, of the table, and away from it',
    code: 'type F = () => number; (eras.fn.eras_flush_all as F)(); (eras.fn as LiberasWeak).eras_flush(null); (eras.fn as any).eras_rotate(null, 1);',
    problems: ['unguarded eras_flush_all', 'unguarded eras_flush', 'unguarded eras_rotate'],
  },
  {
    what: 'any',
    code: 'const table: any = eras.fn; table.eras_flush(null); const all = eras as any; all.fn.x();',
    problems: ['any eras.fn', 'any eras'],
  },
  { what: 'a call that does not compile', code: 'eras.fn.eras_flush(null);', problems: ['unguarded eras_flush'] },
  {
    what: 'checks for undefined',
    code: 'eras.fn.eras_flush?.(null); if (eras.fn.eras_flush_all !== undefined) eras.fn.eras_flush_all(); const { eras_rotate: turn } = eras.fn; if (turn) turn(null, 1); const f = eras.fn.eras_flaky; f?.(null);',
    problems: [],
    used: [
      'guarded eras_flush: ?.',
      'guarded eras_flush_all: check',
      'guarded eras_rotate: check',
      'guarded eras_flaky: check',
    ],
  },
  {
    what: 'names for functions, and ! on these',
    code: 'const { eras_rotate, eras_open } = eras.fn; eras_open(null, 0); eras_rotate!(null, 1); const f = eras.fn.eras_flush; f!(null);',
    problems: ['unguarded eras_rotate', 'unguarded eras_flush'],
  },
  {
    what: 'open({ require })',
    code: "const own = liberas.open({ require: ['eras_rotate', 'flush'] }); own.fn.eras_rotate(null, 1); own.fn.eras_flush(null);",
    problems: [],
    used: ['guarded eras_rotate: require, its type', 'guarded eras_flush: require, its type'],
  },
  {
    what: 'a function by its name in a string',
    code: "eras.addressOf('eras_rotate'); eras.addressOf('eras_open');",
    problems: ['unguarded eras_rotate'],
  },
  {
    what: 'a function by a name that is computed',
    code: "const name = Math.random() > 2 ? 'eras_rotate' : 'eras_flush'; if (eras.has('flush')) eras.fn[name]!(null, 1);",
    problems: ['unguarded eras_rotate'],
    used: ["guarded eras_flush: has('flush')", 'unguarded eras_rotate: '],
  },
  {
    what: 'a function that is gone',
    code: 'eras.fn.eras_legacy?.(null); eras.fn.eras_legacy!(null);',
    problems: ['removed eras_legacy'],
  },
  {
    what: 'one signature of a function that had two',
    code: "eras.fn['eras_truncate@1.0']?.(null, 1); eras.fn.eras_truncate!(null, 1, null, null);",
    problems: ['unguarded eras_truncate'],
    used: ['guarded eras_truncate@1.0: ?.', 'unguarded eras_truncate: '],
  },
  {
    what: 'a feature whose functions are not used',
    code: "if (eras.has('since_2_0')) console.log('new');",
    problems: ['unused-feature since_2_0'],
  },
  {
    what: 'a member that older versions lack',
    code: 'if (point.z !== undefined) console.log(point.z + 1); console.log(point.z!); point.z = 1; console.log(point.x);',
    problems: ['absent-member eras_point.z', 'absent-member eras_point.z'],
  },
  {
    what: 'a member behind a feature of the same version',
    code: "if (eras.has('details') && task.sense) console.log(task.sense.details!);",
    problems: [],
  },
];

/** What only the library's history knows. */
const WITH_HISTORY: readonly Case[] = [
  {
    what: 'a constant that older versions lack',
    code: 'console.log(ERAS_APPEND);',
    problems: ['absent-constant ERAS_APPEND'],
  },
  {
    what: 'a constant that something is compared with, which older versions never give',
    code: 'if (point.x === ERAS_APPEND || eras_all.ERAS_APPEND !== point.y) return; switch (point.x) { case ERAS_APPEND: break; }',
    problems: [],
  },
  { what: 'a constant that all have', code: 'console.log(ERAS_READ, eras_all.ERAS_WRITE);', problems: [] },
  {
    what: 'a constant behind a feature that came with it or later',
    code: "if (eras.has('append')) console.log(ERAS_APPEND); if (eras.has('since_2_0')) eras.fn.eras_rotate(null, eras_all.ERAS_APPEND);",
    problems: [],
  },
  {
    what: 'a constant behind a feature that came before it, under another name',
    code: "if (eras.has('flush')) { eras.fn.eras_flush(null); console.log(MODE); }",
    problems: ['absent-constant ERAS_APPEND'],
  },
  {
    what: 'a constant that has another value in some versions, used or compared with',
    code: "void eras_all.ERAS_NAME; if (point.x === eras_all.ERAS_LIMIT || eras.constant('ERAS_LIMIT') === 1) return;",
    problems: ['changed-constant ERAS_NAME', 'changed-constant ERAS_LIMIT'],
  },
  {
    what: 'a constant behind a feature of versions that have its value, and of others',
    code: "if (eras.has('since_2_0')) { eras.fn.eras_rotate(null, eras_all.ERAS_LIMIT); } if (eras.has('flush')) eras.fn.eras_flush(null, eras_all.ERAS_LIMIT as never);",
    problems: ['changed-constant ERAS_LIMIT'],
  },
];

const HEAD = `import { liberas, ERAS_APPEND, ERAS_APPEND as MODE, ERAS_READ, type eras_point, type eras_task, type LiberasWeak } from './liberas.ts';
import * as eras_all from './liberas.ts';
void [ERAS_READ, eras_all.ERAS_READ];
export function driver(eras: ReturnType<typeof liberas.open>, task: eras_task, point: eras_point) {
`;

function fileOf(at: number): string {
  return join(folder, `driver-${at}.ts`);
}

/** As the command does it, without starting it for each. */
const project = new Project({
  compilerOptions: {
    module: ModuleKind.NodeNext,
    moduleResolution: ModuleResolutionKind.NodeNext,
    target: ScriptTarget.ES2022,
    allowImportingTsExtensions: true,
    strict: true,
    types: [],
  },
});

beforeAll(async () => {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  copyFileSync(join(root, 'test/golden/liberas.ts'), join(folder, 'liberas.ts'));
  const modules = { module: 'nodenext', target: 'es2023', lib: ['es2023'], types: [], strict: false };
  const compilerOptions = { ...modules, noEmit: true, allowImportingTsExtensions: true };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['driver-0.ts'] }));
  writeFileSync(join(folder, 'history.json'), historyToJson(await historyOf(LINUX)));
  const library = { name: 'liberas', headers: ['2.0.h'], files: { linux: ['liberas.so.2'] }, history: 'history.json' };
  writeFileSync(join(folder, 'dlshim.config.json'), JSON.stringify({ out: '.', libraries: [library] }));
  for (const [at, { code }] of [...CASES, ...WITH_HISTORY].entries()) {
    writeFileSync(fileOf(at), `declare const console: { log(...a: unknown[]): void };\n${HEAD}${code}\n}\n`);
    project.addSourceFileAtPath(fileOf(at));
  }
});

/** `baseline`: one that was asked for. */
async function reportOn(file: string, config: LoadedConfig | undefined, baseline?: string): Promise<ShimReport> {
  const [shim, ...others] = usesOf(project, [project.addSourceFileAtPath(file)], morph);
  expect(others).toEqual([]);
  const known = await knownVersions(shim!, config);
  const index = (version: string): number => indexFrom(known!.facts.versions, version);
  const asked = baseline === undefined ? undefined : index(baseline);
  return new Judge(shim!, known!.facts, index(known!.baseline!), asked).report();
}

const configuration = (): Promise<LoadedConfig> => loadConfig(join(folder, 'dlshim.config.json'));

describe.each([
  ['from what the shim itself knows', CASES, 0, false],
  ['from the history of the configuration', CASES, 0, true],
  ['from the history alone', WITH_HISTORY, CASES.length, true],
] as const)('%s', (_, cases, first, isConfigured) => {
  test.each(cases.map((each, at) => ({ ...each, at: at + first })))('$what', async ({ problems, used = [], at }) => {
    const report = await reportOn(fileOf(at), isConfigured ? await configuration() : undefined);
    expect(report.problems.map(({ rule, name }) => `${rule} ${name}`)).toEqual(problems);
    for (const { place, message } of report.problems) {
      // Behind the lines of HEAD, in the line of the code.
      expect(place).toMatchObject({ file: fileOf(at), line: 6 });
      expect(message).not.toMatch(/: undefined|\[object/);
    }
    const said = report.used.map((one) => `${one.state} ${one.name}: ${one.guards.join(', ')}`);
    expect(said).toEqual(expect.arrayContaining([...used]));
  });
});

describe('the lowest version', () => {
  let count = 0;
  const lowestOf = async (code: string, baseline?: string): Promise<ShimReport> => {
    const file = join(folder, `lowest-${count++}.ts`);
    writeFileSync(file, `${HEAD}${code}\n}\n`);
    return reportOn(file, await configuration(), baseline);
  };

  test('is that of what is used without a check, or required', async () => {
    const lowest = async (code: string): Promise<ShimReport['lowest']> => (await lowestOf(code)).lowest;
    expect(await lowest("eras.fn.eras_open('x', 0);")).toEqual({ version: '1.0', because: [] });
    expect((await lowest("if (eras.has('flush')) eras.fn.eras_flush(null);"))!.version).toBe('1.0');
    expect(await lowest('eras.fn.eras_flush!(null);')).toEqual({ version: '1.1', because: ['eras_flush'] });
    expect(await lowest("liberas.open({ require: ['since_2_0'] });")).toEqual({
      version: '2.0',
      because: ['eras_rotate'],
    });
    expect(await lowest('void ERAS_APPEND;')).toEqual({ version: '1.2', because: ['ERAS_APPEND'] });
    const until = await lowestOf('eras.fn.eras_legacy!(null);');
    expect(until).toMatchObject({ lowest: { version: '1.0' }, highest: { because: ['eras_legacy'] } });
    expect((await lowestOf("eras.fn.eras_open('x', 0);")).highest).toBeUndefined();
    const gone = await lowestOf('eras.fn.eras_legacy!(null); eras.fn.eras_rotate!(null, 1);');
    expect(gone.lowest).toBeUndefined();
    expect(gone.impossible).toMatch(/no known version has all of it: .* lacks eras_(legacy|rotate)/);
  });

  test('a higher baseline has no errors, a lower one has each with its place', async () => {
    const code = 'eras.fn.eras_flush!(null); void liberas.open({ require: ["eras_rotate"] });';
    expect((await lowestOf(code, '2.0')).problems).toEqual([]);
    expect((await lowestOf(code)).problems.map(({ rule }) => rule)).toEqual(['unguarded']);
    const older = await lowestOf(code, '1.3');
    expect(older.baseline).toBe('1.3');
    expect(older.problems).toMatchObject([
      { rule: 'below-baseline', name: 'eras_rotate', severity: 'error', place: { line: 5, column: 58 } },
    ]);
    expect((await lowestOf(code, '1.1.5')).baseline).toBe('1.2');
    const higher = await lowestOf('void ERAS_APPEND;', '1.2');
    expect(higher.problems).toEqual([]);
    expect(higher.lowest).toEqual({ version: '1.2', because: ['ERAS_APPEND'] });
  });
});

test('versions in words', () => {
  const versions = ['1', '2', '3', '4', '5'];
  const words = (...having: number[]): string => versionWords(new Set(having), versions);
  expect(words(0, 1, 2, 3, 4)).toBe('always');
  expect(words(2, 3, 4)).toBe('since 3');
  expect(words(0, 1)).toBe('until 2');
  expect(words(0, 2, 4)).toBe('until 1, in 3 and since 5');
  expect(words(1, 2)).toBe('from 2 to 3');
  expect(words()).toBe('in no known version');
});

test('a deprecated function is a warning, wherever it is used', () => {
  const place = { file: 'driver.ts', line: 1, column: 1 };
  const use: Use = { kind: 'required', name: 'old', form: 'plain', guards: [], place };
  const shim: ShimUse = { library: 'l', module: 'l.ts', specifier: 'l', features: new Map(), uses: [use], unseen: [] };
  const facts: LibraryFacts = {
    versions: ['1'],
    having: () => new Set([0]),
    changed: () => new Set(),
    deprecated: (name) => (name === 'old' ? 'use new' : undefined),
  };
  expect(new Judge(shim, facts, 0).report().problems).toEqual([
    {
      rule: 'deprecated',
      severity: 'warning',
      library: 'l',
      name: 'old',
      message: 'old is deprecated: use new',
      place,
    },
  ]);
});

function lint(...args: string[]): { status: number | null; reports: ShimReport[] } {
  const { status, stdout, stderr } = dlshim('lint', '--json', ...args);
  expect(stderr).toBe('');
  return { status, reports: JSON.parse(stdout) as ShimReport[] };
}

const config = (): string[] => ['--config', join(folder, 'dlshim.config.json')];

describe('on the command line', () => {
  test('text: what it runs on, what is guarded by what, each problem with its place; exit codes 1 and 0', () => {
    const file = join(folder, 'text.ts');
    writeFileSync(
      file,
      `${HEAD}eras.fn.eras_flush!(null);\nif (eras.has('since_2_0')) eras.fn.eras_rotate(null, 1);\n}\n`,
    );
    const { stdout, status, stderr } = dlshim('lint', ...config(), file);
    expect(stderr).toBe('');
    expect(status).toBe(1);
    expect(stdout).toContain('liberas (./liberas.ts; 5 known versions, 1.0 to 2.0; baseline 1.0)');
    expect(stdout).toContain('runs on 1.1 and newer, for eras_flush');
    expect(stdout).toMatch(/guarded {3}eras_rotate {2}since 2\.0; has\('since_2_0'\) {2}.*text\.ts:6:/);
    expect(stdout).toMatch(
      /text\.ts:5:9: error: eras_flush is there since 1\.1, and is used here behind `!`: ask has\('\w+'\) first, or open\(\{ require: \['eras_flush'\] \}\) \[unguarded\]/,
    );
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 error, 0 warnings');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are such
    expect(stdout).not.toMatch(/\x1b/);
    expect(dlshim('lint', ...config(), fileOf(0)).status).toBe(0);
  });

  test('JavaScript that is named is checked as well', () => {
    const file = join(folder, 'driver.js');
    writeFileSync(file, "import { liberas } from './liberas.ts';\nliberas.open().fn.eras_flush(null);\n");
    const { status, reports } = lint(...config(), file);
    expect(reports[0]!.problems.map(({ rule, name }) => `${rule} ${name}`)).toEqual(['unguarded eras_flush']);
    expect(status).toBe(1);
  });

  test('without files, those of the project', () => {
    const project = ['--project', join(folder, 'tsconfig.json')];
    expect(lint(...config(), ...project).reports[0]!.used.map(({ name }) => name)).toContain('eras_open');
  });

  test('the checker is loaded by this command alone, which takes a second', () => {
    const program = readFileSync(join(root, 'generator/dist/program.js'), 'utf8');
    expect(program).toContain('("ts-morph")');
    expect(program).not.toMatch(/(require|import)\(["']ts-morph["']\)/);
  });

  test('what cannot be done is said', () => {
    const said = (...args: string[]): string => {
      const { status, stderr } = dlshim('lint', ...args);
      expect(status).toBe(2);
      return stderr;
    };
    expect(said('no/such.ts')).toContain('no/such.ts: no such file');
    expect(said(fileOf(0), '--baseline', 'liberas')).toContain('a baseline is LIBRARY=VERSION');
    expect(said(fileOf(0), '--baseline', 'libother=1.0')).toContain('they use liberas');
    expect(said(fileOf(0), '--baseline', 'liberas=9.0')).toContain('newer than every version that is known');
    expect(said('--project', 'no/tsconfig.json')).toContain('no/tsconfig.json: no such file');
    const broken = join(folder, 'broken.ts');
    writeFileSync(broken, 'export const x = 1;\nconst y = ;\n');
    expect(said(broken)).toContain('broken.ts:2: it cannot be parsed: Expression expected.');
    const none = join(folder, 'none.ts');
    writeFileSync(none, 'export const x = 1;\n');
    expect(dlshim('lint', none)).toMatchObject({ status: 0, stdout: 'no shim is used\n' });
  });
});

describe('the drivers of the examples', () => {
  const drivers = readdirSync(join(root, 'examples/drivers'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, 'examples/drivers', name));
  const examples = ['librbd.ts', 'libiscsi.ts'].map((name) => join(root, 'examples', name));

  test('use nothing without a check that some version since the baselines of the shims lacks', () => {
    const { reports, status } = lint(...drivers, ...examples);
    expect(reports.map(({ library }) => library)).toEqual(expect.arrayContaining(['libiscsi', 'librbd']));
    expect(reports.flatMap(({ problems }) => problems.filter(({ severity }) => severity === 'error'))).toEqual([]);
    expect(status).toBe(0);
    const librbd = reports.find(({ library }) => library === 'librbd')!;
    const named = (name: string) => librbd.used.find((one) => one.name === name)!;
    expect(named('rbd_open')).toMatchObject({ state: 'required' });
    expect(named('rbd_aio_write_zeroes')).toMatchObject({ state: 'guarded', guards: ["has('write_zeroes')"] });
    expect(librbd.features).toContain('write_zeroes');
  });

  test('on a baseline that lacks what they require, each use is named', () => {
    const { reports, status } = lint('--baseline', 'librbd=0.56', ...drivers);
    expect(status).toBe(1);
    const problems = reports.flatMap((one) => one.problems);
    const librbd = reports.find(({ library }) => library === 'librbd')!;
    expect(librbd).toMatchObject({ baseline: '0.56', lowest: { version: '10.0.2' }, refusedBefore: '12.2.1' });
    const namespaces = problems.filter(({ name }) => name === 'rados_ioctx_set_namespace');
    expect(namespaces).toMatchObject([{ rule: 'below-baseline', library: 'librbd' }]);
    expect(namespaces[0]!.place.file).toBe(join(root, 'examples/drivers/rbd/rbd.ts'));
    expect(namespaces[0]!.message).toContain('since 0.67');
  });
});
