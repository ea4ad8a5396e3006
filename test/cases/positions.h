// flags: --library libpositions.so.1
// Attributes wherever compilers take them, and declarators of every shape.

__attribute__((visibility("default"))) int front(void), shared(void) __attribute__((pure));
int __attribute__((const)) middle(int x);
int *__attribute__((malloc)) behind_star(void);
int(__attribute__((noinline)) inside)(void);
int parameters(int x __attribute__((unused)), char *p __attribute__((unused))) __attribute__((nonnull(2), cold));
int labelled(void) __asm__("_" "labelled" "_v2");
extern int variable_label __asm__("variable_v2") __attribute__((weak));
int old(void) __attribute__((deprecated("use " "front()"))) __attribute__((visibility("default")));
_Noreturn void leave(int);
void on_leave(void (*leave)(int) __attribute__((noreturn)), char *restrict *restrict words);
typedef void (*leave_t)(int) __attribute__((noreturn));
leave_t last_leave(leave_t next);

enum __attribute__((packed)) small { SMALL_A __attribute__((deprecated)), SMALL_B __attribute__((deprecated("no"))) = 5 };
struct members {
  int first __attribute__((deprecated));
  char second __attribute__((aligned(4))), third;
  enum small kind : 4;
} __attribute__((packed, aligned(2)));
typedef int aligned_int __attribute__((aligned(16), may_alias));

typedef int T;
void shadows(T T);
struct shadow {
  T T;
  _Static_assert(sizeof(T) == 4, "members may be asserted between");
  int x;
};
typedef int number_function(int);
number_function by_typedef, by_typedef_too;
int (*returns_function(int a))(char);
int (*(*returns_arrays(void))[2])(long);
extern int (*functions[3])(int);
typedef int (*(*deep)(int (*)(char), void (*const)(void)))[4];
int arrays(int a[static 3], int b[const *], int n, int v[n][n + 1], int c[const static 2], char *argv[restrict]);
int pointers_to_arrays(int (*p)[4], int **q[2], const volatile int *const volatile *const r);
struct holder {
  int (*(*table[2])(void))[3];
  void (*const callback)(int), *plain, **twice;
};
typedef const int cint;
typedef cint *cintp;
void through_typedefs(cintp const p, const cintp q);
signed sign(signed);
long long int unsigned words(short unsigned int a, char signed b);
int volatile *qualified(const volatile void *p);

struct {
  int lone;
} extern lone_object;
int uses_tag(struct only_here *p, struct defined_here { int a; } *q);
int bool_is_a_name(int bool, int true, int nullptr);
int \u00e9t\u00e9(int na\u00efve);
int größe(void);
extern struct never_defined opaque_object;
