// Drivers and callers that do what no type allows: whatever a driver exports, throws or gives stays with that driver, and callers that give up, or
// give what is no option, are told so.
// Run: npx vitest run test/runtime/drivers-odd.test.ts

import { getEventListeners } from 'node:events';
import {
  type DriverDescriptor,
  DriverError,
  type DriverReport,
  defineDriver,
  defineDrivers,
  type KnownDriver,
} from '@dlshim/runtime/drivers';
import { describe, expect, it, vi } from 'vitest';

const host = { name: 'draw', version: '1.4.0' };
const opens = { open: async () => 'opened' };
const file = { size: 4, read: async () => new Uint8Array(4) };

/** A driver that is asked for formats by its code. */
function driver(name: string, made: unknown, more: Partial<DriverDescriptor> = {}): KnownDriver {
  return { ...described(name), ...more, module: async () => ({ default: made }) };
}

function described(name: string): DriverDescriptor {
  return { name, description: 'a test', formats: [name], needsCode: true };
}

function loading(name: string, load: () => unknown): KnownDriver {
  return driver(name, defineDriver(described(name), { load: load as never }));
}

function opening(name: string): KnownDriver {
  return loading(name, () => ({ ...opens, probe: () => 0 }));
}

function program(known: readonly KnownDriver[], settings: { slow?: number } = {}) {
  const reports: DriverReport[] = [];
  return { drivers: defineDrivers(known, { host, report: (report) => reports.push(report), ...settings }), reports };
}

async function failure(work: Promise<unknown>): Promise<DriverError> {
  const error = await work.then(
    () => expect.fail('it came to a good end'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DriverError);
  return error as DriverError;
}

const fails = (): never => {
  throw new RangeError('not to be looked at');
};
const unreadable = new Proxy(
  {},
  { get: fails, has: fails, ownKeys: fails, getPrototypeOf: fails, getOwnPropertyDescriptor: fails },
);
const hostile = (keys: readonly string[], target: object = {}) => {
  for (const key of keys) Object.defineProperty(target, key, { get: fails, enumerable: true });
  return target;
};
const throwing = (thrown: unknown) => () => {
  throw thrown;
};

describe('a driver', () => {
  const odd: Record<string, KnownDriver> = {
    'that has no descriptor': driver('odd', { format: 1, load() {} }),
    'that has no shims': driver('odd', { format: 1, load() {}, descriptor: described('odd') }),
    'whose shims are text': driver('odd', { format: 1, load() {}, descriptor: described('odd'), shims: 'libz' }),
    'that cannot be looked at': driver('odd', unreadable),
    'whose descriptor cannot be looked at': driver('odd', { format: 1, load() {}, descriptor: unreadable, shims: {} }),
    'that throws what has no text': loading('odd', throwing(Object.create(null))),
    'that throws an error whose code cannot be read': loading('odd', throwing(hostile(['code']))),
    'that throws an error of which nothing can be read': loading(
      'odd',
      throwing(hostile(['stack', 'code', 'message', 'name', 'remedy'], new Error())),
    ),
    'that throws what cannot be looked at': loading('odd', throwing(unreadable)),
    'that gives what cannot be asked to open': loading('odd', () => hostile(['open'])),
    'that gives what cannot be asked to probe': loading('odd', () => hostile(['probe'], { ...opens })),
    'whose probe throws what cannot be looked at': loading('odd', () => ({ ...opens, probe: throwing(unreadable) })),
    'whose probe gives what has no text': loading('odd', () => ({ ...opens, probe: () => Object.create(null) })),
  };

  it.each(Object.keys(odd))('%s is passed over where others can tell a format', async (what) => {
    const good = loading('good', () => ({ ...opens, probe: () => 10 }));
    const { drivers, reports } = program([odd[what]!, good]);
    expect(await drivers.probe(file)).toEqual([{ driver: 'good', format: 'good', score: 10 }]);
    expect(reports).toMatchObject([{ kind: 'passed-over', driver: 'odd', error: { kind: 'failed', driver: 'odd' } }]);
  });

  it.each(Object.keys(odd).filter((what) => !what.startsWith('whose probe')))(
    '%s has failed where it is needed',
    async (what) => {
      const { drivers } = program([odd[what]!]);
      const error = await failure(drivers.openFormat('odd', file, 0));
      expect(error).toMatchObject({ kind: 'failed', driver: 'odd' });
      expect(drivers.status()).toEqual([{ driver: 'odd', state: 'failed', error }]);
      expect(['failed', 'usable']).toContain((await drivers.check('odd')).kind);
    },
  );

  const shims: Record<string, unknown> = {
    null: null,
    'an object that is none': {},
    'what cannot be looked at': unreadable,
    'one that tells nothing': { inspect: () => undefined, open: () => fails() },
  };

  it.each(Object.keys(shims))('with %s for a shim has failed, or does without it where it can', async (what) => {
    const shim = shims[what];
    const made = (name: string, needs: object) => {
      const own = { ...described(name), shims: { libz: needs } };
      return driver(name, { format: 1, descriptor: own, shims: { libz: shim }, load: () => opens }, own);
    };
    const { drivers, reports } = program([made('a', {}), made('b', { optional: true })]);
    expect(await failure(drivers.load('a'))).toMatchObject({ kind: 'failed' });
    expect(await drivers.check('a')).toMatchObject({ kind: 'failed', error: { driver: 'a', kind: 'failed' } });
    expect(await drivers.check('b')).toMatchObject({ kind: 'usable', libraries: [{ error: { kind: 'failed' } }] });
    await failure(drivers.load('b')); // It has no probe, which is what it fails for.
    expect(reports).toMatchObject([{ kind: 'without', driver: 'b', library: 'libz', error: { kind: 'failed' } }]);
  });
});

const never = new Promise<never>(() => {});

describe('whoever gives up probing', () => {
  const guess = (probe: () => unknown) => loading('guess', () => ({ ...opens, probe }));
  const looks = driver('looks', undefined, { needsCode: false, probes: [{ offset: 0, hex: '89', score: 50 }] });

  it('does not wait for a file that is never read, nor is more read of it', async () => {
    let reads = 0;
    let go = (): void => {};
    const read = () => {
      reads++;
      return new Promise<Uint8Array>((resolve) => (go = () => resolve(new Uint8Array(4))));
    };
    const further = driver('further', undefined, { needsCode: false, probes: [{ offset: 1, hex: '00', score: 60 }] });
    const given = new AbortController();
    const probing = failure(program([looks, further]).drivers.probe({ size: 4, read }, { signal: given.signal }));
    given.abort(new Error('enough'));
    const error = await probing;
    expect(error).toMatchObject({ kind: 'aborted', driver: undefined, cause: { message: 'enough' } });
    expect(error.message).toBe('Gave up on reading the file.');
    go();
    await new Promise((resolve) => setImmediate(resolve));
    expect(reads).toBe(1);
  });

  it("does not wait for a driver's own probe, and passes nothing over", async () => {
    const { drivers, reports } = program([guess(() => never)]);
    const given = new AbortController();
    const probing = failure(drivers.probe(file, { signal: given.signal }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    given.abort();
    expect(await probing).toMatchObject({ kind: 'aborted', driver: 'guess', cause: { name: 'AbortError' } });
    expect(reports).toEqual([]);
  });

  it('before it begins gets no answer, and nothing is read', async () => {
    const read = () => expect.fail('it was read');
    const { drivers } = program([looks]);
    const error = await failure(drivers.probe({ size: 4, read }, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ kind: 'aborted' });
  });
});

describe('many at once', () => {
  const warningsOf = async (work: () => Promise<unknown>) => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    try {
      await work();
      return warned.mock.calls.map(([warning]) => String(warning));
    } finally {
      warned.mockRestore();
    }
  };
  const some = Array.from({ length: 20 }, (_, at) => at);
  const waits = () => opening('waits');

  it('give up by one signal, without a warning of Node', async () => {
    const { drivers } = program([loading('hangs', () => never)]);
    const given = new AbortController();
    expect(
      await warningsOf(async () => {
        const work = some.map(() => failure(drivers.load('hangs', { signal: given.signal })));
        given.abort();
        for (const error of await Promise.all(work)) expect(error.kind).toBe('aborted');
      }),
    ).toEqual([]);
  });

  it('that have come to their end leave nothing at the signal', async () => {
    const { drivers } = program([waits()]);
    const { signal } = new AbortController();
    for (let round = 0; round < 2; round++) {
      const work = some.map(() => drivers.load('waits', { signal }));
      expect(getEventListeners(signal, 'abort')).toHaveLength(1);
      await Promise.all(work);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    }
  });

  it('of programs load drivers, without a warning of Node', async () => {
    const before = process.listenerCount('beforeExit');
    expect(await warningsOf(() => Promise.all(some.map(() => program([waits()]).drivers.load('waits'))))).toEqual([]);
    expect(process.listenerCount('beforeExit')).toBe(before);
  });
});

describe('the handshake', () => {
  it.each([
    ['DLSHIM_ARGUMENT', 'failed'],
    ['DLSHIM_CALLBACK_LIMIT', 'failed'],
    ['DLSHIM_OF_ITS_OWN', 'failed'],
    ['DLSHIM_SYMBOLS', 'refused'],
    ['DLSHIM_UNDECIDED', 'refused'],
    ['DLSHIM_DRIVER_REFUSAL', 'refused'],
    ['DLSHIM_ABSENT', 'absent'],
    ['DLSHIM_STALE', 'version'],
  ])('of a driver that throws %s has %s', async (code, kind) => {
    const known = loading('a', throwing(Object.assign(new Error('no'), { code })));
    expect(await failure(program([known]).drivers.load('a'))).toMatchObject({ kind, cause: { code } });
  });

  it('of what is configured tells who failed, also while one before it never comes to an end', async () => {
    const known = [loading('hangs', () => never), loading('b', throwing(new Error('no'))), loading('c', () => never)];
    const { drivers, reports } = program(known, { slow: 5 });
    const given = new AbortController();
    const preparing = failure(drivers.prepare(['hangs', 'b', 'c'], { signal: given.signal }));
    const failed = () => reports.filter(({ kind }) => kind === 'failed');
    await vi.waitFor(() => expect(failed()).toMatchObject([{ driver: 'b', error: { kind: 'failed' } }]));
    given.abort();
    expect(await preparing).toMatchObject({ kind: 'aborted', driver: 'hangs' });
    expect(failed()).toHaveLength(1);
  });

  it('of what is configured and fails late is told once, by the rejection', async () => {
    const late = loading('late', () => new Promise((_, reject) => setTimeout(reject, 30, new Error('no'))));
    const { drivers, reports } = program([opening('good'), late], { slow: 5 });
    expect(await failure(drivers.prepare(['good', 'late']))).toMatchObject({ driver: 'late' });
    expect(reports.map(({ kind }) => kind)).not.toContain('failed');
  });
});

describe('options', () => {
  const options = {
    text: { type: 'string', description: 'x' },
    size: { type: 'size', description: 'x' },
    yes: { type: 'boolean', description: 'x' },
  } as const;
  const made = { ...described('a'), options };
  const known = driver('a', defineDriver(made, { load: () => ({ ...opens, probe: () => 0 }) }), { options });
  const refusal = async (given: unknown) =>
    (await failure(program([known]).drivers.openFormat('a', file, 0, { options: given as never }))).message;

  it.each(['text', 'size', 'yes'])('that are no values of %s are refused with what it takes', async (key) => {
    for (const value of [Symbol('x'), Object.create(null), null, {}, unreadable, () => {}])
      expect(await refusal({ [key]: value })).toContain(`the option '${key}' takes `);
  });

  it('that are no object are refused', async () => {
    for (const given of [null, 'text=1', 7, ['text']])
      expect(await refusal(given)).toContain("The driver 'a': its options are to be an object");
  });
});

describe('a list', () => {
  const option = (given: object) => ({ options: { o: { description: 'x', ...given } } });
  it.each([
    [{ formats: undefined, needsCode: false, protocols: [null] }, "'null' is no protocol"],
    [{ formats: undefined, needsCode: false, protocols: [Object.create(null)] }, 'is no protocol'],
    [{ formats: [7] }, "'7' is no name of a format"],
    [{ probes: [null] }, 'the probe null: it is no object'],
    [{ probes: [{ offset: 0, text: 7, score: 1 }] }, 'ASCII'],
    [{ probes: [{ offset: 0, hex: 10, score: 1 }] }, 'pairs'],
    [{ probes: [{ offset: 0, hex: '10', score: '5' }] }, 'from 1 to 100'],
    [{ probes: [{ suffix: ['.a'], score: 1 }] }, 'its dot'],
    [{ shims: 'abc' }, 'its shims are an object'],
    [{ shims: null }, 'its shims are an object'],
    [{ shims: { z: null } }, 'what it needs of z is an object'],
    [{ shims: { z: { requires: 'abc' } } }, 'lists of names'],
    [{ shims: { z: { uses: [7] } } }, 'lists of names'],
    [{ options: 3 }, 'its options are an object'],
    [{ options: { o: null } }, "the option 'o': it is no object"],
    [option({ type: 'string', choices: 'abc' }), 'its choices'],
    [option({ type: 'string', choices: [7] }), 'its choices'],
    [option({ type: 'integer', minimum: 'z' }), 'its limits'],
    [option({ type: 'size', maximum: null }), 'its limits'],
    [option({ type: 'number', minimum: 5, maximum: 1 }), 'no number is from 5 to 1'],
    [option({ type: 'number', minimum: Number.NaN }), 'no number is from NaN'],
  ])('is refused by the name of the driver for %j', (given, words) => {
    const make = () => program([driver('a', undefined, given as never)]);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(`defineDrivers(): the driver 'a': `);
    expect(make).toThrow(words);
  });
});
