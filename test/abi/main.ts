// The command line of `npm run abi`.

import { parseArgs } from 'node:util';
import { type Report, run } from './run.ts';

const HELP = `Usage: npm run abi -- [options]

Random C functions of every kind of parameter and result, compiled, read by dlshim and called through the runtime: plainly, on the
thread pool and in a worker thread. What C saw and what JavaScript got is compared byte by byte with what the other one gave.

  --count <n>    functions (default 2000), in libraries of --library
  --library <n>  functions of a library (default 500)
  --cases <n>    plain calls of each function (default 25)
  --async <n>    calls of each function on the thread pool (default 3)
  --worker <n>   calls of every seventh function in a worker thread (default 3)
  --seed <n>     the same seed gives the same functions and values (default: another one each time; it is printed)
  --cc <text>    the C compiler, with flags if need be (default: cc)
  --check        with the runtime's checks of arguments (DLSHIM_CHECK=1)
  --trace        with its trace of calls on standard error (DLSHIM_TRACE=1)
  --json         print the report as JSON
  --help         print this

Exit codes: 0 nothing was found, 1 something was, 2 usage.
`;

export async function main(argv: readonly string[]): Promise<number> {
  const flags = readFlags(argv);
  if (typeof flags === 'string') {
    process.stderr.write(`${flags}\n`);
    return 2;
  }
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const start = Date.now();
  const report = await run(flags.options, (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  if (flags.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stdout.write(reportText(report, flags.options.seed, Date.now() - start));
  return report.findings.length > 0 ? 1 : 0;
}

function reportText(
  { libraries, functions, records, called, refused, findings }: Report,
  seed: number,
  ms: number,
): string {
  const calls = called.sync + called.async + called.worker;
  const lines = [
    `${functions} functions with ${records} records in ${libraries} libraries, seed ${seed}, ${(ms / 1000).toFixed(1)} s`,
    `${calls} calls: ${called.sync} plain, ${called.async} on the thread pool, ${called.worker} in worker threads`,
    ...Object.entries(refused).map(([reason, count]) => `refused ${count}: ${reason}`),
    findings.length > 0 ? `${findings.length} findings` : 'every value passed unchanged',
    ...findings,
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function readFlags(argv: readonly string[]) {
  const number = { type: 'string' } as const;
  const boolean = { type: 'boolean' } as const;
  const numbers = { count: number, library: number, cases: number, async: number, worker: number, seed: number };
  try {
    const options = {
      ...numbers,
      cc: number,
      json: boolean,
      check: boolean,
      trace: boolean,
      help: { ...boolean, short: 'h' },
    };
    const { values } = parseArgs({ args: [...argv], options });
    // Workers have these from here.
    if (values.check) process.env.DLSHIM_CHECK = '1';
    if (values.trace) process.env.DLSHIM_TRACE = '1';
    const whole = (name: keyof typeof numbers, fallback: number) => {
      const value = Number(values[name] ?? fallback);
      if (!Number.isInteger(value) || value < 0)
        throw new Error(`--${name} takes a number from 0 on, and not ${values[name]}`);
      return value;
    };
    return {
      help: values.help === true,
      json: values.json === true,
      options: {
        count: whole('count', 2000),
        perLibrary: Math.max(1, whole('library', 500)),
        cases: whole('cases', 25),
        asyncCases: whole('async', 3),
        workerCases: whole('worker', 3),
        seed: whole('seed', Date.now() % 1_000_000),
        cc: values.cc ?? 'cc',
      },
    };
  } catch (error) {
    return `npm run abi: ${error instanceof Error ? error.message : String(error)}`;
  }
}
