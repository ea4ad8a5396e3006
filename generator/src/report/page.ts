// In: a ReportInput. Out: one HTML page that needs nothing else: no network, and no script to be read. Its content security policy lets in
// the style sheet and the script below by their digests and refuses everything else (Content Security Policy Level 3).

import { createHash } from 'node:crypto';
import { answerFeatures } from './features.ts';
import { counted, Html, html } from './html.ts';
import type { ReportInput } from './input.ts';
import { type Matrix, type MatrixColumns, type MatrixRow, matrix } from './matrix.ts';
import { recordHistories, recordsSection } from './records.ts';
import { VersionNames } from './runs.ts';
import { SCRIPT } from './script.ts';
import { featureRows, machineSection, sourcesSection, stepsSection } from './sections.ts';
import { styleSheet } from './style.ts';
import { symbolRows } from './symbols.ts';
import { constantRows, typedefRows } from './values.ts';

interface Section {
  readonly id: string;
  readonly title: string;
  readonly count: number;
  readonly intro?: string;
  readonly content: Html;
  readonly table?: Matrix;
}

export function reportPage(input: ReportInput): string {
  const { history, machine } = input;
  const names = new VersionNames(history);
  const sections = sectionsOf(input).filter(({ count }) => count > 0);
  const shapes = sections.flatMap(({ id, table }) => (table ? [{ ...table, id }] : []));
  const style = styleSheet(shapes, longestName(history));
  const versions =
    names.count === 1
      ? `version ${names.name(0)}`
      : `${names.count} versions, ${names.name(0)} to ${names.name(names.count - 1)}`;
  const page = html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${digest(style)}'; script-src '${digest(SCRIPT)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer"><title>${history.library}: what its versions have</title>
<style>${raw(style)}</style></head>
<body><a class="skip" href="#symbols">Skip to the symbols</a>
<header><h1>${history.library}</h1><p>${versions}, on ${history.target}</p></header>
<nav><form id="find" role="search" hidden><input type="search" id="q" placeholder="Search  ( / )" aria-label="Search all tables" autocomplete="off" spellcheck="false">
<label><input type="checkbox" id="only-c"> only changed</label><label><input type="checkbox" id="only-w"> only weak</label><output id="found" aria-live="polite"></output></form>
<ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a>`)}</ul></nav>
<main>${machineSection(machine, callableSymbols(input))}
${sections.map(sectionHtml)}</main>
<footer><p>Made by dlshim from the headers of the versions above.</p></footer>
<script>${raw(SCRIPT)}</script></body></html>
`;
  return page.text;
}

function longestName({ functions, constants }: ReportInput['history']): number {
  return [...functions, ...constants].reduce((longest, { key }) => Math.max(longest, key.length), 0);
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Our own text, of a style sheet or a script: in these no character is escaped. */
function raw(text: string): Html {
  return new Html(text);
}

function sectionHtml({ id, title, count, intro, content }: Section): Html {
  return html`<section id="${id}" class="p"><h2>${title} <small data-all="${count}">${counted(count)}</small></h2>${
    intro === undefined ? undefined : html`<p class="hint">${intro}</p>`
  }
${content}<p class="none" hidden>Nothing here has that.</p></section>
`;
}

const LEGEND = html`<ul class="hint legend"><li><span class="key p"></span>declared<li><span class="key p p1">2</span>declared otherwise than before<li><span class="key p p1 k">2</span>so that what was compiled before is wrong<li><span class="key x"></span>declared, not exported<li><span class="key y"></span>exported, not declared<li><span class="key u"></span>declared, not carried</ul>
`;

interface TableText {
  readonly what: string;
  readonly caption: string;
  readonly extra?: string;
  readonly filters?: string;
  readonly legend?: Html;
}

function sectionsOf(input: ReportInput): readonly Section[] {
  const { history, steps, machine } = input;
  const installed = machine?.absent === undefined ? machine : undefined;
  const names = new VersionNames(history);
  const baseline = Math.max(
    0,
    history.versions.findIndex(({ version }) => version === input.baseline),
  );
  const symbols = symbolRows({ history, baseline, steps, machine });
  const constants = constantRows(history);
  const typedefs = typedefRows(history);
  const records = recordHistories(input);
  const features = answerFeatures(input.features, { ...input, baseline, records });
  const columns: MatrixColumns = {
    names,
    what: '',
    extra: installed && 'Here',
    place: installed?.place,
    baseline: input.baseline === undefined ? undefined : baseline,
    sources: history.versions.map(({ source }) => source),
  };
  const table = (id: string, title: string, rows: readonly MatrixRow[], of: TableText): Section => {
    const made = matrix({ ...columns, ...of }, rows, of.filters ?? 'c', of.caption);
    return { id, title, count: rows.length, content: html`${of.legend}${made.content}`, table: made };
  };
  return [
    table('symbols', 'Symbols', symbols, {
      what: 'Symbol',
      caption: 'Which versions have each function and data symbol',
      filters: 'cw',
      legend: LEGEND,
    }),
    table('features', 'Features', featureRows(features, history, installed !== undefined), {
      what: 'Feature',
      caption: 'Which versions have each feature',
    }),
    { id: 'breaks', title: 'Changes', count: steps.length, content: stepsSection(steps) },
    {
      id: 'records',
      title: 'Records',
      count: records.length,
      intro: 'Offsets in bytes; a bit-field as byte:bit+width. What differs from the layout before is marked.',
      content: html`<div data-k="c">${recordsSection(records, history)}</div>`,
    },
    table('constants', 'Enumerators and constants', constants, {
      what: 'Name',
      extra: 'Value',
      caption: 'Which versions have each enumerator and each macro with a value',
    }),
    table('typedefs', 'Typedefs', typedefs, {
      what: 'Name',
      extra: 'Type',
      caption: 'Which versions have each typedef',
    }),
    {
      id: 'sources',
      title: 'Versions and their sources',
      count: history.versions.length,
      content: sourcesSection(history),
    },
  ];
}

/** What a driver could call, by the linker's names. */
function callableSymbols({ history }: ReportInput): readonly string[] {
  return history.functions.flatMap(({ eras }) => {
    const { decl } = eras.at(-1)!;
    return decl.unsupported === undefined ? [decl.symbol ?? decl.name] : [];
  });
}
