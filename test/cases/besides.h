// flags: --library libbesides.so.1 --library besides.dll --target x86_64-linux-gnu --target aarch64-linux-gnu --target x86_64-windows
// What a library has besides functions with a fixed list of parameters: variables, function types by name, tables of functions, `...`,
// and records that end in an array without a length.
#include <stddef.h>
#include <stdint.h>

// Variables: values, const ones, arrays, records, pointers.
extern int plain;
extern const double fixed;
extern long differs;
extern const unsigned char raw[4];
extern char text[16];
extern const char *name;
extern const char *const title;
extern void *anything;
extern int grid[2][3];
struct pair { int first, second; };
extern struct pair pair;
extern const struct pair pairs[2];
typedef const int constant_t;
extern constant_t through_typedef;
extern long double wide;
struct hidden;
extern struct hidden opaque;
extern const char *const names[];
extern int by_other_name __asm__("its_other_name");
#ifdef __aarch64__
extern int elsewhere_named __asm__("there");
#else
extern int elsewhere_named;
#endif
extern int volatile moving;
extern __attribute__((weak)) int perhaps;
extern int (*hook)(long value);
extern int (*hooks[3])(int);
static const int own_copy = 3;
#ifdef _WIN32
extern int uneven;
#else
extern char *uneven;
extern int elsewhere;
#endif

// Function types by name; those that cannot be called have no name here.
typedef int (*visit_t)(void *user, long value, const char *text);
typedef void notify_t(struct pair pair);
typedef visit_t same_visit_t;
typedef int (*formatted_t)(const char *format, ...);
typedef long double (*precise_t)(long double);
void walk(visit_t visit, void *user);

// A table of functions.
struct operations {
  int (*open)(struct operations *self, const char *path);
  visit_t visit;
  notify_t *notify;
  int (*print)(const char *format, ...);
  union { void (*stop)(void); int code; };
  struct { int (*inner)(int); } nested;
  int (*many[2])(void);
};
const struct operations *operations(void);
typedef struct operations operations_t;
typedef operations_t operations_again;
typedef struct pair pair_t;

// `...` behind parameters.
int say(const char *format, ...);

// Records that end in an array without a length, and ones that do not.
struct tail { unsigned count; unsigned char kind; unsigned short items[]; };
struct texts { int64_t id; int length; char text[]; };
struct zero { int count; struct pair pairs[0]; };
struct rows { int count; int row[][4]; };
struct old { int count; int items[1]; };
struct middle { int none[0]; int count; };
struct nested_tail { long id; struct { int count; long values[]; }; };
union either { int none[0]; int one; };
void tails(struct tail *tail, struct nested_tail *nested);
