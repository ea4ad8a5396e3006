// In: physical text and an offset. Out: where logical lines and comments end (C11 5.1.1.2 phases 2 and 3).
// A splice is a backslash, optional blanks (as GCC and clang allow), and a new line.

const NEWLINE = 10;
const BACKSLASH = 92;

/** The offset after the splice at `at`; -1 if there is none. */
export function afterSplice(text: string, at: number): number {
  if (text.charCodeAt(at) !== BACKSLASH) return -1;
  let next = at + 1;
  let code = text.charCodeAt(next);
  while (code === 13 || code === 32 || code === 9) {
    next += 1;
    code = text.charCodeAt(next);
  }
  return code === NEWLINE ? next + 1 : -1;
}

/** The text without its splices. */
export function unspliced(text: string): string {
  return text.includes('\\') ? text.replace(/\\[ \t\r]*\n/g, '') : text;
}

/** The offset after the comment's end mark, looking from inside the comment; -1 if it never ends. */
export function closingComment(text: string, from: number): number {
  const plain = text.indexOf('*/', from);
  const comment = text.slice(from, plain === -1 ? undefined : plain);
  // The mark itself may be spliced.
  for (let star = comment.indexOf('*\\'); star !== -1; star = comment.indexOf('*\\', star + 1)) {
    let next = star + 1;
    for (let after = afterSplice(comment, next); after !== -1; after = afterSplice(comment, next)) next = after;
    if (next > star + 1 && text.charCodeAt(from + next) === 47) return from + next + 1;
  }
  return plain === -1 ? -1 : plain + 2;
}

/** The offset of the new line that ends the logical line, from outside any literal; comments that span lines are
 *  part of the line. The length of the text if no new line is left. */
export function endOfLine(text: string, from: number): number {
  let at = from;
  let newline = -1;
  for (;;) {
    if (newline < at) newline = text.indexOf('\n', at);
    if (newline === -1) return text.length;
    const line = text.slice(at, newline);
    if (line.includes('/*') || (line.includes('\\') && isSpliced(text, at, newline))) {
      const stop = scanLine(text, at);
      if (stop.ended) return stop.at;
      at = stop.at;
    } else return newline;
  }
}

function isSpliced(text: string, from: number, newline: number): boolean {
  let at = newline - 1;
  while (at >= from && (text.charCodeAt(at) === 13 || text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at -= 1;
  return at >= from && text.charCodeAt(at) === BACKSLASH;
}

/** Walks along a line that may hold a comment or a splice: to its end, or to after a comment. */
function scanLine(text: string, from: number): { at: number; ended: boolean } {
  let quote = 0;
  let lineComment = false;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE) return { at, ended: true };
    if (code === BACKSLASH) {
      const after = afterSplice(text, at);
      if (after !== -1) at = after - 1;
      else if (quote !== 0 && text.charCodeAt(at + 1) !== NEWLINE) at += 1;
    } else if (lineComment) continue;
    else if (quote !== 0) quote = code === quote ? 0 : quote;
    else if (code === 34 || code === 39) quote = code;
    else if (code === 47 && text.charCodeAt(at + 1) === 47) lineComment = true;
    else if (code === 47 && text.charCodeAt(at + 1) === 42) {
      const close = closingComment(text, at + 2);
      return close === -1 ? { at: text.length, ended: true } : { at: close, ended: false };
    }
  }
  return { at: text.length, ended: true };
}
