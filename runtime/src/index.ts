// The public surface of @dlshim/runtime. Importing it maps no native code.

export { double, int, int64, long, pointer, str, uint, uint64, ulong } from './calls/arguments.ts';
export { ArgumentError, CallbackError, CallbackLimitError, ReleaseError } from './calls/call-errors.ts';
export {
  type AlternativeDescriptor,
  type Era,
  type FieldDescriptor,
  FORMAT,
  type Gate,
  type GateDescriptor,
  type HistoryDescriptor,
  type PerTarget,
  type Ranges,
  type RecordDescriptor,
  type ShimDescriptor,
  type VariadicDescriptor,
  type VersionCall,
} from './contract/descriptor.ts';
export {
  AssumedVersionError,
  type ErrorFacts,
  IncompatibleLibraryError,
  LibraryAbsentError,
  LibraryRejectedError,
  LibraryUnreadableError,
  type LoadedFacts,
  MissingDependencyError,
  MissingSymbolsError,
  NotALibraryError,
  PathError,
  RequireError,
  ShimError,
  StaleShimError,
  TruncatedLibraryError,
  UndecidedError,
  type Unmet,
  UnseenLibraryError,
  UnsupportedCallError,
  UnsupportedPlatformError,
  WrongMachineError,
} from './errors.ts';
export { type EventWatch, type Readiness, type Watch, type WatchListener, watch, watchEvents } from './events/watch.ts';
export { bytesOf, defineRecord, type RecordType } from './records/layouts.ts';
export { allocate, bytesAt, free, pointersAt, stringAt, stringsAt, stringsIn } from './records/memory.ts';
export { defineShim } from './shim.ts';
export { errno, errnoName, type SystemError, systemError } from './system-errors.ts';
export type * from './types.ts';
