// In: what a driver's sources use of its shims, judged. Out: text: for each library what it runs on and what it uses behind which checks, then
// every problem with its place, as compilers print them.

import type { Problem, ShimReport, UsedName } from './judge.ts';

export type Style = 'bold' | 'dim' | 'error' | 'warning' | 'good';
export type Paint = (text: string, style: Style) => string;

export function lintText(reports: readonly ShimReport[], short: (path: string) => string, paint: Paint): string {
  if (reports.length === 0) return 'no shim is used\n';
  const lines = reports.flatMap((report) => reportLines(report, short, paint));
  const problems = reports.flatMap((report) => report.problems);
  for (const problem of problems) lines.push(problemLine(problem, short, paint));
  if (problems.length > 0) lines.push('');
  lines.push(countsText(problems, paint));
  return `${lines.join('\n')}\n`;
}

function reportLines(report: ShimReport, short: (path: string) => string, paint: Paint): string[] {
  const { library, specifier, known, baseline, used, features, unseen } = report;
  const versions = known
    ? `${known.versions} known versions, ${known.oldest} to ${known.newest}`
    : 'nothing is known of its versions';
  const count = (kind: UsedName['kind'], state?: UsedName['state']): number =>
    used.filter((one) => one.kind === kind && (state === undefined || one.state === state)).length;
  const plain = count('required') + count('weak', 'required');
  const counts = [
    `${plain} required`,
    `${count('weak', 'guarded')} guarded`,
    `${count('weak', 'unguarded')} unguarded functions`,
    `${features.length} features`,
    `${count('constant')} constants`,
    `${count('member')} members`,
  ];
  const besides = used.filter(
    ({ kind, state, versions: words }) => kind === 'weak' || state === 'unguarded' || words !== undefined,
  );
  const shown = besides.filter(({ state, kind }) => state !== 'required' || kind === 'weak');
  const width = Math.max(0, ...shown.map(({ name }) => name.length));
  return [
    `${paint(library, 'bold')} ${paint(`(${specifier}; ${versions}${baseline ? `; baseline ${baseline}` : ''})`, 'dim')}`,
    `  ${runsOn(report, paint)}`,
    `  ${counts.join(', ')}`,
    ...(unseen.length > 0 ? [paint(`  not looked into, being declarations only: ${unseen.join(', ')}`, 'dim')] : []),
    ...shown.map((one) => usedLine(one, width, short, paint)),
    '',
  ];
}

function runsOn({ lowest, highest, impossible, known, refusedBefore }: ShimReport, paint: Paint): string {
  if (impossible !== undefined) return paint(impossible, 'error');
  if (!known || !lowest) return paint('which versions it runs on cannot be told', 'dim');
  const { version, because } = lowest;
  const names = shortList(because);
  const reason = version === known.oldest ? ' (the oldest that is known)' : names ? `, for ${names}` : '';
  const gone = highest && `; newer ones lack ${shortList(highest.because)}`;
  const those = !highest
    ? `${paint(version, 'good')} and newer${reason}`
    : highest.version === version
      ? `${paint(`${version} only`, 'error')}${reason}${gone}`
      : `${paint(`${version} to ${highest.version}`, 'error')}${reason}${gone}`;
  if (refusedBefore === undefined) return `runs on ${those}`;
  return `what it uses is there in ${those}; the shim refuses versions before ${refusedBefore}`;
}

function shortList(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(', ')}, …` : names.join(', ');
}

function usedLine(one: UsedName, width: number, short: (path: string) => string, paint: Paint): string {
  const { name, state, guards, versions = '', places } = one;
  const [{ file, line, column }] = places as [UsedName['places'][number]];
  const more = places.length > 1 ? ` and ${places.length - 1} more` : '';
  const style = state === 'unguarded' ? 'error' : 'good';
  const how = guards.length > 0 ? guards.join(', ') : '';
  return `  ${paint(state.padEnd(9), style)} ${name.padEnd(width)}  ${[versions, how].filter(Boolean).join('; ')}${paint(`  ${short(file)}:${line}:${column}${more}`, 'dim')}`;
}

function problemLine(
  { place, severity, message, rule }: Problem,
  short: (path: string) => string,
  paint: Paint,
): string {
  const where = `${short(place.file)}:${place.line}:${place.column}:`;
  return `${paint(where, 'bold')} ${paint(`${severity}:`, severity)} ${message} ${paint(`[${rule}]`, 'dim')}`;
}

function countsText(problems: readonly Problem[], paint: Paint): string {
  if (problems.length === 0) return paint('no problems', 'good');
  const count = (severity: Problem['severity']): string => {
    const found = problems.filter((one) => one.severity === severity).length;
    return `${found} ${severity}${found === 1 ? '' : 's'}`;
  };
  return `${count('error')}, ${count('warning')}`;
}
