// In: the probes of a driver's descriptor. Out: those that are malformed, or that could never match, each at its place. Follows
// runtime/src/drivers/probe.ts.

import { didYouMean } from '../model/near.ts';
import type { Rules } from './driver-rules.ts';
import type { Datum, Member } from './plain-data.ts';

type Members = ReadonlyMap<string, Member>;

export function checkProbes(data: Datum | undefined, formats: readonly string[], rules: Rules): void {
  if (data?.value === undefined) return;
  if (!data.items) {
    rules.wrong(data.place, 'probes is no list');
    return;
  }
  if (formats.length === 0 && data.items.length > 0)
    rules.wrong(data.place, 'probes are about formats, and the driver has none');
  for (const [at, probe] of data.items.entries()) checkProbe(probe, `probes[${at}]`, formats, rules);
}

function checkProbe(probe: Datum, path: string, formats: readonly string[], rules: Rules): void {
  const isSuffix = probe.members?.has('suffix') === true;
  const known = isSuffix ? ['suffix', 'score', 'format'] : ['offset', 'text', 'hex', 'mask', 'score', 'format'];
  const members = rules.object(probe, path, known);
  if (!members) return;
  if (isSuffix) checkSuffix(members, path, rules);
  else checkBytes(probe, members, path, rules);
  checkScore(probe, members, path, isSuffix ? 99 : 100, rules);
  const format = rules.value(members.get('format'), `${path}.format`, 'string');
  if (format !== undefined && formats.length > 0 && !formats.includes(format))
    rules.wrong(members.get('format')!.place, `the driver has no format '${format}'${didYouMean(format, formats)}`, [
      `its formats: ${formats.join(', ')}`,
    ]);
}

function checkScore(probe: Datum, members: Members, path: string, most: number, rules: Rules): void {
  if (rules.missing(probe, 'score', path)) return;
  const score = rules.value(members.get('score'), `${path}.score`, 'number');
  if (score === undefined || (score >= 1 && score <= most)) return;
  const why = score === 100 ? 'the end of a name is a hint, and never certain' : '100 is certain';
  rules.wrong(members.get('score')!.place, `${path}.score is ${score}, and not from 1 to ${most}`, [why]);
}

function checkSuffix(members: Members, path: string, rules: Rules): void {
  const suffix = rules.value(members.get('suffix'), `${path}.suffix`, 'string');
  if (suffix !== undefined && !/^\.[^/\\]+$/.test(suffix))
    rules.wrong(members.get('suffix')!.place, `${path}.suffix is '${suffix}', which ends no name of a file`, [
      "it begins with its dot: '.dmg'",
    ]);
}

function checkBytes(probe: Datum, members: Members, path: string, rules: Rules): void {
  rules.missing(probe, 'offset', path);
  const offset = rules.value(members.get('offset'), `${path}.offset`, 'number');
  if (offset !== undefined && !Number.isSafeInteger(offset))
    rules.wrong(members.get('offset')!.place, `${path}.offset is ${offset}, which is no whole number`);
  const [text, hex] = [members.get('text'), members.get('hex')];
  if (text && hex) rules.wrong(hex.namePlace, `${path} has text and hex: one of them says which bytes`);
  else if (!text && !hex && !probe.isUnreadable) rules.wrong(probe.place, `${path} has neither text nor hex`);
  const length = checkText(text, path, rules) ?? checkHex(hex, `${path}.hex`, rules);
  checkMask(members.get('mask'), hex, path, rules);
  if (offset !== undefined && length !== undefined && offset < 0 && offset + length > 0)
    rules.wrong(
      members.get('offset')!.place,
      `${path} never matches: ${length} bytes do not begin ${-offset} before the end`,
    );
}

/** The number of its bytes. */
function checkText(data: Datum | undefined, path: string, rules: Rules): number | undefined {
  const text = rules.value(data, `${path}.text`, 'string');
  if (text === undefined) return undefined;
  if (text === '') rules.wrong(data!.place, `${path}.text is empty, and matches everything`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what ASCII is
  else if (/[^\x00-\x7f]/.test(text)) rules.wrong(data!.place, `${path}.text is not ASCII: write hex`);
  else return text.length;
  return undefined;
}

function checkHex(data: Datum | undefined, path: string, rules: Rules): number | undefined {
  const hex = rules.value(data, path, 'string');
  if (hex === undefined) return undefined;
  if (!/^[0-9a-f]+$/i.test(hex)) rules.wrong(data!.place, `${path} is '${hex}', and not hexadecimal digits`);
  else if (hex.length % 2 !== 0) rules.wrong(data!.place, `${path} has ${hex.length} digits, and a byte has two`);
  else return hex.length / 2;
  return undefined;
}

function checkMask(mask: Member | undefined, hex: Member | undefined, path: string, rules: Rules): void {
  const length = checkHex(mask, `${path}.mask`, rules);
  if (length === undefined) return;
  if (!hex) rules.wrong(mask!.namePlace, `${path} has a mask and no hex`);
  else if (typeof hex.value === 'string' && hex.value.length !== length * 2)
    rules.wrong(mask!.place, `${path}.mask has ${length * 2} digits, and hex has ${hex.value.length}`);
  else if (/^0+$/.test(String(mask!.value)))
    rules.wrong(mask!.place, `${path}.mask lets no bit count, and matches everything`);
}
