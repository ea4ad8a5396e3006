// A driver's option descriptors and what a user has given in, the values out. Text, as a command line has it, or values of the option's
// own type. What is not known, is not of its type, or is missing is a DriverError that says what there is.

import type { DriverDescriptor, OptionDescriptor } from './descriptor.ts';
import { DriverError } from './errors.ts';

export type GivenOptions = Readonly<Record<string, string | number | boolean | undefined>>;

export function optionValues(driver: DriverDescriptor, given: GivenOptions = {}): Record<string, unknown> {
  const { name, options = {} } = driver;
  const refuse = (what: string): never => {
    const known = Object.keys(options);
    const remedy = known.length ? `Its options: ${known.join(', ')}.` : 'It has no options.';
    throw new DriverError('options', name, `${name}: ${what}.`, remedy);
  };
  for (const key of Object.keys(given)) if (!Object.hasOwn(options, key)) refuse(`there is no option '${key}'`);
  return Object.fromEntries(
    Object.entries(options).map(([key, option]) => {
      const value = Object.hasOwn(given, key) ? given[key] : undefined;
      if (value === undefined && option.required) refuse(`the option '${key}' is missing: ${option.description}`);
      if (value === undefined) return [key, option.default];
      const shown = option.secret ? 'what it was given' : `'${value}'`;
      return [
        key,
        valueIn(option, value) ?? refuse(`the option '${key}' takes ${kindInWords(option)}, and not ${shown}`),
      ];
    }),
  );
}

/** Undefined for what is no value of the option. */
function valueIn(option: OptionDescriptor, given: string | number | boolean): string | number | boolean | undefined {
  switch (option.type) {
    case 'string':
      return typeof given === 'string' && (option.choices?.includes(given) ?? true) ? given : undefined;
    case 'boolean':
      return typeof given === 'boolean' ? given : BOOLEANS.get(String(given));
    default: {
      const number = typeof given === 'number' ? given : numberOf(option.type, String(given));
      const isWhole = option.type === 'number' || Number.isSafeInteger(number);
      const { minimum = -Infinity, maximum = Infinity } = option;
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
