// flags: --library libredeclared.so.1
// Declarations that complete each other, old style, digraphs, and tags of every scope.

extern int completed[];
extern int completed[10];
int prototyped();
int prototyped(int a, char *b);
int unknown_parameters();
void takes_unknown(void (*callback)());
typedef int again;
typedef int again;
typedef struct shape shape;
typedef struct shape shape;
struct shape {
  struct corner {
    int x, y;
  } first;
  enum side { LEFT, RIGHT } side;
};
struct corner corner_of(enum side side);

static inline int old_style(a, b) int a; char *b; { return a + *b; }
static int older(a) register int a; { return a; }
int after_them(void);

int di<:3:>;
struct dig <% int x; char y<:2:>; %>;

enum beyond_int { BIG = 0xffffffff, BIGGER = 0x7fffffffffffffff, NEGATIVE = -1 };
enum beyond_long { BIGGEST = 0xffffffffffffffff };
enum computed { FIRST = sizeof(shape), SECOND = FIRST * 2 + (sizeof(int) == 4), THIRD = -5, FOURTH, FIFTH = 'a' };

struct only_anonymous {
  struct {
    int a;
    union {
      int b;
      float c;
    };
  };
  struct {
    unsigned d : 3, : 5, e : 8;
  };
};
union flexible_union {
  int n;
  char data[0];
};
struct zero_length {
  int n;
  int z[0];
};
struct dimensions {
  int m[SECOND][sizeof(long)][BIG == 1 ? 2 : 3];
};
