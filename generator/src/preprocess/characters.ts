// In: UTF-16 code units. Out: their class in the C grammar (C11 5.2.1, 6.4.2.1), from one table.

/** What takes the place of bytes that are not UTF-8. */
const REPLACEMENT = 0xfffd;

/** 1 for each code unit that may stand in an identifier: a letter, digit, `_`, `$`, or any character beyond ASCII.
 *  A table for all 65,536, because the loops that use it are the hottest of the preprocessor. */
export const IDENTIFIER_PART: Uint8Array = new Uint8Array(0x10000).fill(1, 128);
IDENTIFIER_PART[REPLACEMENT] = 0;
for (let code = 0; code < 128; code += 1)
  if (/[A-Za-z0-9_$]/.test(String.fromCharCode(code))) IDENTIFIER_PART[code] = 1;

/** False for NaN, the code past the end of a string. */
export function isIdentifierPart(code: number): boolean {
  return IDENTIFIER_PART[code] === 1;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** White space other than a new line. A carriage return counts (CRLF), and so does NUL, as compilers have it. */
export function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13 && code !== 10) || code === 0;
}
