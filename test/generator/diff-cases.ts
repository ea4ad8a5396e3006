// What can change between two versions of a library, each with the rating that it must get. All older sides together are one header, all
// newer sides another: the library of which diff.test.ts also makes two shared objects, for libabigail to compare.

export interface DiffCase {
  /** In words; for a failing test. */
  readonly what: string;
  readonly older: string;
  readonly newer: string;
  /** `function f_a changed: silent break` and so on: all that must be reported, in any order. */
  readonly changes: readonly string[];
  /** What the reasons must say somewhere. */
  readonly says?: RegExp;
}

export const CASES: readonly DiffCase[] = [
  {
    what: 'a function that is new',
    older: '',
    newer: 'int fn_new(int n);',
    changes: ['function fn_new added: compatible'],
  },
  {
    what: 'a function that is gone',
    older: 'int fn_gone(int n);',
    newer: '',
    changes: ['function fn_gone removed: break'],
    says: /do not compile, link or load/,
  },
  {
    what: 'a function that became a macro',
    older: 'int fn_macro(int n);',
    newer: '#define fn_macro(n) (n)',
    changes: ['function fn_macro removed: recompile'],
    says: /it is a macro/,
  },
  {
    what: 'a function that became inline',
    older: 'int fn_inline(int n);',
    newer: 'static inline int fn_inline(int n) { return n; }',
    changes: ['function fn_inline removed: recompile'],
    says: /inline function/,
  },
  {
    what: 'a function with one more parameter',
    older: 'int fn_more(int n);',
    newer: 'int fn_more(int n, int m);',
    changes: ['function fn_more changed: silent break'],
    says: /2 parameters and not 1/,
  },
  {
    what: 'a function without its last parameter',
    older: 'int fn_fewer(int n, int m);',
    newer: 'int fn_fewer(int n);',
    changes: ['function fn_fewer changed: break'],
  },
  {
    what: 'a function without its first parameter of two types',
    older: 'int fn_first(int n, void *p);',
    newer: 'int fn_first(void *p);',
    changes: ['function fn_first changed: silent break'],
  },
  {
    what: 'a wider parameter',
    older: 'int fn_wider(int n);',
    newer: 'int fn_wider(long n);',
    changes: ['function fn_wider changed: silent break'],
    says: /parameter 1 \(n\) is long, not int: 8 bytes and not 4/,
  },
  {
    what: 'a parameter without its sign',
    older: 'int fn_sign(int n);',
    newer: 'int fn_sign(unsigned n);',
    changes: ['function fn_sign changed: silent break'],
    says: /unsigned now/,
  },
  {
    what: 'a pointer to something wider',
    older: 'int fn_pointee(int *n);',
    newer: 'int fn_pointee(long *n);',
    changes: ['function fn_pointee changed: silent break'],
  },
  {
    what: 'const for what is only read',
    older: 'int fn_const(char *s);',
    newer: 'int fn_const(const char *s);',
    changes: ['function fn_const changed: compatible'],
  },
  {
    what: 'a result that was none',
    older: 'void fn_result(int n);',
    newer: 'int fn_result(int n);',
    changes: ['function fn_result changed: compatible'],
    says: /do not ask for/,
  },
  {
    what: 'a result by value that was none',
    older: 'struct by_value { long v[4]; }; void fn_memory(struct by_value *p);',
    newer: 'struct by_value { long v[4]; }; struct by_value fn_memory(struct by_value *p);',
    changes: ['function fn_memory changed: silent break'],
  },
  {
    what: 'no result where one was',
    older: 'int fn_void(int n);',
    newer: 'void fn_void(int n);',
    changes: ['function fn_void changed: silent break'],
  },
  {
    what: 'a callback with one more parameter',
    older: 'int fn_callback(void (*cb)(int n));',
    newer: 'int fn_callback(void (*cb)(int n, void *user));',
    changes: ['function fn_callback changed: silent break'],
    says: /callback/,
  },
  {
    what: 'a function type with one more parameter',
    older: 'typedef void (*done_fn)(int n); int fn_done(done_fn f);',
    newer: 'typedef void (*done_fn)(int n, void *user); int fn_done(done_fn f);',
    changes: ['typedef done_fn changed: silent break', 'function fn_done changed: silent break'],
  },
  {
    what: 'an integer type of another size',
    older: 'typedef int count_type; int fn_count(count_type n);',
    newer: 'typedef long count_type; int fn_count(count_type n);',
    changes: ['typedef count_type changed: silent break', 'function fn_count changed: silent break'],
  },
  {
    what: 'another handle',
    older: 'typedef void *pool; typedef void *image; int fn_handle(pool p); int fn_keep(pool p, image i);',
    newer: 'typedef void *pool; typedef void *image; int fn_handle(image p); int fn_keep(pool p, image i);',
    changes: ['function fn_handle changed: silent break'],
    says: /image, not pool/,
  },
  {
    what: 'a deprecated function',
    older: 'int fn_old(int n);',
    newer: '__attribute__((deprecated("use fn_const"))) int fn_old(int n);',
    changes: ['function fn_old changed: compatible'],
    says: /deprecated now: use fn_const/,
  },
  {
    what: 'a function with another symbol',
    older: 'int fn_symbol(int n);',
    newer: 'int fn_symbol(int n) __asm__("fn_symbol64");',
    changes: ['function fn_symbol changed: recompile'],
    says: /fn_symbol64 and not fn_symbol/,
  },
  {
    what: 'a member that moved',
    older: 'struct moved { int a; int b; }; int fn_moved(struct moved *p);',
    newer: 'struct moved { int a; int inserted; int b; }; int fn_moved(struct moved *p);',
    changes: ['record struct moved changed: silent break'],
    says: /b is at 8 and not 4/,
  },
  {
    what: 'a member behind the last one',
    older: 'struct appended { long a; }; int fn_appended(struct appended *p);',
    newer: 'struct appended { long a; long b; }; int fn_appended(struct appended *p);',
    changes: ['record struct appended changed: recompile'],
  },
  {
    what: 'a member where nothing was',
    older: 'struct hole { char a; long b; }; int fn_hole(struct hole *p);',
    newer: 'struct hole { char a; int fills; long b; }; int fn_hole(struct hole *p);',
    changes: ['record struct hole changed: compatible'],
    says: /where nothing was/,
  },
  {
    what: 'a wider member behind which nothing moves',
    older: 'struct widened { long a; int b; }; int fn_widened(struct widened *p);',
    newer: 'struct widened { long a; long b; }; int fn_widened(struct widened *p);',
    changes: ['record struct widened changed: silent break'],
    says: /b is long, not int/,
  },
  {
    what: 'a member of another name',
    older: 'struct renamed { long mode; }; int fn_renamed(struct renamed *p);',
    newer: 'struct renamed { long flags; }; int fn_renamed(struct renamed *p);',
    changes: ['record struct renamed changed: break'],
    says: /mode is named flags now/,
  },
  {
    what: 'a member in the place of a reserve, which is smaller now',
    older: 'struct reserve { int a; void *_reserved[4]; }; int fn_reserve(struct reserve *p);',
    newer: 'struct reserve { int a; long b; void *_reserved[3]; }; int fn_reserve(struct reserve *p);',
    changes: ['record struct reserve changed: compatible'],
    says: /_reserved is at 16 and not 8 \(a reserve\)/,
  },
  {
    what: 'a record of which nothing is known, as void and as struct',
    older: 'typedef void CURL_like; int fn_opaque(CURL_like *p);',
    newer: 'typedef struct unknown CURL_like; int fn_opaque(CURL_like *p);',
    changes: [
      'typedef CURL_like changed: compatible',
      'record struct unknown added: compatible',
      'function fn_opaque changed: compatible',
    ],
  },
  {
    what: 'a member that is gone, with the next in its place',
    older: 'struct lost { int a; int b; }; int fn_lost(struct lost *p);',
    newer: 'struct lost { int b; }; int fn_lost(struct lost *p);',
    changes: ['record struct lost changed: silent break'],
    says: /a is gone, and b is where it was/,
  },
  {
    what: 'a member of an unnamed union that is gone',
    older: 'struct choice { union { int i; float f; }; }; int fn_choice(struct choice *p);',
    newer: 'struct choice { union { int i; }; }; int fn_choice(struct choice *p);',
    changes: ['record struct choice changed: break'],
    says: /f is gone/,
  },
  {
    what: 'a member in a named record without a tag',
    older: 'struct outer_named { struct { int x; int y; } at; }; int fn_outer_named(struct outer_named *p);',
    newer: 'struct outer_named { struct { int w; int x; int y; } at; }; int fn_outer_named(struct outer_named *p);',
    changes: ['record struct outer_named changed: silent break'],
    says: /at\.y is at 8 and not 4/,
  },
  {
    what: 'another width of a bit-field',
    older: 'struct bits { unsigned a : 3; unsigned b : 3; }; int fn_bits(struct bits *p);',
    newer: 'struct bits { unsigned a : 4; unsigned b : 3; }; int fn_bits(struct bits *p);',
    changes: ['record struct bits changed: silent break'],
    says: /a is 4 bits wide, and was 3 bits wide/,
  },
  {
    what: 'more elements of the array at the end',
    older: 'struct array_end { int n; char name[16]; }; int fn_array_end(struct array_end *p);',
    newer: 'struct array_end { int n; char name[32]; }; int fn_array_end(struct array_end *p);',
    changes: ['record struct array_end changed: recompile'],
  },
  {
    what: 'more elements of an array in the middle',
    older: 'struct array_mid { char name[16]; int n; }; int fn_array_mid(struct array_mid *p);',
    newer: 'struct array_mid { char name[32]; int n; }; int fn_array_mid(struct array_mid *p);',
    changes: ['record struct array_mid changed: silent break'],
  },
  {
    what: 'a record in another record, and one that only points to it',
    older:
      'struct in { int a; }; struct holds { struct in in; int z; }; struct points { struct in *p; }; int fn_holds(struct holds *, struct points *);',
    newer:
      'struct in { int a; int b; }; struct holds { struct in in; int z; }; struct points { struct in *p; }; int fn_holds(struct holds *, struct points *);',
    changes: ['record struct in changed: recompile', 'record struct holds changed: silent break'],
  },
  {
    what: 'a record by value that grew',
    older: 'struct passed { int a; }; int fn_passed(struct passed v);',
    newer: 'struct passed { int a; int b; }; int fn_passed(struct passed v);',
    changes: ['record struct passed changed: recompile', 'function fn_passed changed: silent break'],
  },
  {
    what: 'another alignment',
    older: 'struct aligned_one { long a; }; int fn_aligned(struct aligned_one *p);',
    newer: 'struct aligned_one { long a; } __attribute__((aligned(64))); int fn_aligned(struct aligned_one *p);',
    changes: ['record struct aligned_one changed: recompile'],
    says: /aligned to 64 and not 8/,
  },
  {
    what: 'a struct that became a union',
    older: 'typedef struct { int a; int b; } which; int fn_which(which *p);',
    newer: 'typedef union { int a; int b; } which; int fn_which(which *p);',
    changes: ['record which changed: silent break'],
  },
  {
    what: 'a record that got a tag',
    older: 'typedef struct { int a; } tagged; int fn_tagged(tagged *p);',
    newer: 'typedef struct tagged_s { int a; } tagged; int fn_tagged(tagged *p);',
    changes: ['function fn_tagged changed: compatible'],
  },
  {
    what: 'a record whose members are hidden',
    older: 'struct hidden { int a; }; int fn_hidden(struct hidden *p);',
    newer: 'struct hidden; int fn_hidden(struct hidden *p);',
    changes: ['record struct hidden changed: break'],
  },
  {
    what: 'a record whose members are shown',
    older: 'struct shown; int fn_shown(struct shown *p);',
    newer: 'struct shown { int a; }; int fn_shown(struct shown *p);',
    changes: ['record struct shown changed: compatible'],
  },
  {
    what: 'a record and an enumeration that are gone, with what used them',
    older:
      'struct dropped { int a; }; enum dropped_kind { DROPPED_A }; int fn_dropped(struct dropped *p, enum dropped_kind k);',
    newer: '',
    changes: [
      'function fn_dropped removed: break',
      'record struct dropped removed: break',
      'enumeration enum dropped_kind removed: break',
      'enumerator DROPPED_A removed: break',
    ],
  },
  {
    what: 'a callback in a record with one more parameter',
    older: 'struct ops { int (*read)(int n); }; int fn_ops(struct ops *p);',
    newer: 'struct ops { int (*read)(int n, int m); }; int fn_ops(struct ops *p);',
    changes: ['record struct ops changed: silent break'],
  },
  {
    what: 'an enumerator in between',
    older: 'enum order { ORDER_A, ORDER_B, ORDER_LAST }; int fn_order(enum order o);',
    newer: 'enum order { ORDER_A, ORDER_NEW, ORDER_B, ORDER_LAST }; int fn_order(enum order o);',
    changes: [
      'enumerator ORDER_NEW added: compatible',
      'enumerator ORDER_B changed: silent break',
      'enumerator ORDER_LAST changed: recompile',
    ],
  },
  {
    what: 'an enumerator that is gone',
    older: 'enum shrunk { SHRUNK_A, SHRUNK_B }; int fn_shrunk(enum shrunk s);',
    newer: 'enum shrunk { SHRUNK_A }; int fn_shrunk(enum shrunk s);',
    changes: ['enumerator SHRUNK_B removed: break'],
  },
  {
    what: 'an enumeration that takes more memory',
    older: 'enum big { BIG_A = 1 }; int fn_big(enum big *b);',
    newer: 'enum big { BIG_A = 1, BIG_B = 0x100000000 }; int fn_big(enum big *b);',
    changes: [
      'enumeration enum big changed: silent break',
      'enumerator BIG_B added: compatible',
      'function fn_big changed: silent break',
    ],
  },
  {
    what: 'an enumerator that became a macro',
    older: 'enum { ENUMERATED = 3 };',
    newer: '#define ENUMERATED 3',
    changes: ['constant ENUMERATED changed: compatible'],
    says: /a macro now/,
  },
  {
    what: 'values of macros',
    older:
      '#define OPTION 3\n#define FLAGS 3\n#define NAME "a"\n#define LIB_VERSION 10\n#define GONE 1\n#define KIND 1\n#define TYPED 1',
    newer:
      '#define OPTION 4\n#define FLAGS 7\n#define NAME "b"\n#define LIB_VERSION 11\n#define FRESH 1\n#define KIND "x"\n#define TYPED 1u',
    changes: [
      'constant OPTION changed: silent break',
      'constant FLAGS changed: recompile',
      'constant NAME changed: recompile',
      'constant LIB_VERSION changed: compatible',
      'constant GONE removed: break',
      'constant FRESH added: compatible',
      'constant KIND changed: break',
      'constant TYPED changed: compatible',
    ],
  },
  {
    what: 'typedefs that come and go',
    older: 'typedef int old_name; int fn_named(int n);',
    newer: 'typedef int new_name; int fn_named(new_name n);',
    changes: [
      'typedef old_name removed: break',
      'typedef new_name added: compatible',
      'function fn_named changed: compatible',
    ],
  },
  {
    what: 'variables',
    older: 'extern int var_gone; extern int var_wider; extern int var_same;',
    newer: 'extern int var_new; extern long var_wider; extern int var_same;',
    changes: [
      'variable var_gone removed: break',
      'variable var_new added: compatible',
      'variable var_wider changed: silent break',
    ],
  },
];

/** One side of all cases, as a header. */
export function headerOf(side: 'older' | 'newer', cases: readonly DiffCase[] = CASES): string {
  return `int fn_kept(int n);\n${cases.map((one) => one[side]).join('\n')}\n`;
}
