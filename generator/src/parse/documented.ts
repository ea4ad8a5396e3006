// In: a function's doc comment. Out: the parameters of which it says that C writes them. Facts only: the words stay in the header.
// Follows Doxygen's manual (\param[in,out]), GTK-Doc's annotations, and what people write instead: `@param size where to store it`.
// What it says of parameters that C only reads is not trusted: `[in]` is often written everywhere, and would lose what C writes.

import type { Direction } from '../model/uses.ts';

/** `@param[out] size …`, `\param size [out] …`, `@size: (out) …`; what follows on further lines belongs to it. */
const DOXYGEN = /^[@\\]param\s*(?:\[([a-z, ]+)\])?\s+([A-Za-z_]\w*)\s*(?:\[([a-z, ]+)\])?\s*[:-]?\s*(.*)$/;
const GTK_DOC = /^@([A-Za-z_]\w*):\s*((?:\([^)]*\)\s*)+)/;

const SUBJECT =
  '(?:(?:a|an|the|pointer|pointers|to|output|buffer|memory|array|variable|handle|place|location|result) )*';
const WRITTEN =
  '(?:where (?:to|we) (?:store|put|write|return|place|save)|(?:where|in which|into which|to) (?:[\\w.]+ ){1,6}?(?:will be|is|are|gets?|to be) (?:stored|written|placed|put|returned)|in which to (?:store|write|put)|(?:(?:to be|that is|which is|that will be|which will be|will be|is|are) )?(?:filled|populated)\\b|receives?\\b|to receive\\b|to be (?:filled|set)\\b)';
const STORES = new RegExp(`^${SUBJECT}${WRITTEN}`, 'i');
const READS_FIRST =
  /\b(?:on|as|for) (?:input|entry)\b|\bin[ /-]?(?:and )?out\b|\binitial|\bcapacity\b|\bupdated?\b|\bincrement|\badvance/i;

export function documentedDirections(comment: string): Readonly<Record<string, Direction>> | undefined {
  const found = new Map<string, Direction>();
  const lines = comment.split('\n').map((line) => line.trim());
  for (const [at, line] of lines.entries()) {
    const said = gtkDoc(line) ?? doxygen(line, lines, at);
    if (said?.direction) found.set(said.name, said.direction);
  }
  // Entries, so that `__proto__` is a name as any other.
  return found.size ? Object.fromEntries(found) : undefined;
}

interface Said {
  readonly name: string;
  readonly direction: Direction | undefined;
}

function gtkDoc(line: string): Said | undefined {
  const [, name, annotations] = GTK_DOC.exec(line) ?? [];
  if (!name || !annotations) return undefined;
  const direction = /\(inout\b/.test(annotations) ? 'inout' : /\(out\b/.test(annotations) ? 'out' : undefined;
  return { name, direction };
}

function doxygen(line: string, lines: readonly string[], at: number): Said | undefined {
  const [, before, name, after, words] = DOXYGEN.exec(line) ?? [];
  if (!name) return undefined;
  const marks = (before ?? after ?? '').split(/[, ]+/);
  if (marks.includes('out')) return { name, direction: marks.includes('in') ? 'inout' : 'out' };
  if (marks.includes('in')) return { name, direction: undefined };
  const text = [words!, ...continued(lines, at)].join(' ');
  if (!STORES.test(text)) return { name, direction: undefined };
  return { name, direction: READS_FIRST.test(text) ? 'inout' : 'out' };
}

/** The lines below that belong to the same tag. */
function continued(lines: readonly string[], at: number): readonly string[] {
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => line === '' || /^[@\\]\w/.test(line));
  return end < 0 ? rest : rest.slice(0, end);
}
