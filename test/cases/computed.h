// flags: --library libcomputed.so.1
// Macros of every kind that C evaluates, and of every kind that it does not.
#include <stddef.h>
#include <limits.h>
#include <stdint.h>
typedef struct opaque *opq; enum ee { EA = 3, EB = -4 }; extern int some_var; int some_fn(int); struct st { int a; char b[9]; unsigned bf:3; };
typedef unsigned char u8t; static const int sci = 4;
#define NULL_POINTER ((void*)0)
#define OPQ ((opq)-1)
#define COMMA (1, 2)
#define ENUMCAST ((enum ee)3)
#define OFF offsetof(struct st, b[2])
#define SIZEOF (sizeof(struct st) + sizeof(((struct st*)0)->b))
#define GEN _Generic(1.0f, float: 1, default: 2)
#define MULTI 'abcd'
#define MULTI2 'ab'
#define HIGH '\xff'
#define WIDE L'x'
#define U16 u'\u20ac'
#define U32 U'\U0001F600'
#define U8C "x" u8"é"
#define TEXT "a" "b" "\x41" "c\0d" 
#define INVALID "\xff\xfe"
#define IDX "abc"[1]
#define IDX2 1["abc"]
#define PTRSTR ((char*)"x")
#define UPTRSTR ((const unsigned char*)"xyz")
#define STR(x) #x
#define STRINGIFY STR(a + "b\n" 'c')
#define WSTR L"wide" L"\x263a"
#define U16S u"\U0001F600z"
#define U32S U"\U0001F600z"
#define DIV0 (1 / 0)
#define FDIV0 (1.0f/0)
#define FDIV0N (-1.0/0.0)
#define NANX (0.0/0.0)
#define INF __builtin_inff()
#define HUGE __builtin_huge_val()
#define NAN __builtin_nan("")
#define HEXF 0x1.8p3f
#define HEXFL 0x1p-1074
#define TRUNC (int)1.9
#define NTRUNC ((unsigned char)300)
#define TERN (1 ? 1 : 2.0)
#define TERNU (0 ? 1u : -1)
#define FCMP (1.5 > 1.0f && 0.1f != 0.1)
#define IMAG 1.0i
#define LD 1.1L
#define LD2 (1.0L/3)
#define LDMAX 1.18973149535723176502e+4932L
#define LDCMP (0.1L == 0.1)
#define F 0.1f
#define FMUL (0.1f * 3)
#define DMUL (0.1f * 3.0)
#define BIG 18446744073709551615ULL
#define SHL (1ULL << 63)
#define NEG (-2147483647 - 1)
#define INTMIN INT_MIN
#define U (0u - 1)
#define LLMIN (-9223372036854775807LL - 1)
#define CHARCAST ((char)200)
#define BOOL ((_Bool)7)
#define FN some_fn
#define FNC some_fn(1)
#define VAR some_var
#define ADDR &some_var
#define SCI sci
#define COMP ((struct st){1})
#define STMT ({ int x = 1; x; })
#define CP __builtin_constant_p(5)
#define CP2 __builtin_constant_p(some_var)
#define TYPES __builtin_types_compatible_p(int, enum ee)
#define CHOOSE __builtin_choose_expr(1, "str", 5)
#define STRLEN __builtin_strlen("abc")
#define BSWAP __builtin_bswap32(0x11223344)
#define I128 ((__int128)1 << 100)
#define NOT !NULL_POINTER
#define NULLCMP (NULL_POINTER == 0)
#define UMASK (~(u8t)0)
#define ALIGN _Alignof(struct st)
#define ALIGNE __alignof__(some_var)
#define TSIZE sizeof(typeof(some_fn(1)))
#define ASIZE (sizeof((int[]){1,2,3}) / sizeof(int))
#define BIN 0b1011
#define OCT 0777
#define UL 5UL
#define POPC __builtin_popcount(255)
#define SIZET ((size_t)-1)
#define PTRINT ((uintptr_t)NULL_POINTER)
#define PDIFF ((char*)&((struct st*)0)->b - (char*)0)
#define INTPTR ((void*)(intptr_t)5)
#define FLTCAST ((float)0.1)
#define EXT __extension__ 5
#define SHIFTNEG (-1 >> 1)
#define SHL31 (1 << 31)
#define MOD (-7 % 3)
#define LOGIC (1 && 0 || !0)
#define CHARARITH ('a' + 1)
#define EB EB
#define UCAST ((unsigned)EB)
#define ELV (1 ?: 2)
#define STRCMP ("a" == "a")
#define BITF sizeof(((struct st*)0)->bf)
#define DEC 1.0DF

/* Deprecated by a pragma that the preprocessor does. */
#define TO_TEXT(x) #x
#define DEPRECATED_BY(name) _Pragma(TO_TEXT(GCC warning "deprecated: " #name))
#define OLD_LIMIT DEPRECATED_BY(NEW_LIMIT) 406
#define OLD_SUM (_Pragma("GCC warning \"gone\"") 4 + DEPRECATED_BY(SUM) 5)
#define OLD_TEXT "old " DEPRECATED_BY(TEXT) "text"
#define NO_VALUE _Pragma("GCC warning \"nothing\"")
