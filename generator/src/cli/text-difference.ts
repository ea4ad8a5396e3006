// In: a file's path, and what would be written there. Out: how the file on disk differs from that, in words for a check.

import { existsSync, readFileSync } from 'node:fs';

/** Undefined where it does not differ. */
export function textDifference(path: string, text: string): string | undefined {
  if (!existsSync(path)) return 'it does not exist';
  const onDisk = readFileSync(path, 'utf8');
  if (onDisk === text) return undefined;
  const [ours, theirs] = [text.split('\n'), onDisk.split('\n')];
  const at = ours.findIndex((line, i) => line !== theirs[i]);
  if (at < 0) return `it has ${theirs.length - ours.length} lines too many`;
  return `line ${at + 1} is \`${theirs[at]?.trim() ?? '(missing)'}\` and would be \`${ours[at]!.trim()}\``;
}
