// The preprocessor against gcc -E, token by token: snippets that exercise C11 6.10.3, and real headers.

import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ATTRIBUTES } from '../../generator/src/preprocess/answers.ts';
import { builtinNames } from '../../generator/src/preprocess/builtin-names.ts';
import { named, noGcc } from '../needs.ts';
import { gcc, gccTokens, run, runHeaders, systemDirs } from './support.ts';

const SNIPPETS: Readonly<Record<string, string>> = {
  'an object-like macro is rescanned': `#define A B\n#define B C\n#define C 3\nA B C`,
  'a macro does not expand inside itself': `#define A A + B\n#define B A\nA B`,
  'mutual recursion ends': `#define f(x) g(x) f\n#define g(x) f(x) g\nf(1)(2)(3) g(1)(2)`,
  'a name made by rescanning takes its arguments from after the invocation': `#define twice(n) n+half\n#define half(n) twice(n)\ntwice(6)(8)`,
  'a function-like name at the end of an expansion finds its parenthesis later': `#define f g\n#define g(x) <x>\nf (1) f\n(2) f 3`,
  'arguments are expanded before substitution': `#define k 7\n#define sq(a) sq(k + (a))\nsq(u) sq(sq(v))\n#undef k\n#define k 4\n#define alias sq\nalias(alias(w)) sq(k)\n#define open alias(-\nopen 3)\n#define id(a) a\nid(id)(id)(5) id(alias)(6) id(id(alias)(1))\n#define pair 8,9\n#define apply(a) a(pair)\n#define list(...) [__VA_ARGS__]\napply(list) apply(apply) apply(sq)`,
  'stringized arguments keep their spelling': `#define s(x) #x\n#define xs(x) s(x)\n#define V 7\ns(V) xs(V) s( a  +   b ) s("q\\n" 'c' '"') s() xs() s(@ \\n) s("\\0")`,
  'white space in a stringized argument collapses': `#define s(x) #x\n#define xs(x) s(x)\n#define E\n#define G(x) x\ns(a\n  b) xs(-E-) xs(- E-) xs(-E -) xs( E a E E b) xs(G(1)G(2)) xs(G( 1 ) G(2)) xs(a G() b)`,
  'pasting makes tokens that are macros': `#define cat(a,b) a ## b\n#define xcat(a,b) cat(a,b)\n#define AB 1\n#define A X\ncat(A,B) xcat(A,B) cat(1,e) cat(+,+) cat(<,<=) cat(L,'x') cat(L,"s") cat(.,5) cat(1.,e5) cat(-,>) cat(x,) cat(,y) [cat(,)]`,
  'pasted operands are not expanded': `#define both # ## #\n#define quote(x) #x\n#define late(x) quote(x)\nlate(left both right) both\n#define A B\n#define one(x) x ## 1\n#define one_late(x) one(x)\none(A) one_late(A) late(one(A))`,
  'placemarkers vanish in chains of pastes': `#define chain(p,q,r) p ## q ## r\n#define two(p,q) [p ## q] [a p ## q b]\nchain(a,b,c) chain(,b,c) chain(a,,c) chain(a,b,) chain(a,,) chain(,b,) chain(,,c) [chain(,,)] two(,) two(,2) two(1,)`,
  'empty arguments and no arguments differ': `#define f() <>\n#define g(x) <x>\n#define h(x,y) <x|y>\nf() f( ) g() g( ) h(,) h((,),) h(1,) h(,2)`,
  'parentheses protect commas, brackets do not': `#define h(x,y) <x|y>\nh((1,2),(3)) h([1,2]) h({1,2})`,
  'variable arguments': `#define v(...) <__VA_ARGS__>\n#define w(a, ...) <a|__VA_ARGS__>\n#define s(...) #__VA_ARGS__\nv() v(1) v(1,2) w(1,2,3) w(1,) w(1) s(a, b ,c) s()`,
  'GNU named variable arguments': `#define e(fmt, args...) p(fmt, ## args)\n#define f(args...) p(args)\n#define g(args...) q(0, ## args) #args\ne("x") e("x",) e("x", 1, 2) f() f(1,2) g() g(1,2)`,
  'GNU comma pasting': `#define e(fmt, ...) p(fmt, ## __VA_ARGS__)\n#define X 1,2\n#define E\ne(1) e(1,) e(1,2) e(1,X) e(1,E) e(,X) e(X)`,
  '__VA_OPT__ appears with arguments only': `#define f(a, ...) f(a __VA_OPT__(,) __VA_ARGS__)\n#define g(...) [__VA_OPT__(x ## __VA_ARGS__ y)]\n#define h(a, ...) a ## __VA_OPT__(b) z\n#define E\nf(1) f(1,) f(1,2) f(1,E) f(1,2,3) g() g(1) g(1,2) h(q) h(q,1)`,
  'an invocation may span lines': `#define f(x, y) <x; y>\nf(1\n,\n  2 /* c */ // d\n)\nf\n\n(3,\n4) end`,
  'directives inside an invocation are obeyed': `#define f(x) <x>\nf(1\n#define Q 2\nQ\n#undef Q\nQ\n#if 0\nno\n#else\nyes\n#endif\n)`,
  'a directive between a name and its parenthesis prevents the invocation': `#define f(x) <x>\nf\n#define Q 1\n(3)`,
  '__LINE__ is that of the invocation': `#define L __LINE__\n#define f(x) x __LINE__ L\nL f(\n__LINE__ L\n) f(1\n)\nf(f(\n2\n)) L\n#line 100\nL __LINE__\n#line 7 "x.c"\n__LINE__ __FILE__`,
  '__COUNTER__ counts and pastes': `#define c2(a,b) a##b\n#define c(a,b) c2(a,b)\n__COUNTER__ c(x,__COUNTER__) __COUNTER__\n#if __COUNTER__ == 3\nthree\n#endif\n__COUNTER__`,
  'splices join tokens': `#def\\\nine AB\\\nC 1 \\\n + 2\nA\\\nBC id\\\nent "st\\\nring" 12\\\n34 +\\\n+ /\\\n* c *\\\n/ /\\\n/ comment \\\n still\nend`,
  'splices with carriage returns': `#define A 1 \\\r\n + 2\r\nA B\\\r\nC\r\n// x \\\r\n y\r\nz\r\n`,
  'comments are white space': `a/**/b /* "x */ c /* // */ d // " \n#define /* x */ F /* y */ (x) /* z */\nF #/* not a directive */define X\n/* a\n */ #define G 5 /* multi\nline */ + 6\nG`,
  digraphs: `%:define s(x) %:x\n%:define c(x,y) x %:%: y\ns(<: :> <% %> %: %:%:) c(a,b) <: :> <% %>`,
  'pp-numbers': `0x1p-3 1e+5 1.2.3 0xe+1 1_000 .5e-2f 0b101 12ULL 1...2 x.5 0x.8p1`,
  'string and character prefixes': `L"a" u8"b" u"c" U"d" L'a' u'b' U'c' R x"e" L "f" u8 "g" "\\"" '\\'' "\\\\"`,
  'longest match': `a+++++b a---b a<<=b a>>=b a->b a...b a..b x<:y a<::b &&& |||= ^^= ?:`,
  'conditionals nest': `#if 1\n#if 0\nno\n#elif 1\na\n#else\nno\n#endif\n#elif 1\nno\n#endif\n#if 0\n#if 1\nno\n#else\nno\n#endif\n#elif 0\n#else\nb\n#endif`,
  'skipped groups are not lexed': `#if 0\nit's "broken\n#unknown directive\n#error no\n'"\n#else\nok\n#endif`,
  'comments in skipped groups count': `#if 0\n/*\n#endif\n*/ "/*" // /*\n'"' /* x */ #else\n/* */ #else\nkept\n#endif\nok`,
  '#elif after a taken group is not evaluated': `#if 1\na\n#elif 1/0\nb\n#endif`,
  '#if arithmetic': `#if -1 > 0u && (2 || 1/0) && !(0 && 1/0) && (1 ? 2 : 1/0) == 2 && 'a' == 97 && -1 >> 1 == -1 && (3, 1) \nyes\n#endif\n#if 0x7fffffffffffffff + 1 < 0\nwraps\n#endif\n#if 18446744073709551615u == -1 && ~0 == -1 && 0b11 == 3 && 010 == 8\nmax\n#endif\n#if undefined_name || (1 << 63) > 0\nno\n#else\nels\n#endif\n#if (0 ? 1u : -1) > 0\nunsigned\n#endif`,
  'defined works in every form': `#define A\n#define D defined A && defined(A)\n#if defined A && defined ( A ) && !defined B && D\nyes\n#endif\n#if defined(A) ? 0 : 1\nno\n#endif`,
  '#elifdef is not C17': `#if 0\n#else\na\n#endif`,
  '__has_include and its like': `#ifdef __has_include\n#if __has_include(<stdint.h>) && !__has_include("no such.h") && __has_include("stdint.h")\nyes\n#endif\n#define H <stdio.h>\n#if __has_include(H)\nmacro\n#endif\n#endif\n#if defined __has_attribute && __has_attribute(packed) && __has_attribute(__packed__) && !__has_attribute(nonsense)\npacked\n#endif\n#if __has_builtin(__builtin_expect) && !__has_builtin(__builtin_nonsense)\nbuiltin\n#endif\n#ifdef __has_feature\nfeature\n#endif`,
  'macros in #include': `#define H <stdbool.h>\n#define Q "stdnoreturn.h"\n#include H\n#include Q\ntrue noreturn`,
  'push_macro and pop_macro': `#define A 1\n#pragma push_macro("A")\n#undef A\n#define A 2\nA\n#pragma pop_macro("A")\nA\n#pragma push_macro("N")\n#define N 1\n#pragma pop_macro("N")\nN`,
  'invalid redefinition takes the last': `#define A 1\n#define A 2\nA\n#undef A\nA`,
  'null and ignored directives': `#\n# /* c */\n#ident "x"\n#pragma GCC diagnostic push\n#pragma STDC FP_CONTRACT ON\nok`,
  'a macro named like a keyword': `#define int long\n#define if(x) while(x)\nint if (1) if`,
  'unbalanced macros': `#define LP (\n#define RP )\n#define f(x) <x>\nf LP 1 RP f( LP ) RP ) f (RP)`,
  'an argument that is a macro name with its parenthesis outside': `#define f(x) x (2)\n#define g(y) [y]\nf(g) f(f) f(g(1))`,
  'a painted name in an argument stays painted': `#define A B(A)\n#define B(x) x x\n#define C(x) x(A)\nA B(A) C(B)`,
  'object-like macros paste too': `#define A x ## y\n#define B 1 ## 2 ## 3\n#define C # x\nA B C`,
  'deferred expansion needs another scan': `#define EMPTY()\n#define DEFER(x) x EMPTY()\n#define A() 123\n#define EXPAND(x) x\nDEFER(A)() EXPAND(DEFER(A)())`,
  'recursion through deferral': `#define E(...) E2(E2(__VA_ARGS__))\n#define E2(...) __VA_ARGS__\n#define N()\n#define D(x) x N N()()\n#define R(n) n D(R_)()(n)\n#define R_() R\nE(R(7))`,
  'counting arguments': `#define CNT(...) CNT_(__VA_ARGS__, 4, 3, 2, 1)\n#define CNT_(a, b, c, d, n, ...) n\nCNT(x) CNT(x,y) CNT(x,y,z)`,
  'universal characters and UTF-8 in names': `#define \u00e9t\u00e9 1\n#define s(x) #x\n\u00e9t\u00e9 s(\u00e9)`,
  'dollars in names': `#define $a 1\n#define a$b(x) x$\n$a a$b(2) $`,
  'conditions that look at macros and characters': `#define Z 0\n#define f(x) x\n#if f(1) && !f(Z) && defined f && 'ab' == 24930 && (Z, 1) && 1 ? 2 : 0\nyes\n#endif\n#if (-1)/2 == 0 && -7 % 3 == -1 && 0xffffffffffffffff == -1 && '\\\\' == 92\nyes\n#endif`,
  'splices inside directives, names, numbers, operators and comments': `#de\\\nfi\\\nne LO\\\nNG(a,\\\n b) a#\\\n#b #\\\na\nLONG(x\\\ny, z) 1\\\n2.\\\n5e\\\n+3 <\\\n<\\\n= /\\\n/ gone \\\n too\n"a\\\nb" '\\\nc' .\\\n.\\\n.`,
  'strings of literals, of white space and of operators': `#define s(...) #__VA_ARGS__\n#define t(...) s(__VA_ARGS__)\ns("a\\\\n\\"" 'b\\'') s(  a\t/* c */ b  ) t(,) t(a,,b) s(# ## %: <: L"w" u8"x") s(1.e+5 .5) t(s(s(1)))`,
  'lines and names that #line gives': `__LINE__\n#line 40\n__LINE__\n#line 7 "a b.c"\n__LINE__ __FILE__\n#define N 90\n#line N\n__LINE__`,
  'pushed macros come back in order': `#define P 1\n#pragma push_macro("P")\n#define P 2\n#pragma push_macro("P")\n#undef P\nP\n#pragma pop_macro("P")\nP\n_Pragma("pop_macro(\\"P\\")") P`,
  'stray characters': `@ \` \\ # ## x`,
  '_Pragma disappears': `#define P(x) _Pragma(#x) x\na _Pragma("GCC diagnostic push") b P(once_more) c`,
};

describe.skipIf(noGcc)(named('snippets give the tokens that gcc gives', noGcc), () => {
  test.each(Object.entries(SNIPPETS))('%s', (_name, text) => {
    const ours = run(text);
    const needsFiles = text.includes('#include') || text.includes('__has_include(');
    const words = needsFiles ? withHeaders(text) : ours.words;
    expect(words).toEqual(gccTokens(text).map((word) => (word.endsWith('main.c"') ? '"main.h"' : word)));
  });
});

function withHeaders(text: string): readonly string[] {
  const real = runHeaders(['stdint.h', 'stdbool.h', 'stdnoreturn.h', 'stdio.h']).unit.files;
  const files: Record<string, string> = { 'main.h': text };
  for (const file of real) files[file.path] = file.text;
  return run(files, { systemDirs: [...systemDirs] }).words;
}

const HEADERS: readonly (readonly string[])[] = [
  ['rbd/librbd.h'],
  ['stdint.h', 'iscsi/iscsi.h', 'iscsi/scsi-lowlevel.h'],
  ...'stdio.h stdlib.h sys/types.h netinet/in.h sys/socket.h pthread.h math.h time.h signal.h linux/types.h unistd.h string.h'
    .split(' ')
    .map((header) => [header]),
  ...'limits.h stdatomic.h tgmath.h sys/stat.h inttypes.h wchar.h locale.h netdb.h dlfcn.h errno.h'
    .split(' ')
    .map((header) => [header]),
];

describe.skipIf(noGcc)(named('headers give the tokens that gcc gives', noGcc), () => {
  test.each(HEADERS.map((headers) => [headers.join(', '), headers] as const))('%s', (_name, headers) => {
    const missing = headers.filter((header) => !systemDirs.some((dir) => existsSync(`${dir}/${header}`)));
    if (missing.length > 0 && !process.env.CI) return console.log(`skipped: ${missing.join(', ')} is not installed`);
    const { words, diagnostics } = runHeaders(headers);
    const theirs = gccTokens(headers.map((header) => `#include <${header}>\n`).join(''));
    expect(diagnostics).toEqual([]);
    const difference = words.findIndex((word, index) => word !== theirs[index]);
    expect(words.slice(difference, difference + 20)).toEqual(theirs.slice(difference, difference + 20));
    expect(words.length).toBe(theirs.length);
  });
});

describe.skipIf(noGcc)(named('__has_attribute and __has_builtin answer what gcc answers', noGcc), () => {
  const FOREIGN =
    'availability overloadable enable_if diagnose_if counted_by swift_name minsize optnone musttail dllimport';
  const MISSING = 'fclose assume addc rotateleft32 bitreverse8 debugtrap is_aligned popcountg nonsense';

  test('for each attribute that we list, and for those of other compilers', () => {
    const names = [...ATTRIBUTES, ...FOREIGN.split(' ')];
    const text = names.map((name) => `#if __has_attribute(${name})\n${name} yes\n#else\n${name} no\n#endif\n`).join('');
    expect(run(text).words).toEqual(gccTokens(text));
  });

  test('for each builtin that we list, and for those of other compilers', () => {
    const names = [...builtinNames(), ...MISSING.split(' ').map((name) => `__builtin_${name}`)];
    const text = names.map((name) => `#if __has_builtin(${name})\n${name} yes\n#else\n${name} no\n#endif\n`).join('');
    expect(run(text).words).toEqual(gccTokens(text));
  });

  test('for the attributes of C23', () => {
    const names =
      'deprecated fallthrough nodiscard maybe_unused noreturn __deprecated__ gnu::packed gnu::nonsense'.split(' ');
    const dates = ['0', '1', '201904L', '202003L', '202106L'];
    const text = names
      .flatMap((name) => dates.map((date) => `#if __has_c_attribute(${name}) == ${date}\n${name} ${date}\n#endif\n`))
      .join('');
    expect(run(text).words).toEqual(gccTokens(text));
  });
});

describe.skipIf(noGcc)(named('predefined macros are those of gcc 12', noGcc), () => {
  /** Decimal floats have no type in a foreign call; the last is glibc's own note that its prologue was read. */
  const LEFT_OUT = /^__DEC|_STDC_PREDEF_H$/;

  const version = noGcc ? '' : gcc('', ['-dumpversion', '-x', 'c']).trim();
  const not12 = noGcc ?? (version.startsWith('12') ? undefined : `gcc is ${version} here, and these are gcc 12's`);
  test.skipIf(not12)(named('with the same values', not12), () => {
    const theirs = new Map<string, string>();
    for (const line of gcc('', ['-dM', '-E', '-std=gnu17']).split('\n')) {
      const match = /^#define ([^ ]+) ?(.*)$/.exec(line);
      if (match !== null) theirs.set(match[1]!, match[2]!);
    }
    const ours = new Map<string, string>();
    for (const [name, macro] of run('').unit.macros) {
      const body = macro.body
        .map((token) => (token.space ? ' ' : '') + token.text)
        .join('')
        .trim();
      ours.set(macro.parameters === undefined ? name : `${name}(${macro.parameters.join()})`, body);
    }
    for (const [name, value] of ours) expect(`${name} ${theirs.get(name)}`).toBe(`${name} ${value}`);
    const lacking = [...theirs.keys()].filter((name) => !ours.has(name));
    console.log(`gcc defines ${theirs.size} macros, ${lacking.length} of which we leave out: ${lacking.join(' ')}`);
    expect(lacking.filter((name) => !LEFT_OUT.test(name))).toEqual([]);
    expect(ours.size).toBeGreaterThan(300);
  });
});
