// flags: --library libexpressions.so.1
// Constant expressions over types: sizes and offsets of anything, _Generic, builtins, typeof.
#include <stddef.h>

typedef struct node node_t;
struct node {
  int count;
  char label[7];
  union {
    long large;
    short parts[3];
  };
  node_t *(*next)(node_t *);
};

extern int counter;
extern int open_ended[];
extern int open_ended[12];
int get(void);
double half(int);

enum measures {
  OFFSET = offsetof(node_t, label),
  OFFSET_OF_ELEMENT = offsetof(struct node, parts[2]),
  BY_NULL_POINTER = (size_t)&((node_t *)0)->large,
  SIZE_OF_MEMBER = sizeof(((struct node *)0)->label),
  SIZE_OF_CALL = sizeof(half(1)) + sizeof get(),
  SIZE_OF_OBJECT = sizeof counter * 2,
  SIZE_OF_COMPLETED = sizeof(open_ended) / sizeof(open_ended[0]),
  SIZE_OF_TYPE = sizeof(int (*[3])(char, ...)) + sizeof(char[2][5]),
  SIZE_OF_ELEMENTS = sizeof((short[]){1, 2, 3}) / sizeof(short),
  SIZE_OF_STRING = sizeof "four" + sizeof(L"wide"),
  ALIGNMENT = _Alignof(node_t) + __alignof__(((node_t *)0)->parts),
  CHOSEN_BY_TYPE = _Generic(1.0f, double: 1, float: 2, default: 3),
  CHOSEN_BY_DEFAULT = _Generic(&counter, char *: 1, default: _Generic('a', char: 4, int: 5)),
  COMPATIBLE = __builtin_types_compatible_p(node_t, struct node) + 2 * __builtin_types_compatible_p(int, long),
  CHOSEN = __builtin_choose_expr(sizeof(long) == 8, 10, 20),
  IS_CONSTANT = __builtin_constant_p(COMPATIBLE) + 2 * __builtin_constant_p(counter),
  BITS = __builtin_popcount(0xff) + __builtin_ctz(8) + __builtin_clzl(1) + __builtin_ffs(12) + __builtin_bswap16(1),
  IN_ORDER = (node_t *)8 > (node_t *)0 && !(void *)0,
  DISTANCE = (char *)&((node_t *)0)->large - (char *)0,
  WRAPPED = (unsigned char)-1 + (char)200 + (_Bool)7,
  PICKED = 0 ?: 3,
};

struct sized {
  char exact[_Generic(counter, int: 3, default: 9)];
  typeof(int *) pointer;
  __typeof__(((node_t *)0)->large) large;
  __typeof__(get) *function;
  typeof(1.5f + 1) real;
  __typeof__(counter) number;
  __typeof__(const char[4]) text;
  char last[__builtin_offsetof(node_t, next)];
};

__typeof__(int (*)(void)) returns_pointer(__typeof__(counter) number, __typeof__(&get) hook);

#define FROM_MEMBER sizeof(((node_t *)0)->parts[0])
#define FROM_TYPE (__typeof__(counter))2.9
#define FROM_STRING __builtin_strlen("five!")
#define FROM_STATEMENTS ({ int x = 1; x; })
#define FROM_POINTER ((node_t *)-1)
#define FROM_COMPOUND ((node_t){0})
#define FROM_CALL get()
#define FROM_COMMA (1, 2)
