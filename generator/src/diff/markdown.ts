// In: what changed between two versions. Out: Markdown (CommonMark), for release notes and comments: breaks one by one, with their
// declarations; what was only added by its names.

import { type ApiDiff, type Change, type ChangeKind, RATINGS } from './change.ts';
import { countsText, MEANINGS, title } from './text.ts';

export function diffMarkdown(diff: ApiDiff): string {
  const lines = [`# ${escaped(title(diff))}`, '', `${countsText(diff)}.`];
  for (const rating of [...RATINGS].reverse()) {
    const group = diff.changes.filter((change) => change.rating === rating);
    if (group.length === 0) continue;
    lines.push(
      '',
      `## ${rating[0]!.toUpperCase()}${rating.slice(1)} (${group.length})`,
      '',
      `${MEANINGS[rating]}.`,
      '',
    );
    const single = group.filter(({ change }) => change !== 'added');
    lines.push(...single.flatMap(changeLines), ...addedLines(group.filter(({ change }) => change === 'added')));
  }
  return `${lines.join('\n')}\n`;
}

function changeLines(change: Change): string[] {
  const { kind, name, before, after, details = [], reason, reachedBy = [] } = change;
  const head = `- ${kind} ${code(name)} ${change.change}: ${escaped(reason)}`;
  const texts = before === after ? [before] : [before, after];
  const [was, is] = texts.map((text) => text && code(text));
  const values = was && is ? [`  - ${was} became ${is}`] : (was ?? is) ? [`  - ${was ?? is}`] : [];
  const others = details.filter(({ text }) => !reason.includes(text)).map(({ text }) => `  - ${escaped(text)}`);
  const reach = reachedBy.length > 0 ? [`  - reached by ${reachedBy.map(code).join(', ')}`] : [];
  return [head, ...values, ...others, ...reach];
}

function addedLines(changes: readonly Change[]): string[] {
  const kinds = new Map<ChangeKind, Change[]>();
  for (const change of changes) kinds.set(change.kind, [...(kinds.get(change.kind) ?? []), change]);
  return [...kinds].map(([kind, list]) => `- added, ${kind}: ${list.map(({ name }) => code(name)).join(', ')}`);
}

/** A code span; of text with back-ticks too. */
function code(text: string): string {
  const plain = text.replace(/\s+/g, ' ');
  const fence = '`'.repeat(Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return fence.length === 1 ? `\`${plain}\`` : `${fence} ${plain} ${fence}`;
}

/** Text of headers, such as why a function is deprecated, is no markup. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>&|#]/g, '\\$&');
}
