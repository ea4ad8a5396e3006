// In: text and an offset. Out: the length of the longest punctuator there (C11 6.4.6), digraphs included.

/** The number of characters of the punctuator at `at`, whose first character is `code`; 0 if none begins there.
 *  Those that no longer one begins with, such as `(` and `;`, are the lexer's. */
export function punctuatorLength(text: string, at: number, code: number): number {
  const next = text.charCodeAt(at + 1);
  switch (code) {
    case 33: // ! * / = ^ with =
    case 42:
    case 47:
    case 61:
    case 94:
      return next === 61 ? 2 : 1;
    case 35: // # ##
      return next === 35 ? 2 : 1;
    case 37: // % %= %> %: %:%:
      if (next === 58) return text.charCodeAt(at + 2) === 37 && text.charCodeAt(at + 3) === 58 ? 4 : 2;
      return next === 61 || next === 62 ? 2 : 1;
    case 38: // & && &= and the same for + and |
    case 43:
    case 124:
      return next === code || next === 61 ? 2 : 1;
    case 45: // - -- -= ->
      return next === 45 || next === 61 || next === 62 ? 2 : 1;
    case 46: // . ...
      return next === 46 && text.charCodeAt(at + 2) === 46 ? 3 : 1;
    case 58: // : :: :>
      return next === 62 ? 2 : 1;
    case 60: // < <= << <<= <: <%
      if (next === 60) return text.charCodeAt(at + 2) === 61 ? 3 : 2;
      return next === 61 || next === 58 || next === 37 ? 2 : 1;
    case 62: // > >= >> >>=
      if (next === 62) return text.charCodeAt(at + 2) === 61 ? 3 : 2;
      return next === 61 ? 2 : 1;
    default:
      return 0;
  }
}
