// In: the options of a driver's descriptor. Out: those that are malformed, each at its place: unknown types, defaults that the option itself
// would refuse, limits that nothing meets. Follows runtime/src/drivers/options.ts.

import type { Rules } from './driver-rules.ts';
import type { Datum, Json, Member } from './plain-data.ts';

const TYPES = ['string', 'boolean', 'integer', 'number', 'size'];
const COMMON = ['type', 'description', 'required', 'secret', 'default'];
const OF_NUMBERS = [...COMMON, 'minimum', 'maximum'];

export function checkOptions(data: Datum | undefined, rules: Rules): void {
  if (data?.value === undefined) return;
  if (!data.members) {
    rules.wrong(data.place, 'options is no object');
    return;
  }
  for (const [name, option] of data.members) {
    if (!/^[a-z][\w-]*$/i.test(name))
      rules.wrong(option.namePlace, `'${name}' is no name of an option`, ['a letter, then letters, digits, - and _']);
    checkOption(option, `options.${name}`, rules);
  }
}

function checkOption(option: Member, path: string, rules: Rules): void {
  const type = rules.among(option.members?.get('type'), `${path}.type`, TYPES);
  const known = type === 'string' ? [...COMMON, 'choices'] : type === 'boolean' ? COMMON : OF_NUMBERS;
  const members = rules.object(option, path, type === undefined ? [...OF_NUMBERS, 'choices'] : known);
  if (!members) return;
  rules.missing(option, 'type', path);
  rules.missing(option, 'description', path);
  rules.line(members.get('description'), `${path}.description`);
  const isRequired = rules.value(members.get('required'), `${path}.required`, 'boolean');
  rules.value(members.get('secret'), `${path}.secret`, 'boolean');
  const preset = members.get('default');
  if (isRequired && preset?.value !== undefined)
    rules.wrong(preset.namePlace, `${path} must be given, and has a default`);
  if (type === 'string') checkTexts(members, preset, path, rules);
  else if (type === 'boolean') rules.value(preset, `${path}.default`, 'boolean');
  else if (type !== undefined) checkNumbers(type, members, preset, path, rules);
}

type Members = ReadonlyMap<string, Member>;

function checkTexts(members: Members, preset: Member | undefined, path: string, rules: Rules): void {
  const listed = members.get('choices');
  const choices = rules.texts(listed, `${path}.choices`).map(({ text }) => text);
  if (listed?.items?.length === 0) rules.wrong(listed.place, `${path}.choices is empty`);
  const text = rules.value(preset, `${path}.default`, 'string');
  if (text !== undefined && choices.length > 0 && !choices.includes(text))
    rules.wrong(preset!.place, `${path}.default is '${text}', which is none of its choices`, [choices.join(', ')]);
}

function checkNumbers(type: string, members: Members, preset: Member | undefined, path: string, rules: Rules): void {
  const number = (name: string): number | undefined => {
    const data = members.get(name);
    const value = rules.value(data, `${path}.${name}`, 'number');
    if (value === undefined || type === 'number' || Number.isSafeInteger(value)) return value;
    rules.wrong(data!.place, `${path}.${name} is ${value}, which is no whole number`);
    return undefined;
  };
  const [value, minimum, maximum] = [number('default'), number('minimum'), number('maximum')];
  if (minimum !== undefined && maximum !== undefined && minimum > maximum)
    rules.wrong(members.get('minimum')!.place, `${path}: no number is from ${minimum} to ${maximum}`);
  else if (value !== undefined && (value < (minimum ?? -Infinity) || value > (maximum ?? Infinity)))
    rules.wrong(preset!.place, `${path}.default is ${value}, which is outside its limits`, [limits(minimum, maximum)]);
  else if (type === 'size' && value !== undefined && value < 0)
    rules.wrong(preset!.place, `${path}.default is ${value}, and no number of bytes is below 0`);
}

function limits(minimum: Json | undefined, maximum: Json | undefined): string {
  return [minimum === undefined ? '' : `from ${minimum}`, maximum === undefined ? '' : `to ${maximum}`]
    .filter(Boolean)
    .join(' ');
}
