// The ABI of calls, shown at run time: libraries of random functions are compiled, read by dlshim and called through the runtime, and
// every value is compared on both sides. In: how many functions and cases, and a seed. Out: what was found, and what was counted.

import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { type Case, caseOf, prepare } from './cases.ts';
import { type Built, build, type Opened, open, refusedBy } from './library.ts';
import { type CFunction, type Library, type Record, refusalOf, sampleLibrary, type Type } from './model.ts';
import { prototype, recordText } from './source.ts';
import { first, Streams, show } from './values.ts';

export interface Options {
  /** Functions in all, in libraries of `perLibrary`. */
  readonly count: number;
  readonly perLibrary: number;
  /** Cases of each function: called plainly, on the thread pool, and in a worker thread. */
  readonly cases: number;
  readonly asyncCases: number;
  readonly workerCases: number;
  readonly seed: number;
  readonly cc: string;
}

export interface Report {
  libraries: number;
  functions: number;
  records: number;
  readonly called: { sync: number; async: number; worker: number };
  /** How many functions were refused, by reason. */
  readonly refused: { [reason: string]: number };
  readonly findings: string[];
}

/** As many findings are enough. */
const MOST_FINDINGS = 10;

export async function run(options: Options, progress: (text: string) => void): Promise<Report> {
  const report: Report = {
    libraries: 0,
    functions: 0,
    records: 0,
    called: { sync: 0, async: 0, worker: 0 },
    refused: {},
    findings: [],
  };
  for (let done = 0; done < options.count && report.findings.length < MOST_FINDINGS; done += options.perLibrary) {
    const seed = options.seed + report.libraries * 1000;
    const count = Math.min(options.perLibrary, options.count - done);
    const library = sampleLibrary(count, seed);
    report.libraries++;
    report.functions += library.functions.length;
    report.records += library.records.length;
    progress(`library ${report.libraries}, seed ${seed}: compiling`);
    const built = await build(library, `abi_${options.seed}_${report.libraries}`, options.cc);
    await callAll(library, built, { ...options, count, seed }, report, progress);
  }
  return report;
}

async function callAll(
  library: Library,
  built: Built,
  { seed, count, cases, asyncCases, workerCases }: Options,
  { called, findings, refused }: Report,
  progress: (text: string) => void,
): Promise<void> {
  const opened = await open(built);
  const callable = checkRefusals(library, built, refused, findings);
  for (const [at, one] of callable.entries()) {
    if (at % 50 === 0) progress(`seed ${seed}: function ${at} of ${callable.length}`);
    called.sync += callSync(one, opened, cases, seed, findings);
    // Variadic functions are not called on the thread pool.
    if (!one.rest) called.async += await callAsync(one, opened, asyncCases, seed, findings);
    if (findings.length >= MOST_FINDINGS) return;
  }
  const answer = await inWorker({ built, count, seed, cases: workerCases });
  called.worker += answer.called;
  findings.push(...answer.findings.map((finding) => `in a worker thread: ${finding}`));
}

/** The functions that can be called. A function is refused for a reason that the documentation names, or not at all. */
function checkRefusals(
  { functions }: Library,
  built: Built,
  counts: Report['refused'],
  findings: string[],
): readonly CFunction[] {
  const refused = refusedBy(built, functions);
  return functions.filter((one) => {
    const expected = refusalOf(one);
    const reason = refused.get(one.name);
    if (reason !== undefined) {
      const kind = expected ?? 'without need';
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    if ((expected === undefined) !== (reason === undefined)) {
      const what = reason === undefined ? `is carried, and has ${expected}` : `is refused: ${reason}`;
      findings.push(`${prototype(one)} ${what}`);
    }
    return reason === undefined;
  });
}

/** One call as it is prepared: its arguments, and what is wrong once it gave its result. */
function attempt(one: CFunction, values: Case, opened: Opened) {
  const streams = new Streams();
  const { args, check } = prepare(one, values, streams, opened.records, opened.directions(one.name));
  opened.give(streams);
  const judge = (result: unknown) => {
    const finding = first([opened.compare(streams), check(result)]);
    if (finding !== undefined) throw new Error(finding);
  };
  return { args, judge };
}

const UNDECIDED = Symbol('undecided');

/** The runtime refuses a view of a union none of whose members can carry all bytes: it passes unchanged, or not at all. */
function unlessUndecided<T>(call: () => T): T | typeof UNDECIDED {
  try {
    return call();
  } catch (error) {
    return ifUndecided(error);
  }
}

function ifUndecided(error: unknown): typeof UNDECIDED {
  if (error instanceof TypeError && error.message.includes('a view does not say which member of the union'))
    return UNDECIDED;
  throw error;
}

/** Cases of one function, called plainly. Returns how many. */
function callSync(one: CFunction, opened: Opened, numRuns: number, seed: number, findings: string[]): number {
  let called = 0;
  const property = fc.property(caseOf(one), (values) => {
    const { args, judge } = attempt(one, values, opened);
    const result = unlessUndecided(() => opened.call(one.name)(...args));
    if (result === UNDECIDED) return;
    called++;
    judge(result);
  });
  keep(one, fc.check(property, { numRuns, seed }), seed, findings);
  return called;
}

/** Cases of one function, called on the thread pool. */
async function callAsync(
  one: CFunction,
  opened: Opened,
  numRuns: number,
  seed: number,
  findings: string[],
): Promise<number> {
  let called = 0;
  const property = fc.asyncProperty(caseOf(one), async (values) => {
    const { args, judge } = attempt(one, values, opened);
    const result = await unlessUndecided(() =>
      opened
        .async(one.name)(...args)
        .catch(ifUndecided),
    );
    if (result === UNDECIDED) return;
    called++;
    judge(result);
  });
  keep(one, await fc.check(property, { numRuns, seed: seed + 1 }), seed, findings);
  return called;
}

/** Keeps what fast-check found: the seed, the declarations and the values, made small. */
function keep(one: CFunction, result: fc.RunDetails<[Case]>, seed: number, findings: string[]): void {
  if (!result.failed) return;
  const records = [...recordsOf(one)].map(recordText);
  const [values] = result.counterexample ?? [];
  const error = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
  findings.push(
    [`seed ${seed}: ${error}`, ...records, `${prototype(one)};`, `with ${show(values)}`, ...rest(one)].join('\n  '),
  );
}

function rest({ rest }: CFunction): string[] {
  return rest ? [`behind ...: ${rest.map((type) => (type.kind === 'integer' ? type.c : type.kind)).join(', ')}`] : [];
}

/** The records of a function, inner ones first. */
function recordsOf({ parameters, result }: CFunction): ReadonlySet<Record> {
  const records = new Set<Record>();
  const add = (type: Type | undefined): void => {
    if (type?.kind === 'array') add(type.of);
    if (type?.kind !== 'record') return;
    for (const member of type.record.members) add(member.type);
    records.add(type.record);
  };
  for (const one of parameters) {
    if (one.kind === 'value') add(one.type);
    if (one.kind === 'elements') add(one.of);
    if (one.kind === 'callback') for (const type of [...one.parameters, one.result]) add(type);
  }
  add(result);
  return records;
}

/** What a worker thread is told, and what it answers. */
export interface Task {
  readonly built: Built;
  readonly count: number;
  readonly seed: number;
  readonly cases: number;
}

export interface Answer {
  readonly called: number;
  readonly findings: string[];
}

/** In a worker thread: cases of every seventh function. */
export async function work({ built, count, seed, cases }: Task): Promise<Answer> {
  const opened = await open(built);
  const refused = refusedBy(built, sampleLibrary(count, seed).functions);
  const findings: string[] = [];
  let called = 0;
  for (const [at, one] of sampleLibrary(count, seed).functions.entries()) {
    if (at % 7 !== 0 || refused.has(one.name)) continue;
    called += callSync(one, opened, cases, seed + 2, findings);
    if (!one.rest) called += await callAsync(one, opened, 1, seed + 3, findings);
  }
  return { called, findings };
}

function inWorker(task: Task): Promise<Answer> {
  const { promise, resolve, reject } = withResolvers<Answer>();
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: task });
  worker.once('message', resolve).once('error', reject);
  worker.once('exit', (code) => reject(new Error(`the worker thread ended with ${code} and no answer`)));
  return promise;
}

function withResolvers<T>() {
  let [resolve, reject]: [(value: T) => void, (error: Error) => void] = [() => {}, () => {}];
  const promise = new Promise<T>((settle, fail) => {
    [resolve, reject] = [settle, fail];
  });
  return { promise, resolve, reject };
}
