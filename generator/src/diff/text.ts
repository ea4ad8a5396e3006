// In: what changed between two versions. Out: text for a terminal, the worst first, with counts at the end.

import { type ApiDiff, type Change, RATINGS, type Rating } from './change.ts';

export type Style = Rating | 'bold' | 'dim' | 'added' | 'removed';
export type Paint = (text: string, style: Style) => string;

export const MEANINGS: Readonly<Record<Rating, string>> = {
  'silent break': 'what was compiled is linked and loaded without a word, and something else happens',
  break: 'programs do not compile, link or load, and are told so',
  recompile: 'programs compile unchanged, and have to be compiled again',
  compatible: 'programs compile and run as before',
};

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;
/** How many functions that reach a record are named. */
const NAMED = 6;

export function diffText(diff: ApiDiff, paint: Paint = (text) => text): string {
  const lines = [paint(title(diff), 'bold')];
  for (const rating of [...RATINGS].reverse()) {
    const group = diff.changes.filter((change) => change.rating === rating);
    if (group.length === 0) continue;
    lines.push('', `${paint(`${rating} (${group.length})`, rating)}${paint(`: ${MEANINGS[rating]}`, 'dim')}`);
    for (const change of group) lines.push(...changeLines(change, paint));
  }
  lines.push('', countsText(diff));
  return `${lines.map(printable).join('\n')}\n`;
}

export function title({ library, before, after, target }: ApiDiff): string {
  return `${library} ${before} -> ${after} (${target})`;
}

/** `2 silent breaks, 1 break, 3 to recompile, 12 compatible: 10 added, 1 removed, 7 changed`. */
export function countsText({ counts, changes }: ApiDiff): string {
  if (changes.length === 0) return 'nothing changed';
  const several = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
  const ratings = [
    several(counts['silent break'], 'silent break'),
    several(counts.break, 'break'),
    `${counts.recompile} to recompile`,
    `${counts.compatible} compatible`,
  ];
  return `${ratings.join(', ')}: ${counts.added} added, ${counts.removed} removed, ${counts.changed} changed`;
}

function changeLines(change: Change, paint: Paint): string[] {
  const sign = SIGNS[change.change];
  const style = change.change === 'changed' ? change.rating : change.change;
  const head = `  ${paint(sign, style)} ${change.kind} ${paint(change.name, 'bold')}`;
  if (change.change === 'added') {
    const text = isDeclaration(change) ? change.after! : `${change.name}${change.after ? ` = ${change.after}` : ''}`;
    return [`  ${paint(sign, style)} ${change.kind} ${text}`];
  }
  const besides = isDeclaration(change) ? declarations(change, paint) : [];
  const values = isDeclaration(change) ? '' : valuesText(change);
  return [
    `${head}${values}: ${change.reason}`,
    ...besides,
    ...detailLines(change, paint),
    ...reachLines(change, paint),
  ];
}

/** Whether `before` and `after` are declarations, which take a line each. */
function isDeclaration({ kind, before, after }: Change): boolean {
  return (before ?? after) !== undefined && ['function', 'variable', 'typedef'].includes(kind);
}

function declarations({ before, after, change }: Change, paint: Paint): string[] {
  return [
    ...(before !== undefined ? [`      ${paint(`- ${before}`, 'removed')}`] : []),
    ...(after !== undefined && change === 'changed' ? [`      ${paint(`+ ${after}`, 'added')}`] : []),
  ];
}

function valuesText({ before, after }: Change): string {
  if (before !== undefined && after !== undefined) return before === after ? ` = ${after}` : ` ${before} -> ${after}`;
  return before === undefined ? '' : ` = ${before}`;
}

/** What the reason does not say already. */
function detailLines({ details = [], rating, reason }: Change, paint: Paint): string[] {
  return details
    .filter(({ text }) => !reason.includes(text))
    .map((detail) => `      ${detail.text}${detail.rating === rating ? '' : paint(` (${detail.rating})`, 'dim')}`);
}

function reachLines({ reachedBy = [] }: Change, paint: Paint): string[] {
  if (reachedBy.length === 0) return [];
  const more = reachedBy.length - NAMED;
  const names = more > 1 ? [...reachedBy.slice(0, NAMED), `${more} more`] : reachedBy;
  return [paint(`      reached by ${names.join(', ')}`, 'dim')];
}

/** Control characters of a snapshot must not drive the terminal; colours are ours. */
function printable(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is replaced
  return line.replace(/[\x00-\x08\x0a-\x1a\x1c-\x1f\x7f]|\x1b(?!\[[\d;]*m)/g, '\ufffd');
}
