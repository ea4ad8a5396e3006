// Windows: natives in, its loader out. Not run on Windows yet: held against a fake loader in the tests.
// Follows Microsoft's documentation of LoadLibraryExW, GetModuleHandleExW, GetProcAddress, GetModuleFileNameW, FormatMessageW, and
// "Dynamic-Link Library Search Order".
//
// GET_MODULE_HANDLE_EX_FLAG_PIN keeps a module for good. With LOAD_LIBRARY_SEARCH_* a bare name is looked for beside the program, in
// folders that AddDllDirectory named, and in System32: neither in the current folder nor along PATH. A DLL's imports are bound
// by module and name, so that nothing of the executable's gets in their way.
//
// There is no `loadLater`: how a process ends while a thread of its pool has the loader's lock is not known here.

import { isAbsolute } from 'node:path/win32';
import type { Natives, Platform } from './platform.ts';

const LOAD_LIBRARY_SEARCH = { DLL_LOAD_DIR: 0x100, DEFAULT_DIRS: 0x1000 } as const;
const GET_MODULE_HANDLE_EX_FLAG = { PIN: 0x1, FROM_ADDRESS: 0x4, UNCHANGED_REFCOUNT: 0x2 } as const;
const FORMAT_MESSAGE = { FROM_SYSTEM: 0x1000, IGNORE_INSERTS: 0x200 } as const;
const LONGEST_PATH = 32_768;
const KERNEL = 'kernel32.dll';

type Load = (file: string, reserved: null, flags: number) => bigint | null;
type ByAddress = (flags: number, address: bigint, module: BigUint64Array) => number;
type ByName = (flags: number, name: string, module: BigUint64Array) => number;
type FileName = (module: bigint, buffer: Uint8Array, length: number) => number;
type Format = (
  flags: number,
  source: null,
  code: number,
  language: number,
  buffer: Uint8Array,
  length: number,
  args: null,
) => number;

export function windows(natives: Natives): Platform {
  const { PIN, FROM_ADDRESS, UNCHANGED_REFCOUNT } = GET_MODULE_HANDLE_EX_FLAG;
  const loadLibrary = natives.func<Load>('LoadLibraryExW', 'pointer', ['text16', 'pointer', 'uint32'], KERNEL);
  const getProcAddress = natives.func<Platform['dlsym']>('GetProcAddress', 'pointer', ['pointer', 'text'], KERNEL);
  const byAddress = natives.func<ByAddress>('GetModuleHandleExW', 'int', ['uint32', 'pointer', 'pointer'], KERNEL);
  const byName = natives.func<ByName>('GetModuleHandleExW', 'int', ['uint32', 'text16', 'pointer'], KERNEL);
  const getLastError = natives.func<() => number>('GetLastError', 'uint32', [], KERNEL);
  const fileName = natives.func<FileName>('GetModuleFileNameW', 'uint32', ['pointer', 'pointer', 'uint32'], KERNEL);

  /** `error 126: The specified module could not be found.` koffi keeps a thread's last error from one call to the next. */
  function lastError(): string {
    const code = getLastError();
    const format = natives.func<Format>(
      'FormatMessageW',
      'uint32',
      ['uint32', 'pointer', 'uint32', 'uint32', 'pointer', 'uint32', 'pointer'],
      KERNEL,
    );
    const buffer = Buffer.alloc(2048);
    const { FROM_SYSTEM, IGNORE_INSERTS } = FORMAT_MESSAGE;
    const length = format(FROM_SYSTEM | IGNORE_INSERTS, null, code, 0, buffer, buffer.length / 2, null);
    return `error ${code}: ${buffer.toString('utf16le', 0, length * 2).trim()}`;
  }

  function pin(handle: bigint): string | undefined {
    return byAddress(PIN | FROM_ADDRESS, handle, new BigUint64Array(1)) ? undefined : lastError();
  }

  function fileOf(handle: bigint): string | undefined {
    const buffer = Buffer.alloc(LONGEST_PATH * 2);
    const length = fileName(handle, buffer, LONGEST_PATH);
    return length > 0 ? buffer.toString('utf16le', 0, length * 2) : undefined;
  }

  return {
    system: 'windows',
    bindsDeep: false,
    candidates: (name) => [name],
    load(file) {
      // What a DLL needs may stand beside it; that folder is only known of a path.
      const beside = isAbsolute(file) ? LOAD_LIBRARY_SEARCH.DLL_LOAD_DIR : 0;
      const handle = loadLibrary(file, null, LOAD_LIBRARY_SEARCH.DEFAULT_DIRS | beside);
      return handle === null ? `${file}: ${lastError()}` : (pin(handle) ?? handle);
    },
    find(file) {
      const module = new BigUint64Array(1);
      return byName(UNCHANGED_REFCOUNT, file, module) && module[0] ? module[0] : undefined;
    },
    dlsym: getProcAddress,
    lacking: (handle, names) => names.filter((name) => getProcAddress(handle, name) === null),
    fileOf,
    fileAt(address) {
      const module = new BigUint64Array(1);
      return byAddress(FROM_ADDRESS | UNCHANGED_REFCOUNT, address, module) && module[0] ? fileOf(module[0]) : undefined;
    },
    global: () => undefined,
  };
}
