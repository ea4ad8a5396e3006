// Linux with glibc, on x86-64 and aarch64. Headers are told that GCC 12 reads them.
// Sources: System V ABI AMD64 3.1.2; the Procedure Call Standard for the Arm 64-bit Architecture (AAPCS64, 2022Q3), 5 and 10.1;
// the macros that `gcc -dM -E` of GCC 12 lists.

import type { Target } from '../target.ts';
import { aliasesOf, LP64 } from './data-models.ts';
import { GCC_MACROS } from './gcc.ts';

/** What both machines have in common. */
const LINUX_MACROS: readonly string[] = [
  ...'_LP64 __LP64__ __ELF__ linux __linux __linux__ __gnu_linux__ unix __unix __unix__'.split(' '),
  ...'__GCC_ASM_FLAG_OUTPUTS__ __GCC_HAVE_DWARF2_CFI_ASM __HAVE_SPECULATION_SAFE_VALUE'.split(' '),
  '__PRAGMA_REDEFINE_EXTNAME',
  ...[1, 2, 4, 8].map((size) => `__GCC_HAVE_SYNC_COMPARE_AND_SWAP_${size}`),
  '__PIC__ 2',
  '__pic__ 2',
  '__PIE__ 2',
  '__pie__ 2',
  '__BIGGEST_ALIGNMENT__ 16',
  '__GCC_CONSTRUCTIVE_SIZE 64',
  '__REGISTER_PREFIX__ ',
  '__USER_LABEL_PREFIX__ ',
  // What glibc's stdc-predef.h says, which GCC reads before every file.
  '__STDC_IEC_559__',
  '__STDC_IEC_559_COMPLEX__',
  '__STDC_IEC_60559_BFP__ 201404L',
  '__STDC_IEC_60559_COMPLEX__ 201404L',
  '__STDC_ISO_10646__ 201706L',
];

const AMD64_MACROS: readonly string[] = [
  ...'__amd64 __amd64__ __x86_64 __x86_64__ __k8 __k8__ __code_model_small__ __MMX__ __MMX_WITH_SSE__'.split(' '),
  ...'__SSE__ __SSE_MATH__ __SSE2__ __SSE2_MATH__ __FXSR__ __SEG_FS __SEG_GS'.split(' '),
  '__ATOMIC_HLE_ACQUIRE 65536',
  '__ATOMIC_HLE_RELEASE 131072',
  '__GCC_DESTRUCTIVE_SIZE 64',
  '__SIZEOF_FLOAT80__ 16',
  '__SIZEOF_FLOAT128__ 16',
];

const AARCH64_MACROS: readonly string[] = [
  ...'__aarch64__ __AARCH64EL__ __AARCH64_CMODEL_SMALL__ __ARM_64BIT_STATE __ARM_ARCH_8A __ARM_ARCH_ISA_A64'.split(' '),
  ...'__ARM_FEATURE_CLZ __ARM_FEATURE_FMA __ARM_FEATURE_IDIV __ARM_FEATURE_NUMERIC_MAXMIN'.split(' '),
  ...'__ARM_FEATURE_UNALIGNED __ARM_FP16_ARGS __ARM_FP16_FORMAT_IEEE __ARM_NEON __ARM_PCS_AAPCS64'.split(' '),
  ...'__FP_FAST_FMA __FP_FAST_FMAF __FP_FAST_FMAF32 __FP_FAST_FMAF32x __FP_FAST_FMAF64'.split(' '),
  '__ARM_ALIGN_MAX_PWR 28',
  '__ARM_ALIGN_MAX_STACK_PWR 16',
  '__ARM_ARCH 8',
  '__ARM_ARCH_PROFILE 65',
  '__ARM_FP 14',
  '__ARM_SIZEOF_MINIMAL_ENUM 4',
  '__ARM_SIZEOF_WCHAR_T 4',
  '__GCC_DESTRUCTIVE_SIZE 256',
  '__WCHAR_UNSIGNED__',
];

const ALIASES = { int64: 'long', intmax: 'long', pointer: 'long', fast: ['long', 'long'], wint: 'uint' } as const;

/** `_FloatN` of GCC; `wide` is the format of long double. */
function floats(wide: 'x87' | 'binary128'): Target['floats'] {
  return {
    FLT: { format: 'binary32', suffix: 'F' },
    DBL: { format: 'binary64', suffix: '' },
    LDBL: { format: wide, suffix: 'L' },
    FLT16: { format: 'binary16', suffix: 'F16' },
    FLT32: { format: 'binary32', suffix: 'F32' },
    FLT64: { format: 'binary64', suffix: 'F64' },
    FLT128: { format: 'binary128', suffix: 'F128' },
    FLT32X: { format: 'binary64', suffix: 'F32x' },
    FLT64X: { format: wide, suffix: 'F64x' },
  };
}

/** Debian's multiarch folders first; the cross compilers' packages have a root of their own below /usr. */
function folders(
  multiarch: string,
): Pick<Target, 'systemDirs' | 'crossDirs'> & { readonly libraryDirs: readonly string[] } {
  return {
    crossDirs: [`/usr/${multiarch}/include`, `/usr/include/${multiarch}`],
    systemDirs: ['/usr/local/include', `/usr/include/${multiarch}`, '/usr/include'],
    libraryDirs: [
      `usr/lib/${multiarch}`,
      `lib/${multiarch}`,
      'usr/local/lib',
      'usr/lib64',
      'lib64',
      'usr/lib',
      'lib',
      `usr/${multiarch}/lib`,
    ],
  };
}

const amd64 = folders('x86_64-linux-gnu');
const aarch64 = folders('aarch64-linux-gnu');

export const linuxTargets: readonly Target[] = [
  {
    name: 'x86_64-linux-gnu',
    triple: 'x86_64-linux-gnu',
    otherNames: ['x86_64-unknown-linux-gnu', 'x86_64-pc-linux-gnu'],
    platform: 'linux',
    arch: 'x64',
    compiler: 'gcc',
    abi: 'sysv',
    endianness: 'little',
    charSigned: true,
    sizes: LP64,
    alignments: LP64,
    maxAlignment: 16,
    // psABI 3.5.7: an array of one record of two ints and two pointers.
    vaList: { size: 24, align: 8 },
    aliases: aliasesOf({ ...ALIASES, wchar: 'int' }),
    floats: floats('x87'),
    macros: [...GCC_MACROS, '__DECIMAL_DIG__ 21', ...LINUX_MACROS, ...AMD64_MACROS],
    systemDirs: amd64.systemDirs,
    crossDirs: amd64.crossDirs,
    elf: { machine: 62, libraryDirs: amd64.libraryDirs },
  },
  {
    name: 'aarch64-linux-gnu',
    triple: 'aarch64-linux-gnu',
    otherNames: ['aarch64-unknown-linux-gnu', 'arm64-linux-gnu'],
    platform: 'linux',
    arch: 'arm64',
    compiler: 'gcc',
    abi: 'aapcs64',
    endianness: 'little',
    charSigned: false,
    sizes: LP64,
    alignments: LP64,
    maxAlignment: 16,
    // AAPCS64 10.1.5: a record of three pointers and two ints.
    vaList: { size: 32, align: 8 },
    aliases: aliasesOf({ ...ALIASES, wchar: 'uint' }),
    floats: floats('binary128'),
    macros: [...GCC_MACROS, '__DECIMAL_DIG__ 36', ...LINUX_MACROS, ...AARCH64_MACROS],
    systemDirs: aarch64.systemDirs,
    crossDirs: aarch64.crossDirs,
    elf: { machine: 183, libraryDirs: aarch64.libraryDirs },
  },
];
