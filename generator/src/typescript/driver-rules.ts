// In: a driver's descriptor as data with places. Out: what is malformed in it, each at its place: as runtime/src/drivers/descriptor.ts has it,
// for sources that the compiler has not seen or that are no TypeScript, and what no type says.

import type { Diagnostic, Place } from '../diagnostics.ts';
import { didYouMean } from '../model/near.ts';
import { checkOptions } from './option-rules.ts';
import type { Datum, Member } from './plain-data.ts';
import { checkProbes } from './probe-rules.ts';

export type Report = (problem: Diagnostic) => void;

/** What is looked at, how messages call it, and where problems go. */
export class Rules {
  readonly report: Report;
  constructor(report: Report) {
    this.report = report;
  }

  wrong(place: Place, message: string, notes?: readonly string[]): void {
    this.report({ code: 'descriptor', severity: 'error', message, place, ...(notes && { notes }) });
  }

  /** What does no harm, and is worth a look. */
  note(place: Place, message: string): void {
    this.report({ code: 'descriptor', severity: 'warning', message, place });
  }

  /** Members of an object, none of which is unknown; undefined where it is no object. */
  object(data: Datum, path: string, known: readonly string[]): ReadonlyMap<string, Member> | undefined {
    if (!data.members) {
      if (data.value !== undefined) this.wrong(data.place, `${path} is no object`);
      return undefined;
    }
    for (const [name, { namePlace }] of data.members) {
      if (!known.includes(name))
        this.wrong(namePlace, `${path} has no ${name}${didYouMean(name, known)}`, [`it has: ${known.join(', ')}`]);
    }
    return data.members;
  }

  /** Values of a kind that are there; undefined for others, which are reported. */
  value<K extends 'string' | 'number' | 'boolean'>(
    data: Datum | undefined,
    path: string,
    kind: K,
  ): Values[K] | undefined {
    if (data?.value === undefined) return undefined;
    if (typeof data.value === kind) return data.value as Values[K];
    this.wrong(data.place, `${path} is no ${WORDS[kind]}`);
    return undefined;
  }

  /** One line of text that says something. */
  line(data: Datum | undefined, path: string): string | undefined {
    const text = this.value(data, path, 'string');
    if (text === undefined) return undefined;
    if (text.trim() === '') this.wrong(data!.place, `${path} says nothing`);
    else if (/[\n\r]/.test(text)) this.wrong(data!.place, `${path} has more than one line`);
    else return text;
    return undefined;
  }

  /** The texts of a list, with their places, each once. */
  texts(data: Datum | undefined, path: string): readonly TextAt[] {
    if (data?.value === undefined) return [];
    if (!data.items) {
      this.wrong(data.place, `${path} is no list`);
      return [];
    }
    const seen = new Set<string>();
    return data.items.flatMap((item, at): TextAt[] => {
      const text = this.line(item, `${path}[${at}]`);
      if (text === undefined) return [];
      if (seen.has(text)) this.wrong(item.place, `${path} has '${text}' twice`);
      seen.add(text);
      return [{ text, place: item.place }];
    });
  }

  among(data: Datum | undefined, path: string, choices: readonly string[]): string | undefined {
    const text = this.value(data, path, 'string');
    if (text === undefined || choices.includes(text)) return text;
    this.wrong(data!.place, `${path} is '${text}'${didYouMean(text, choices)}`, [`one of: ${choices.join(', ')}`]);
    return undefined;
  }

  /** What has to be there. What could not be read is reported already. */
  missing(owner: Datum, name: string, path: string): boolean {
    const is = owner.members?.get(name)?.value !== undefined;
    if (!is && !owner.isUnreadable) this.wrong(owner.place, `${path} has no ${name}`);
    return !is;
  }
}

export interface TextAt {
  readonly text: string;
  readonly place: Place;
}

interface Values {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
}

const WORDS = { string: 'text', number: 'number', boolean: 'true or false' } as const;

const KEYS = [
  ...['name', 'description', 'protocols', 'formats', 'probes', 'needsCode', 'shims', 'host', 'options', 'priority'],
];
export const PRIORITIES: readonly string[] = ['required', 'recommended', 'suggested'];

export function checkDescriptor(data: Datum, report: Report): void {
  const rules = new Rules(report);
  const members = rules.object(data, 'the descriptor', KEYS);
  if (!members) return;
  const get = (name: string): Member | undefined => members.get(name);
  rules.missing(data, 'name', 'the descriptor');
  rules.missing(data, 'description', 'the descriptor');
  const name = rules.line(get('name'), 'name');
  if (name !== undefined && !/^[a-z][a-z0-9_-]*$/i.test(name))
    rules.wrong(get('name')!.place, `'${name}' is no name of a driver`, ['a letter, then letters, digits, - and _']);
  rules.line(get('description'), 'description');
  for (const { text, place } of rules.texts(get('protocols'), 'protocols')) checkProtocol(text, place, rules);
  const formats = rules.texts(get('formats'), 'formats');
  for (const { text, place } of formats) {
    if (!/^[a-z0-9][\w.-]*$/i.test(text))
      rules.wrong(place, `'${text}' is no name of a format`, ['a letter or digit, then letters, digits, . - and _']);
  }
  // What is no list is reported as that.
  const isEmpty = (list: string): boolean => {
    const { value, items, isUnreadable } = get(list) ?? {};
    return !isUnreadable && (value === undefined || items?.length === 0);
  };
  if (isEmpty('protocols') && isEmpty('formats') && !data.isUnreadable)
    rules.wrong(data.place, 'the driver opens nothing: it has neither protocols nor formats');
  if (!isEmpty('protocols') && !isEmpty('formats'))
    rules.wrong(get('formats')!.namePlace, 'the driver has protocols and formats: these are two drivers');
  checkProbes(
    get('probes'),
    formats.map(({ text }) => text),
    rules,
  );
  if (rules.value(get('needsCode'), 'needsCode', 'boolean') && isEmpty('formats'))
    rules.wrong(get('needsCode')!.place, 'needsCode is about formats, and the driver has none');
  const host = rules.line(get('host'), 'host');
  if (host !== undefined && !isVersion(host))
    rules.wrong(get('host')!.place, `host is '${host}', which is no version`, ["digits and dots, such as '1.2.0'"]);
  if (!data.isUnreadable && !get('needsCode')?.value) {
    for (const { text, place } of formats) {
      if (!isProbed(text, get('probes')?.items ?? [], formats[0]!.text))
        rules.note(
          place,
          `no probe is for '${text}', and needsCode is not said: it is opened only where it is asked for`,
        );
    }
  }
  checkOptions(get('options'), rules);
  rules.among(get('priority'), 'priority', PRIORITIES);
}

/** A probe that names no format is for the first one. */
function isProbed(format: string, probes: readonly Datum[], first: string): boolean {
  return probes.some(({ members }) => (members?.get('format')?.value ?? first) === format);
}

/** RFC 3986, section 3.1, in lower case, as addresses are compared; one letter would be a drive of Windows. */
function checkProtocol(text: string, place: Place, rules: Rules): void {
  if (/^[a-z][a-z0-9+.-]+$/.test(text)) return;
  const bare = text.replace(/:(\/\/)?$/, '').toLowerCase();
  const instead = bare !== text && /^[a-z][a-z0-9+.-]+$/.test(bare) ? `: write '${bare}'` : '';
  rules.wrong(place, `'${text}' is no protocol${instead}`, [
    'the scheme of an address, without its colon: a lower-case letter, then at least one of a-z 0-9 + . -',
  ]);
}

/** As runtime/src/drivers/known.ts takes them. */
function isVersion(text: string): boolean {
  return /^\d+(\.\d+)*([-+~].+)?$/.test(text);
}
