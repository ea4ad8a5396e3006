// Drivers: a descriptor names what its shims have, load() gets what it requires, a program's list knows what its drivers ask for.
// Every line under @ts-expect-error must not compile. Compiled by types.test.ts.

import { type Drivers, defineDriver, defineDrivers, type Host, type KnownDriver } from '@dlshim/runtime/drivers';
import { dated, image, library } from './shims.ts';

interface Program extends Host {
  readonly layers: number;
}
interface Request {
  readonly readOnly?: boolean;
}
interface Picture {
  readonly size: number;
}

const one = defineDriver(
  {
    name: 'one',
    description: 'one',
    protocols: ['one'],
    shims: { library: { requires: ['writesame', 'flatten'], uses: ['discard'] } },
    options: {
      port: { type: 'integer', description: 'port', default: 22 },
      user: { type: 'string', description: 'user', required: true },
      path: { type: 'string', description: 'path' },
      mode: { type: 'string', description: 'mode', choices: ['fast', 'safe'] },
      verify: { type: 'boolean', description: 'verify', default: true },
    },
  },
  {
    shims: { library },
    load(host: Program, { library: opened }) {
      const layers: number = host.layers;
      // What it requires is there; what it uses has to be asked for.
      opened.fn.writesame(image, layers);
      opened.fn.flatten(image);
      // @ts-expect-error possibly undefined: it is only used
      opened.fn.discard(image);
      if (opened.has('discard')) opened.fn.discard(image);
      return {
        async open(address: string, request: Request, options): Promise<Picture> {
          const port: number = options.port;
          const user: string = options.user;
          const verify: boolean = options.verify;
          const mode: 'fast' | 'safe' | undefined = options.mode;
          // @ts-expect-error it has no default, and need not be given
          const path: string = options.path;
          // @ts-expect-error no such option
          options.nothing;
          // @ts-expect-error text, and not a number
          const wrong: number = options.user;
          void [user, verify, mode, path, wrong, request.readOnly];
          return { size: port + address.length };
        },
      };
    },
  },
);

const two = defineDriver(
  {
    name: 'two',
    description: 'two',
    formats: ['two'],
    shims: { library: { optional: true, requires: ['discard'] }, dated: {} },
  },
  {
    shims: { library, dated },
    load(_host: Host, { library: opened, dated: other }) {
      other.fn.size(image);
      // @ts-expect-error an optional library is possibly undefined
      opened.fn.size(image);
      // Where it is there, it has what is required of it.
      opened?.fn.discard(image);
      // @ts-expect-error and nothing more
      opened?.fn.flatten(image);
      return { open: async (_source: { readonly size: number }, _request: Request): Promise<Picture> => ({ size: 1 }) };
    },
  },
);

const load = (_host: Host) => ({ open: async (_address: string, _request: Request) => ({ size: 1 }) });
const words = { name: 'bad', description: 'bad', protocols: ['bad'] } as const;

// @ts-expect-error no such feature or function
defineDriver({ ...words, shims: { library: { requires: ['nothing'] } } }, { shims: { library }, load });
// @ts-expect-error no such feature or function
defineDriver({ ...words, shims: { library: { uses: ['writesam'] } } }, { shims: { library }, load });
// @ts-expect-error of another shim
defineDriver({ ...words, shims: { library: { requires: ['fast_diff'] } } }, { shims: { library }, load });
// @ts-expect-error its code has a shim that the descriptor does not name
defineDriver({ ...words, shims: {} }, { shims: { library }, load });
// @ts-expect-error no type of options
defineDriver({ ...words, options: { a: { type: 'colour', description: 'a' } } }, { load });
// @ts-expect-error no priority
defineDriver({ ...words, priority: 'urgent' }, { load });

const known = [
  { name: 'one', description: 'one', protocols: ['one'], module: async () => ({ default: one }) },
  { name: 'two', description: 'two', formats: ['two'], module: async () => ({ default: two }) },
] as const;

const drivers = defineDrivers(known, { host: { name: 'draw', version: '1.0.0', layers: 2 } });
const typed: Drivers<Program, Request, Picture> = drivers;
const opened: Promise<Picture> = drivers.open(
  'one:',
  { readOnly: true },
  { signal: AbortSignal.timeout(1), options: { a: 1 } },
);
// @ts-expect-error not a request of theirs
drivers.open('one:', { readOnly: 'yes' });
// @ts-expect-error what it opens is a picture
const wrong: Promise<{ depth: number }> = drivers.open('one:', {});
// @ts-expect-error the host lacks what the driver 'one' asks for
defineDrivers(known, { host: { name: 'draw', version: '1.0.0' } });
// @ts-expect-error a host has a version
defineDrivers(known, { host: { name: 'draw', layers: 2 } });
// @ts-expect-error drivers have a module
defineDrivers([{ name: 'one', description: 'one', protocols: ['one'] }], { host: { name: 'draw', version: '1' } });

// A list that is made while the program runs says nothing of its drivers.
const some: readonly KnownDriver[] = known;
const plain: Promise<unknown> = defineDrivers(some, { host: { name: 'draw', version: '1' } }).open('one:', {});

void [typed, opened, wrong, plain];

// What openAsync resolves to is what open() returns.
async function later(): Promise<void> {
  const table = await library.openAsync({ require: ['writesame'] });
  table.fn.writesame(image, 1);
  // @ts-expect-error possibly undefined
  table.fn.discard(image);
  const maybe = await library.tryOpenAsync();
  // @ts-expect-error possibly absent
  maybe.fn.size(image);
  // @ts-expect-error no such name
  await library.openAsync({ require: ['nothing'] });
}
void later;
