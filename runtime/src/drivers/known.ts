// One program's list of drivers, and what it says of itself, in; a TypeError out for what cannot be right: descriptors that say what makes no sense, two drivers with one
// name, protocol or format. Runs at every start of the program, so that it looks at each word once.

import type { BytesProbe, DriverDescriptor, Host, OptionDescriptor, Probe } from './descriptor.ts';
import { inWords } from './errors.ts';
import { valueIn } from './options.ts';

/** A scheme of RFC 3986, section 3.1, in lower case. Of one letter it would be a drive of Windows'. */
const SCHEME = /^[a-z][a-z0-9+.-]+$/;
const NAME = /^[a-z][a-z0-9_-]*$/i;
const FORMAT = /^[a-z0-9][\w.-]*$/i;
/** Numbers with dots, as they are compared, and what may stand behind them: `1.2.0-rc.1`. */
const VERSION = /^\d+(\.\d+)*([-+~].+)?$/;
const HEX = /^([0-9a-f]{2})+$/i;

export function checkList(known: readonly (DriverDescriptor & { readonly module: unknown })[]): void {
  if (!Array.isArray(known)) throw new TypeError('defineDrivers() takes a list of drivers');
  const owners = new Map<string, string>();
  const claim = (what: string, driver: string): void => {
    const other = owners.get(what);
    if (other === driver) throw new TypeError(`defineDrivers(): the driver '${driver}' is on the list twice`);
    if (other !== undefined)
      throw new TypeError(`defineDrivers(): the drivers '${other}' and '${driver}' both have ${what}`);
    owners.set(what, driver);
  };
  for (const driver of known) {
    const wrong = faultOf(driver);
    if (wrong !== undefined) throw new TypeError(`defineDrivers(): the driver '${driver?.name}': ${wrong}`);
    const { name, protocols = [], formats = [] } = driver;
    claim(`the name '${name}'`, name);
    for (const protocol of new Set(protocols)) claim(`the protocol '${protocol}:'`, name);
    for (const format of new Set(formats)) claim(`the format '${format}'`, name);
  }
}

export function checkHost(host: Host | undefined): void {
  if (typeof host?.name !== 'string' || host.name.trim() === '' || typeof host.version !== 'string')
    throw new TypeError('defineDrivers() takes the program as host: { name, version }');
  if (!VERSION.test(host.version.replace(/^v/, '')))
    throw new TypeError(`defineDrivers(): the host's version '${host.version}' is no version such as 1.2.0`);
}

/** What is wrong with a descriptor, in words. */
export function faultOf(driver: DriverDescriptor & { readonly module?: unknown }): string | undefined {
  if (typeof driver !== 'object' || driver === null) return 'not a descriptor';
  const { name, description, protocols = [], formats = [], probes = [], needsCode, host } = driver;
  const { shims = {}, options = {} } = driver;
  if (!fits(NAME, name)) return 'its name is to be letters, digits, - and _';
  if (typeof description !== 'string' || description === '') return 'it has no description';
  if (typeof driver.module !== 'function') return 'it has no `module`, a function that imports it';
  for (const list of [protocols, formats, probes])
    if (!Array.isArray(list)) return 'protocols, formats and probes are lists';
  if ((protocols.length === 0) === (formats.length === 0))
    return formats.length === 0 ? 'it has neither protocols nor formats' : 'it has protocols and formats: two drivers';
  for (const each of protocols)
    if (!fits(SCHEME, each))
      return `'${inWords(each)}' is no protocol: lower-case letters, digits, + - and ., two at least`;
  for (const each of formats) if (!fits(FORMAT, each)) return `'${inWords(each)}' is no name of a format`;
  if (formats.length === 0 && (probes.length > 0 || needsCode)) return 'it has probes, and no formats';
  for (const probe of probes) {
    const wrong = faultOfProbe(probe, formats);
    if (wrong !== undefined) return `the probe ${JSON.stringify(probe)}: ${wrong}`;
  }
  if (host !== undefined && (typeof host !== 'string' || !VERSION.test(host)))
    return `its host '${host}' is no version such as 1.2.0`;
  if (!isObject(shims)) return 'its shims are an object';
  for (const [library, needs] of Object.entries(shims)) {
    if (!isObject(needs)) return `what it needs of ${library} is an object`;
    const { requires = [], uses = [] } = needs;
    if (!isTexts(requires) || !isTexts(uses)) return `what it requires and uses of ${library} are lists of names`;
  }
  if (!isObject(options)) return 'its options are an object';
  for (const [key, option] of Object.entries(options)) {
    const wrong = faultOfOption(key, option);
    if (wrong !== undefined) return `the option '${key}': ${wrong}`;
  }
  return undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function fits(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function faultOfProbe(probe: Probe, formats: readonly string[]): string | undefined {
  if (!isObject(probe)) return 'it is no object';
  const { format, score } = probe;
  const isSuffix = 'suffix' in probe;
  const most = isSuffix ? 99 : 100;
  if (typeof score !== 'number' || !(score >= 1 && score <= most)) return `its score is to be from 1 to ${most}`;
  if (format !== undefined && !formats.includes(format)) return `the driver has no format '${format}'`;
  if (isSuffix) return fits(/^\.[^/\\]+$/, probe.suffix) ? undefined : 'a suffix begins with its dot';
  return faultOfBytes(probe);
}

function faultOfBytes({ offset, text, hex, mask }: BytesProbe): string | undefined {
  if (!Number.isSafeInteger(offset)) return 'its offset is to be a whole number';
  if ((text === undefined) === (hex === undefined)) return 'it has either text or hex';
  if (text !== undefined && !fits(/^[\0-\x7f]+$/, text)) return 'its text is to be ASCII';
  if (hex !== undefined && !fits(HEX, hex)) return 'its hex is to be pairs of hexadecimal digits';
  if (mask === undefined) return undefined;
  if (hex === undefined) return 'a mask goes with hex';
  return fits(HEX, mask) && mask.length === hex.length ? undefined : 'its mask is to have as many digits as its hex';
}

const TYPES = new Set(['string', 'boolean', 'integer', 'number', 'size']);

function faultOfOption(key: string, option: OptionDescriptor): string | undefined {
  if (!NAME.test(key)) return 'its name is to be letters, digits, - and _';
  if (!isObject(option)) return 'it is no object';
  if (!TYPES.has(option.type)) return `there is no type '${inWords(option.type)}': ${[...TYPES].join(', ')}`;
  const wrong = faultOfValues(option);
  if (wrong !== undefined) return wrong;
  const { default: standard, required } = option;
  if (standard === undefined) return undefined;
  if (required) return 'it must be given, and has a default';
  const kind = { string: 'string', boolean: 'boolean', integer: 'number', number: 'number', size: 'number' } as const;
  const isValue = typeof standard === kind[option.type] && valueIn(option, standard) !== undefined;
  return isValue ? undefined : 'its default is none of its values';
}

/** Of what says which values it has. */
function faultOfValues(option: OptionDescriptor): string | undefined {
  if (option.type === 'string')
    return option.choices === undefined || isTexts(option.choices) ? undefined : 'its choices are a list of texts';
  if (option.type === 'boolean') return undefined;
  const { minimum = -Infinity, maximum = Infinity } = option;
  if (typeof minimum !== 'number' || typeof maximum !== 'number') return 'its limits are numbers';
  return minimum <= maximum ? undefined : `no number is from ${minimum} to ${maximum}`;
}
