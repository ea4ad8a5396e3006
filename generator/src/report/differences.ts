// In: two texts of C. Out: the newer one, with what is no longer in it and what is new marked (longest common subsequence of tokens).

import { type Html, html, joined } from './html.ts';

type Mark = 'same' | 'gone' | 'new';

/** `int f(<del>int</del> <ins>long</ins> a)`. */
export function marked(older: string, newer: string): Html {
  const [a, b] = [tokensOf(older), tokensOf(newer)];
  const parts = a.length * b.length > LARGEST ? whole(older, newer) : compare(a, b);
  const pieces: { mark: Mark; text: string }[] = [];
  for (const part of parts) {
    const last = pieces.at(-1);
    if (last?.mark === part.mark) last.text += part.text;
    else pieces.push({ ...part });
  }
  return joined(
    pieces.map(({ mark, text }) => {
      if (mark === 'same') return html`${text}`;
      const [, words, blank] = /^([\s\S]*?)(\s*)$/.exec(text)!;
      return mark === 'gone' ? html`<del>${words}</del>${blank}` : html`<ins>${words}</ins>${blank}`;
    }),
    '',
  );
}

/** What a table of this many numbers is made for; beyond, both texts are shown whole. */
const LARGEST = 4_000_000;

function whole(older: string, newer: string): { mark: Mark; text: string }[] {
  return [
    { mark: 'gone', text: `${older} ` },
    { mark: 'new', text: newer },
  ];
}

function tokensOf(text: string): readonly string[] {
  return text.match(/\w+\s*|[^\w\s]\s*|\s+/g) ?? [];
}

function compare(a: readonly string[], b: readonly string[]): { mark: Mark; text: string }[] {
  // lengths[i][j]: of the longest common subsequence of what follows i and j.
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const same = (i: number, j: number): boolean => a[i]!.trimEnd() === b[j]!.trimEnd();
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] = same(i, j) ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const found: { mark: Mark; text: string }[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && same(i, j)) {
      found.push({ mark: 'same', text: b[j++]! });
      i++;
    } else if (i < a.length && (j === b.length || lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      found.push({ mark: 'gone', text: a[i++]! });
    } else found.push({ mark: 'new', text: b[j++]! });
  }
  return found;
}
