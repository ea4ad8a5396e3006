// Text that would break out of comments, strings and identifiers of the generated module, wherever a header or a flag can
// put it. Each module must be TypeScript that compiles in strict mode and holds declarations alone.
// Run: npx vitest run test/hostile/text.test.ts

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { moduleProblem } from '../fuzz/module.ts';
import { dlshim } from '../tools.ts';
import { folderOf, generate, generateModule } from './support.ts';

const POISON: readonly string[] = [
  '*/ globalThis.CANARY = 1; /*',
  '`${globalThis.CANARY = 1}`',
  "'; globalThis.CANARY = 1; '",
  '"; globalThis.CANARY = 1; "',
  '\u2028globalThis.CANARY = 1;\u2029',
  '</script><script>globalThis.CANARY = 1</script>',
  '//# sourceMappingURL=data:application/json,{}',
  '@deprecated {@link x} @ts-ignore',
  '\r globalThis.CANARY = 1;',
  '\\u0027; globalThis.CANARY = 1; //',
  '${x}\\',
];

const c = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replaceAll('\r', '\\r')}"`;

/** Where a header can put text. Line comments end at a lone new line, block comments at their mark. */
const PLACES: Readonly<Record<string, (text: string) => string>> = {
  'a block comment': (text) => `/** ${text.replaceAll('*/', '* /')} */\nint f(void);\n`,
  'a line comment': (text) => `/// ${text.replaceAll('\\', '')}\nint f(void);\n`,
  'a comment behind a field': (text) =>
    `struct s { int a; /**< ${text.replaceAll('*/', '* /')} */ };\nint f(struct s *s);\n`,
  'a string macro': (text) => `#define S ${c(text)}\nint f(void);\n`,
  'a macro that is no constant': (text) => `#define S x ${c(text)} y\nint f(void);\n`,
  'an asm label': (text) => `int f(void) __asm__(${c(text)});\n`,
  'a deprecation': (text) => `int f(void) __attribute__((deprecated(${c(text)})));\n`,
  'a #line': (text) => `#line 5 ${c(text)}\nint f(void);\ntypedef struct { int a; } *h;\nint g(h x);\n`,
  'an #error in a skipped group': (text) => `#if 0\n#error ${text}\n#endif\nint f(void);\n`,
  'a section': (text) => `int f(void) __attribute__((section(${c(text)})));\n`,
  'a default': (text) => `static const char *name = ${c(text)};\nint f(void);\n`,
};

describe.each(Object.entries(PLACES))('text that breaks out, in %s', (_, header) => {
  test.each(POISON.map((text) => [JSON.stringify(text), text]))('%s', (_name, text) => {
    const answer = generateModule(folderOf({ 'x.h': header(text) }), '--docs');
    // What is refused (a symbol that no object file could hold) is refused in words.
    if (answer.status !== 0) expect(answer.stderr).toContain('error');
  });
});

describe('text that breaks out, in flags', () => {
  test.each(POISON)('--library-version %j', (text) => {
    const answer = generateModule(folderOf({ 'x.h': 'int f(void);\n' }), '--library-version', text);
    expect(answer.status).toBe(0);
  });

  test.each(POISON)('--runtime %j is one string', (text) => {
    const answer = generate(folderOf({ 'x.h': 'int f(void);\n' }), '--runtime', text);
    expect(answer.status).toBe(0);
    expect(moduleProblem(answer.module!)).toMatch(/^code in the module: import /);
  });

  test.each(POISON)('--library %j', (text) => {
    const folder = folderOf({ 'x.h': 'int f(void);\n' });
    const answer = generateModule(folder, '--library', text.replaceAll('/', ''), '--name', 'libx');
    expect(answer.status).toBe(0);
  });

  test.each([...POISON, '', '__proto__', 'class', 'constructor', 'a-b'])(
    '--name %j is an identifier or refused',
    (text) => {
      const answer = generateModule(folderOf({ 'x.h': 'int f(void);\n' }), '--name', text);
      if (answer.status !== 0) expect(answer.status).toBe(2);
    },
  );

  test.each(POISON.map((text) => text.replaceAll('/', '')))('a header named %j', (name) => {
    const folder = folderOf({ [`${name}.h`]: '/** Doc. */\nint f(void);\nstruct { int a; } v;\nenum { A };\n' });
    const answer = generateModule(folder, '--header', `${name}.h`);
    expect(answer.status).toBe(0);
  });
});

describe('encodings', () => {
  const text = '/** caf\u00e9 \u{1f600} */\nint f(int a);\n#define S "\u00e9"\n';
  const FILES: Readonly<Record<string, readonly [Buffer, status: number, says: string]>> = {
    'a byte order mark': [Buffer.from(`\ufeff${text}`), 0, ''],
    'UTF-16, little endian': [Buffer.from(`\ufeff${text}`, 'utf16le'), 3, 'it is UTF-16; save it as UTF-8'],
    'UTF-16, big endian': [Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 3, 'it is UTF-16; save it as UTF-8'],
    'UTF-16 without a mark': [Buffer.from(text, 'utf16le'), 3, 'error:'],
    'Latin-1': [Buffer.from(text, 'latin1'), 0, ''],
    CRLF: [Buffer.from(text.replaceAll('\n', '\r\n')), 0, ''],
    'NUL between tokens': [Buffer.from(text.replaceAll(' ', ' \0 ')), 0, ''],
    'random bytes': [Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i * 31 + i * 7) & 0xff)), 3, 'error:'],
    'an empty file': [Buffer.alloc(0), 0, 'declares no function'],
  };
  test.each(Object.entries(FILES))('%s', (_, [bytes, status, says]) => {
    const answer = generateModule(folderOf({ 'x.h': bytes }), '--docs');
    expect(answer.stderr).toContain(says);
    expect(answer.status).toBe(status);
  });

  test('a lone carriage return ends no line, in gcc neither', () => {
    const answer = generateModule(folderOf({ 'x.h': 'int f(void);\r#define A 1\rint g(void);\n' }));
    expect(answer.stderr).toContain('x.h:1');
    expect(answer.status).toBe(3);
  });
});

describe('what ends too early', () => {
  test.each([
    'int f(void); /* comment',
    'int f(void); "string',
    "int f(void); 'c",
    '#if 1\nint f(void);',
    '#define m(x) x\nm(1',
    'struct s { int a;',
    'int f(void',
    'int f(void) __attribute__((',
    'int a[',
    'enum e { A = ',
    'int f(void) __asm__("',
    '_Static_assert(',
    'typedef',
    'struct',
    '[[',
    '#include <',
    '#define',
    '_Pragma(',
    'int f(void) \\',
    '__extension__',
  ])('%j', (text) => {
    for (const end of ['', '\n', '\\', '\\\n']) {
      const answer = generateModule(folderOf({ 'x.h': text + end }), '--docs');
      expect([0, 3]).toContain(answer.status);
    }
  });
});

describe('snapshots and configurations from elsewhere', () => {
  const header =
    'struct s { int a; };\nenum e { A };\n#define S "text"\nint f(struct s *s, enum e e);\ntypedef int t;\nt g(void);\n';

  test.each(POISON)('a snapshot with %j in the place of a name', (text) => {
    const folder = folderOf({ 'x.h': header });
    const file = join(folder, 'x.json');
    expect(dlshim('snapshot', '--header', 'x.h', '-I', folder, '--library', 'libx.so', '--out', file).status).toBe(0);
    const snapshot = readFileSync(file, 'utf8');
    for (const word of new Set(snapshot.match(/"[^"\n]*"/g))) {
      writeFileSync(file, snapshot.replaceAll(word, JSON.stringify(text)));
      const config = { out: 'out', libraries: [{ name: 'libx', headers: ['x.h'], files: {}, snapshot: 'x.json' }] };
      writeFileSync(join(folder, 'dlshim.config.json'), JSON.stringify(config));
      const flags = ['--config', join(folder, 'dlshim.config.json'), '--from-snapshot'];
      const run = dlshim('generate', ...flags);
      expect(run.stderr, word).not.toMatch(/defect|\n {4}at /);
      expect([0, 2, 3], word).toContain(run.status);
      if (run.status === 0)
        expect(moduleProblem(readFileSync(join(folder, 'out/libx.ts'), 'utf8')), word).toBeUndefined();
    }
  });
});
