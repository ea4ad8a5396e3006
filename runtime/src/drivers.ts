// The public surface of @dlshim/runtime/drivers: drivers on demand. It is apart from the runtime, which a program that knows many
// drivers does not load before one of them is needed.

export type { DriverCheck, LibraryCheck } from './drivers/check.ts';
export {
  type AnyShim,
  DRIVER_FORMAT,
  type Driver,
  type DriverCode,
  defineDriver,
  type Libraries,
  type LoadedDriver,
} from './drivers/define.ts';
export type {
  BytesProbe,
  DriverDescriptor,
  Host,
  OptionDescriptor,
  OptionValues,
  Priority,
  Probe,
  ShimNeeds,
  SuffixProbe,
} from './drivers/descriptor.ts';
export {
  type DriverReport,
  type DriverStatus,
  type Drivers,
  type DriversSettings,
  defineDrivers,
  type KnownDriver,
  type LoadHow,
  type OpenHow,
  reportInWords,
} from './drivers/drivers.ts';
export { DriverError, type DriverFailure, DriverRefusal } from './drivers/errors.ts';
export { type GivenOptions, kindInWords, optionValues, parseOptions } from './drivers/options.ts';
export type { Candidate, Source } from './drivers/probe.ts';
