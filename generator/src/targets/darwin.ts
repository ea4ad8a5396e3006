// macOS 11 on x86-64 and arm64. Headers are told that Clang 14 reads them, as Apple's are only read by Clang.
// Sources: the macros that `clang --target=… -dM -E` lists; Apple, "Writing ARM64 code for Apple platforms".

import type { Target } from '../target.ts';
import { CLANG_AMD64, CLANG_AS_GCC, CLANG_MACROS } from './clang.ts';
import { aliasesOf, LP64 } from './data-models.ts';

/** The oldest macOS that runs on both machines, as `-mmacosx-version-min` would name it. */
const MACOS = 'macos11';

const DARWIN_MACROS: readonly string[] = [
  ...CLANG_MACROS,
  ...CLANG_AS_GCC,
  ...'_LP64 __LP64__ __APPLE__ __MACH__ __DYNAMIC__ __BLOCKS__ __NO_MATH_ERRNO__ __SSP__'.split(' '),
  '__APPLE_CC__ 6000',
  '__ENVIRONMENT_MAC_OS_X_VERSION_MIN_REQUIRED__ 110000',
  '__REGISTER_PREFIX__ ',
  '__USER_LABEL_PREFIX__ _',
  // Clang's own words for what Objective-C's memory management asks of C.
  '__block __attribute__((__blocks__(byref)))',
  '__weak __attribute__((objc_gc(weak)))',
  '__strong ',
  '__unsafe_unretained ',
  '__nonnull _Nonnull',
  '__nullable _Nullable',
  '__null_unspecified _Null_unspecified',
];

const AMD64_MACROS: readonly string[] = [
  ...'__core2 __core2__ __tune_core2__ __LAHF_SAHF__ __SSE3__ __SSSE3__ __SSE4_1__'.split(' '),
  '__GCC_HAVE_SYNC_COMPARE_AND_SWAP_16',
  '__BIGGEST_ALIGNMENT__ 16',
  '__OBJC_BOOL_IS_BOOL 0',
];

const ARM64_MACROS: readonly string[] = [
  ...'__aarch64__ __arm64 __arm64__ __AARCH64EL__ __AARCH64_CMODEL_SMALL__ __AARCH64_SIMD__ __ARM64_ARCH_8__'.split(
    ' ',
  ),
  ...'__ARM_64BIT_STATE __ARM_ARCH_ISA_A64 __ARM_FP16_ARGS __ARM_FP16_FORMAT_IEEE __ARM_NEON __ARM_NEON__'.split(' '),
  ...'__ARM_PCS_AAPCS64 __OBJC_BOOL_IS_BOOL'.split(' '),
  ...'AES ATOMICS CLZ COMPLEX CRC32 CRYPTO DIRECTED_ROUNDING DIV DOTPROD FMA FP16_FML FP16_SCALAR_ARITHMETIC'
    .split(' ')
    .map((feature) => `__ARM_FEATURE_${feature}`),
  ...'FP16_VECTOR_ARITHMETIC FRINT IDIV JCVT NUMERIC_MAXMIN QRDMX SHA2 UNALIGNED'
    .split(' ')
    .map((feature) => `__ARM_FEATURE_${feature}`),
  // Not what `aligned` gives without a number, which is 16.
  '__BIGGEST_ALIGNMENT__ 8',
  '__ARM_FEATURE_LDREX 0xF',
  '__ARM_ACLE 200',
  '__ARM_ALIGN_MAX_STACK_PWR 4',
  '__ARM_ARCH 8',
  "__ARM_ARCH_PROFILE 'A'",
  '__ARM_FP 0xE',
  '__ARM_NEON_FP 0xE',
  '__ARM_SIZEOF_MINIMAL_ENUM 4',
  '__ARM_SIZEOF_WCHAR_T 4',
];

/** What both machines have in common. */
const DARWIN = {
  platform: 'darwin',
  compiler: 'clang',
  endianness: 'little',
  charSigned: true,
  aliases: aliasesOf({
    int64: 'llong',
    intmax: 'long',
    pointer: 'long',
    fast: ['short', 'int'],
    wchar: 'int',
    wint: 'int',
  }),
  systemDirs: ['/usr/local/include', '/usr/include'],
  crossDirs: [],
  elf: undefined,
} as const;

/** arm64's long double is double. */
const ARM64_SIZES: Target['sizes'] = { ...LP64, ldouble: 8 };

export const darwinTargets: readonly Target[] = [
  {
    ...DARWIN,
    name: 'x86_64-apple-darwin',
    triple: `x86_64-apple-${MACOS}`,
    otherNames: ['x86_64-apple-macos', 'x86_64-apple-macosx'],
    arch: 'x64',
    abi: 'sysv',
    sizes: LP64,
    alignments: LP64,
    maxAlignment: 16,
    vaList: { size: 24, align: 8 },
    floats: {
      FLT: { format: 'binary32', suffix: 'F' },
      DBL: { format: 'binary64', suffix: '' },
      LDBL: { format: 'x87', suffix: 'L' },
    },
    macros: [...DARWIN_MACROS, ...CLANG_AMD64, ...AMD64_MACROS],
  },
  {
    ...DARWIN,
    name: 'arm64-apple-darwin',
    triple: `arm64-apple-${MACOS}`,
    otherNames: ['aarch64-apple-darwin', 'arm64-apple-macos', 'arm64-apple-macosx'],
    arch: 'arm64',
    abi: 'apple-arm64',
    sizes: ARM64_SIZES,
    alignments: ARM64_SIZES,
    maxAlignment: 16,
    vaList: { size: 8, align: 8 },
    floats: {
      FLT: { format: 'binary32', suffix: 'F' },
      DBL: { format: 'binary64', suffix: '' },
      LDBL: { format: 'binary64', suffix: 'L' },
      FLT16: { format: 'binary16', suffix: 'F16' },
    },
    macros: [...DARWIN_MACROS, ...ARM64_MACROS],
  },
];
