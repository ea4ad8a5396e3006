// What shims say of their libraries in, text for people out: a table of several, details of one.

import { colors } from './output.ts';
import { isUsable, type Probed } from './probe.ts';

const NONE = '-';
const UNVERSIONED = 'unversioned';

/** One line a library. */
export function table(results: readonly Probed[]): string {
  const c = colors(process.stdout);
  const head = ['library', 'status', 'version', 'features', 'missing required', 'layouts', 'path'];
  const rows = results.map((result) => [
    result.library,
    statusText(result),
    versionText(result) ?? NONE,
    featuresText(result),
    (result.path && shortList(result.missingRequired)) || NONE,
    shortList(Object.entries(result.layouts ?? {}).map(([record, era]) => `${record} ${era}`)) || NONE,
    result.path ?? firstLine(result) ?? NONE,
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column]!))).join('  ');
  const lines = rows.map((row, index) => {
    const text = line(row);
    return isUsable(results[index]!) ? text : c.red(text);
  });
  const bad = results.filter((result) => !isUsable(result)).length;
  const sum =
    bad === 0 ? c.green(`all ${results.length} usable`) : `${results.length - bad} usable, ${c.red(`${bad} not`)}`;
  return `${[c.bold(line(head)), ...lines].join('\n')}\n${sum}\n`;
}

/** All there is to say. */
export function details(result: Probed): string {
  const c = colors(process.stdout);
  const { versions, features, reasons = {}, missingRequired } = result;
  const { present, missing, undecided } = functionsOf(result);
  const lines: string[] = [];
  const row = (label: string, text: string | undefined): void => {
    if (text) lines.push(`  ${label.padEnd(16)} ${text}`);
  };
  const rows = (label: string, texts: readonly string[]): void => {
    for (const [index, text] of texts.entries()) row(index === 0 ? label : '', text);
  };
  const mark = isUsable(result) ? c.green(statusText(result)) : c.red(statusText(result));
  lines.push(`${c.bold(result.library)}: ${mark}`);
  rows('why not', result.error?.message.split('\n') ?? []);
  row('path', result.path);
  row('soname', result.soname);
  row('build id', result.buildId);
  const told = result.undetermined && result.versions ? ', as far as its file tells' : '';
  row('version', versionText(result) && `${versionText(result)}${told}`);
  rows(
    '',
    (versions?.evidence ?? []).map(({ says, allows }) => `it ${says}: ${allows}`),
  );
  rows('warnings', versions?.warnings ?? []);
  row('file version', result.fileVersion);
  // What headers without a version are called tells nobody anything.
  row('shim', result.shimVersion === UNVERSIONED ? undefined : `follows ${result.shimVersion}`);
  const isRead = result.path !== undefined;
  if (isRead) row('functions', `${present.length} of ${present.length + missing.length + undecided.length}`);
  if (isRead) {
    rows('missing', wrapped(missing));
    rows('missing required', wrapped(missingRequired));
    rows('undecided', wrapped(undecided));
    row('features', featuresText(result));
    const names = Object.keys(features);
    const width = Math.max(0, ...names.map((name) => name.length));
    for (const name of names) {
      const has = features[name];
      const answer = has === null ? 'unknown' : has ? 'yes' : 'no';
      lines.push(
        `    ${name.padEnd(width)}  ${answer.padEnd(7)}  ${has === true ? '' : (reasons[name] ?? '')}`.trimEnd(),
      );
    }
    rows(
      'layouts',
      Object.entries(result.layouts ?? {}).map(([name, era]) => `${name}: ${era}`),
    );
    rows(
      'signatures',
      Object.entries(result.signatures ?? {}).map(([name, era]) => `${name}: ${era}`),
    );
  }
  rows('not known', result.undetermined ?? []);
  rows(
    'notes',
    result.attempts.flatMap(({ note }) => note ?? []),
  );
  return `${lines.join('\n')}\n`;
}

/** A function may have a slot for each of its signatures, `f@1.8.0` beside `f`: one that is there is enough. */
function functionsOf(result: Probed): Record<'present' | 'missing' | 'undecided', readonly string[]> {
  const names = (slots: readonly string[] = []): string[] => [...new Set(slots.map((slot) => slot.replace(/@.*/, '')))];
  const present = names(result.present);
  const undecided = names(result.undecided).filter((name) => !present.includes(name));
  const missing = names(result.missing).filter((name) => !present.includes(name) && !undecided.includes(name));
  return { present, missing, undecided };
}

function statusText({ status, error }: Probed): string {
  switch (status) {
    case 'loadable':
      return 'usable';
    case 'loaded':
      return 'usable, loaded';
    case 'rejected':
      return WORDS[error?.code ?? ''] ?? status;
    default:
      return status;
  }
}

/** By the code of the error. */
const WORDS: Readonly<Record<string, string>> = {
  DLSHIM_UNREADABLE: 'unreadable',
  DLSHIM_NOT_A_LIBRARY: 'not a library',
  DLSHIM_WRONG_MACHINE: 'for another machine',
  DLSHIM_TRUNCATED: 'incomplete',
  DLSHIM_DEPENDENCY: 'a dependency is missing',
};

/** Its own word, and what can be told besides. */
function versionText({ version, versions }: Probed): string | undefined {
  if (versions === undefined) return version;
  return version === undefined || versions.text === version ? versions.text : `${versions.text} (says ${version})`;
}

function featuresText({ features, path }: Probed): string {
  const all = Object.values(features);
  if (all.length === 0 || path === undefined) return NONE;
  const unknown = all.filter((has) => has === null).length;
  return `${all.filter((has) => has === true).length}/${all.length}${unknown > 0 ? `, ${unknown} unknown` : ''}`;
}

function shortList(names: readonly string[]): string {
  return names.length > 2 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
}

function firstLine({ error }: Probed): string | undefined {
  return error?.message.split('\n')[0];
}

/** Names in lines of some 100 characters. */
function wrapped(names: readonly string[]): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length < 100) lines[lines.length - 1] = `${last}, ${name}`;
    else lines.push(name);
  }
  return lines;
}
