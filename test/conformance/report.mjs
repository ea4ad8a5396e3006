// The conformance run in words. In: rows. Out: a table, what is wrong below each row, and the summary.

/** @typedef {import('./run.mjs').Outcome} Outcome */

const COLUMNS = [
  ['library', 14],
  ['functions', 10],
  ['supported', 10],
  ['records', 8],
  ['constants', 12],
  ['bindgen', 8],
  ['gcc', 8],
  ['clang', 8],
  ['tokens', 9],
  ['time', 8],
];

export const HEAD = `${COLUMNS.map(([name, width], at) => pad(String(name), Number(width), at === 0)).join('')}\n`;

/** @param {string} text @param {number} width @param {boolean} [left] */
function pad(text, width, left = false) {
  return left ? text.padEnd(width) : text.padStart(width);
}

/** @param {Outcome} outcome @param {boolean} verbose */
export function rowText(outcome, verbose) {
  if (!('functions' in outcome)) {
    const words = outcome.error === undefined ? `skipped: ${outcome.skipped}` : `error: ${outcome.error}`;
    return `${pad(outcome.library, 14, true)}  ${words}\n`;
  }
  const { constants, verify, unsupported, missing, wrong } = outcome;
  const verified = Object.values(verify).map(({ held, failed }) =>
    failed.length ? `${failed.length} fail` : String(held),
  );
  const cells = [
    outcome.library,
    outcome.functions,
    outcome.supported,
    outcome.records,
    `${constants.found}/${constants.all}`,
    outcome.compared.bindgen,
    ...verified,
    outcome.tokens,
    `${outcome.milliseconds} ms`,
  ];
  const line = cells.map((cell, at) => pad(String(cell), Number(COLUMNS[at]?.[1] ?? 8), at === 0)).join('');
  const reasons = Object.entries(unsupported).map(([reason, count]) => `  ${count} not callable: ${reason}`);
  const problems = [
    ...missing.map((text) => `  MISSING ${text}`),
    ...wrong.map((text) => `  WRONG ${text}`),
    ...Object.entries(verify).flatMap(([compiler, { failed }]) => failed.map((text) => `  WRONG ${compiler}: ${text}`)),
  ];
  const missed = verbose ? constants.missed.map((name) => `  without a value: ${name}`) : [];
  return [line, ...reasons, ...problems, ...missed].map((text) => `${text}\n`).join('');
}

/** @param {readonly Outcome[]} outcomes */
export function summary(outcomes) {
  const rows = outcomes.flatMap((outcome) => ('functions' in outcome ? [outcome] : []));
  const errors = outcomes.filter((outcome) => 'error' in outcome && outcome.error !== undefined).length;
  const skipped = outcomes.length - rows.length - errors;
  const sum = (/** @type {(row: import('./examine.mjs').Row) => number} */ of) =>
    rows.reduce((total, row) => total + of(row), 0);
  const verifyFailed = sum(({ verify }) =>
    Object.values(verify).reduce((total, { failed }) => total + failed.length, 0),
  );
  const wrong = sum((row) => row.wrong.length) + verifyFailed;
  const missing = sum((row) => row.missing.length);
  const [found, all] = [sum((row) => row.constants.found), sum((row) => row.constants.all)];
  const share = all === 0 ? 100 : (found / all) * 100;
  const parts = [
    `${wrong} wrong`,
    `${missing} silently missing`,
    // Rounded down: 99.9 must not be what 99.89 looks like.
    `constants ${found}/${all} (${(Math.floor(share * 100) / 100).toFixed(2)} %)`,
    ...(errors ? [`${errors} could not be read`] : []),
    ...(skipped ? [`${skipped} skipped`] : []),
  ];
  return {
    text: `${rows.length} libraries: ${parts.join(', ')}\n`,
    green: wrong === 0 && missing === 0 && errors === 0 && share >= 99.9,
  };
}
