// What headers can ask about each target, compared with Clang for that target: every predefined macro, every answer of
// __has_attribute and its like, and the size and alignment of every scalar.

import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { Diagnostics } from '../../generator/src/diagnostics.ts';
import { predefinedMacros } from '../../generator/src/predefined.ts';
import { ATTRIBUTES } from '../../generator/src/preprocess/answers.ts';
import * as clang from '../../generator/src/preprocess/answers-clang.ts';
import { builtinNames } from '../../generator/src/preprocess/builtin-names.ts';
import { preprocess } from '../../generator/src/preprocess/preprocess.ts';
import { isSigned, type ScalarSize, type Target } from '../../generator/src/target.ts';
import { allTargets, findTarget } from '../../generator/src/targets/targets.ts';
import { compilers, named } from '../needs.ts';

const noClang = compilers.find(({ cc }) => cc === 'clang')!.missing;

function runClang(target: Target, text: string, ...args: string[]): string {
  const run = spawnSync('clang', [`--target=${target.triple}`, '-x', 'c', ...args, '-'], {
    input: text,
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  return run.stdout;
}

/** The lines of a text that our preprocessor keeps. */
function ourWords(target: Target, text: string): string[] {
  const readFile = (path: string): string | undefined => (path === 'main.h' ? text : undefined);
  const input = { headers: ['main.h'], includeDirs: [], systemDirs: [], defines: [], target, readFile };
  const diagnostics = new Diagnostics();
  const unit = preprocess(input, diagnostics);
  expect(diagnostics.all).toEqual([]);
  return unit.tokens.map((token) => token.text);
}

/** A macro's text in one spelling: numbers in decimal, floats to their digits, types by their sorted words. */
function plain(text: string): string {
  const unwrapped = text.replace(/^\(\(double\)(.*)L\)$/, '$1').trim();
  const integer = /^(0x[0-9a-f]+|\d+)([UL]*)$/i.exec(unwrapped);
  if (integer) return `${BigInt(integer[1]!)}${integer[2]}`;
  const float = /^(\d+(?:\.\d+)?e[+-]?\d+)(F?\d*x?|L)$/i.exec(unwrapped);
  if (float) return `${roundedTo5(float[1]!)}${float[2]}`;
  if (/^[a-z ]+$/.test(unwrapped)) {
    const words = unwrapped.split(' ').filter((word) => word !== 'int' || /^(unsigned )?int$/.test(unwrapped));
    return words.sort().join(' ');
  }
  return unwrapped;
}

/** A decimal float by its first five digits and its exponent: compilers write as many as tell the value. */
function roundedTo5(text: string): string {
  const [mantissa, exponent] = text.split('e') as [string, string];
  return `${Number(mantissa).toFixed(4)}e${Number(exponent)}`;
}

function macrosOf(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.map((line) => {
      const space = line.indexOf(' ');
      return [line.slice(0, space), plain(line.slice(space + 1))];
    }),
  );
}

/** Ours beyond Clang's: what our own <stdint.h> is written with; Clang 14 spells these out in its headers. */
const FOR_OUR_HEADERS = /^__U?INT(8|16|32|64|MAX)_C\(c\)$|^__(WCHAR|WINT|SIG_ATOMIC)_MIN__$|^__SIG_ATOMIC_TYPE__$/;

/** A version that Clang's packager writes. */
const PACKAGER = /^__VERSION__$/;

/** On Linux we are GCC: these Clang has in addition, */
const CLANG_ALONE = new RegExp(
  [
    ...[
      '^__clang',
      '^__llvm__$',
      '^__WINT_UNSIGNED__$',
      '^__CLANG_ATOMIC_',
      '^__OPENCL_',
      '_FMT[diouxX]__$',
      '_C_SUFFIX__$',
    ],
    ...['^__U?INT(MAX|PTR)_WIDTH__$', '^__LLONG_WIDTH__$', '^__POINTER_WIDTH__$', '^__BOOL_WIDTH__$'],
    ...['^__BITINT_MAXWIDTH__$', '^__CONSTANT_CFSTRINGS__$', '^__LITTLE_ENDIAN__$', '^__OBJC_BOOL_IS_BOOL$'],
    ...['^__NO_MATH_INLINES$', '^__STDC_NO_THREADS__$', '^__seg_[fg]s$', '^__tune_k8__$', '^__FLOAT128__$'],
    // Newer parts of Arm's ACLE than GCC 12 defines.
    ...['^__ARM_ACLE$', '^__ARM_FEATURE_(DIRECTED_ROUNDING|DIV|LDREX)$', '^__ARM_NEON_FP$'],
  ].join('|'),
);

/** and these have another value: the version of the compiler, and what GCC 12 computes otherwise. */
const GCC_OTHERWISE = new Set([
  ...['__GNUC__', '__GNUC_MINOR__', '__GNUC_PATCHLEVEL__', '__VERSION__', '__GXX_ABI_VERSION', '__DECIMAL_DIG__'],
  ...['__INT_FAST16_TYPE__', '__INT_FAST16_MAX__', '__INT_FAST16_WIDTH__', '__UINT_FAST16_TYPE__'],
  ...['__UINT_FAST16_MAX__', '__INT_FAST32_TYPE__', '__INT_FAST32_MAX__', '__INT_FAST32_WIDTH__'],
  ...['__UINT_FAST32_TYPE__', '__UINT_FAST32_MAX__', '__ARM_ALIGN_MAX_STACK_PWR', '__ARM_ARCH_PROFILE'],
]);

/** Ours on Linux beyond Clang's: what `gcc -dM -E` lists; on x86-64 another test compares it with gcc. */
const GCC_ALONE = new RegExp(
  [
    ...['^__FLT(16|32|64|128|32X|64X)_', '_NORM_MAX__$', '_IS_IEC_60559__$', '^__FP_FAST_', '^__STDC_I', '^__P[Ii]'],
    ...['^__p[Ii]', '^__GCC_', '^__GNUC_(WIDE_)?EXEC', '^__ATOMIC_HLE', '^__HAVE_SPEC', '^__PRAGMA_REDEF'],
    ...['^__FLT_EVAL_METHOD_TS', '^__FLOAT_WORD_ORDER__$', '^__(SCHAR|LONG_LONG)_WIDTH__$', '^__SIZEOF_FLOAT80__$'],
    ...['^__MMX_WITH_SSE__$', '^__ARM_ALIGN_MAX_PWR$', '^__ARM_ARCH_8A$', '^__REGISTER_PREFIX__$'],
  ].join('|'),
);

describe.each(allTargets)('$name', (target) => {
  test.skipIf(noClang)(named('predefines what Clang does, but for what is named here', noClang), () => {
    const dump = runClang(target, '', '-dM', '-E').trim().split('\n');
    const theirs = macrosOf(dump.map((line) => line.replace('#define ', '')));
    const ours = macrosOf(predefinedMacros(target).map((line) => (line.includes(' ') ? line : `${line} 1`)));
    expect(ours.size).toBeGreaterThan(300);
    const isGcc = target.compiler === 'gcc';
    const other = [...ours.keys()].filter((name) => theirs.has(name) && theirs.get(name) !== ours.get(name));
    const lacking = [...theirs.keys()].filter((name) => !ours.has(name));
    const extra = [...ours.keys()].filter((name) => !theirs.has(name) && !FOR_OUR_HEADERS.test(name));
    const differs = (name: string): string => `${name}: ${ours.get(name)}, and Clang says ${theirs.get(name)}`;
    expect(other.filter((name) => !(isGcc ? GCC_OTHERWISE.has(name) : PACKAGER.test(name))).map(differs)).toEqual([]);
    expect(lacking.filter((name) => !(isGcc && CLANG_ALONE.test(name)))).toEqual([]);
    expect(extra.filter((name) => !(isGcc && GCC_ALONE.test(name)))).toEqual([]);
  });

  test.skipIf(noClang)(named('has the sizes, alignments and signs of scalars that Clang has', noClang), () => {
    const spellings: Record<ScalarSize, string> = {
      bool: '_Bool',
      char: 'char',
      short: 'short',
      int: 'int',
      long: 'long',
      llong: 'long long',
      int128: '__int128',
      float: 'float',
      double: 'double',
      ldouble: 'long double',
      pointer: 'void *',
    };
    const lines = Object.entries(spellings).flatMap(([name, type]) => [
      `_Static_assert(sizeof(${type}) == ${target.sizes[name as ScalarSize]}, "size of ${type}");`,
      `_Static_assert(_Alignof(${type}) == ${target.alignments[name as ScalarSize]}, "alignment of ${type}");`,
    ]);
    lines.push(
      `_Static_assert(sizeof(__builtin_va_list) == ${target.vaList.size}, "size of va_list");`,
      `_Static_assert(_Alignof(__builtin_va_list) == ${target.vaList.align}, "alignment of va_list");`,
      `_Static_assert(((char)-1 < 0) == ${Number(isSigned('char', target))}, "sign of char");`,
      `_Static_assert(sizeof(L'x') == ${target.sizes[target.aliases.wchar === 'ushort' ? 'short' : 'int']}, "wchar_t");`,
      `_Static_assert(__builtin_types_compatible_p(__typeof__(sizeof 0), __SIZE_TYPE__), "size_t");`,
      `struct asked { char c __attribute__((aligned)); };`,
      `_Static_assert(_Alignof(struct asked) == ${target.maxAlignment}, "aligned without a number");`,
    );
    expect(runClang(target, `${lines.join('\n')}\n`, '-fsyntax-only')).toBe('');
  });
});

describe.each(allTargets.filter((target) => target.compiler === 'clang'))('$name', (target) => {
  test.skipIf(noClang)(named('answers what Clang answers to __has_attribute and its like', noClang), () => {
    const attributes = [...ATTRIBUTES, ...clang.ATTRIBUTES_OF_CLANG, 'dllimport', 'dllexport', 'nonsense'];
    const builtins = [...builtinNames(), ...clang.BUILTINS_OF_CLANG, '__debugbreak', '_rotl', '__noop', 'printf_s'];
    const features = [...clang.FEATURES, ...clang.EXTENSIONS, 'blocks', 'modules', 'objc_arc', 'cxx_nullptr'];
    const standard = ['deprecated', 'fallthrough', 'nodiscard', 'maybe_unused'];
    const questions = [
      ...attributes.map((name) => `__has_attribute(${name})`),
      ...builtins.map((name) => `__has_builtin(${name})`),
      ...features.flatMap((name) => [`__has_feature(${name})`, `__has_extension(__${name}__)`]),
      ...[...clang.DECLSPECS, 'process'].map((name) => `__has_declspec_attribute(${name})`),
      ...standard.map((name) => `__has_c_attribute(${name})`),
      ...['x86_64', 'arm64', 'aarch64', 'arm'].map((name) => `__is_target_arch(${name})`),
      ...['macos', 'darwin', 'windows', 'win32', 'linux', 'ios'].map((name) => `__is_target_os(${name})`),
      ...['apple', 'pc', 'unknown'].map((name) => `__is_target_vendor(${name})`),
      ...['msvc', 'gnu', 'simulator'].map((name) => `__is_target_environment(${name})`),
      ...['int', '_Bool', 'wchar_t', 'thing'].map((name) => `__is_identifier(${name})`),
      ...['feature', 'extension', 'warning', 'cpp_attribute', 'c_attribute', 'builtin', 'declspec_attribute'].map(
        (name) => `defined __has_${name}`,
      ),
    ];
    const text = questions.map((question, at) => `#if ${question}\nyes${at}\n#endif\n`).join('');
    const yes = (words: readonly string[]): string[] =>
      words.filter((word) => word.startsWith('yes')).map((word) => questions[Number(word.slice(3))]!);
    const theirs = yes(runClang(target, text, '-E', '-P').split(/\s+/));
    expect(theirs.length).toBeGreaterThan(500);
    expect(yes(ourWords(target, text))).toEqual(theirs);
  });
});

test('a target is found by its name and by its other names', () => {
  expect(findTarget('aarch64-apple-darwin')?.name).toBe('arm64-apple-darwin');
  expect(findTarget('x86_64-pc-windows-msvc')?.name).toBe('x86_64-windows');
  expect(findTarget('sparc-sun-solaris')).toBeUndefined();
  const names = allTargets.flatMap((target) => [target.name, ...target.otherNames]);
  expect(new Set(names).size).toBe(names.length);
});
