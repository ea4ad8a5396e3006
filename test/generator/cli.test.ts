// What a person sees of the command line: exit codes, errors that say what and where, files written whole or not at all.
// Longer than 400 lines because each way to go wrong is a test of its own, and all share one folder and one run of the program.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { named, noCompiler, noLibrary } from '../needs.ts';
import { dlshim, type Run, root } from '../tools.ts';

let folder: string;
let out: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dlshim-cli-'));
  out = join(folder, 'out');
});

function header(text: string, name = 'x.h'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function generate(...flags: string[]): Run {
  return dlshim('generate', '--header', 'x.h', '-I', folder, '--library', 'libx.so.1', '--out', out, ...flags);
}

function written(): string[] {
  try {
    return readdirSync(out);
  } catch {
    return [];
  }
}

describe('a library that does not fit', () => {
  test.skipIf(noLibrary('libz.so.1'))(named('is warned about where it exports none', noLibrary('libz.so.1')), () => {
    header('int not_of_zlib(void);\n');
    const run = dlshim('generate', '--header', 'x.h', '-I', folder, '--library', 'libz.so.1', '--out', out);
    expect(run.status).toBe(0);
    expect(run.stderr).toContain('libz.so.1 exports none of the 1 functions that x.h declares [not-this-library]');
  });

  test('goes to no folder that cannot be made, and says so', () => {
    header('int f(void);\n');
    const run = generate('--out', '/proc/dlshim');
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/\/proc\/dlshim\/libx\.ts cannot be written: .*; no file was changed/);
  });
});

describe('a malformed header', () => {
  test('is shown with file, line, column, the source line and a caret; the exit code is 3 and nothing is written', () => {
    const path = header('int fine(void);\nint broken(int a, struct { ;\nint also_fine(void);\n');
    const run = generate();
    expect(run.status).toBe(3);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain(`${path}:2:`);
    expect(run.stderr).toMatch(/^int broken\(int a, struct \{ ;\n *\^/m);
    expect(run.stderr).toContain('nothing was written');
    expect(written()).toEqual([]);
  });

  test('an unknown type is named at its place', () => {
    const path = header('#define API extern\nAPI int use(unknown_t value);\n');
    const run = generate();
    expect(run.status).toBe(3);
    expect(run.stderr).toContain(`${path}:2:13: error: the type \`unknown_t\` is not declared [unknown-type]`);
    expect(run.stderr).toContain('API int use(unknown_t value);\n            ^~~~~~~~~');
  });

  test('a missing include is shown with who included it and where it was looked for', () => {
    header('#include "outer.h"\n');
    header('\n#include <no/such.h>\n', 'outer.h');
    const run = generate();
    expect(run.status).toBe(3);
    expect(run.stderr).toContain('outer.h:2:10: error:');
    expect(run.stderr).toContain('no/such.h');
    expect(run.stderr).toContain('searched:');
    expect(run.stderr).toContain('included from');
  });

  test('an #error stops generation with its own words', () => {
    header('#error "this platform is not supported"\n');
    const run = generate();
    expect(run.status).toBe(3);
    expect(run.stderr).toContain('this platform is not supported');
  });

  test('a header that is not there, a folder, and an empty name are errors, not crashes', () => {
    const attempt = (name: string): Run => dlshim('generate', '--header', name, '--library', 'libx.so.1', '--out', out);
    mkdirSync(join(folder, 'dir.h'));
    for (const name of ['no/such/header.h', join(folder, 'dir.h'), '']) {
      const run = attempt(name);
      expect(run.status).toBe(3);
      expect(run.stderr).toContain('error');
      expect(run.stderr).not.toContain('    at ');
    }
    expect(written()).toEqual([]);
  });
});

const BREAKING_OUT =
  '#define T "*/ `\x24{x}` \\u2028 \'"\n/** *\\/ @see {@link x} `\x24{1}` </script> */\nint f(int a /* */);\n';

describe('hostile headers', () => {
  const cases: Record<string, [text: string, status: number]> = {
    'a word longer than a line': [`int f(int ${'b'.repeat(500)});\n`, 0],
    'a doc comment of one enormous line': [`/** ${'word '.repeat(200_000)}*/\nint f(void);\n`, 0],
    'a string of a megabyte': [`#define S "${'x'.repeat(1_000_000)}"\nint f(void);\n`, 0],
    'a record that contains itself': ['struct s { struct s a; };\nstruct s g(void);\n', 0],
    'records that contain each other': [
      'struct b;\nstruct a { struct b x; };\nstruct b { struct a y; };\nint g(struct a v);\n',
      0,
    ],
    'ten thousand nested records': [`${'struct { '.repeat(10_000)}int x;${' } m;'.repeat(10_000)}\n`, 3],
    'ten thousand stars': [`int ${'*'.repeat(10_000)}f(void);\n`, 3],
    'an array of negative length': ['struct s { int a[-1]; };\nint f(struct s *s);\n', 3],
    'a bit-field of negative width': ['struct s { int a : -1; };\nint f(struct s *s);\n', 3],
    'text that breaks out of comments and strings': [BREAKING_OUT, 0],
  };

  test.each(Object.entries(cases))(
    '%s gives a module that compiles, or a diagnostic, in words and in time',
    (_, [text, status]) => {
      header(text);
      const start = performance.now();
      const run = generate('--docs');
      expect(run.stderr).not.toContain('    at ');
      expect(run.stderr).not.toContain('defect');
      expect(run.status).toBe(status);
      expect(performance.now() - start).toBeLessThan(10_000);
      if (status !== 0) return expect(written()).toEqual([]);
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const flags = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        '--module',
        'nodenext',
        '--target',
        'es2023',
        '--types',
        '',
      ];
      symlinkSync(join(root, 'node_modules'), join(out, 'node_modules'));
      const compiled = spawnSync(process.execPath, [tsc, ...flags, join(out, 'libx.ts')], { encoding: 'utf8' });
      expect(compiled.stdout).toBe('');
    },
  );
});

describe('--check', () => {
  test('exits 0 when nothing differs and 1 when something does, and writes nothing', () => {
    header('int one(void);\n');
    expect(generate().status).toBe(0);
    expect(generate('--check')).toMatchObject({ status: 0, stderr: '' });
    header('int one(void);\nint two(void);\n');
    const before = readFileSync(join(out, 'libx.ts'), 'utf8');
    const run = generate('--check');
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('differs');
    expect(run.stdout).toContain('two');
    expect(readFileSync(join(out, 'libx.ts'), 'utf8')).toBe(before);
  });

  test('exits 1 when the file does not exist', () => {
    header('int one(void);\n');
    const run = generate('--check');
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('it does not exist');
    expect(written()).toEqual([]);
  });
});

describe('usage', () => {
  test.each([
    [['generate', '--header', 'x.h'], '--header needs --library'],
    [['generate', '--library', 'libx.so.1'], '--library needs --header'],
    [['generate', '--header', 'x.h', '--library', '/usr/lib/libx.so.1'], 'a file name, not a path'],
    [['generate', '--config', '/no/such/dlshim.config.ts'], 'no such file'],
    [['generate', 'nosuchlibrary'], 'has no library nosuchlibrary'],
    [['generate', '--nosuchflag'], 'unknown option'],
    [['generat'], 'Did you mean generate?'],
    [
      ['verify', '--header', 'stddef.h', '--library', 'libx.so.1', '--cc', 'nosuchcompiler'],
      'name a C compiler with --cc',
    ],
  ])('dlshim %j exits 2 and says why', (args, message) => {
    const run = dlshim(...args);
    expect(run.stderr).toContain(message);
    expect(run.status).toBe(2);
    expect(run.stderr).not.toContain('    at ');
  });

  test('--help teaches and exits 0', () => {
    for (const args of [['--help'], ['generate', '--help'], ['snapshot', '--help'], ['verify', '--help']]) {
      const run = dlshim(...args);
      expect(run.status).toBe(0);
      expect(run.stdout).toContain('Usage: dlshim');
    }
    expect(dlshim('--help').stdout).toContain('Exit codes:');
  });

  test('--version prints the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'generator/package.json'), 'utf8')) as { version: string };
    expect(dlshim('--version').stdout.trim()).toBe(version);
  });
});

describe('verify', () => {
  test.each(['true', 'false'])('proves nothing with a compiler that does not compile (%s)', (cc) => {
    header('int one(void);\nenum e { A = 1 };\n');
    const run = dlshim('verify', '--header', 'x.h', '-I', folder, '--library', 'libx.so.1', '--cc', cc);
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('0 facts held');
  });

  test.skipIf(noCompiler)(named('names each fact that is changed behind its back', noCompiler), () => {
    header('struct s { int a; char b; };\nenum e { E = 3 };\n#define M 5\nint f(struct s *p);\n');
    // The compiler sees another header of the same name than dlshim did.
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(
      join(other, 'x.h'),
      'struct s { long a; char b; };\nenum e { E = 4 };\n#define M 6\nlong f(struct s *p);\n',
    );
    const cc = join(folder, 'cc.sh');
    writeFileSync(cc, `#!/bin/sh\nexec cc -I${other} "$@"\n`, { mode: 0o755 });
    const run = dlshim('verify', '--header', 'x.h', '-I', folder, '--library', 'libx.so.1', '--cc', cc, '--json');
    expect(run.status).toBe(1);
    const [{ result }] = JSON.parse(run.stdout) as [{ result: { failed: string[] } }];
    expect(result.failed.sort()).toEqual([
      'alignment of struct s is 4',
      'constant M is 5: the compiler has the bytes 06 00 00 00, dlshim 05 00 00 00',
      'enumerator E is 3',
      'int f(struct s *p)',
      'offset of struct s.b is 4',
      'size of struct s.a is 4',
      'sizeof struct s is 8',
      'struct s.a is int',
    ]);
  });
});

describe('configuration', () => {
  function configure(library: object): Run {
    header('int one(void);\nint two(void);\n');
    const file = join(folder, 'dlshim.config.json');
    writeFileSync(
      file,
      JSON.stringify({
        out: 'out',
        libraries: [{ includeDirs: ['.'], headers: ['x.h'], files: { linux: ['libx.so.1'] }, ...library }],
      }),
    );
    return dlshim('generate', '--config', file);
  }

  test('a missing key of a library is named with its place', () => {
    const file = join(folder, 'dlshim.config.json');
    writeFileSync(file, JSON.stringify({ out: 'out', libraries: [{ name: 'libx', header: ['x.h'], files: {} }] }));
    const run = dlshim('generate', '--config', file);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('libraries.0.headers');
  });

  test('two libraries of one name, and an `own` entry that matches nothing, are errors', () => {
    header('int one(void);\n');
    const library = { name: 'libx', headers: ['x.h'], includeDirs: ['.'], files: { linux: ['libx.so.1'] } };
    const file = join(folder, 'dlshim.config.json');
    writeFileSync(file, JSON.stringify({ out: 'out', libraries: [library, library] }));
    const twice = dlshim('generate', '--config', file);
    expect(twice.status).toBe(2);
    expect(twice.stderr).toContain('two libraries are named libx');
    const typo = generate('--own', 'no/such/folder');
    expect(typo.status).toBe(3);
    expect(typo.stderr).toContain('own: no header that was included is no/such/folder');
    expect(written()).toEqual([]);
  });

  test('a configuration that throws anything is an error in words', () => {
    for (const text of ['throw null;', 'throw new Error("why not");', 'export default 5;', 'export default {']) {
      const file = join(folder, 'dlshim.config.mjs');
      writeFileSync(file, text);
      const run = dlshim('generate', '--config', file);
      expect(run.status).toBe(2);
      expect(run.stderr).toContain('dlshim.config.mjs');
      expect(run.stderr).not.toContain('    at ');
    }
  });

  test('a wrong key is named', () => {
    const run = configure({ name: 'libx', fetures: {} });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('fetures');
  });

  test.each([
    [{ features: { both: ['one', 'three'] } }, 'features.both'],
    [{ weak: ['thr*'] }, 'thr*'],
    [{ require: ['three'] }, 'three'],
    [{ versionCall: { symbol: 'three', kind: 'string' } }, 'three'],
    [{ parameters: { three: { x: 'out' } } }, '`parameters.three`'],
    [{ parameters: { one: { x: 'out' } } }, '`parameters.one.x`'],
    [{ handles: { one_t: true } }, '`handles.one_t`'],
    [{ name: 'class' }, 'class'],
  ])('%j names what the headers do not declare', (part, message) => {
    const run = configure({ name: 'libx', ...part });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
    expect(written()).toEqual([]);
  });

  test('members of features and what `require` leaves out are weak', () => {
    expect(configure({ name: 'libx', features: { second: ['tw*'] } }).stdout).toContain('1 required, 1 weak');
    expect(configure({ name: 'libx', require: ['two'] }).stdout).toContain('1 required, 1 weak');
    expect(readFileSync(join(out, 'libx.ts'), 'utf8')).toMatch(/required: \{\n {4}two: /);
  });

  test('dlshim.config.ts is loaded, on every Node', () => {
    header('int one(void);\n');
    const file = join(folder, 'dlshim.config.ts');
    const text =
      "const out: string = 'out';\nexport default { out, libraries: [{ name: 'libx', headers: ['x.h'], includeDirs: ['.'], files: { linux: ['libx.so.1'] } }] };\n";
    writeFileSync(file, text);
    expect(dlshim('generate', '--config', file)).toMatchObject({ status: 0, stderr: '' });
    expect(written()).toEqual(['libx.ts']);
  });

  test('one library that is not understood keeps all others from being written', () => {
    header('int one(void);\n');
    header('int broken(;\n', 'y.h');
    const file = join(folder, 'dlshim.config.json');
    const library = (name: string, head: string): object => ({
      name,
      headers: [head],
      includeDirs: ['.'],
      files: { linux: [`${name}.so`] },
    });
    writeFileSync(file, JSON.stringify({ out: 'out', libraries: [library('libx', 'x.h'), library('liby', 'y.h')] }));
    expect(dlshim('generate', '--config', file).status).toBe(3);
    expect(written()).toEqual([]);
  });
});

test('headers that declare no function of their own are pointed out', () => {
  header('#include <string.h>\n');
  const run = generate();
  expect(run.status).toBe(0);
  expect(run.stderr).toContain('warning: x.h declares no function of its own');
  expect(run.stderr).toContain('--own');
});

describe('output', () => {
  test('--json is JSON', () => {
    header('int one(void);\n');
    const [result] = JSON.parse(generate('--json').stdout) as [Record<string, unknown>];
    expect(result).toMatchObject({ library: 'libx', status: 'written', required: 1, weak: 0, unsupported: 0 });
  });

  test('a folder that cannot be made is an error, and no temporary file stays', () => {
    header('int one(void);\n');
    writeFileSync(out, 'a file in the way');
    const run = generate();
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('error:');
    expect(run.stderr).not.toContain('    at ');
    expect(readdirSync(folder).sort()).toEqual(['out', 'x.h']);
  });

  test('a full disk leaves the old file as it was', () => {
    header('int one(void);\n');
    expect(generate().status).toBe(0);
    const before = readFileSync(join(out, 'libx.ts'), 'utf8');
    header(`${Array.from({ length: 400 }, (_, i) => `int function_number_${i}(void);`).join('\n')}\n`);
    // A limit on the size of files is what a full disk looks like to a program, without filling one.
    const command = `ulimit -f 8; exec ${process.execPath} generator/dist/cli.js generate --header x.h -I ${folder} --library libx.so.1 --out ${out}`;
    const run = spawnSync('sh', ['-c', command], { cwd: root, encoding: 'utf8' });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('EFBIG');
    expect(readFileSync(join(out, 'libx.ts'), 'utf8')).toBe(before);
    expect(written()).toEqual(['libx.ts']);
  });

  test('the reader of a pipe may stop early', () => {
    const run = spawnSync(
      'sh',
      ['-c', `${process.execPath} generator/dist/cli.js snapshot librbd --from-snapshot | head -n 1`],
      { cwd: root, encoding: 'utf8' },
    );
    expect(run.stdout).toBe('{\n');
    expect(run.stderr).toBe('');
  });

  test('the command is a program that the system can run, as a build leaves it', () => {
    const { status, stdout } = spawnSync(join(root, 'generator/dist/cli.js'), ['--help'], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: dlshim('--help').stdout });
  });

  test('two runs in different folders, locales and time zones give the same bytes', () => {
    header('int one(void);\nstruct s { int a; };\nint two(struct s *s);\n');
    expect(generate().status).toBe(0);
    const first = readFileSync(join(out, 'libx.ts'), 'utf8');
    const env = { ...process.env, LC_ALL: 'tr_TR.UTF-8', TZ: 'Asia/Kathmandu' };
    const args = [
      join(root, 'generator/dist/cli.js'),
      'generate',
      '--header',
      'x.h',
      '-I',
      '.',
      '--library',
      'libx.so.1',
      '--out',
      'elsewhere',
    ];
    expect(spawnSync(process.execPath, args, { cwd: folder, env }).status).toBe(0);
    expect(readFileSync(join(folder, 'elsewhere/libx.ts'), 'utf8')).toBe(first);
  });
});
