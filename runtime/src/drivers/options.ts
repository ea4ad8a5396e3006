// A driver's option descriptors and what a user has given in, the values out. Text, as a command line has it, or values of the option's
// own type. What is not known, is not of its type, or is missing is a DriverError that says what there is. What was given for a secret is in no message, nor
// what was given for an option that does not exist: it may be one that is misspelled.

import type { DriverDescriptor, OptionDescriptor } from './descriptor.ts';
import { DriverError, inWords } from './errors.ts';
import { knownWords } from './near.ts';

export type GivenOptions = Readonly<Record<string, string | number | boolean | undefined>>;

/** The options of a command line: `['port=22', 'verify']` is `{ port: '22', verify: true }`. What stands behind the first `=` is the value. */
export function parseOptions(words: readonly string[]): GivenOptions {
  const options = new Map<string, string | true>();
  for (const [index, word] of words.entries()) {
    const end = word.indexOf('=');
    const name = end < 0 ? word : word.slice(0, end);
    if (name === '' || /\s/.test(name)) {
      const what = `Option number ${index + 1} has no name: options are written as NAME=VALUE, or NAME for one that is on.`;
      throw new DriverError('options', undefined, what);
    }
    if (options.has(name))
      throw new DriverError('options', undefined, `The option '${name}' is given twice.`, 'Give it once.');
    options.set(name, end < 0 ? true : word.slice(end + 1));
  }
  return Object.fromEntries(options);
}

/** The values of all of a driver's options, defaults included. For a driver, too, whose addresses have options. */
export function optionValues(
  driver: Pick<DriverDescriptor, 'name' | 'options'>,
  given: GivenOptions = {},
): Record<string, unknown> {
  const { name, options = {} } = driver;
  const known = Object.keys(options);
  const refuse = (what: string, wanted = ''): never => {
    const remedy = known.length > 0 ? knownWords(wanted, known, 'Its options') : 'It has no options.';
    throw new DriverError('options', name, `The driver '${name}': ${what}.`, remedy);
  };
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    refuse('its options are to be an object, such as { name: value }');
  for (const key of Object.keys(given)) if (!Object.hasOwn(options, key)) refuse(`there is no option '${key}'`, key);
  return Object.fromEntries(
    Object.entries(options).map(([key, option]) => {
      const value = Object.hasOwn(given, key) ? given[key] : undefined;
      if (value === undefined && option.required) refuse(`the option '${key}' is missing: ${option.description}`);
      if (value === undefined) return [key, option.default];
      if (value === true && option.type !== 'boolean')
        refuse(`the option '${key}' takes ${kindInWords(option)}: ${key}=…`);
      const shown = option.secret ? 'what it was given' : `'${inWords(value)}'`;
      return [
        key,
        valueIn(option, value) ?? refuse(`the option '${key}' takes ${kindInWords(option)}, and not ${shown}`),
      ];
    }),
  );
}

/** Undefined for what is no value of the option. */
export function valueIn(
  option: OptionDescriptor,
  given: string | number | boolean,
): string | number | boolean | undefined {
  if (!['string', 'number', 'boolean'].includes(typeof given)) return undefined;
  switch (option.type) {
    case 'string':
      return typeof given === 'string' && (option.choices?.includes(given) ?? true) ? given : undefined;
    case 'boolean':
      return typeof given === 'boolean' ? given : BOOLEANS.get(String(given).toLowerCase());
    default: {
      const number = typeof given === 'number' ? given : numberOf(option.type, String(given));
      const isWhole = option.type === 'number' ? Number.isFinite(number) : Number.isSafeInteger(number);
      const { minimum = option.type === 'size' ? 0 : -Infinity, maximum = Infinity } = option;
      return isWhole && number >= minimum && number <= maximum ? number : undefined;
    }
  }
}

const BOOLEANS = new Map([
  ...['on', 'yes', 'true', '1'].map((word) => [word, true] as const),
  ...['off', 'no', 'false', '0'].map((word) => [word, false] as const),
]);

function numberOf(type: 'integer' | 'number' | 'size', text: string): number {
  const [, digits, unit] = /^(-?\d+(?:\.\d+)?)([KMGT])?$/i.exec(text) ?? [];
  if (digits === undefined || (unit !== undefined && type !== 'size')) return Number.NaN;
  return Number(digits) * 1024 ** ' KMGT'.indexOf(unit?.toUpperCase() ?? ' ');
}

export function kindInWords(option: OptionDescriptor): string {
  switch (option.type) {
    case 'string':
      return option.choices ? `one of ${option.choices.join(', ')}` : 'text';
    case 'boolean':
      return 'on or off';
    default: {
      const kind = { integer: 'a whole number', number: 'a number', size: 'a number of bytes such as 64K' }[
        option.type
      ];
      const { minimum, maximum } = option;
      return [
        kind,
        minimum === undefined ? '' : ` from ${minimum}`,
        maximum === undefined ? '' : ` to ${maximum}`,
      ].join('');
    }
  }
}
