// dlshim packaging: what packages of a program depend on, from shims and drivers, in each of its formats. What packagers' own tools make of
// it: packaging-tools.test.ts.
// Longer than 400 lines because each format is held against the same shims, which are made at the top.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { describe, expect, test } from 'vitest';
import { debianFields, debianVersion, substvarsText } from '../../generator/src/packaging/debian.ts';
import type { Dependency, LibraryFile, Priority } from '../../generator/src/packaging/dependency.ts';
import { ELF_TARGETS, elfObject } from '../../generator/src/packaging/elf.ts';
import { type DlopenNote, notesOf } from '../../generator/src/packaging/notes.ts';
import { rpmTags, rpmText } from '../../generator/src/packaging/rpm.ts';
import { filesThatServe, type ShimFacts } from '../../generator/src/packaging/shim.ts';
import { named, noCompiler } from '../needs.ts';
import { dlshim, root } from '../tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'packaging-'));

/** A dependency on files of these names, each with packages of Debian's. */
function needs(feature: string, priority: Priority, ...files: LibraryFile[]): Dependency {
  return { feature, description: `what ${feature} does`, priority, library: `lib${feature}`, files };
}

function file(
  soname: string,
  debian: readonly string[] = [],
  limits: Pick<LibraryFile, 'from' | 'before'> = {},
): LibraryFile {
  return { soname, packages: { debian }, ...limits };
}

describe('the versions of a library that serve', () => {
  const shim: ShimFacts = {
    library: 'libvessel',
    files: { linux: ['libvessel.so.3', 'libvessel.so.2', 'libvessel.so.1'] },
    packages: { debian: 'libvessel3', fedora: 'vessel' },
    filePackages: { debian: { 'libvessel.so.2': ['libvessel2t64', 'libvessel2'] } },
    required: { open: 'i32()' },
    features: {
      sealing: ['seal'],
      classic: { versions: '>=1.1 <3.0' },
      told: { reported: '>=7' },
      either: { any: [['seal'], ['flood']] },
      modern: { not: ['flood'] },
      spelled: { symbols: ['seal'], facts: { 'SEAL is defined': '2.1..' } },
    },
    symbols: { drift: 'drift64' },
    alternatives: { 'pour@1.0': { versions: '1.0..2.0' }, pour: { versions: '2.1..' } },
    history: {
      versions: ['0.9', '1.0', '1.1', '2.0', '2.1', '3.0'],
      baseline: '1.0',
      reported: ['5', '6', null, '6', '7', '8'],
      sonames: [
        ['libvessel.so.1'],
        ['libvessel.so.1'],
        ['libvessel.so.1'],
        ['libvessel.so.2'],
        ['libvessel.so.2'],
        ['libvessel.so.3'],
      ],
      symbols: { '1.1..': ['seal'], '0.9..2.0': ['flood'], '2.1..': ['drift64'] },
    },
  };
  const serving = (...needed: string[]): string[] =>
    filesThatServe(shim, needed).map(({ soname, from, before }) =>
      [soname.slice(-1), from && `>=${from}`, before && `<${before}`].filter(Boolean).join(' '),
    );

  test('are those since the baseline, and of a name that older versions do not have there is no more to say', () => {
    expect(serving()).toEqual(['3', '2', '1 >=1.0']);
    expect(serving('open')).toEqual(['3', '2', '1 >=1.0']);
  });

  test('have the functions that are required: a name of which no version has them is left out', () => {
    expect(serving('seal')).toEqual(['3', '2', '1 >=1.1']);
    expect(serving('drift')).toEqual(['3', '2 >=2.1']);
    expect(serving('flood')).toEqual(['2 <2.1', '1 >=1.0']);
    expect(serving('flood', 'drift')).toEqual([]);
    expect(serving('pour@1.0')).toEqual(['2 <2.1', '1 >=1.0']);
    expect(serving('pour')).toEqual(['3', '2 >=2.1']);
  });

  test('have the features that are required, by each kind of condition', () => {
    expect(serving('sealing')).toEqual(['3', '2', '1 >=1.1']);
    expect(serving('classic')).toEqual(['2', '1 >=1.1']);
    expect(serving('either')).toEqual(['3', '2', '1 >=1.0']);
    expect(serving('modern')).toEqual(['3', '2 >=2.1']);
    expect(serving('spelled')).toEqual(['3', '2 >=2.1']);
    // What 1.1 says of itself is not known: that is no reason against it.
    expect(serving('told')).toEqual(['3', '2 >=2.1', '1 >=1.1']);
  });

  test('are all of them where nothing is known of a function, or of versions', () => {
    expect(serving('mystery')).toEqual(['3', '2', '1 >=1.0']);
    const { history: _, ...other } = shim;
    expect(filesThatServe(other, ['seal']).map(({ soname }) => soname)).toEqual(shim.files.linux);
  });

  test('under a name that distributions give are those of every version', () => {
    const [own] = filesThatServe({ ...shim, files: { linux: ['libvessel-tls.so.9'] } }, ['drift']);
    expect(own).toEqual({
      soname: 'libvessel-tls.so.9',
      packages: { debian: ['libvessel3'], fedora: ['vessel'] },
      from: '2.1',
    });
  });

  test('come with the packages that are named for each file, and with the general one for the first', () => {
    expect(filesThatServe(shim, []).map(({ packages }) => packages)).toEqual([
      { debian: ['libvessel3'], fedora: ['vessel'] },
      { debian: ['libvessel2t64', 'libvessel2'] },
      {},
    ]);
  });
});

describe('notes', () => {
  test('have the keys of the metadata, alternatives in order of preference, and the strongest priority last', () => {
    const two = [
      needs('a', 'required', file('liba.so.2'), file('liba.so.1')),
      needs('b', 'suggested', file('liba.so.2')),
    ];
    expect(notesOf(two)).toEqual([
      { soname: ['liba.so.2'], feature: 'b', description: 'what b does', priority: 'suggested' },
      { soname: ['liba.so.2', 'liba.so.1'], feature: 'a', description: 'what a does', priority: 'required' },
    ]);
  });

  test('have no control characters and no escapes of such', () => {
    const odd = { ...needs('a', 'required', file('liba.so.1')), description: 'one\n\ttwo…\u0085\ud800 ' };
    const text = JSON.stringify(notesOf([odd]));
    expect(text).toContain('"one two… \ufffd"');
    expect(text).not.toMatch(/\\/);
  });

  test('of committed shims name every file of theirs', () => {
    const { stdout, status } = dlshim('packaging', '--format', 'json', 'librbd', 'shims/libnfs.ts');
    expect(status).toBe(0);
    const notes = JSON.parse(stdout) as DlopenNote[];
    expect(notes.map(({ feature, priority }) => [feature, priority])).toEqual([
      ['librbd', 'recommended'],
      ['libnfs', 'recommended'],
    ]);
    expect(notes[0]!.soname).toEqual(['librbd.so.1']);
    expect(notes[1]!.soname.slice(0, 2)).toEqual(['libnfs.so.13', 'libnfs.so.14']);
  });
});

describe("Debian's fields", () => {
  test('are by priority, with versions and with alternatives for other names of one library', () => {
    const fields = debianFields([
      needs('c', 'suggested', file('libc.so.1', ['libc1'])),
      needs('a', 'required', file('liba.so.1', ['liba1t64', 'liba1'], { from: '1.2' })),
      needs(
        'b',
        'recommended',
        file('libb.so.2', ['libb2']),
        file('libb.so.1', ['libb1'], { from: '0.9' }),
        file('libb.so.0'),
      ),
    ]);
    expect(fields).toEqual({
      Depends: 'liba1t64 (>= 1.2) | liba1 (>= 1.2)',
      Recommends: 'libb2 | libb1 (>= 0.9)',
      Suggests: 'libc1',
    });
    expect(Object.keys(fields)).toEqual(['Depends', 'Recommends', 'Suggests']);
  });

  test('say both ends of a range, and hold whatever alternative is installed', () => {
    const { Depends } = debianFields([
      needs(
        'a',
        'required',
        file('liba.so.2', ['liba2']),
        file('liba.so.1', ['liba1'], { from: '1.2', before: '1.9' }),
      ),
    ]);
    expect(Depends).toBe('liba2 | liba1 (<< 1.9~), liba2 | liba1 (>= 1.2)');
  });

  test('say what several drivers need of one library once, as the one that needs most', () => {
    const on = (from: string): LibraryFile => file('liba.so.1', ['liba1'], { from });
    const fields = (...list: [Priority, string][]) =>
      debianFields(list.map(([priority, from], i) => needs(`f${i}`, priority, on(from))));
    expect(fields(['recommended', '1.2'], ['recommended', '1.10'])).toEqual({ Recommends: 'liba1 (>= 1.10)' });
    expect(fields(['suggested', '1.2'], ['required', '1.2'])).toEqual({ Depends: 'liba1 (>= 1.2)' });
    expect(fields(['required', '1.10'], ['suggested', '1.2'])).toEqual({ Depends: 'liba1 (>= 1.10)' });
    // The newer one stays a wish.
    expect(fields(['required', '1.2'], ['suggested', '1.10'])).toEqual({
      Depends: 'liba1 (>= 1.2)',
      Suggests: 'liba1 (>= 1.10)',
    });
  });

  test('have pre-releases before their release, as dpkg orders them', () => {
    expect(['1.2', 'v1.2', '13.0.1-rc1', '2.0rc2', '2.0-beta.1', '3.0_4'].map(debianVersion)).toEqual([
      ...['1.2', '1.2', '13.0.1~rc1', '2.0~rc2', '2.0~beta.1', '3.0.4'],
    ]);
  });

  test('as substitution variables are all there, so that no control file has one that is not known', () => {
    expect(substvarsText([needs('a', 'recommended', file('liba.so.1', ['liba1']))])).toBe(
      'dlopen:Depends=\ndlopen:Recommends=liba1\ndlopen:Suggests=\n',
    );
  });

  test('of committed shims know the names of newer suites', () => {
    const { stdout } = dlshim(
      'packaging',
      '--format',
      'debian',
      '--priority',
      'required',
      'libcurl',
      'libnfs',
      'libssh2',
    );
    expect(stdout).toBe(
      'Depends: libcurl4t64 (>= 7.29.0) | libcurl4 (>= 7.29.0) | libcurl3t64-gnutls (>= 7.29.0) | libcurl3-gnutls (>= 7.29.0), ' +
        'libnfs13 | libnfs14, libssh2-1t64 (>= 1.2.8) | libssh2-1 (>= 1.2.8)\n',
    );
    const plain = dlshim('packaging', '--format', 'debian', '--no-versions', 'librbd').stdout;
    expect(plain).toBe('Recommends: librbd1\n');
  });
});

describe("RPM's tags", () => {
  test("are provides of 64 bits; several names are one boolean dependency, as rpm's own generator of these notes has them", () => {
    const list = [
      needs('a', 'required', file('liba.so.2'), file('liba.so.1')),
      needs('b', 'suggested', file('libb.so.1')),
      needs('c', 'recommended', file('libb.so.1')),
    ];
    expect(rpmTags(list)).toEqual({
      Requires: ['(liba.so.2()(64bit) or liba.so.1()(64bit))'],
      Recommends: ['libb.so.1()(64bit)'],
    });
    expect(rpmText(list)).toBe(
      'Requires: (liba.so.2()(64bit) or liba.so.1()(64bit))\nRecommends: libb.so.1()(64bit)\n',
    );
  });
});

describe('the object', () => {
  const dependencies = [
    needs('rbd', 'recommended', file('librbd.so.1')),
    { ...needs('ünï', 'required', file('libodd.so.2'), file('libodd.so.1')), description: 'a text…' },
  ];
  const object = (target: string): string => {
    const path = join(folder, `${target}.so`);
    writeFileSync(path, elfObject(notesOf(dependencies), target));
    return path;
  };
  const tool = (command: string, ...args: string[]): string => {
    const env = { ...process.env, LC_ALL: 'C' };
    const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8', env });
    // readelf(1) of binutils 2.40 ends with 1 where it has no words for a note's type, whoever wrote the note.
    expect([args.includes('--notes') ? 0 : status, stderr]).toEqual([0, '']);
    return stdout;
  };

  test('is the same bytes each time, of each machine', () => {
    for (const target of ELF_TARGETS) {
      const [one, other] = [elfObject(notesOf(dependencies), target), elfObject(notesOf(dependencies), target)];
      expect(Buffer.compare(one, other)).toBe(0);
    }
    expect(readFileSync(object('x86_64-linux-gnu'))).not.toEqual(readFileSync(object('aarch64-linux-gnu')));
  });

  test.skipIf(noCompiler !== undefined).each([
    ['x86_64-linux-gnu', /X86-64/],
    ['aarch64-linux-gnu', /AArch64/],
  ])(named('is whole for readelf, which finds the notes: %s', noCompiler), (target, machine) => {
    const path = object(target);
    const all = tool('readelf', '-W', '-hlSdsIVr', path);
    expect(all).toMatch(machine);
    expect(all).toMatch(/Type: +DYN/);
    expect(all).toMatch(/GNU_STACK .* RW /);
    expect(all).not.toMatch(/warning|error/i);
    const notes = tool('readelf', '-W', '--notes', path);
    expect(notes.match(/FDO\s+0x/g)).toHaveLength(2);
    expect(notes).toContain('in: .note.dlopen');
  });

  test.skipIf(noCompiler !== undefined)(
    named('carries the JSON, ended by a zero and padded to four bytes, and keeps it when it is stripped', noCompiler),
    () => {
      const path = object('x86_64-linux-gnu');
      const stripped = join(folder, 'stripped.so');
      const section = join(folder, 'section');
      tool('strip', '--strip-unneeded', '-R', '.comment', '-o', stripped, path);
      for (const from of [path, stripped]) {
        tool('objcopy', '-O', 'binary', '--only-section=.note.dlopen', from, section);
        const bytes = readFileSync(section);
        const found: unknown[] = [];
        for (let at = 0; at < bytes.length; ) {
          const [nameSize, size, type] = [0, 4, 8].map((offset) => bytes.readUInt32LE(at + offset)) as [
            number,
            number,
            number,
          ];
          expect([type, bytes.toString('latin1', at + 12, at + 12 + nameSize)]).toEqual([0x407c0c0a, 'FDO\0']);
          const text = bytes.toString('utf8', at + 16, at + 16 + size);
          expect(text.endsWith('\0')).toBe(true);
          found.push(...JSON.parse(text.slice(0, -1)));
          at += 16 + Math.ceil(size / 4) * 4;
        }
        expect(found).toEqual(notesOf(dependencies));
      }
    },
  );

  const notHere = process.platform === 'linux' && process.arch === 'x64' ? undefined : 'it is for x86-64 Linux';

  test.skipIf(notHere !== undefined)(named('can be loaded, and asks for no executable stack', notHere), () => {
    const path = object('x86_64-linux-gnu');
    expect(() => koffi.load(path)).not.toThrow();
    expect(readFileSync('/proc/self/maps', 'utf8')).toContain(path);
    expect(readFileSync('/proc/self/maps', 'utf8')).not.toMatch(/rwxp .*\[stack\]/);
  });

  test('is what the command writes, for the machine that it is told', () => {
    const out = join(folder, 'dlopen-notes.so');
    expect(dlshim('packaging', '--format', 'elf', '--target', 'aarch64-linux-gnu', '-o', out, 'librbd').status).toBe(0);
    const notes = JSON.parse(dlshim('packaging', '--format', 'json', 'librbd').stdout) as DlopenNote[];
    expect(readFileSync(out).equals(Buffer.from(elfObject(notes, 'aarch64-linux-gnu')))).toBe(true);
    expect(
      dlshim('packaging', '--format', 'elf', '--target', 'aarch64-linux-gnu', '-o', out, '--check', 'librbd').status,
    ).toBe(0);
    const other = dlshim('packaging', '--format', 'elf', '-o', out, '--check', 'librbd');
    expect([other.status, other.stderr]).toEqual([1, expect.stringContaining('is not what would be written')]);
  });
});

describe('the command', () => {
  test('prints everything as JSON, and for people', () => {
    const { dependencies, notes, debian, rpm } = JSON.parse(dlshim('packaging', '--json', 'librbd').stdout);
    expect(dependencies).toEqual([
      {
        feature: 'librbd',
        description: 'use of librbd',
        priority: 'recommended',
        library: 'librbd',
        files: [{ soname: 'librbd.so.1', packages: expect.objectContaining({ debian: ['librbd1'] }), from: '12.2.1' }],
      },
    ]);
    expect([notes.length, debian, rpm]).toEqual([
      1,
      { Recommends: 'librbd1 (>= 12.2.1)' },
      { Recommends: ['librbd.so.1()(64bit)'] },
    ]);
    expect(dlshim('packaging', 'librbd').stdout).toContain(
      'librbd (recommended): use of librbd\n  librbd.so.1  12.2.1 or newer',
    );
  });

  test.each([
    [['--format', 'pkg'], /argument 'pkg' is invalid/],
    [['--format', 'debian', '--target', 'x86_64-linux-gnu'], /--target is of --format elf/],
    [['--format', 'elf', '--target', 'x86_64-windows'], /written for x86_64-linux-gnu and aarch64-linux-gnu/],
    [['--format', 'rpm', '--json'], /do not go together/],
    [['--check', 'librbd'], /--check needs -o/],
    [['-o', 'examples/drivers/rbd/rbd.ts', 'librbd'], /rbd\.ts: what is written is no module/],
    [['--priority', 'required', 'examples/drivers/rbd/rbd.ts'], /a driver says its own, `priority` in its descriptor/],
    [['--priority', 'required'], /a driver says its own/],
    [['librdb'], /librdb is no library of the configuration.*librbd/s],
    [['shims/none.ts'], /shims\/none\.ts.*(no such file|is no library)/s],
    [['./dlshim.config.ts'], /dlshim\.config\.ts: no driver and no shim is in there/],
    [['-o', '/proc/none/notes', 'librbd'], /cannot be written/],
    [['-o', 'examples', '--check', 'librbd'], /examples is in the way: it is no file/],
    [['-o', 'examples', 'librbd'], /examples is in the way: it is no file/],
  ])('refuses %j, and says why', (args, message) => {
    const { status, stdout, stderr } = dlshim('packaging', ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  test('refuses to write fields for Debian where a library has no package that is known', () => {
    const path = join(folder, 'unpackaged.mjs');
    const descriptor = {
      library: 'libx',
      files: { linux: ['libx.so.1'] },
      packages: {},
      required: {},
      features: {},
    };
    writeFileSync(
      path,
      `export const libx = { [Symbol.for('@dlshim/descriptor/1')]: ${JSON.stringify(descriptor)} };\n`,
    );
    const { status, stderr } = dlshim('packaging', '--format', 'debian', path);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(
        /libx: no package of Debian's is known to have libx\.so\.1\n.*`packages` of libx in dlshim\.config\.ts.*filePackages/,
      ),
    ]);
    expect(dlshim('packaging', path).stdout).toContain('\nDebian  no package is known for libx.so.1\n');
    expect(dlshim('packaging', 'librbd').stdout).not.toContain('no package');
    expect(dlshim('packaging', '--format', 'rpm', path).stdout).toBe('Recommends: libx.so.1()(64bit)\n');
  });

  test.each([
    [
      'a line end and a field',
      { packages: { debian: 'libx1\nEssential: yes' } },
      /"libx1\\nEssential: yes" is no name of a package \(debian\)/,
    ],
    ['a variable of dpkg', { packages: { debian: '$' + '{shlibs:Depends}' } }, /is no name of a package \(debian\)/],
    [
      'two packages',
      { filePackages: { debian: { 'libx.so.1': ['libx1', 'libx1, libc6'] } } },
      /"libx1, libc6" is no name/,
    ],
    [
      'a line end, of another distribution',
      { packages: { debian: 'libx1', arch: 'x\ny' } },
      /"x\\ny" is no name of a package \(arch\)/,
    ],
    [
      'a line end and a tag',
      { files: { linux: ['lib\nRequires: evil, '] } },
      /"lib\\nRequires: evil, " is no name of a library's file/,
    ],
    ['a macro of rpm', { files: { linux: ['%' + '{lua:x}.so'] } }, /is no name of a library's file/],
    ['a parenthesis', { files: { linux: ['libx.so.1()(64bit)'] } }, /is no name of a library's file/],
    [
      'a version of two lines',
      { history: { versions: ['1.0', '1.1\nProvides: x'], baseline: '1.0', symbols: {} } },
      /"1\.1\\nProvides: x" is no version/,
    ],
    ['a library of two lines', { library: 'libx\nDepends: y' }, /"libx\\nDepends: y" is no name of a library/],
  ])('writes nothing of a shim that has %s where a name belongs', (what, wrong, message) => {
    const path = join(folder, `misnamed-${what.replace(/\W+/g, '-')}.mjs`);
    const packages = { debian: 'libx1' };
    const descriptor = {
      library: 'libx',
      files: { linux: ['libx.so.1'] },
      packages,
      required: {},
      features: {},
      ...wrong,
    };
    writeFileSync(
      path,
      `export const libx = { [Symbol.for('@dlshim/descriptor/1')]: ${JSON.stringify(descriptor)} };\n`,
    );
    const { status, stdout, stderr } = dlshim('packaging', '--format', 'substvars', path);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('writes no colours into files, whatever the terminal is', () => {
    const out = join(folder, 'plain.txt');
    const env = { ...process.env, FORCE_COLOR: '1', NO_COLOR: undefined };
    const cli = (...args: string[]) =>
      spawnSync(process.execPath, [join(root, 'generator/dist/cli.js'), 'packaging', 'librbd', ...args], {
        cwd: root,
        env,
        encoding: 'utf8',
      });
    expect(cli().stdout).toContain('\u001b[1m');
    expect(cli('-o', out).status).toBe(0);
    expect(readFileSync(out, 'utf8')).toMatch(/^librbd \(recommended\): /);
  });

  test('teaches packagers in its help', () => {
    const { stdout } = dlshim('packaging', '--help');
    expect(stdout).toContain('--with dlopenlibdeps');
    expect(stdout).toContain(`\${dlopen:Depends}`);
    expect(stdout).toContain('%{_arch}-linux-gnu');
  });
});
