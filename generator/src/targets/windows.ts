// Windows on x86-64 by Microsoft's ABI: LLP64. Headers are told that Clang 14 reads them in its Microsoft mode: `_MSC_VER` and
// no `__GNUC__`. Sources: the macros that `clang --target=x86_64-pc-windows-msvc -dM -E` lists; Microsoft, "x64 ABI conventions".

import type { Target } from '../target.ts';
import { CLANG_AMD64, CLANG_MACROS } from './clang.ts';
import { aliasesOf, LP64 } from './data-models.ts';

const WINDOWS_MACROS: readonly string[] = [
  ...'_WIN32 _WIN64 _MSC_EXTENSIONS _MSC_BUILD __k8 __k8__ __tune_k8__ __WCHAR_UNSIGNED__ __WINT_UNSIGNED__'.split(' '),
  '_MSC_VER 1920',
  '_MSC_FULL_VER 192000000',
  '_MSVC_EXECUTION_CHARACTER_SET 65001',
  '_INTEGRAL_MAX_BITS 64',
  '__BIGGEST_ALIGNMENT__ 16',
  '_M_AMD64 100',
  '_M_X64 100',
  '__OBJC_BOOL_IS_BOOL 0',
  '__REGISTER_PREFIX__ ',
  '__USER_LABEL_PREFIX__ ',
];

/** Of long, 4; of long double, 8: it is double. */
const LLP64: Target['sizes'] = { ...LP64, long: 4, ldouble: 8 };

export const windowsTargets: readonly Target[] = [
  {
    name: 'x86_64-windows',
    triple: 'x86_64-pc-windows-msvc',
    otherNames: ['x86_64-pc-windows-msvc', 'x86_64-windows-msvc'],
    platform: 'win32',
    arch: 'x64',
    compiler: 'clang',
    abi: 'msvc',
    endianness: 'little',
    charSigned: true,
    sizes: LLP64,
    alignments: LLP64,
    maxAlignment: 16,
    vaList: { size: 8, align: 8 },
    aliases: aliasesOf({
      int64: 'llong',
      intmax: 'llong',
      pointer: 'llong',
      fast: ['short', 'int'],
      wchar: 'ushort',
      wint: 'ushort',
    }),
    floats: {
      FLT: { format: 'binary32', suffix: 'F' },
      DBL: { format: 'binary64', suffix: '' },
      LDBL: { format: 'binary64', suffix: 'L' },
    },
    macros: [...CLANG_MACROS, ...CLANG_AMD64, ...WINDOWS_MACROS],
    systemDirs: ['/include'],
    crossDirs: [],
    elf: undefined,
  },
];
