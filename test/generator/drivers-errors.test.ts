// What `dlshim drivers` finds wrong in a driver's source, each with the place that the caret is at; and what it does not mind.
// Run: npx vitest run test/generator/drivers-errors.test.ts, after a build: shims are read from what the package has
// Longer than 400 lines because each error is a case with its source and its place, and the table of them is one.

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CODE, driver, type Files, project, read } from './drivers-project.ts';

/** A driver's module with `«` where the one problem is, and what is said there. */
interface Case {
  readonly what: string;
  readonly text: string;
  readonly says: string;
  readonly files?: Files;
}

const of = (members: string, code?: string, before?: string): string =>
  driver(`{ name: 'x', description: 'x', ${members} }`, code, before);
const RBD = "import { librbd } from '@dlshim/shims/librbd';\n";
const withRbd = (needs: string, shims = '{ librbd }'): string =>
  of(`protocols: ['xx'], shims: { ${needs} }`, `{ shims: ${shims}, ${CODE} }`, RBD);
const dmg = (members: string): string => of(`formats: ['dmg'], ${members}`);
const option = (members: string): string => of(`protocols: ['xx'], options: { o: { ${members} } }`);

const NOT_PLAIN: readonly Case[] = [
  ['a call', 'now()', 'a call; nothing is executed'],
  ['a construction', "new Date('x')", 'a call; nothing is executed'],
  ['a tagged template', 'tag`x`', 'a call; nothing is executed'],
  ['a function', "() => 'x'", 'a function; nothing is executed'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what is read
  ['text with substitutions', '`${A}x`', 'text that is put together; nothing is executed'],
  ['arithmetic', "'a' + 'b'", 'it has to be computed; nothing is executed'],
  ['a choice', "A ? 'a' : 'b'", 'a choice; nothing is executed'],
  ['a regular expression', '/x/', 'a regular expression, which JSON does not have'],
  ['a bigint', '1n', 'a bigint, which JSON does not have'],
  ['an unknown name', 'nobody', 'nothing here says what nobody is'],
  ['a variable', 'later', 'later, a variable'],
  ['a class', 'Class', 'Class, a class'],
  ['a function by name', 'tag', 'tag, a function'],
  ['an enumeration', 'Enum', 'Enum, an enumeration'],
  ['a part of something', 'part', 'part, a part of something'],
  ['what an imported module does not have', 'missing', "missing: it is not found in './other.ts'"],
  ['a module', 'all', 'all: a module'],
  ['a member that is not there', 'A.b.c', 'there is no such member'],
  ['a member of a module that is not there', 'all.b', "it is not found in './other.ts'"],
  ['an element', "A['b']", 'ElementAccessExpression; nothing is executed'],
].map(([what, value, why]) => ({
  what: `${what} in the descriptor`,
  text: driver(
    `{ name: 'x', description: «${value}, protocols: ['xx'] }`,
    undefined,
    "import * as all from './other.ts';\nimport { missing } from './other.ts';\nlet later = 'x';\nclass Class {}\nenum Enum { A }\nconst { part } = all;\nfunction tag() {}\nconst A = { b: {} };\n",
  ),
  says: `description is not plain data: ${why}`,
  files: { 'other.ts': 'export const other = 1;\n' },
}));

const CASES: readonly Case[] = [
  ...NOT_PLAIN,
  {
    what: 'a call behind a constant of another module, which is where it stands',
    text: of("protocols: ['xx'], options: OPTIONS", undefined, "import { OPTIONS } from './options.ts';\n"),
    files: { 'options.ts': "export const OPTIONS = { o: { type: 'string', description: «call() } };\n" },
    says: 'options.o.description is not plain data: a call; nothing is executed',
  },
  {
    what: 'a method',
    text: of("protocols: ['xx'], options: { «o() {} }"),
    says: 'options.o is not plain data: a function; nothing is executed',
  },
  {
    what: 'a computed name',
    text: of("protocols: ['xx'], options: { «[A]: 1 }"),
    says: 'options is not plain data: a computed name',
  },
  {
    what: 'a prototype',
    text: of("protocols: ['xx'], options: { «__proto__: {} }"),
    says: 'options is not plain data: a prototype',
  },
  {
    what: 'a hole',
    text: of("protocols: «['xx', , 'yy']"),
    says: 'protocols is not plain data: a list with a hole in it',
  },
  {
    what: 'a list that is spread as an object',
    text: of("protocols: ['xx'], options: { «...['a'] }"),
    says: 'options is not plain data: what is spread here is no object',
  },
  {
    what: 'an object that is spread as a list',
    text: of('protocols: [«...{}]'),
    says: 'protocols is not plain data: what is spread here is no list',
  },
  {
    what: 'a constant that is made of itself',
    text: of("protocols: ['xx'], options: A", undefined, 'const A = { o: «A };\n'),
    says: 'options.o is not plain data: A is made of itself',
  },

  // The module.
  {
    what: 'a driver that is no default export',
    text: of("protocols: ['xx']").replace('export default ', 'export const x = «'),
    says: 'this driver is not the default export of its module',
  },
  {
    what: 'a driver inside something',
    text: of("protocols: ['xx']").replace('export default ', 'export default [«').replace(/;\n$/, '];\n'),
    says: 'this driver is not the default export of its module',
  },
  {
    what: 'another default export',
    text: 'export default «{ name: 1 };\n',
    says: 'the default export is no call of defineDriver',
  },
  {
    what: 'another default export, by a name',
    text: 'const «d = 1;\nexport default d;\n',
    says: 'the default export is no call of defineDriver',
  },
  {
    what: 'another function of that name',
    text: 'const defineDriver = (x: unknown) => x;\nexport default «defineDriver({});\n',
    says: 'the default export is no call of defineDriver',
  },
  { what: 'no default export', text: '«export const x = 1;\n', says: 'it holds no driver: it has no default export' },
  {
    what: 'what is no TypeScript',
    text: 'const x = «;\nexport default defineDriver({}, {});\n',
    says: 'it cannot be parsed: Expression expected.',
  },
  {
    what: 'a driver without code',
    text: driver('{}').replace(/defineDriver\([^;]*/, "«defineDriver({ name: 'x' })"),
    says: 'defineDriver takes a descriptor and its code',
  },
  {
    what: 'a module that is not there',
    text: of("protocols: ['xx']", undefined, "import { a } from «'./none.ts';\n"),
    says: "there is no module './none.ts'",
  },
  {
    what: 'a package that is not there',
    text: of("protocols: ['xx']", undefined, "export * from «'@acme/none';\n"),
    says: "there is no module '@acme/none'",
  },

  // What it is.
  { what: 'a descriptor that is a text', text: driver("«'x'"), says: 'the descriptor is no object' },
  { what: 'no name', text: driver("«{ description: 'x', protocols: ['xx'] }"), says: 'the descriptor has no name' },
  {
    what: 'no description',
    text: driver("«{ name: 'x', protocols: ['xx'] }"),
    says: 'the descriptor has no description',
  },
  {
    what: 'a name of another kind',
    text: driver("{ name: «7, description: 'x', protocols: ['xx'] }"),
    says: 'name is no text',
  },
  {
    what: 'a name with a blank',
    text: driver("{ name: «'a b', description: 'x', protocols: ['xx'] }"),
    says: "'a b' is no name of a driver",
  },
  {
    what: 'a description that says nothing',
    text: driver("{ name: 'x', description: «' ', protocols: ['xx'] }"),
    says: 'description says nothing',
  },
  {
    what: 'a description of two lines',
    text: driver("{ name: 'x', description: «'a\\nb', protocols: ['xx'] }"),
    says: 'description has more than one line',
  },
  {
    what: 'a key that is misspelled',
    text: of("protocols: ['xx'], «format: ['y']"),
    says: 'the descriptor has no format; did you mean formats?',
  },
  {
    what: 'neither protocols nor formats',
    text: driver("«{ name: 'x', description: 'x' }"),
    says: 'the driver opens nothing: it has neither protocols nor formats',
  },
  {
    what: 'empty protocols',
    text: driver("«{ name: 'x', description: 'x', protocols: [] }"),
    says: 'the driver opens nothing: it has neither protocols nor formats',
  },
  {
    what: 'protocols and formats',
    text: of("protocols: ['xx'], «formats: ['x']"),
    says: 'the driver has protocols and formats: these are two drivers',
  },
  { what: 'protocols that are no list', text: of("protocols: «'xx'"), says: 'protocols is no list' },
  {
    what: 'a protocol with its colon',
    text: of("protocols: [«'RBD://']"),
    says: "'RBD://' is no protocol: write 'rbd'",
  },
  { what: 'a protocol of one letter', text: of("protocols: [«'c']"), says: "'c' is no protocol" },
  { what: 'one protocol twice', text: of("protocols: ['xx', «'xx']"), says: "protocols has 'xx' twice" },
  { what: 'a format with a blank', text: of("formats: [«'a b']"), says: "'a b' is no name of a format" },
  {
    what: 'a host that is no version',
    text: of("protocols: ['xx'], host: «'newest'"),
    says: "host is 'newest', which is no version",
  },
  {
    what: 'a host that only begins as a version',
    text: of("protocols: ['xx'], host: «'1.x'"),
    says: "host is '1.x', which is no version",
  },
  { what: 'a host that is a number', text: of("protocols: ['xx'], host: «1.2"), says: 'host is no text' },
  {
    what: 'a priority that there is none of',
    text: of("protocols: ['xx'], priority: «'recomended'"),
    says: "priority is 'recomended'; did you mean recommended?",
  },
  {
    what: 'needsCode without formats',
    text: of("protocols: ['xx'], needsCode: «true"),
    says: 'needsCode is about formats, and the driver has none',
  },
  { what: 'needsCode of another kind', text: dmg("needsCode: «'yes'"), says: 'needsCode is no true or false' },

  // Probes.
  {
    what: 'probes without formats',
    text: of("protocols: ['xx'], probes: «[{ suffix: '.x', score: 1 }]"),
    says: 'probes are about formats, and the driver has none',
  },
  { what: 'probes that are no list', text: dmg("probes: «{ suffix: '.x', score: 1 }"), says: 'probes is no list' },
  { what: 'a probe that is no object', text: dmg("probes: [«'koly']"), says: 'probes[0] is no object' },
  {
    what: 'a probe without a score',
    text: dmg("probes: [«{ offset: 0, text: 'koly' }]"),
    says: 'probes[0] has no score',
  },
  {
    what: 'a score of 0',
    text: dmg("probes: [{ offset: 0, text: 'koly', score: «0 }]"),
    says: 'probes[0].score is 0, and not from 1 to 100',
  },
  {
    what: 'a score of 101',
    text: dmg("probes: [{ offset: 0, text: 'koly', score: «101 }]"),
    says: 'probes[0].score is 101, and not from 1 to 100',
  },
  {
    what: 'a suffix that is certain',
    text: dmg("probes: [{ suffix: '.dmg', score: «100 }]"),
    says: 'probes[0].score is 100, and not from 1 to 99',
  },
  {
    what: 'a suffix without its dot',
    text: dmg("probes: [{ suffix: «'dmg', score: 9 }]"),
    says: "probes[0].suffix is 'dmg', which ends no name of a file",
  },
  {
    what: 'a suffix with an offset',
    text: dmg("probes: [{ suffix: '.dmg', «offset: 1, score: 9 }]"),
    says: 'probes[0] has no offset',
  },
  {
    what: 'a probe without an offset',
    text: dmg("probes: [«{ text: 'koly', score: 9 }]"),
    says: 'probes[0] has no offset',
  },
  {
    what: 'an offset of half a byte',
    text: dmg("probes: [{ offset: «0.5, text: 'koly', score: 9 }]"),
    says: 'probes[0].offset is 0.5, which is no whole number',
  },
  {
    what: 'text and hex',
    text: dmg("probes: [{ offset: 0, text: 'koly', «hex: '00', score: 9 }]"),
    says: 'probes[0] has text and hex: one of them says which bytes',
  },
  {
    what: 'neither text nor hex',
    text: dmg('probes: [«{ offset: 0, score: 9 }]'),
    says: 'probes[0] has neither text nor hex',
  },
  {
    what: 'empty text',
    text: dmg("probes: [{ offset: 0, text: «'', score: 9 }]"),
    says: 'probes[0].text is empty, and matches everything',
  },
  {
    what: 'text that is not ASCII',
    text: dmg("probes: [{ offset: 0, text: «'ö', score: 9 }]"),
    says: 'probes[0].text is not ASCII: write hex',
  },
  {
    what: 'hex that is none',
    text: dmg("probes: [{ offset: 0, hex: «'0x89', score: 9 }]"),
    says: "probes[0].hex is '0x89', and not hexadecimal digits",
  },
  {
    what: 'half a byte',
    text: dmg("probes: [{ offset: 0, hex: «'895', score: 9 }]"),
    says: 'probes[0].hex has 3 digits, and a byte has two',
  },
  {
    what: 'a mask of another length',
    text: dmg("probes: [{ offset: 0, hex: '8950', mask: «'ff', score: 9 }]"),
    says: 'probes[0].mask has 2 digits, and hex has 4',
  },
  {
    what: 'a mask of text',
    text: dmg("probes: [{ offset: 0, text: 'a', «mask: 'ff', score: 9 }]"),
    says: 'probes[0] has a mask and no hex',
  },
  {
    what: 'a mask of nothing',
    text: dmg("probes: [{ offset: 0, hex: '89', mask: «'00', score: 9 }]"),
    says: 'probes[0].mask lets no bit count, and matches everything',
  },
  {
    what: 'bytes that begin too near to the end',
    text: dmg("probes: [{ offset: «-3, text: 'koly', score: 9 }]"),
    says: 'probes[0] never matches: 4 bytes do not begin 3 before the end',
  },
  {
    what: 'the format of a probe',
    text: dmg("probes: [{ suffix: '.x', score: 9, format: «'dmgs' }]"),
    says: "the driver has no format 'dmgs'; did you mean dmg?",
  },

  // Options.
  { what: 'options that are a list', text: of("protocols: ['xx'], options: «[]"), says: 'options is no object' },
  {
    what: 'the name of an option',
    text: of("protocols: ['xx'], options: { «'a b': { type: 'boolean', description: 'x' } }"),
    says: "'a b' is no name of an option",
  },
  {
    what: 'an option without a type',
    text: of("protocols: ['xx'], options: { o: «{ description: 'x' } }"),
    says: 'options.o has no type',
  },
  {
    what: 'an option without a description',
    text: of("protocols: ['xx'], options: { o: «{ type: 'boolean' } }"),
    says: 'options.o has no description',
  },
  { what: 'the type of an option', text: option("type: «'int', description: 'x'"), says: "options.o.type is 'int'" },
  {
    what: 'an option with limits that is text',
    text: option("type: 'string', description: 'x', «minimum: 1"),
    says: 'options.o has no minimum',
  },
  {
    what: 'a default of another type',
    text: option("type: 'boolean', description: 'x', default: «'yes'"),
    says: 'options.o.default is no true or false',
  },
  {
    what: 'a default beyond the limits',
    text: option("type: 'integer', description: 'x', default: «9, minimum: 1, maximum: 8"),
    says: 'options.o.default is 9, which is outside its limits',
  },
  {
    what: 'half a whole number',
    text: option("type: 'integer', description: 'x', default: «0.5"),
    says: 'options.o.default is 0.5, which is no whole number',
  },
  {
    what: 'bytes below 0',
    text: option("type: 'size', description: 'x', default: «-1"),
    says: 'options.o.default is -1, and no number of bytes is below 0',
  },
  {
    what: 'limits that nothing meets',
    text: option("type: 'number', description: 'x', minimum: «2, maximum: 1"),
    says: 'options.o: no number is from 2 to 1',
  },
  {
    what: 'a default that is no choice',
    text: option("type: 'string', description: 'x', choices: ['a', 'b'], default: «'c'"),
    says: "options.o.default is 'c', which is none of its choices",
  },
  {
    what: 'no choices',
    text: option("type: 'string', description: 'x', choices: «[]"),
    says: 'options.o.choices is empty',
  },
  {
    what: 'a default of what must be given',
    text: option("type: 'string', description: 'x', required: true, «default: 'a'"),
    says: 'options.o must be given, and has a default',
  },

  // Shims.
  {
    what: 'a required function that the shim lacks',
    text: withRbd("librbd: { requires: ['rbd_open', «'rbd_oben'] }"),
    says: "the shim of librbd has no function and no feature 'rbd_oben'; did you mean rbd_open?",
  },
  {
    what: 'a used feature that the shim lacks',
    text: withRbd("librbd: { uses: [«'write_zeros'] }"),
    says: "the shim of librbd has no function and no feature 'write_zeros'; did you mean write_zeroes?",
  },
  {
    what: 'what is required and used',
    text: withRbd("librbd: { requires: ['write_zeroes'], uses: [«'write_zeroes'] }"),
    says: "shims.librbd requires 'write_zeroes', and what it requires it need not ask for",
  },
  {
    what: 'a shim that the code does not pass',
    text: withRbd('«librados: {}, librbd: {}'),
    says: 'the descriptor names librados, which the code does not pass',
  },
  {
    what: 'a shim that the descriptor does not name',
    text: of("protocols: ['xx']", `{ shims: { «librbd }, ${CODE} }`, RBD),
    says: 'the code passes librbd, which the descriptor does not name',
  },
  { what: 'needs that are a list', text: withRbd("librbd: «['rbd_open']"), says: 'shims.librbd is no object' },
  {
    what: 'a key of needs that is misspelled',
    text: withRbd("librbd: { «require: ['rbd_open'] }"),
    says: 'shims.librbd has no require; did you mean requires?',
  },
  {
    what: 'optional of another kind',
    text: withRbd('librbd: { optional: «1 }'),
    says: 'shims.librbd.optional is no true or false',
  },
  { what: 'what is no shim', text: withRbd('librbd: {}', '{ librbd: «{} }'), says: '{} is no shim that can be read' },
  {
    what: 'a type of the shim in its place',
    text: of(
      "protocols: ['xx'], shims: { librbd: {} }",
      `{ shims: { librbd: «rbd_image_info_t }, ${CODE} }`,
      "import { rbd_image_info_t } from '@dlshim/shims/librbd';\n",
    ),
    says: "rbd_image_info_t is no shim that can be read: '@dlshim/shims/librbd' says nothing of it",
  },
  {
    what: 'shims from a call',
    text: withRbd('librbd: {}', '«shims()'),
    says: 'which shims it passes cannot be read: shims is no object that stands here',
  },
  {
    what: 'code from a call',
    text: of("protocols: ['xx'], shims: { librbd: {} }", '«code()', RBD),
    says: 'which shims it passes cannot be read: the code is no object that stands here',
  },
  {
    what: 'code that is spread',
    text: of("protocols: ['xx'], shims: { librbd: {} }", '{ «...code }', RBD),
    says: 'which shims it passes cannot be read: the code is no object that stands here',
  },
];

test.each(CASES)('$what', ({ text, files = {}, says }) => {
  const sources = { 'x.ts': text, ...files };
  const places = Object.entries(sources).flatMap(([name, each]) => {
    const before = each.split('«')[0]!;
    if (before === each) return [];
    const line = before.split('\n').length;
    return [`${name}:${line}:${before.length - before.lastIndexOf('\n')}`];
  });
  const plain = Object.fromEntries(Object.entries(sources).map(([name, each]) => [name, each.replace('«', '')]));
  const { problems: all, printed } = read(project(plain), 'x.ts');
  const problems = all.filter(({ severity }) => severity === 'error');
  const found = problems.map(({ place, message }) => `${place?.file}:${place?.line}:${place?.column} ${message}`);
  expect(found).toEqual([`${places[0]} ${says}`]);
  expect(printed.find((one) => one.includes(says))).toMatch(/\n *\^~*(\n|$)/);
});

test('what no memory holds, or nothing can follow, is an error and no endless run', () => {
  const chain = Array.from({ length: 40 }, (_, at) => `const c${at + 1} = [c${at}, c${at}];\n`).join('');
  const choices = "{ o: { type: 'string', description: 'x', choices: c40 } }";
  const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const folder = project({
    'many.ts': of(`protocols: ['xx'], options: ${choices}`, undefined, `const c0 = ['a', 'b'];\n${chain}`),
    'deep.ts': of(`protocols: ['xx'], host: ${deep(200)}`),
    'deepest.ts': of(`protocols: ['xx'], host: ${deep(20_000)}`),
  });
  const found = (name: string): readonly string[] => read(folder, name).problems.map(({ message }) => message);
  expect(found('many.ts')).toContainEqual(expect.stringMatching(/^options\.o\.choices.*: .* more than 10000 values$/));
  expect(found('deep.ts')).toContainEqual(expect.stringMatching(/^host\[0\].*: it nests deeper than 100 levels$/));
  expect(found('many.ts').filter((message) => message.includes('not plain data'))).toHaveLength(1);
  expect(found('deepest.ts')).toEqual(['deepest.ts nests deeper than can be followed']);
});

test('the caret is under what is wrong, and a note says what to do', () => {
  const { printed } = read(project({ 'x.ts': withRbd("librbd: { requires: ['rbd_oben'] }") }), 'x.ts');
  expect(printed).toEqual([
    [
      "x.ts:4:83: error: the shim of librbd has no function and no feature 'rbd_oben'; did you mean rbd_open? [descriptor]",
      "  { name: 'x', description: 'x', protocols: ['xx'], shims: { librbd: { requires: ['rbd_oben'] } } },",
      `${' '.repeat(82)}^~~~~~~~~~`,
    ].join('\n'),
  ]);
});

test('all problems are said, in the order of files and lines', () => {
  const folder = project({
    'b.ts': driver("{ name: 'y', description: 'y', protocols: ['xx'], host: 'x', formats: now() }"),
    'a.ts': driver("{\n  name: 'x',\n  description: '',\n  protocols: ['C'],\n}"),
  });
  const places = read(folder, 'b.ts', 'a.ts').problems.map(({ place }) => `${place?.file}:${place?.line}`);
  expect(places).toEqual(['a.ts:5', 'a.ts:6', 'b.ts:3', 'b.ts:3', 'b.ts:3']);
});

test('a driver is the default export, however that is written', () => {
  const named = driver("{ name: 'x', description: 'x', protocols: ['xx'] }").replace('export default', 'const d =');
  const folder = project({
    'name.ts': `${named}export default d;\n`,
    'list.ts': `${named}export { d as default };\n`,
    'alone.ts': driver("{ name: 'x', description: 'x', protocols: ['xx'] }"),
    'other.ts': "export default other;\nimport other from './alone.ts';\n",
    'index.ts': "export { default } from './alone.ts';\n",
  });
  for (const name of ['name.ts', 'list.ts', 'alone.ts', 'other.ts', 'index.ts']) {
    const { drivers, printed } = read(folder, name);
    expect([drivers.map(({ name, file }) => [name, file]), printed]).toEqual([[['x', join(folder, name)]], []]);
  }
});

test('two drivers may have neither one name, nor one protocol, nor one format', () => {
  const folder = project({
    'a.ts': driver("{ name: 'a', description: 'x', protocols: ['aa', 'both'] }"),
    'b.ts': driver("{ name: 'b', description: 'x', protocols: ['both'] }"),
    'c.ts': driver("{ name: 'a', description: 'x', formats: ['one'], needsCode: true }"),
    'd.ts': driver("{ name: 'd', description: 'x', formats: ['one'], needsCode: true }"),
  });
  const { problems, drivers } = read(folder, 'a.ts', 'b.ts', 'c.ts', 'd.ts');
  const found = problems.map(({ place, message, notes }) => `${place?.file}:${place?.column} ${message}: ${notes}`);
  expect(found).toEqual([
    "b.ts:46 two drivers have the protocol 'both': the other is a, a.ts:3:52",
    "c.ts:11 two drivers are named 'a': the other is a, a.ts:3:11",
    "d.ts:44 two drivers have the format 'one': the other is a, c.ts:3:44",
  ]);
  expect(drivers.map(({ name }) => name)).toEqual(['a', 'a', 'b', 'd']);
});

test('what is plain data, in all its forms', () => {
  const folder = project({
    'x.ts': driver(
      `{
  ...BASE,
  'protocols': [...LIST, \`y-y\`, other.Z] as const,
  ["host"]: ('1.0' satisfies string),
  priority: data.priority,
  options: { n: { type: 'number', description, default: -1.5e3, minimum: +-0 === 0 ? 0 : 0 } },
}`.replace(', minimum: +-0 === 0 ? 0 : 0', ''),
      undefined,
      "import base, { LIST } from './base.js';\nimport * as other from './other.ts';\nimport data from './data.json' with { type: 'json' };\nconst BASE = base;\nconst description = <const>'how many';\n",
    ),
    'base.ts':
      "const base = { name: 'x', description: 'a', needsCode: undefined } as const;\nexport default base;\nexport { list as LIST } from './other.ts';\n",
    'other.ts': "export const list = ['xx'];\nexport * from './third.ts';\n",
    'data.json': '{ "priority": "suggested" }',
    'third.ts': "export const Z = 'zz';\n",
  });
  const { problems, drivers } = read(folder, 'x.ts');
  expect(problems).toEqual([]);
  expect(drivers[0]!.descriptor).toEqual({
    name: 'x',
    description: 'a',
    protocols: ['xx', 'y-y', 'zz'],
    host: '1.0',
    priority: 'suggested',
    options: { n: { type: 'number', description: 'how many', default: -1500 } },
  });
});

test('shims are read wherever they stand: imported by another name, from a module, from a generated source, in the driver itself', () => {
  const folder = project({
    'x.ts': driver(
      "{ name: 'x', description: 'x', protocols: ['xx'], shims: { a: { requires: ['rbd_open'] }, b: { uses: ['foo2'] }, c: { uses: ['feature'], optional: true, priority: 'suggested' }, d: {} } }",
      `code`,
      `import { librbd as rbd } from '@dlshim/shims/librbd';
import * as iscsi from '@dlshim/shims/libiscsi';
import { defineShim } from '@dlshim/runtime';
import { libfoo } from './all.ts';
const own = /* @__PURE__ */ defineShim({ library: 'own', version: '1', required: {}, weak: {}, features: { feature: ['x'] }, files: { linux: ['own.so.1'] }, packages: { debian: 'own1' } });
const shims = { a: rbd, b: libfoo, c: own, d: iscsi.libiscsi };
const code = { shims, ${CODE} };
`,
    ),
    'all.ts': "export * from './libfoo.ts';\n",
    'libfoo.ts': `import type * as c from '@dlshim/runtime';
import { defineShim } from '@dlshim/runtime';
export const libfoo: c.Shim<object, object, object> = /* @__PURE__ */ defineShim({
  format: 4, library: 'libfoo', version: '2', stamp: 'x', target: 'x86_64-linux-gnu',
  files: { linux: ['libfoo.so.2', 'libfoo.so.1'] }, sonames: { linux: ['libfoo.so.2'] }, packages: { debian: 'libfoo2' },
  required: { foo: 'i32()' }, weak: { foo2: 'i32()', 'foo2@1.0': 'i32(i32)' },
  features: {}, records: { huge: call() },
});
`,
  });
  const { problems, drivers } = read(folder, 'x.ts');
  expect(problems).toEqual([]);
  const shims = drivers[0]!.shims.map(({ facts, place, ...shim }) => ({ ...shim, library: facts!.library }));
  expect(shims).toMatchObject([
    { key: 'a', requires: ['rbd_open'], specifier: '@dlshim/shims/librbd', library: 'librbd' },
    { key: 'b', uses: ['foo2'], specifier: './all.ts', file: `${folder}/libfoo.ts`, library: 'libfoo' },
    { key: 'c', optional: true, priority: 'suggested', file: `${folder}/x.ts`, library: 'own' },
    { key: 'd', optional: false, library: 'libiscsi' },
  ]);
  const facts = drivers[0]!.shims[1]!.facts!;
  expect(facts).toEqual({
    library: 'libfoo',
    version: '2',
    targets: ['x86_64-linux-gnu'],
    files: { linux: ['libfoo.so.2', 'libfoo.so.1'] },
    sonames: { linux: ['libfoo.so.2'] },
    packages: { debian: 'libfoo2' },
    required: new Set(['foo']),
    weak: new Set(['foo2', 'foo2@1.0']),
    features: new Map(),
  });
});

test('what only types import need not be there, nor what Node brings itself', () => {
  const folder = project({
    'x.ts': of(
      "protocols: ['xx']",
      undefined,
      "import type { A } from './none.ts';\nimport { type B } from './none.ts';\nimport { readFile } from 'node:fs/promises';\nimport os from 'os';\nimport { C } from './types.js';\n",
    ),
    'types.d.ts': 'export interface C {}\n',
  });
  expect(read(folder, 'x.ts').problems).toEqual([]);
});
