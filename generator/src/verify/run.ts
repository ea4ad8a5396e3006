// In: a file of assertions and probes, and a compiler. Out: which facts held and which failed. The compiler checks the assertions and
// compiles the probes to one object in a temporary folder; nothing else is built, and nothing is run.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { difference } from './object.ts';
import type { AssertionFile, Fact, FactKind } from './writer.ts';

export interface VerifyResult {
  /** How many facts held, and how many of each kind. */
  readonly held: number;
  readonly kinds: Readonly<Partial<Record<FactKind, number>>>;
  /** Labels of the facts that failed. */
  readonly failed: readonly string[];
  /** What the compiler said that is not a failed fact; with any of this nothing is proved. */
  readonly errors: readonly string[];
  /** Facts that hold only where the compiler calls itself the GCC that dlshim reads headers as. */
  readonly byCompiler: readonly string[];
  readonly unasserted: readonly string[];
}

/** The compiler could not be started. */
export class CompilerError extends Error {}

export function verify(file: AssertionFile, compiler: string, flags: readonly string[]): VerifyResult {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-verify-'));
  try {
    const check = new Check(file, compiler, folder);
    const outcome = check.run(flags);
    if (outcome.errors.length > 0 || outcome.failed.size === 0 || file.compiler !== 'gcc')
      return result(file, outcome, []);
    const disguised = check.run([...flags, ...identity(check.isClang)]);
    // A disguise may break headers elsewhere. The assertions are judged all the same; without an object the probes are not.
    const isJudged = (fact: Fact): boolean => disguised.looked && (disguised.errors.length === 0 || !('mark' in fact));
    const byCompiler = [...outcome.failed.keys()].filter((fact) => isJudged(fact) && !disguised.failed.has(fact));
    return result(file, outcome, byCompiler);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What makes a compiler call itself the GCC of the predefined macros. */
function identity(isClang: boolean): string[] {
  const version = { __GNUC__: 12, __GNUC_MINOR__: 2, __GNUC_PATCHLEVEL__: 0, __VERSION__: '"12.2.0"' };
  const own = ['', '_major__', '_minor__', '_patchlevel__', '_version__'].map((rest) => `-U__clang${rest || '__'}`);
  // What no GCC has. Clang's own headers ask __has_feature and __has_extension.
  const questions = ['__llvm__', '__has_declspec_attribute', '__has_warning', '__is_identifier'].map(
    (name) => `-U${name}`,
  );
  // Headers take for granted that a GCC has these types.
  const types = {
    _Float32: 'float',
    _Float64: 'double',
    _Float32x: 'double',
    _Float64x: 'long double',
    _Float128: '__float128',
  };
  // From GCC 11 on glibc names deallocators in an attribute that takes no arguments in Clang; alone it is this macro's own name.
  const attribute = '-D__malloc__(...)=__malloc__';
  const clang = [...own, ...questions, attribute, ...Object.entries(types).map(([name, type]) => `-D${name}=${type}`)];
  return [
    ...(isClang ? clang : []),
    ...Object.entries(version).flatMap(([name, value]) => [`-U${name}`, `-D${name}=${value}`]),
  ];
}

/** What one way of compiling showed. */
interface Outcome {
  /** What does not hold, with how the label is to be printed. */
  readonly failed: ReadonlyMap<Fact, Fact>;
  /** Facts that this compiler cannot tell. */
  readonly untold: readonly Fact[];
  readonly errors: readonly string[];
  /** Whether the compiler denied what is false. */
  readonly looked: boolean;
}

function result(file: AssertionFile, outcome: Outcome, byCompiler: readonly Fact[]): VerifyResult {
  const isProved = outcome.errors.length === 0;
  const not = new Set<Fact>([...outcome.failed.keys(), ...outcome.untold]);
  const held = isProved ? [...file.facts.values(), ...file.probes.values()].filter((fact) => !not.has(fact)) : [];
  const kinds: Partial<Record<FactKind, number>> = {};
  for (const { kind } of held) kinds[kind] = (kinds[kind] ?? 0) + 1;
  const excused = new Set(byCompiler);
  return {
    held: held.length,
    kinds,
    failed: [...outcome.failed].filter(([fact]) => !excused.has(fact)).map(([, { label }]) => label),
    errors: outcome.errors,
    byCompiler: byCompiler.map(({ label }) => label),
    unasserted: [...file.unasserted, ...outcome.untold.map(({ label, orElse }) => `${label}: ${orElse}`)],
  };
}

interface Said {
  readonly output: string;
  readonly status: number | null;
  /** Errors by the line of the file they stand on; 0 for those in headers or nowhere. */
  readonly errors: ReadonlyMap<number, string[]>;
}

class Check {
  readonly isClang: boolean;
  readonly #file: AssertionFile;
  readonly #compiler: string;
  readonly #folder: string;

  constructor(file: AssertionFile, compiler: string, folder: string) {
    this.#file = file;
    this.#compiler = compiler;
    this.#folder = folder;
    this.isClang = /clang/i.test(this.#spawn(['--version']).stdout);
  }

  run(flags: readonly string[]): Outcome {
    const asserted = this.#assertions(flags);
    // Without the headers there is no object either, and nothing new to say.
    if (asserted.errors.length > 0 || this.#file.probes.size === 0) return asserted;
    const probed = this.#probes(flags);
    return {
      failed: new Map([...asserted.failed, ...probed.failed]),
      untold: asserted.untold,
      errors: probed.errors,
      looked: true,
    };
  }

  #assertions(flags: readonly string[]): Outcome {
    const { facts, canary, text } = this.#file;
    const { errors, output, status } = this.#compile(text, ['-fsyntax-only', ...flags]);
    const failed = new Map<Fact, Fact>();
    const untold: Fact[] = [];
    const other: string[] = [];
    for (const [line, messages] of errors) {
      const fact = facts.get(line);
      if (line === canary) continue;
      if (!fact) other.push(...messages);
      else if (messages.some((m) => /static assertion failed|static_assert failed/.test(m))) failed.set(fact, fact);
      else if (fact.orElse !== undefined) untold.push(fact);
      else failed.set(fact, said(fact, messages[0]!));
    }
    // With an error of any other kind, or with a compiler that lets the canary live, nothing is proved.
    if (!errors.has(canary))
      other.unshift(output.trim() || `the compiler accepts an assertion that is false; it ended with ${status}`);
    return { failed, untold, errors: other, looked: errors.has(canary) };
  }

  /** Probes that do not compile are left out, so that the others leave an object. */
  #probes(flags: readonly string[]): Pick<Outcome, 'failed' | 'errors'> {
    const { probes, text } = this.#file;
    const failed = new Map<Fact, Fact>();
    const lines = text.split('\n');
    const object = join(this.#folder, 'probes.o');
    for (let attempt = 0; attempt < 3; attempt++) {
      const { errors, output } = this.#compile(lines.join('\n'), ['-DDLSHIM_PROBES', '-c', '-o', object, ...flags]);
      if (existsSync(object)) {
        const bytes = readFileSync(object);
        for (const probe of probes.values()) {
          if (failed.has(probe)) continue;
          const wrong = difference(bytes, probe);
          if (wrong !== undefined) failed.set(probe, { ...probe, label: `${probe.label}: ${wrong}` });
        }
        return { failed, errors: [] };
      }
      for (const [line, messages] of errors) {
        const probe = probes.get(line);
        if (!probe) return { failed, errors: messages };
        failed.set(probe, said(probe, messages[0]!));
        lines[line - 1] = '';
      }
      if (errors.size === 0) return { failed, errors: [output.trim() || 'the compiler made no object'] };
    }
    return { failed, errors: ['the compiler made no object of the probes'] };
  }

  #compile(text: string, flags: readonly string[]): Said {
    const path = join(this.#folder, 'assertions.c');
    writeFileSync(path, text);
    // Errors inside macros are wanted where the macro is used.
    const own = this.isClang ? ['-ferror-limit=0'] : ['-fmax-errors=0', '-ftrack-macro-expansion=0'];
    const { stderr, status } = this.#spawn(['-std=gnu17', '-w', ...own, ...flags, path]);
    const errors = new Map<number, string[]>();
    for (const line of stderr.split('\n')) {
      if (!/\berror:/.test(line)) continue;
      const at = line.startsWith(`${path}:`) ? Number(line.slice(path.length + 1).split(':', 1)[0]) : 0;
      errors.set(at, [...(errors.get(at) ?? []), line]);
    }
    return { output: stderr, status, errors };
  }

  #spawn(args: readonly string[]): { stdout: string; stderr: string; status: number | null } {
    const run = spawnSync(this.#compiler, args, {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, LC_ALL: 'C' },
    });
    if (run.error) {
      const missing = (run.error as NodeJS.ErrnoException).code === 'ENOENT';
      throw new CompilerError(`${this.#compiler}: ${missing ? 'there is no such program' : run.error.message}`);
    }
    return run;
  }
}

/** A fact with what the compiler said of it. */
function said(fact: Fact, message: string): Fact {
  return { ...fact, label: `${fact.label}: ${message.slice(message.indexOf('error:'))}` };
}
