// flags: --library libattributes.so.1
// What stands beside a declaration and matters: weak, deprecated, another symbol; and what cannot be called.
#include <stdarg.h>

#define API __attribute__((visibility("default")))

API int visible(void) __attribute__((__nonnull__, warn_unused_result));
extern int maybe(void) __attribute__((weak));
int old(void) __attribute__((deprecated("use visible()")));
__attribute__((__deprecated__)) int older(void);
int renamed(int x) __asm__("renamed_v2");
__extension__ typedef unsigned long long int extended_t;
extended_t restricted(char *restrict a, const char *__restrict b);
static inline int helper(int x) { return x > 0 ? x : ({ int y = -x; y; }); }
static int internal(int x);
_Noreturn void leave(int code);
int with_va_list(const char *format, va_list arguments);
long double precise(long double x);
_Complex double complex_value(_Complex double z);
__int128 huge(__int128 x);
int visible(void);
extern int data_symbol;

/* Again, and with more to say. */
int declared_twice(int x);
int declared_twice(int x) __attribute__((weak));
