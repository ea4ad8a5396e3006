// Dependencies in, the fields of a Debian package's control file out. Follows Debian Policy, 7.1 (syntax of relationships) and 5.6.12
// (versions), and deb-substvars(5).

import { type Alternative, type Clause, withoutImplied } from './clauses.ts';
import type { Dependency, LibraryFile, Priority } from './dependency.ts';

/** In the order of deb-control(5). */
const FIELDS: readonly (readonly [string, Priority])[] = [
  ['Depends', 'required'],
  ['Recommends', 'recommended'],
  ['Suggests', 'suggested'],
];

/** By field, what it has; none that has nothing. */
export function debianFields(dependencies: readonly Dependency[]): Readonly<Record<string, string>> {
  const clauses = withoutImplied(dependencies.flatMap(clausesOf));
  const fields = FIELDS.map(
    ([field, priority]) => [field, clauses.filter((one) => one.priority === priority)] as const,
  );
  return Object.fromEntries(
    fields.filter(([, list]) => list.length > 0).map(([field, list]) => [field, list.map(clauseText).join(', ')]),
  );
}

/** `Recommends: librbd1 (>= 12.2.1)`, a line each. */
export function debianText(dependencies: readonly Dependency[]): string {
  return Object.entries(debianFields(dependencies))
    .map(([field, value]) => `${field}: ${value}\n`)
    .join('');
}

/** The variables that dh_dlopenlibdeps(1) sets, empty ones as well: a control file that uses them is complete. */
export function substvarsText(dependencies: readonly Dependency[]): string {
  const fields = debianFields(dependencies);
  return FIELDS.map(([field]) => `dlopen:${field}=${fields[field] ?? ''}\n`).join('');
}

/** The dependencies that no package of Debian's is known for. */
export function withoutPackage(dependencies: readonly Dependency[]): readonly Dependency[] {
  return dependencies.filter(({ files }) => files.every((file) => packagesOf(file).length === 0));
}

function packagesOf({ packages }: LibraryFile): readonly string[] {
  return packages.debian ?? [];
}

/** A package within limits says two things, where a relationship has one: each choice of one for every package makes a clause. */
function clausesOf({ files, priority }: Dependency): readonly Clause[] {
  const choices = files.flatMap((file) => packagesOf(file).map((name) => relationsOf(name, file)));
  if (choices.length === 0) return [];
  const products = choices.reduce<readonly (readonly Alternative[])[]>(
    (rows, relations) => rows.flatMap((row) => relations.map((one) => [...row, one])),
    [[]],
  );
  return products.map((alternatives) => ({ priority, alternatives: unique(alternatives) }));
}

function relationsOf(name: string, { from, before }: LibraryFile): readonly Alternative[] {
  const relations: Alternative[] = [];
  if (from !== undefined) relations.push({ name, relation: { operator: '>=', version: debianVersion(from) } });
  if (before !== undefined)
    relations.push({ name, relation: { operator: '<<', version: `${debianVersion(before)}~` } });
  return relations.length > 0 ? relations : [{ name }];
}

function unique(alternatives: readonly Alternative[]): readonly Alternative[] {
  return [...new Map(alternatives.map((one) => [alternativeText(one), one])).values()];
}

/** A pre-release sorts before its release by `~` alone (deb-version(7)); a hyphen would begin the package's own revision. */
export function debianVersion(version: string): string {
  return version
    .replace(/^v/, '')
    .replace(/[-_.]?(?=(dev|alpha|beta|pre|rc)\d*)/i, '~')
    .replace(/[-_]/g, '.');
}

function clauseText({ alternatives }: Clause): string {
  return alternatives.map(alternativeText).join(' | ');
}

function alternativeText({ name, relation }: Alternative): string {
  return relation ? `${name} (${relation.operator} ${relation.version})` : name;
}
