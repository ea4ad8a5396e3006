// Dependencies in, the tags of an RPM spec file out. A library is what it provides: its SONAME, marked as of 64 bits, as rpm's own generator for these
// notes has it; several are a boolean dependency. Follows rpm-dependencies and rpm-boolean dependencies (rpm.org), and dlopen_notes.attr of
// package-notes.

import { type Clause, withoutImplied } from './clauses.ts';
import type { Dependency, Priority } from './dependency.ts';

const TAGS: readonly (readonly [string, Priority])[] = [
  ['Requires', 'required'],
  ['Recommends', 'recommended'],
  ['Suggests', 'suggested'],
];

/** By tag, the dependencies that it has. */
export function rpmTags(dependencies: readonly Dependency[]): Readonly<Record<string, readonly string[]>> {
  const clauses = withoutImplied(dependencies.map(clauseOf));
  const tags = TAGS.map(([tag, priority]) => [tag, clauses.filter((one) => one.priority === priority)] as const);
  return Object.fromEntries(
    tags.filter(([, list]) => list.length > 0).map(([tag, list]) => [tag, list.map(clauseText)]),
  );
}

/** A line for each. */
export function rpmText(dependencies: readonly Dependency[]): string {
  const lines = Object.entries(rpmTags(dependencies)).flatMap(([tag, list]) => list.map((text) => `${tag}: ${text}\n`));
  return lines.join('');
}

function clauseOf({ files, priority }: Dependency): Clause {
  return { priority, alternatives: files.map(({ soname }) => ({ name: `${soname}()(64bit)` })) };
}

function clauseText({ alternatives }: Clause): string {
  const names = alternatives.map(({ name }) => name);
  return names.length === 1 ? names[0]! : `(${names.join(' or ')})`;
}
