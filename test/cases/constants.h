// flags: --library libconstants.so.1
// Enumerators and macros with C's own arithmetic.
#include <stdint.h>

enum color { RED, GREEN = 5, BLUE, NEGATIVE = -1, LAST = BLUE + 1 };
enum large { LARGE_FIRST = 1, LARGE_LAST = 0x100000000 };
typedef enum { MODE_A = 'a', MODE_B = 1 << 3 } mode_type;

#define PLAIN 42
#define HEX 0xffu
#define SHIFTED (1 << 31)
#define UNSIGNED_WRAP (0u - 1)
#define ALL_ONES ((uint64_t)(-2))
#define OCTAL 0755
#define CHARACTER 'h'
#define TEXT "one" " " "two\n\"quoted\" `tick` ${dollar}"
#define RATIO 1.5e3
#define SIZE sizeof(int)
#define SUM (PLAIN + GREEN)
#define TERNARY (PLAIN > 3 ? 10 : 20)
#define ALIAS PLAIN
#define FUNCTION_LIKE(x) ((x) + 1)
#define USES_FUNCTION FUNCTION_LIKE(2)
#define NOT_A_CONSTANT some_variable
#define EMPTY
#define LIST 1, 2
#define WHERE __LINE__
#define WHERE_TOO (WHERE + 1)
#define MIXED (PLAIN ? 1 : "x")
#define WIDE L"wide"
#define BYTES "caf\xe9"
#define libconstants 7
#define KEYWORD extern

int paint(enum color color, mode_type mode, enum large large);
