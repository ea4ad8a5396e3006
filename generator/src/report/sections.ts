// In: features, changes between versions, the versions themselves, the installed library. Out: their parts of a page.

import type { History } from '../history/history.ts';
import { marked } from './differences.ts';
import { counted, type Html, html, plural } from './html.ts';
import type { Answer, Change, FeatureRow, Machine, Rating, Step } from './input.ts';
import type { Cell, MatrixRow } from './matrix.ts';
import { sameInARow, VersionNames } from './runs.ts';

const ANSWERS: Readonly<Record<Answer, Cell | undefined>> = {
  yes: { css: 'p', text: 'yes' },
  no: undefined,
  partly: { css: 'x', text: 'partly', hint: 'some of its symbols' },
  unknown: { css: 'y t', text: '?', hint: 'cannot be told' },
};

export function featureRows(
  features: readonly FeatureRow[],
  history: History,
  isHereKnown: boolean,
): readonly MatrixRow[] {
  const names = new VersionNames(history);
  return features.map(({ name, conditions, answers, here }) => {
    const present = answers.flatMap((answer, at) => (answer === 'yes' ? [at] : []));
    return {
      id: `f.${name}`,
      name,
      details: html`<ul>${conditions.map((line) => html`<li><code>${line}</code>`)}</ul>`,
      since: names.since(present),
      until: names.until(present),
      extra: isHereKnown ? hereAnswer(here) : undefined,
      cells: answers.map((answer) => ANSWERS[answer]),
      isChanged: sameInARow(answers).length > 1,
    };
  });
}

function hereAnswer(answer: Answer | undefined): Html {
  if (answer === 'yes') return html`✓`;
  return answer === undefined || answer === 'unknown' ? html`?` : html`<b>✗</b>`;
}

const RATINGS: readonly {
  readonly rating: Rating;
  readonly sign: string;
  readonly css: string;
  readonly meaning: string;
}[] = [
  { rating: 'silent break', sign: '▲', css: 'r3', meaning: 'what was compiled runs, and something else happens' },
  { rating: 'break', sign: '◆', css: 'r2', meaning: 'programs no longer compile, link or load' },
  { rating: 'recompile', sign: '■', css: 'r1', meaning: 'programs have to be compiled again' },
  { rating: 'compatible', sign: '●', css: 'r0', meaning: 'programs compile and run as before' },
];

/** Newest first, what breaks first. */
export function stepsSection(steps: readonly Step[]): Html {
  const changing = steps.filter(({ changes }) => changes.length > 0).toReversed();
  const quiet = steps.length - changing.length;
  const legend = RATINGS.map(
    ({ rating, sign, css, meaning }) => html`<li><b class="${css}">${sign} ${rating}</b> ${meaning}`,
  );
  const rest = quiet > 0 ? html`<p class="hint">${plural(quiet, 'version')} changed nothing.</p>` : undefined;
  if (changing.length === 0) return html`${rest}`;
  return html`<ul class="hint legend">${legend}</ul>${rest}
${overview(changing)}${changing.map(oneStep)}`;
}

function overview(steps: readonly Step[]): Html {
  const heads = RATINGS.map(({ rating, sign, css }) => html`<th scope=col class="q ${css}">${sign} ${rating}`);
  const rows = steps.map(
    ({ before, after, changes }) =>
      html`<tr><th scope=row><a href="#b.${after}">${before} → ${after}</a>${RATINGS.map(({ rating, css }) => {
        const count = changes.filter((change) => change.rating === rating).length;
        return html`<td class="q ${count ? css : 'z'}">${counted(count)}`;
      })}\n`,
  );
  return html`<table class="l"><caption class="a">How many changes of each kind lie between a version and the next</caption>
<thead><tr><th scope=col>Versions${heads}</thead><tbody>
${rows}</tbody></table>`;
}

function oneStep({ before, after, changes }: Step): Html {
  const harmless = changes.filter(({ rating }) => rating === 'compatible');
  const others = changes.filter(({ rating }) => rating !== 'compatible');
  return html`<section class="g" id="b.${after}"><h3>${before} → ${after}</h3>
${others.length ? changeTable(others, `What breaks from ${before} to ${after}`) : html`<p class="z">Nothing that breaks.</p>`}${
  harmless.length
    ? html`<details class="g"><summary>${plural(harmless.length, 'compatible change')}</summary>
${changeTable(harmless, `What is compatible from ${before} to ${after}`)}</details>`
    : undefined
}</section>
`;
}

function changeTable(changes: readonly Change[], caption: string): Html {
  const rows = changes.map((change) => {
    const { sign, css } = RATINGS.find(({ rating }) => rating === change.rating)!;
    return html`<tr><td class="${css}">${sign} ${change.rating}<td>${change.kind}<th scope=row>${nameOf(change)}<td>${changeText(change)}\n`;
  });
  return html`<table class="l f chg"><caption class="a">${caption}</caption><thead><tr><th scope=col>Rating<th scope=col>Kind<th scope=col>Name<th scope=col>What has changed</thead><tbody>
${rows}</tbody></table>
`;
}

/** The first letter of the ids that rows of a kind have. */
const ROWS: Readonly<Record<string, string>> = {
  function: 's',
  variable: 's',
  record: 'r',
  typedef: 't',
  enumerator: 'c',
  constant: 'c',
};

function nameOf({ kind, name }: Change): Html {
  const row = ROWS[kind];
  return row === undefined ? html`${name}` : html`<a href="#${row}.${name.replaceAll(' ', '.')}">${name}</a>`;
}

/** How many of those that reach a record are named. */
const NAMED = 6;

/** A declaration that came or went is among the symbols: there it can be read. */
function changeText({ change, reason, before, after, details = [], reachedBy = [] }: Change): Html {
  const more = reachedBy.length - NAMED;
  const reached = reachedBy.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${counted(more)} more` : '');
  const isBoth = change === 'changed' && before !== undefined && after !== undefined;
  // Parts say what the reason sums up.
  const parts = details.length > 1 ? html`<ul>${details.map(({ text }) => html`<li>${text}`)}</ul>` : undefined;
  return html`${parts ? undefined : reason || change}${
    isBoth ? html`<div><code>${marked(before, after)}</code></div>` : undefined
  }${parts}${reached ? html`<div><small>reached by ${reached}</small></div>` : undefined}`;
}

/** Where each version comes from, newest first. */
export function sourcesSection(history: History): Html {
  const { versions } = history;
  const count = (list: readonly { readonly eras: readonly { readonly versions: readonly number[] }[] }[], at: number) =>
    counted(list.filter(({ eras }) => eras.some((era) => era.versions.includes(at))).length);
  const rows = versions
    .map(
      ({ version, source, sonames, exportsKnown }, at) =>
        html`<tr><th scope=row>${version}<td class=q>${count(history.functions, at)}<td class=q>${count(history.records, at)}<td class=q>${count(history.constants, at)}<td>${sonames.join(', ') || '–'}<td>${exportsKnown ? 'yes' : 'no'}<td>${source}\n`,
    )
    .toReversed();
  return html`<table class="l f"><caption class="a">Where the headers of each version come from</caption><thead><tr><th scope=col>Version<th scope=col class=q>Functions<th scope=col class=q>Records<th scope=col class=q>Macros<th scope=col>SONAME<th scope=col>Exports known<th scope=col>Source of its headers</thead><tbody>
${rows}</tbody></table>
`;
}

export function machineSection(machine: Machine | undefined, callable: readonly string[]): Html | undefined {
  if (machine === undefined) return undefined;
  if (machine.absent !== undefined)
    return html`<aside class="card"><h2>On this machine</h2><p><b>Not installed.</b> ${machine.absent}</p></aside>`;
  const has = callable.filter((name) => machine.exports.has(name)).length;
  return html`<aside class="card i"><h2>On this machine</h2>
<p><b>${machine.version}</b>, with ${counted(has)} of ${plural(callable.length, 'function')}</p>
<dl><dt>File<dd><code>${machine.file}</code>${machine.soname === undefined ? undefined : html`<dt>SONAME<dd><code>${machine.soname}</code>`}</dl>
<ul>${machine.reasons.map((reason) => html`<li>${reason}`)}</ul></aside>
`;
}
