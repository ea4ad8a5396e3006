// In: a file's text and where a declaration starts and ends. Out: its doc comment as plain text.
// Taken are comments that end right before the declaration, and `/**< … */` or `///< …` after it.

/** The comment that belongs to the declaration at [start, end), or undefined. */
export function docComment(text: string, start: number, end: number): string | undefined {
  return before(text, declarationStart(text, start)) ?? after(text, end);
}

/** Where a declaration starts with the macros before it: `EXPORT int f(void);`, `int` of which is its first token where `EXPORT` is an
 *  attribute or nothing. */
function declarationStart(text: string, start: number): number {
  const near = text.slice(Math.max(0, start - 300), start);
  const macros = /(?:^|\n)[ \t]*((?:[A-Za-z_]\w*(?:\([^()\n]*\))?\s+)+)$/.exec(near)?.[1];
  return start - (macros?.length ?? 0);
}

function before(text: string, start: number): string | undefined {
  let at = start;
  while (at > 0 && isSpace(text.charCodeAt(at - 1))) at--;
  const lineEnds = text.slice(at, start).split('\n').length - 1;
  if (text.endsWith('*/', at)) {
    const open = text.lastIndexOf('/*', at - 2);
    if (open < 0 || text.startsWith('/**<', open) || !startsItsLine(text, open)) return undefined;
    // `/**` and `/*!` say that they document something; a plain comment does where nothing stands between, and where it
    // does not follow the declaration before it just as closely.
    const isDoc = /[*!]/.test(text[open + 2] ?? '') && text[open + 3] !== '/';
    if (isDoc ? lineEnds > 2 : lineEnds > 1 || followsCode(text, open)) return undefined;
    return clean(text.slice(open + 2, at - 2));
  }
  if (lineEnds > 1) return undefined;
  const lines: string[] = [];
  for (;;) {
    const lineStart = text.lastIndexOf('\n', at - 1) + 1;
    const line = text.slice(lineStart, at).trim();
    if (!line.startsWith('//') || line.startsWith('///<')) break;
    lines.push(line.replace(/^\/{2,}!?/, ''));
    at = lineStart - 1;
    if (at <= 0) break;
  }
  return lines.length ? clean(lines.reverse().join('\n')) : undefined;
}

function after(text: string, end: number): string | undefined {
  let at = end;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === ',' || text[at] === ';') at++;
  if (text.startsWith('/**<', at) || text.startsWith('/*!<', at)) {
    const close = text.indexOf('*/', at);
    return close < 0 ? undefined : clean(text.slice(at + 4, close));
  }
  if (text.startsWith('///<', at)) {
    const close = text.indexOf('\n', at);
    return clean(text.slice(at + 4, close < 0 ? undefined : close));
  }
  return undefined;
}

/** Drops the stars of the comment's margin and empty lines around it. */
function clean(comment: string): string | undefined {
  const lines = comment
    .replace(/^[*!]+/, '')
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*\*+ ?/, '').trimEnd());
  const margin = lines.reduce(
    (least, l, i) => (i > 0 && l.trim() !== '' ? Math.min(least, l.length - l.trimStart().length) : least),
    Number.POSITIVE_INFINITY,
  );
  const body = lines.map((line, i) => (i === 0 ? line.trim() : line.slice(Number.isFinite(margin) ? margin : 0)));
  while (body[0]?.trim() === '') body.shift();
  while (body.at(-1)?.trim() === '') body.pop();
  return body.length ? body.join('\n') : undefined;
}

/** Whether the line above a comment is code. */
function followsCode(text: string, open: number): boolean {
  const lineStart = text.lastIndexOf('\n', open - 1);
  const above = text.slice(text.lastIndexOf('\n', lineStart - 1) + 1, Math.max(lineStart, 0)).trim();
  return /[;}]$/.test(above);
}

/** A comment behind code on its line describes that code, not what comes next. */
function startsItsLine(text: string, at: number): boolean {
  for (let i = at - 1; i >= 0 && text[i] !== '\n'; i--) {
    if (!isSpace(text.charCodeAt(i))) return false;
  }
  return true;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
