// A shim of test/native/tasks.c as the generator prints one from a history: two layouts of 1.0 and 1.2 beside the newest, a signature and
// a function type that changed, a function with one slot for each signature. And the library in each version.

import {
  defineRecord,
  defineShim,
  type HistoryDescriptor,
  type RecordDescriptor,
  type ShimDescriptor,
} from '@dlshim/runtime';
import { buildLibrary } from '../native/build.ts';

/** Builds a version of the library; `of` says how it differs from others of that version. */
export function buildTasks(version: number, of = '', ...flags: string[]): string {
  return buildLibrary('tasks.c', `libtasks-${version}${of}.so`, [`-DVERSION=${version}`, ...flags]);
}

export interface task {
  status: number;
  residual: number | bigint;
  name: string | null;
  flags: number | undefined;
  kind: number | undefined;
  extra: BigInt64Array | undefined;
}
export interface pair {
  head: number;
  task: task;
  tail: number;
}
export interface trio {
  readonly tasks: readonly task[];
  end: number;
}
export interface plain {
  one: number;
  two: number;
}

/** Two shims that share nothing need records of their own. */
const layouts = (): Record<string, RecordDescriptor> => ({
  plain: { kind: 'struct', size: 8, align: 4, fields: { one: ['i32', 0], two: ['i32', 4] } },
  'task@1.0': {
    kind: 'struct',
    size: 16,
    align: 8,
    fields: { status: ['i32', 0], residual: ['i32', 4], name: ['str', 8] },
  },
  'task@1.2': {
    kind: 'struct',
    size: 32,
    align: 8,
    fields: { status: ['i32', 0], name: ['str', 8], residual: ['u64', 16], flags: ['i32', 24] },
  },
  task: {
    kind: 'struct',
    size: 40,
    align: 8,
    fields: { status: ['i32', 0], kind: ['i32', 4], residual: ['u64', 8], name: ['str', 16], extra: ['i64[2]', 24] },
  },
  'pair@1.0': {
    kind: 'struct',
    size: 32,
    align: 8,
    fields: { head: ['i32', 0], task: ['{task}', 8], tail: ['i32', 24] },
  },
  'pair@1.2': {
    kind: 'struct',
    size: 48,
    align: 8,
    fields: { head: ['i32', 0], task: ['{task}', 8], tail: ['i32', 40] },
  },
  pair: { kind: 'struct', size: 56, align: 8, fields: { head: ['i32', 0], task: ['{task}', 8], tail: ['i32', 48] } },
  'trio@1.0': { kind: 'struct', size: 40, align: 8, fields: { tasks: ['{task}[2]', 0], end: ['i32', 32] } },
  'trio@1.2': { kind: 'struct', size: 72, align: 8, fields: { tasks: ['{task}[2]', 0], end: ['i32', 64] } },
  trio: { kind: 'struct', size: 88, align: 8, fields: { tasks: ['{task}[2]', 0], end: ['i32', 80] } },
});

/** What the library tells of itself, in a record that grew. */
export const about: Pick<ShimDescriptor, 'versionCall' | 'layouts' | 'records'> = {
  versionCall: { kind: 'record', symbol: 'task_about', argument: 1, record: 'about', members: ['version'] },
  layouts: {
    about: [
      ['1.0..1.2', 'about@1.0'],
      ['1.3..', 'about'],
    ],
  },
  records: {
    'about@1.0': { kind: 'struct', size: 16, align: 8, fields: { age: ['i32', 0], version: ['str', 8] } },
    about: {
      kind: 'struct',
      size: 48,
      align: 8,
      fields: { age: ['i32', 0], version: ['str', 8], more: ['i64[4]', 16] },
    },
  },
};

const eras = (record: string) =>
  [
    ['1.0..1.1', `${record}@1.0`],
    ['1.2', `${record}@1.2`],
    ['1.3..', record],
  ] as const;

export const history: HistoryDescriptor = {
  versions: ['1.0', '1.1', '1.2', '1.3', '1.4'],
  baseline: '1.0',
  symbols: { '1.1..': ['task_added', 'task_added_too'], '1.4..': ['task_newest'] },
};
/** With a symbol that dates the layout of 1.2. */
export const dated: HistoryDescriptor = { ...history, symbols: { ...history.symbols, '1.2..': ['task_proxy'] } };
export const told: Pick<ShimDescriptor, 'versionCall'> = { versionCall: { kind: 'string', symbol: 'task_version' } };

interface Required {
  task_fill(task: unknown, status: number): void;
  task_size(): number;
  task_sum(task: object): number;
  task_make(status: number): task;
  task_visit(visit: (task: task) => number): number;
  task_notify(notify: ((what: number | bigint) => number) | bigint): number;
  task_scale(x: number | bigint, y: number): number;
  pair_fill(pair: unknown): void;
  trio_fill(trio: unknown): void;
  plain_fill(plain: unknown): void;
}
interface Weak {
  task_added(): number;
  task_added_too(): number;
  task_newest(): number;
  task_version(): string;
  task_version_calls(): number;
  task_resize(task: unknown, size: number, flags: number): number;
  'task_resize@1.0'(task: unknown, size: number): number;
}
interface Features {
  added: 'task_added' | 'task_added_too';
  resize3: 'task_resize';
  resize2: 'task_resize@1.0';
  since_1_3: never;
  below_1_2: never;
  kind: never;
  told_1_1: never;
}
interface Callbacks {
  task_notify_t: (what: number | bigint) => number;
}
interface Data {
  task_default: task;
}

let count = 0;

/** The shim, as a library of its own name, with records of its own. `more` replaces what it says. */
export function tasksShim(more: Partial<ShimDescriptor> = {}) {
  const records = layouts();
  const shim = defineShim<Required, Weak, Features, Callbacks, Data>({
    format: 4,
    library: `tasks${++count}`,
    version: '1.4',
    stamp: 'one',
    target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
    files: { linux: [`libtasks${count}.so`] },
    packages: {},
    required: {
      task_fill: 'void(*task,i32)',
      task_size: 'i32()',
      task_sum: 'i64({task})',
      task_make: '{task}(i32)',
      task_visit: 'i64(fn<i64({task})>)',
      task_notify: 'i64(fn<i64(i64)>)',
      task_scale: 'i64(i64,i64)',
      pair_fill: 'void(*pair)',
      trio_fill: 'void(*trio)',
      plain_fill: 'void(*plain)',
    },
    weak: {
      task_added: 'i32()',
      task_added_too: 'i32()',
      task_newest: 'i32()',
      task_version: 'str()',
      task_version_calls: 'i32()',
      task_resize: 'i32(*task,i32,i32)',
      'task_resize@1.0': 'i32(*task,i32)',
    },
    data: { task_default: '{task}' },
    callbacks: { task_notify_t: 'i64(i64)' },
    signatures: {
      task_scale: [['1.0..1.1', 'i32(i32,i32)']],
      task_notify: [['1.0..1.1', 'i32(fn<i32(i32)>)']],
      task_notify_t: [['1.0..1.1', 'i32(i32)']],
    },
    alternatives: {
      task_resize: { of: 'task_resize', versions: '1.2..' },
      'task_resize@1.0': { of: 'task_resize', versions: '1.0..1.1' },
    },
    constants: {
      TASK_MAX: [
        ['1.0..1.1', 16],
        ['1.2..', 64],
      ],
      TASK_KIND: [['1.3..', 'kind']],
    },
    features: {
      added: ['task_added', 'task_added_too'],
      resize3: ['task_resize'],
      resize2: ['task_resize@1.0'],
      since_1_3: { versions: '>=1.3' },
      below_1_2: { versions: '<1.2' },
      kind: { facts: { 'task.kind': '1.3..' } },
      told_1_1: { reported: '1.1' },
    },
    history: dated,
    layouts: { task: eras('task'), pair: eras('pair'), trio: eras('trio') },
    records,
    ...more,
  });
  return {
    shim,
    library: `tasks${count}`,
    task: defineRecord<task>('task', records),
    pair: defineRecord<pair>('pair', records),
    trio: defineRecord<trio>('trio', records),
    plain: defineRecord<plain>('plain', records),
  };
}
