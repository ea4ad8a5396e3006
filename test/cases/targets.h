// flags: --library libtargets.so.1 --library libtargets.dylib --library targets.dll --target x86_64-linux-gnu --target aarch64-linux-gnu --target x86_64-apple-darwin --target arm64-apple-darwin --target x86_64-windows
// What platforms do not agree on: long, wchar_t, char's sign, bit-fields, packing, enumerations; and what cannot be one for all.
#include <stddef.h>
#include <stdint.h>

enum level { LEVEL_LOW = -1, LEVEL_HIGH = 0x7fffffff };
enum beyond { BEYOND_INT = 0x80000000, WITHIN_INT = 1 };

// One signature for all, and signatures that differ.
int same(int count, const char *name, size_t size, void *data);
long longs(long a, unsigned long b, int64_t c);
wchar_t wide(wchar_t c, char narrow);
enum level levels(enum level level, enum beyond beyond);
void calls(long (*callback)(long value, wchar_t c, void *user), void *user);

// One layout for all, and layouts that differ.
struct plain { int a; void *b; double c; };
struct mixed { char c; long l; wchar_t w; size_t s; enum level level; };
struct __attribute__((packed)) packed { char c; long l; short s; };
struct bits { char a : 3; int b : 5; unsigned c : 27; short d : 2; long : 0; char e : 1; };
#pragma pack(push, 2)
struct nested { char c; struct mixed inner; };
#pragma pack(pop)
typedef long ticks_t;
struct timed { ticks_t at; const struct mixed *mixed; };
int takes(struct plain *plain, struct mixed *mixed, struct packed *packed, struct bits *bits, struct nested *nested);
ticks_t ticks(struct timed *timed);

// The elements of these arrays are of other sizes: there is no typed array for all.
void sums(const long *values, size_t count, long *sum);
struct arrays { long values[4]; int count; };
int counts(struct arrays *arrays);
void names(wchar_t *name, size_t length);

// Declared otherwise, or not everywhere.
#ifdef _WIN32
struct socket { void *handle; };
int connects(struct socket *socket, void *event);
typedef void *descriptor_t;
#define PATH_SEPARATOR '\\'
#define ONLY_WINDOWS 1
#else
struct socket { int fd; };
int connects(struct socket *socket);
typedef int descriptor_t;
int forks(void);
#define PATH_SEPARATOR '/'
#endif
int closes(descriptor_t descriptor);
struct holder { descriptor_t descriptor; };
int holds(const struct holder *holder);

// What follows from a record without one layout: it cannot pass by value, and is bytes in another one.
int by_value(struct socket socket);
struct around { struct socket socket; int after; };
int arounds(struct around *around);

// The same members in another order, a name that only one has for the same type, and one that is weak only there.
#ifdef _WIN32
typedef long long count_t;
struct ordered { int b; double a; };
count_t counted(count_t count);
int sometimes(void) __attribute__((weak));
#else
struct ordered { double a; int b; };
int64_t counted(int64_t count);
int sometimes(void);
#endif
typedef int (*visit_t)(long *values, struct ordered *ordered, struct socket *socket);
int visits(visit_t visit, struct ordered *ordered);

#ifdef __APPLE__
int renamed(void) __asm__("_renamed$NEW");
#else
int renamed(void);
#endif

#define LONG_BYTES sizeof(long)
#define ANSWER 42L
#define GREETING "hello"
