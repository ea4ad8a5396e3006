// libabigail's abidiff, as far as the tests of `dlshim diff` ask it: shared objects with debug information made of headers, and what its
// report says of two of them (abidiff(1); the report is made for people, so whatever is not recognised in it is an error here).

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiDiff } from '../../generator/src/diff/change.ts';
import { snapshotFromJson } from '../../generator/src/history/snapshot.ts';
import { cDeclaration } from '../../generator/src/model/c-text.ts';
import { dlshim } from '../tools.ts';

/** Why abidiff cannot be asked; undefined where it can. */
export const noAbidiff: string | undefined =
  spawnSync('abidiff', ['--version']).status === 0 ? undefined : 'abidiff (abigail-tools) is not installed';

/** A shared object with debug information that defines everything that a header declares. Functions do nothing. */
export function libraryOf(header: string, folder: string): { library: string; header: string } {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'some.h');
  writeFileSync(path, header);
  const run = dlshim('snapshot', '--header', 'some.h', '-I', folder);
  if (run.status !== 0) throw new Error(run.stderr);
  const api = snapshotFromJson(run.stdout);
  const functions = api.functions.filter(({ unsupported }) => !unsupported);
  const bodies = functions.map(({ type, name }) => `${cDeclaration(type, name)} { __builtin_trap(); }`);
  const variables = api.variables.map(({ type, name }) => `${cDeclaration(type, name)};`);
  const source = join(folder, 'some.c');
  writeFileSync(source, ['#include "some.h"', ...bodies, ...variables, ''].join('\n'));
  const library = join(folder, 'libsome.so');
  // Names of parameters are left out, which C has allowed since C23.
  const flags = ['-std=gnu2x', '-g', '-w', '-fPIC', '-shared', '-Wl,-soname,libsome.so.1'];
  execFileSync('gcc', [...flags, '-o', library, source]);
  return { library, header: path };
}

/** Runs abidiff; it exits with bits of what it found. */
export function abidiff(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('abidiff', args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status === null || (status & 3) !== 0) throw new Error(`abidiff: ${stderr}`);
  return stdout;
}

/** One thing that abidiff says, and how `dlshim diff` says the same. */
interface Finding {
  /** The line of the report. */
  readonly line: string;
  readonly isIn: (diff: ApiDiff) => boolean;
}

/** What a report says that a diff does not, line by line. Throws for a line that is not understood. */
export function missingIn(diff: ApiDiff, report: string): readonly string[] {
  return findings(report)
    .filter(({ isIn }) => !isIn(diff))
    .map(({ line }) => line.trim());
}

export function findings(report: string): readonly Finding[] {
  const found: Finding[] = [];
  /** What the lines below are about, by how far they are indented. */
  const contexts: { indent: number; subject: Subject }[] = [];
  /** What `and offset changed …` behind a member's type is about. */
  let moved: Understood['moved'];
  for (const line of report.split('\n').filter((one) => one.trim() !== '')) {
    const indent = line.length - line.trimStart().length;
    while (contexts.length > 0 && contexts.at(-1)!.indent >= indent) contexts.pop();
    if (moved && /^and offset changed from \d+ to \d+/.test(line.trim())) {
      found.push({ line, isIn: moved });
      continue;
    }
    const { subject, isIn, ...rest } = understood(line.trim(), contexts.at(-1)?.subject ?? { sort: 'report' });
    moved = rest.moved ?? moved;
    if (isIn) found.push({ line, isIn });
    if (subject) contexts.push({ indent, subject });
  }
  return found;
}

/** `members` are those of the record that the lines are about, which lie under `prefix` in it. */
type Subject =
  | { readonly sort: 'report' | 'symbol' | 'type' }
  | { readonly sort: 'enumeration'; readonly key: string }
  | { readonly sort: 'members'; readonly record: string; readonly prefix: string; readonly isGone?: boolean };

interface Understood {
  readonly subject?: Subject;
  readonly isIn?: Finding['isIn'];
  /** Of a member: that it is elsewhere. */
  readonly moved?: Finding['isIn'];
}

const CHANGES = { A: 'added', D: 'removed', C: 'changed' } as const;

/** Lines that only count or introduce what follows, or say in other words what another line does. */
const PASSED_OVER = [
  /^(Leaf changes|Changed leaf types|(Functions|Variables|Removed\/Changed\/Added (functions|variables)|(Function|Variable) symbols)) (changes )?summary: /,
  /^Changed leaf types summary: /,
  /^\d+ (Removed|Added|Changed) (functions?|variables?|(function|variable) symbols?.*):$/,
  /^\d+ functions? with some (sub-type|indirect sub-type) changes?:$/,
  /^there are data member changes:$/,
  /^details were reported earlier$/,
  /^type size hasn't changed$/,
  /^\d+ enumerator (insertion|deletion|change)s?:$/,
];

function understood(text: string, above: Subject): Understood {
  if (PASSED_OVER.some((pattern) => pattern.test(text))) return {};
  const symbol =
    /^\[([ADC])\] (?:'(?:function|method) .*?\b([\w$]+)\(.*'|'.*?\b([\w$]+)(?:\[\d*\])*'|([\w$]+)(?:@.*)?$)/.exec(text);
  if (symbol) {
    const change = CHANGES[symbol[1] as keyof typeof CHANGES];
    const name = (symbol[2] ?? symbol[3] ?? symbol[4])!;
    const exported = /\{([\w$]+)(?:@.*)?\}$/.exec(text)?.[1] ?? name;
    return { subject: { sort: 'symbol' }, isIn: (diff) => saysOfSymbol(diff, name, exported, change) };
  }
  const type = /^'(struct|union|enum) ([\w$]+) at .*' changed:$/.exec(text);
  if (type) return aboutType(type[1]!, type[2]!);
  // What changed about a parameter or a result is said with the function.
  if (above.sort === 'symbol' || above.sort === 'type') return {};
  if (above.sort === 'enumeration') return aboutEnumerator(text, above.key);
  if (above.sort === 'members') return aboutMember(text, above);
  throw new Error(`abidiff says what is not understood: ${text}`);
}

function saysOfSymbol(diff: ApiDiff, name: string, exported: string, change: 'added' | 'removed' | 'changed'): boolean {
  return diff.changes.some((one) => {
    if (change === 'changed' && one.reachedBy?.includes(name)) return true;
    if (one.name !== name || (one.kind !== 'function' && one.kind !== 'variable')) return false;
    // One declaration, whose symbol is another one now.
    return (
      one.change === change ||
      (change !== 'changed' && /its symbol is/.test(one.reason) && one.reason.includes(exported))
    );
  });
}

function aboutType(sort: string, name: string): Understood {
  // Which of its enumerators changed is said below.
  if (sort === 'enum') return { subject: { sort: 'enumeration', key: `enum ${name}` } };
  const subject = { sort: 'members', record: `${sort} ${name}`, prefix: '' } as const;
  return { subject, isIn: (diff) => recordIn(diff, subject.record) !== undefined };
}

function aboutEnumerator(text: string, key: string): Understood {
  const change = /^'[\w$]+::([\w$]+)' from value '(-?\d+)' to '(-?\d+)'/.exec(text);
  const isThere = (name: string, before?: string, after?: string) => (diff: ApiDiff) =>
    diff.changes.some((one) => {
      return (
        one.name === name &&
        (before === undefined || one.before === before) &&
        (after === undefined || one.after === after)
      );
    });
  if (change) return { isIn: isThere(change[1]!, change[2], change[3]) };
  const one = /^'[\w$]+::([\w$]+)' value '-?\d+'$/.exec(text);
  if (one) return { isIn: isThere(one[1]!) };
  if (/^type (size|alignment) changed from \d+ to \d+/.test(text)) {
    return { isIn: isThere(key) };
  }
  if (/^type name changed from 'unnamed-enum-underlying-type/.test(text)) return {};
  throw new Error(`abidiff says of an enumeration what is not understood: ${text}`);
}

function recordIn(diff: ApiDiff, record: string): ApiDiff['changes'][number] | undefined {
  const names = [record, record.replace(/^\w+ /, '')];
  return diff.changes.find(({ kind, name }) => kind === 'record' && names.includes(name));
}

function aboutMember(text: string, above: Subject & { sort: 'members' }): Understood {
  const { record, prefix } = above;
  const says = (pattern: string) => (diff: ApiDiff) =>
    (recordIn(diff, record)?.details ?? []).some((detail) => new RegExp(pattern).test(detail.text));
  if (/^\d+ data member insertions?:$/.test(text)) return { subject: { ...above, isGone: false } };
  if (/^\d+ data member deletions?:$/.test(text)) return { subject: { ...above, isGone: true } };
  const size = /^type size changed from (\d+) to (\d+)/.exec(text);
  if (size) {
    const [before, after] = [Number(size[1]) / 8, Number(size[2]) / 8];
    // Of a record without a name in another one, what it lies in has another size.
    return prefix ? {} : { isIn: says(`^${after} bytes and not ${before}$`) };
  }
  const moved = /\b([\w$]+)(?:\[\d*\])*' offset changed from (\d+) to (\d+)/.exec(text);
  if (moved) return { isIn: says(`^${literal(prefix + moved[1])} is at `) };
  const renamed = /^name of '[\w$]+::([\w$]+)' changed to '[\w$]+::([\w$]+)'/.exec(text);
  if (renamed) return { isIn: says(`^${literal(prefix + renamed[1])} is named ${literal(prefix + renamed[2])} now`) };
  const one = /\b([\w$]+)(?:\[\d*\])*', at offset \d+/.exec(text);
  if (one) {
    const name = literal(prefix + one[1]);
    return {
      isIn: says(
        above.isGone ? `^${name} is (gone|named)` : `\\b${name}(\\[\\d*\\])* at .* is new|is named ${name} now`,
      ),
    };
  }
  const inner = /^type '(.*)' of '[^']*::([\w$]+)' changed:$/.exec(text);
  if (inner) {
    const isPart = /^(struct|union) \{/.test(inner[1]!);
    if (isPart) return { subject: { sort: 'members', record, prefix: `${prefix}${inner[2]}.` } };
    const name = literal(prefix + inner[2]);
    return { subject: { sort: 'type' }, isIn: says(`^${name}\\b`), moved: says(`^${name} is at `) };
  }
  throw new Error(`abidiff says of a record what is not understood: ${text}`);
}

const literal = (text: string): string => text.replace(/[.$]/g, '\\$&');
