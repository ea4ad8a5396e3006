// A program's known list and its registry: addresses, formats, options, the handshake's failures, and what is said while something takes long.
// Run: npx vitest run test/runtime/drivers.test.ts
// Longer than 400 lines because each way to fail is a case, and all share the fixture drivers and the list of what was loaded.

import { defineShim } from '@dlshim/runtime';
import {
  type AnyShim,
  type DriverDescriptor,
  DriverError,
  DriverRefusal,
  type DriverReport,
  defineDriver,
  defineDrivers,
  type KnownDriver,
  parseOptions,
  reportInWords,
  type Source,
} from '@dlshim/runtime/drivers';
import { pretend } from '@dlshim/runtime/testing';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildShapes } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { descriptorOf } from './descriptors.ts';
import { shapes } from './shapes.ts';

const host = { name: 'draw', version: '1.4.0' };
const undo: (() => void)[] = [];
afterEach(() => {
  for (const restore of undo.splice(0)) restore();
});

interface Code {
  readonly shims?: Readonly<Record<string, AnyShim>>;
  readonly load?: (host: never, libraries: never) => unknown;
}

const opens = { open: async (target: unknown, request: unknown, options: unknown) => ({ target, request, options }) };

/** A driver on a list. `list`: what that says otherwise than the driver. */
function driver(
  descriptor: Partial<DriverDescriptor> & { name: string },
  code: Code = {},
  list: Partial<DriverDescriptor> = {},
): KnownDriver {
  const whole = { description: 'a test', protocols: descriptor.formats ? [] : [`${descriptor.name}x`], ...descriptor };
  const made = defineDriver(whole as never, { load: () => opens as never, ...code } as never);
  return { ...whole, ...list, module: async () => ({ default: made }) };
}

function program(known: readonly KnownDriver[], settings: { slow?: number } = {}) {
  const reports: DriverReport[] = [];
  const drivers = defineDrivers(known, { host, report: (report) => reports.push(report), ...settings });
  return { drivers, reports };
}

async function failure(work: Promise<unknown>): Promise<DriverError> {
  const error = await work.then(
    (value) => expect.fail(`it gave ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DriverError);
  return error as DriverError;
}

/** Nothing was thrown that could be looked at. */
const MAINTAINER = 'This is for whoever maintains the driver.';

const never = new Promise<never>(() => {});

describe('a list', () => {
  const one = (given: object) => () => defineDrivers([driver({ name: 'a', ...given })], { host });

  it('is refused where two drivers have one name, protocol or format, with both names', () => {
    const both = (a: object, b: object) => () =>
      defineDrivers([driver({ name: 'a', ...a }), driver({ name: 'b', ...b })], { host });
    expect(both({ protocols: ['p0'] }, { protocols: ['q0', 'p0'] })).toThrow(
      "the drivers 'a' and 'b' both have the protocol 'p0:'",
    );
    expect(both({ formats: ['f'] }, { formats: ['f'] })).toThrow("the drivers 'a' and 'b' both have the format 'f'");
    expect(both({}, { name: 'a' })).toThrow("the driver 'a' is on the list twice");
  });

  it.each([
    [{ protocols: [] }, 'neither protocols nor formats'],
    [{ protocols: ['pp'], formats: ['f'] }, 'protocols and formats'],
    [{ protocols: ['HTTP'] }, "'HTTP' is no protocol"],
    [{ protocols: ['c'] }, "'c' is no protocol"],
    [{ protocols: ['1http'] }, "'1http' is no protocol"],
    [{ protocols: ['a_b'] }, "'a_b' is no protocol"],
    [{ name: 'two words' }, 'its name'],
    [{ description: '' }, 'no description'],
    [{ needsCode: true }, 'no formats'],
    [{ host: 'new' }, "'new' is no version"],
    [{ host: '1.x' }, "'1.x' is no version such as 1.2.0"],
    [{ host: '1.' }, "'1.' is no version"],
    [{ host: '' }, "'' is no version"],
    [{ formats: ['f'], probes: [{ offset: 0.5, text: 'x', score: 1 }] }, 'offset'],
    [{ formats: ['f'], probes: [{ offset: 0, score: 1 }] }, 'either text or hex'],
    [{ formats: ['f'], probes: [{ offset: 0, text: 'x', hex: '00', score: 1 }] }, 'either text or hex'],
    [{ formats: ['f'], probes: [{ offset: 0, text: 'ü', score: 1 }] }, 'ASCII'],
    [{ formats: ['f'], probes: [{ offset: 0, hex: '123', score: 1 }] }, 'pairs'],
    [{ formats: ['f'], probes: [{ offset: 0, hex: '12', mask: 'ffff', score: 1 }] }, 'as many digits'],
    [{ formats: ['f'], probes: [{ offset: 0, text: 'x', mask: 'ff', score: 1 }] }, 'a mask goes with hex'],
    [{ formats: ['f'], probes: [{ offset: 0, text: 'x', score: 101 }] }, 'from 1 to 100'],
    [{ formats: ['f'], probes: [{ offset: 0, text: 'x', score: 0 }] }, 'from 1 to 100'],
    [{ formats: ['f'], probes: [{ suffix: '.f', score: 100 }] }, 'from 1 to 99'],
    [{ formats: ['f'], probes: [{ suffix: 'f', score: 1 }] }, 'its dot'],
    [{ formats: ['f'], probes: [{ offset: 0, text: 'x', score: 1, format: 'g' }] }, "no format 'g'"],
    [{ options: { a: { type: 'colour', description: 'x' } } }, "no type 'colour'"],
    [{ options: { a: { type: 'integer', description: 'x', default: 0, minimum: 1 } } }, 'none of its values'],
    [{ options: { a: { type: 'string', description: 'x', default: 'c', choices: ['a', 'b'] } } }, 'none of its values'],
    [{ options: { a: { type: 'string', description: 'x', default: 'c', required: true } } }, 'has a default'],
    [{ options: { 'a=b': { type: 'string', description: 'x' } } }, 'its name'],
  ])('is refused by the name of the driver for %j', (given, words) => {
    expect(one(given)).toThrow(TypeError);
    expect(one(given)).toThrow(`the driver '${'name' in given ? given.name : 'a'}'`);
    expect(one(given)).toThrow(words);
  });
});

describe('an address', () => {
  const { drivers } = program([
    driver({ name: 'web', protocols: ['http', 'https'] }),
    driver({ name: 'rbd', protocols: ['rbd'] }),
  ]);

  it('has a protocol where RFC 3986 has a scheme, of two characters at least', () => {
    const of = (address: string) => drivers.protocolOf(address);
    expect(of('rbd:pool/image')).toBe('rbd');
    expect(of('HTTPS://host/')).toBe('https');
    expect(of('coap+tcp://host')).toBe('coap+tcp');
    for (const path of [
      'C:\\disk.raw',
      'c:/disk',
      './a:b',
      '/a:b',
      'disk.raw',
      '',
      ':x',
      '1x:y',
      'a b:c',
      'a/b:c',
      'ä:x',
    ])
      expect(of(path), path).toBeUndefined();
  });

  it('is opened by the driver of its protocol, in any case', async () => {
    expect(await drivers.open('Rbd:pool/image', 'how')).toMatchObject({ target: 'Rbd:pool/image', request: 'how' });
  });

  it('of an unknown protocol is refused with what is near and what there is, and without its secrets', async () => {
    const error = await failure(drivers.open('htp://user:hunter2@host/', 0));
    expect(error).toMatchObject({ kind: 'unknown', code: 'DLSHIM_DRIVER_UNKNOWN' });
    expect(error.message).toBe(
      "No driver for the protocol 'htp:' is known.\nDid you mean http? Known protocols: http, https, rbd.",
    );
    await expect(drivers.open('user:hunter2', 0)).rejects.not.toThrow('hunter2');
    expect((await failure(drivers.load('rdb'))).message).toContain('Did you mean rbd?');
    expect((await failure(drivers.openFormat('qcow', source(), 0))).message).toContain('There are none.');
  });

  it('of an unknown protocol may be the name of a file, where files are opened', async () => {
    const { drivers: both } = program([driver({ name: 'rbd' }), driver({ name: 'dmg', formats: ['dmg'] })]);
    const { remedy } = await failure(both.open('disk.raw:1', 0));
    expect(remedy).toBe('Known protocols: rbdx. A file of such a name is ./disk.raw:…');
  });

  it('without a protocol is refused as it was typed, unless there may be a password in it', async () => {
    for (const address of ['data.zap', 'C:\\disk', './rbd:x', '']) {
      const error = await failure(drivers.open(address, 0));
      expect(error).toMatchObject({ kind: 'unknown', code: 'DLSHIM_DRIVER_UNKNOWN', driver: undefined });
      expect(error.message).toBe(
        `'${address}' has no protocol: an address begins with one, such as 'http:'.\nKnown protocols: http, https, rbd.`,
      );
    }
    for (const address of [' ssh://me:hunter2@host/', '//me%hunter2@host', '_rbd:pool/x:key=hunter2', '/x?hunter2'])
      expect((await failure(drivers.open(address, 0))).message).toMatch(/^The address has no protocol: (?!.*hunter2)/s);
    const none = await failure(program([driver({ name: 'dmg', formats: ['dmg'] })]).drivers.open('a.dmg', 0));
    expect(none.message).toBe("'a.dmg' has no protocol: an address begins with one.\nThere are none.");
  });
});

function source(content: string | Uint8Array = '', name?: string): Source & { readonly reads: string[] } {
  const bytes = Buffer.from(content as string, 'latin1');
  const reads: string[] = [];
  return {
    size: bytes.length,
    ...(name === undefined ? {} : { name }),
    reads,
    async read(offset, length) {
      reads.push(`${offset}+${length}`);
      return bytes.subarray(offset, offset + length);
    },
  };
}

describe('probing', () => {
  const loads: string[] = [];
  const asked = (name: string, probe: (target: Source) => unknown) =>
    driver(
      { name, formats: [name], needsCode: true },
      {
        load: () => {
          loads.push(name);
          return { ...opens, probe };
        },
      },
    );
  const dmg = driver({
    name: 'dmg',
    formats: ['dmg'],
    probes: [
      { offset: -8, text: 'koly', score: 100 },
      { suffix: '.dmg', score: 30 },
    ],
  });
  const picture = driver({
    name: 'picture',
    formats: ['png', 'gif'],
    probes: [
      { offset: 0, hex: '89504e47', mask: 'fff0ffff', score: 60 },
      { offset: 0, hex: '474946', score: 70, format: 'gif' },
    ],
  });
  afterEach(() => void loads.splice(0));

  it('reads what probes ask for, once, and loads nothing where something is certain', async () => {
    const { drivers } = program([dmg, picture, asked('guess', () => 50)]);
    const file = source(`${'x'.repeat(100)}koly1234`);
    expect(await drivers.probe(file)).toEqual([{ driver: 'dmg', format: 'dmg', score: 100 }]);
    expect(file.reads).toEqual(['100+4']);
    expect(loads).toEqual([]);
  });

  it('has the surest first, and asks code where nothing is certain', async () => {
    const { drivers } = program([dmg, picture, asked('guess', () => 40), asked('guess2', () => 0)]);
    expect(await drivers.probe(source('\x89\x5fNG....', 'A.DMG'))).toEqual([
      { driver: 'picture', format: 'png', score: 60 },
      { driver: 'guess', format: 'guess', score: 40 },
      { driver: 'dmg', format: 'dmg', score: 30 },
    ]);
    expect((await drivers.probe(source('GIF'))).map(({ format }) => format)).toEqual(['gif', 'guess']);
    expect(loads).toEqual(['guess', 'guess2']);
  });

  it('ends with code that is certain', async () => {
    const { drivers } = program([asked('sure', () => 1000), asked('late', () => 100)]);
    expect(await drivers.probe(source('abc'))).toEqual([{ driver: 'sure', format: 'sure', score: 100 }]);
    expect(loads).toEqual(['sure']);
  });

  it('passes over what cannot be loaded or asked, and reports it', async () => {
    const broken = driver(
      { name: 'broken', formats: ['b'], needsCode: true },
      { load: () => Promise.reject(new Error('no')) },
    );
    const wrong = asked('wrong', () => {
      throw new RangeError('too short');
    });
    const odd = asked('odd', () => 'much');
    const lacking = driver({ name: 'lacking', formats: ['l'], needsCode: true });
    const { drivers, reports } = program([broken, wrong, odd, lacking, asked('good', () => 10)]);
    expect(await drivers.probe(source('abc'))).toEqual([{ driver: 'good', format: 'good', score: 10 }]);
    expect(reports.map((each) => `${each.kind} ${each.driver}`)).toEqual([
      ...['passed-over broken', 'passed-over wrong', 'passed-over odd', 'passed-over lacking'],
    ]);
    expect(reports.map((each) => reportInWords(each)).join('\n')).toMatch(/too short \(at .*drivers\.test\.ts:\d+/);
    await expect(drivers.openFormat('b', source(), 0)).rejects.toMatchObject({ kind: 'failed' });
  });

  it('is skipped where the format is known', async () => {
    const file = source('not of that kind');
    expect(await program([dmg]).drivers.openFormat('dmg', file, 'how')).toMatchObject({ target: file, request: 'how' });
    expect(file.reads).toEqual([]);
  });

  it('takes a file that is shorter than it said for no match', async () => {
    const zeroes = driver({ name: 'z', formats: ['z'], probes: [{ offset: 0, hex: '0000', score: 100 }] });
    const file = { size: 100, read: async () => new Uint8Array(1) };
    expect(await program([zeroes]).drivers.probe(file)).toEqual([]);
  });
});

describe('the handshake', () => {
  it('tells a host that is too old, before anything is imported', async () => {
    const module = vi.fn();
    const { drivers } = program([{ ...driver({ name: 'new', host: '1.10' }), module }]);
    const error = await failure(drivers.load('new'));
    expect(error).toMatchObject({ kind: 'version', driver: 'new' });
    expect(error.message).toBe(
      "The driver 'new' was built for draw 1.10 or newer, and this is draw 1.4.0.\nUpdate draw, or install a driver 'new' that was made for draw 1.4.0.",
    );
    expect(module).not.toHaveBeenCalled();
  });

  it('lets the driver refuse the host, with its words and its remedy', async () => {
    const load = () => {
      throw new DriverRefusal('it needs layers', 'Use draw-pro.');
    };
    const error = await failure(program([driver({ name: 'a' }, { load })]).drivers.open('ax:', 0));
    expect(error).toMatchObject({ kind: 'refused', remedy: 'Use draw-pro.', cause: { name: 'DriverRefusal' } });
    expect(error.message).toBe("The driver 'a' refuses draw 1.4.0: it needs layers\nUse draw-pro.");
  });

  it('says where a driver threw, and keeps what it threw', async () => {
    const load = () => {
      throw new TypeError('x is not a function');
    };
    const error = await failure(program([driver({ name: 'a' }, { load })]).drivers.load('a'));
    expect(error).toMatchObject({ kind: 'failed', cause: { name: 'TypeError' } });
    expect(error.message).toMatch(
      /^The driver 'a' failed when it was made ready for draw 1\.4\.0:\n {2}TypeError: x is not a function \(at .*drivers\.test\.ts:\d+:\d+\)\n/,
    );
    const odd = await failure(
      program([driver({ name: 'a' }, { load: () => Promise.reject('words') })]).drivers.load('a'),
    );
    expect(odd.message).toContain('words, which is no Error, was thrown');
    expect(odd.remedy).toBe('This is for whoever maintains the driver: `cause` says what was thrown.');
    const nothing = await failure(program([driver({ name: 'a' }, { load: () => ({}) })]).drivers.load('a'));
    expect(nothing.message).toContain('its load() gave nothing that opens');
    expect(nothing).toMatchObject({ remedy: MAINTAINER });
  });

  it('tells a list that is stale, by what counts and not by words for people', async () => {
    const stale = await failure(
      program([driver({ name: 'a', priority: 'required' }, {}, { priority: 'suggested' })]).drivers.load('a'),
    );
    expect(stale).toMatchObject({ kind: 'version' });
    expect(stale.message).toContain("do not say the same of priority.\nThe list is stale: run 'dlshim drivers'");
    const options = { b: { type: 'string', description: 'x' } } as const;
    const other = { b: { type: 'string', description: 'said otherwise' } } as const;
    await program([driver({ name: 'a', options }, {}, { description: 'other', options: other })]).drivers.load('a');
    const gone = await failure(program([driver({ name: 'a', options }, {}, { options: {} })]).drivers.load('a'));
    expect(gone.kind).toBe('version');
  });

  it('tells a driver of another format, and what is no driver', async () => {
    const with_ = (made: unknown) =>
      program([{ ...driver({ name: 'a' }), module: async () => ({ default: made }) }]).drivers.load('a');
    const format = await failure(
      with_({ ...defineDriver({ name: 'a', description: 'x' }, { load: () => opens }), format: 2 }),
    );
    expect(format).toMatchObject({ kind: 'version' });
    expect(format.message).toContain('its format is 2, and this one reads 1.\nUpdate @dlshim/runtime:');
    for (const made of [undefined, {}, 7])
      expect((await failure(with_(made))).message).toContain('exports no driver by default');
    const shim = defineShim(descriptorOf({ library: 'libz' }));
    const odd = await failure(program([driver({ name: 'a' }, { shims: { libz: shim } })]).drivers.load('a'));
    expect(odd.message).toContain('libz: its descriptor does not name it');
    const lacks = await failure(program([driver({ name: 'a', shims: { libz: {} } })]).drivers.load('a'));
    expect(lacks.message).toContain('its code has no such shim');
    expect(lacks).toMatchObject({ remedy: MAINTAINER });
  });

  it('tells a stale shim', async () => {
    const libz = defineShim(descriptorOf({ library: 'libz', format: 99 }));
    const error = await failure(
      program([driver({ name: 'a', shims: { libz: {} } }, { shims: { libz } })]).drivers.load('a'),
    );
    expect(error).toMatchObject({ kind: 'version', cause: { code: 'DLSHIM_STALE' } });
    expect(error.message).toContain("The driver 'a' cannot be used: its shim of libz was built for another version.\n");
    expect(error.message).toContain('Update @dlshim/runtime');
  });
});

describe.skipIf(noCompiler)(named("a driver's libraries", noCompiler), () => {
  beforeAll(() => {
    process.env.DLSHIM_SHAPES = buildShapes('1.1');
    return () => {
      delete process.env.DLSHIM_SHAPES;
    };
  });

  const got: Record<string, unknown>[] = [];
  const drawing = (needs: object, name = 'a') =>
    driver(
      { name, shims: { shapes: needs } },
      {
        shims: { shapes },
        load: (_host, libraries) => {
          got.push(libraries);
          return opens;
        },
      },
    );
  const loaded = async (needs: object, what?: Parameters<typeof pretend<typeof shapes>>[1]) => {
    if (what) undo.push(pretend(shapes, what));
    const { drivers, reports } = program([drawing(needs)]);
    got.splice(0);
    const error = await drivers.load('a').then(
      () => undefined,
      (thrown: unknown) => thrown as DriverError,
    );
    return { error, reports, shapes: got[0]?.shapes };
  };

  it('are open when it is made ready, with what it requires', async () => {
    expect((await loaded({ requires: ['rotate'] })).shapes).toBe(shapes.open());
  });

  it('that are absent are not installed, with the command that installs them', async () => {
    const { error } = await loaded({}, { absent: true });
    expect(error).toMatchObject({ kind: 'absent', code: 'DLSHIM_DRIVER_ABSENT', cause: { code: 'DLSHIM_ABSENT' } });
    expect(error!.message.split('\n')[0]).toBe(
      "The driver 'a' cannot be used: it needs shapes, which is not installed.",
    );
    expect(error!.message.endsWith(error!.remedy)).toBe(true);
    expect(error!.message.split(error!.remedy)).toHaveLength(2);
  });

  it('that are rejected, incompatible or lack what is required are installed, and refused', async () => {
    for (const [what, needs, code] of [
      [{ rejected: 'wrong-machine' }, {}, 'DLSHIM_WRONG_MACHINE'],
      [{ without: ['shapes_area'] }, {}, 'DLSHIM_SYMBOLS'],
      [{ withoutFeatures: ['rotate'] }, { requires: ['rotate'] }, 'DLSHIM_REQUIRE'],
    ] as const) {
      const { error } = await loaded(needs, what as never);
      expect(error).toMatchObject({ kind: 'refused', cause: { code } });
      expect(error!.message).toContain("The driver 'a' cannot be used: shapes is installed, and refused.\n");
    }
  });

  it('whose path is refused, or that no system like this can have, are not said to be installed', async () => {
    const relative = defineShim(descriptorOf({ library: 'relative' }));
    const foreign = defineShim(descriptorOf({ library: 'foreign', target: ['riscv64-linux-gnu'] }));
    const needs = { relative: { optional: true }, foreign: { optional: true } };
    const both = { shims: { relative, foreign } };
    vi.stubEnv('DLSHIM_RELATIVE', 'lib/relative.so');
    undo.push(() => vi.unstubAllEnvs());
    const { drivers, reports } = program([
      driver({ name: 'a', shims: needs }, both),
      driver({ name: 'b', shims: { relative: {} } }, { shims: { relative } }),
    ]);
    const error = await failure(drivers.load('b'));
    expect(error).toMatchObject({ kind: 'refused', cause: { code: 'DLSHIM_PATH' } });
    expect(error.message).toMatch(
      /^The driver 'b' cannot be used: the path of relative is refused\.\nThe path 'lib\/relative\.so' .* is relative/,
    );
    await drivers.load('a');
    expect(reports.map((each) => reportInWords(each).split('\n')[0])).toEqual([
      "The driver 'a' works without relative, and does less: the path of relative is refused.",
      "The driver 'a' works without foreign, and does less: foreign cannot be opened on this system.",
    ]);
    const checked = (await drivers.check('a')).libraries;
    expect(checked.map(({ error: why }) => why!.message)).toEqual(
      reports.map((each) => 'error' in each && each.error.message),
    );
  });

  it('that are optional are undefined where they are absent, and reported where they cannot be used', async () => {
    const absent = await loaded({ optional: true }, { absent: true });
    expect(absent).toEqual({ error: undefined, reports: [], shapes: undefined });
    for (const what of [{ rejected: 'truncated' }, { withoutFeatures: ['rotate'] }] as const) {
      const { error, reports, shapes: library } = await loaded({ optional: true, requires: ['rotate'] }, what as never);
      expect({ error, library }).toEqual({ error: undefined, library: undefined });
      expect(reports).toMatchObject([{ kind: 'without', driver: 'a', library: 'shapes', error: { kind: 'refused' } }]);
      const words = reportInWords(reports[0]!);
      expect(words.split('\n')[0]).toBe(
        "The driver 'a' works without shapes, and does less: shapes is installed, and refused.",
      );
      expect(words).not.toContain('cannot be used');
    }
  });

  it('are checked without being loaded', async () => {
    const { drivers } = program([
      drawing({ requires: ['rotate'], uses: ['exact', 'shapes_mirror'] }),
      drawing({ requires: ['exact'] }, 'b'),
      drawing({ requires: ['exact'], optional: true }, 'c'),
      driver({ name: 'd', host: '2' }),
      { ...driver({ name: 'e' }), module: () => Promise.reject(new Error('no')) },
    ]);
    const file = process.env.DLSHIM_SHAPES!;
    const good = await drivers.check('a');
    expect(good).toMatchObject({ driver: 'a', kind: 'usable', error: undefined });
    expect(good.libraries).toMatchObject([
      {
        library: 'shapes',
        status: 'loadable',
        path: file,
        features: { rotate: true, exact: false, shapes_mirror: false },
      },
    ]);
    const bad = await drivers.check('b');
    expect(bad).toMatchObject({ kind: 'refused', error: { remedy: 'Install a newer shapes.' } });
    expect(bad.error!.message).toContain('lacks what it requires:\n  exact (');
    const less = await drivers.check('c');
    expect(less).toMatchObject({ kind: 'usable', libraries: [{ error: { kind: 'refused' } }] });
    expect(less.libraries[0]!.error!.message.split('\n')[0]).toBe(
      `The driver 'c' works without shapes, and does less: shapes (${file}) is installed, and lacks what it requires:`,
    );
    expect(await drivers.check('d')).toMatchObject({ kind: 'version', libraries: [] });
    expect(await drivers.check('e')).toMatchObject({ kind: 'failed' });
    expect(drivers.status().every(({ state }) => state === 'idle')).toBe(true);
    undo.push(pretend(shapes, { absent: true }));
    expect(await drivers.check('a')).toMatchObject({ kind: 'absent', libraries: [{ status: 'absent' }] });
    expect((await drivers.check('c')).libraries[0]!.error!.message).toMatch(
      /^The driver 'c' works without shapes, and does less: shapes is not installed\.\n/,
    );
  });
});

describe('loading', () => {
  it('happens once, also when many open at once, and again after a failure', async () => {
    let [loads, fails] = [0, 1];
    const load = async () => {
      loads++;
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (fails-- > 0) throw new Error('the first time');
      return opens;
    };
    const { drivers } = program([driver({ name: 'a' }, { load })]);
    const first = await Promise.allSettled([drivers.open('ax:1', 0), drivers.open('ax:2', 0), drivers.load('a')]);
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(loads).toBe(1);
    expect(drivers.status()).toMatchObject([{ driver: 'a', state: 'failed', error: { kind: 'failed' } }]);
    await Promise.all([drivers.open('ax:1', 0), drivers.open('ax:2', 0), drivers.load('a')]);
    expect(loads).toBe(2);
    expect(drivers.status()).toEqual([{ driver: 'a', state: 'loaded' }]);
  });

  it('of two programs that share a driver happens once for each, and each knows its own list alone', async () => {
    const hosts: unknown[] = [];
    const shared = driver(
      { name: 'a' },
      {
        load: (given) => {
          hosts.push(given);
          return opens;
        },
      },
    );
    const one = defineDrivers([shared, driver({ name: 'b' })], { host });
    const two = defineDrivers([shared], { host: { name: 'paint', version: '1' } });
    await Promise.all([one.load('a'), two.load('a'), one.load('a')]);
    expect(hosts).toEqual([host, { name: 'paint', version: '1' }]);
    await expect(two.open('bx:', 0)).rejects.toMatchObject({ kind: 'unknown' });
  });

  it('of what is configured has to work: the first failure stops, the others are reported', async () => {
    const bad = (name: string) => driver({ name }, { load: () => Promise.reject(new Error(`no ${name}`)) });
    const { drivers, reports } = program([driver({ name: 'a' }), bad('b'), bad('c'), bad('d')]);
    await drivers.prepare(['a']);
    expect((await failure(drivers.prepare(['a', 'c', 'b']))).driver).toBe('c');
    expect(reports).toMatchObject([{ kind: 'failed', driver: 'b' }]);
    expect(drivers.status().map(({ state }) => state)).toEqual(['loaded', 'failed', 'failed', 'idle']);
    expect((await failure(drivers.prepare(['a', 'e']))).kind).toBe('unknown');
  });

  it('that takes long is reported, again and again, and says what it waits for', async () => {
    const known = [
      { ...driver({ name: 'module' }), module: () => never },
      driver({ name: 'ready' }, { load: () => never }),
    ];
    const { drivers, reports } = program(known, { slow: 10 });
    const given = new AbortController();
    const waiting = known.map(({ name }) => failure(drivers.load(name, { signal: given.signal })));
    await vi.waitFor(() => expect(reports.length).toBeGreaterThan(5));
    expect(drivers.status()).toMatchObject([
      { state: 'loading', waiting: { what: 'importing its module' } },
      { state: 'loading', waiting: { what: 'making it ready for draw 1.4.0' } },
    ]);
    const own = reports.filter((each) => each.kind === 'slow' && each.driver === 'ready') as { seconds: number }[];
    // At once, twice, four times the time; Node's timers may come a millisecond early.
    for (const [at, { seconds }] of own.slice(0, 3).entries()) expect(seconds).toBeGreaterThan(0.01 * 2 ** at - 0.002);
    given.abort(new Error('enough'));
    for (const error of await Promise.all(waiting)) {
      expect(error).toMatchObject({ kind: 'aborted', code: 'DLSHIM_DRIVER_ABORTED', cause: { message: 'enough' } });
      expect(error.message).toMatch(/^Gave up on the driver '\w+' after \d+\.\d s of (importing|making) /);
    }
  });

  it('goes on for the others when one gives up', async () => {
    let go = (): void => {};
    const load = () => new Promise((resolve) => (go = () => resolve(opens)));
    const { drivers } = program([driver({ name: 'a' }, { load })]);
    const other = drivers.load('a');
    expect((await failure(drivers.open('ax:', 0, { signal: AbortSignal.timeout(5) }))).cause).toMatchObject({
      name: 'TimeoutError',
    });
    go();
    await other;
    const late = await failure(drivers.open('ax:', 0, { signal: AbortSignal.abort() }));
    expect(late).toMatchObject({ kind: 'aborted', message: "Gave up on the driver 'a'." });
  });

  it('says what nobody listens to as a warning of the process', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    undo.push(() => warned.mockRestore());
    let go = (): void => {};
    const load = () => new Promise((resolve) => (go = () => resolve(opens)));
    const drivers = defineDrivers([driver({ name: 'a' }, { load })], { host, slow: 1 });
    const waiting = drivers.load('a');
    await vi.waitFor(() => expect(warned).toHaveBeenCalled());
    expect(warned.mock.calls[0]).toMatchObject([
      expect.stringMatching(/^The driver 'a' still waits after \d\.\d s: making it ready for draw 1\.4\.0$/),
      { type: 'DriverWarning', code: 'DLSHIM_DRIVER_SLOW' },
    ]);
    go();
    await waiting;
  });

  it('is reported in tenths of a second, and from ten seconds on in seconds', () => {
    const words = (seconds: number) => reportInWords({ kind: 'slow', driver: 'a', what: 'x', seconds });
    expect([0.5, 0.96, 1.04, 9.94, 9.96, 80.4].map((each) => /after (.*):/.exec(words(each))![1])).toEqual([
      ...['0.5 s', '1.0 s', '1.0 s', '9.9 s', '10 s', '80 s'],
    ]);
  });

  it('takes no time that is none', () => {
    for (const slow of [0, -1, Number.NaN])
      expect(() => program([], { slow })).toThrow('slow is a number of milliseconds');
  });
});

describe('a program', () => {
  it.each([
    [{}, 'takes the program as host: { name, version }'],
    [undefined, 'takes the program as host'],
    [{ name: '', version: '1.0.0' }, 'takes the program as host'],
    [{ name: ' ', version: '1.0.0' }, 'takes the program as host'],
    [{ name: 'u8' }, 'takes the program as host'],
    ...['x', '', '1.x', '1..2', 'v', '1.0.0 \n'].map((version) => [
      ...[{ name: 'u8', version }, `the host's version '${version}' is no version such as 1.2.0`],
    ]),
  ] as [unknown, string][])('is refused as %j', (given, words) => {
    expect(() => defineDrivers([], { host: given as never })).toThrow(TypeError);
    expect(() => defineDrivers([], { host: given as never })).toThrow(words);
  });

  it('has a version that is compared', async () => {
    const needs = driver({ name: 'a', host: '1.2.0-rc.1' });
    const works = (version: string) =>
      defineDrivers([needs], { host: { name: 'u8', version } })
        .load('a')
        .then(
          () => true,
          () => false,
        );
    const versions = ['1.1.9', '1.2.0-beta', '1.2.0-rc.1', 'v1.2.0', '1.2.0+build7', '1.2.1~git3', '2'];
    expect(await Promise.all(versions.map(works))).toEqual([false, false, true, true, true, true, true]);
  });
});

describe('options', () => {
  const options = {
    port: { type: 'integer', description: 'the port', default: 22, minimum: 1, maximum: 65535 },
    password: { type: 'string', description: 'the password', secret: true, choices: ['a', 'b'] },
    verify: { type: 'boolean', description: 'whether to' },
    cache: { type: 'size', description: 'how much' },
    ratio: { type: 'number', description: 'of it' },
    user: { type: 'string', description: 'who', required: true },
  } as const;
  const { drivers } = program([driver({ name: 'a', options })]);
  const given = async (...words: string[]) =>
    ((await drivers.open('ax:', 0, { options: parseOptions(['user=me', ...words]) })) as { options: object }).options;
  const refusal = async (...words: string[]) => (await failure(given(...words))).message;

  it('come from a command line as text, and have their types and defaults', async () => {
    const none = { password: undefined, verify: undefined, cache: undefined, ratio: undefined };
    expect(await given()).toEqual({ port: 22, user: 'me', ...none });
    expect(await given('port=80', 'verify', 'cache=1.5M', 'ratio=-0.5', 'password=a')).toEqual({
      ...{ port: 80, user: 'me', verify: true, cache: 1_572_864, ratio: -0.5, password: 'a' },
    });
    expect(await given('verify=OFF')).toMatchObject({ verify: false });
    expect(parseOptions(['a=b=c', 'd=', '__proto__=x'])).toEqual(
      Object.fromEntries([
        ['a', 'b=c'],
        ['d', ''],
        ['__proto__', 'x'],
      ]),
    );
  });

  it('that are not known are refused, with the one that is near and never with a value', async () => {
    const message = await refusal('pasword=hunter2');
    expect(message).toBe(
      "The driver 'a': there is no option 'pasword'.\nDid you mean password? Its options: port, password, verify, cache, ratio, user.",
    );
    expect(await refusal('__proto__=x')).toContain("no option '__proto__'");
  });

  it('whose values are none are refused with what they take, a secret without what it was given', async () => {
    expect(await refusal('port=0')).toContain("the option 'port' takes a whole number from 1 to 65535, and not '0'");
    expect(await refusal('port=1.5')).toContain("not '1.5'");
    expect(await refusal('port=1K')).toContain("not '1K'");
    expect(await refusal('cache=-1')).toContain("not '-1'");
    expect(await refusal('password=hunter2')).toContain('takes one of a, b, and not what it was given');
    expect(await refusal('password=hunter2')).not.toContain('hunter2');
    expect(await refusal('port')).toContain("the option 'port' takes a whole number from 1 to 65535: port=…");
    expect((await failure(drivers.open('ax:', 0))).message).toContain("the option 'user' is missing: who");
  });

  it('are refused where they have no name or are given twice', () => {
    expect(() => parseOptions(['=hunter2'])).toThrow('Option number 1 has no name');
    expect(() => parseOptions(['=hunter2'])).not.toThrow('hunter2');
    expect(() => parseOptions(['a=1', 'a=2'])).toThrow("The option 'a' is given twice.");
  });

  it('that are wrong are refused before anything is loaded', async () => {
    const module = vi.fn();
    const { drivers: other } = program([{ ...driver({ name: 'a', options }), module }]);
    await failure(other.open('ax:', 0, { options: { nothing: 1 } }));
    expect(module).not.toHaveBeenCalled();
  });
});
