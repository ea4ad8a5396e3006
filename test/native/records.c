// Records of every kind that the runtime's views and calls know, with what C makes of them.
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct point {
  int32_t x;
  double y;
};

union number {
  int64_t whole;
  double real;
  uint8_t bytes[8];
};

struct flags {
  unsigned a : 3;
  int b : 5;
  unsigned wide : 24;
  uint64_t far : 40;
  int64_t low : 24;
};

struct everything {
  bool yes;
  int8_t i8;
  uint8_t u8;
  int16_t i16;
  uint16_t u16;
  int32_t i32;
  uint32_t u32;
  int64_t i64;
  uint64_t u64;
  float f32;
  double f64;
  void *pointer;
  const char *text;
  char name[8];
  int32_t numbers[3];
  uint16_t grid[2][3];
  struct point point;
  struct point points[2];
  union number number;
  struct flags flags;
  int (*call)(int);
};

struct tagged {
  union number number;
  int32_t tag;
};

struct packed {
  uint8_t tag;
  uint32_t value;
} __attribute__((packed));

struct floats {
  float x, y, z;
};

struct mixture {
  double real;
  int32_t count;
  float tail;
};

struct large {
  int64_t values[3];
  struct point last;
};

struct bytes {
  uint8_t bytes[3];
};

static int increment(int value) { return value + 1; }

#define AT(member) offsetof(struct everything, member)
static const uint32_t offsets[] = {
    AT(yes), AT(i8), AT(u8), AT(i16), AT(u16), AT(i32), AT(u32), AT(i64), AT(u64), AT(f32), AT(f64), AT(pointer),
    AT(text), AT(name), AT(numbers), AT(grid), AT(point), AT(points), AT(number), AT(flags), AT(call),
    sizeof(struct everything), sizeof(struct flags), sizeof(struct point), sizeof(union number),
};

int records_offsets(uint32_t *out, int count) {
  int known = sizeof offsets / sizeof *offsets;
  for (int i = 0; i < count && i < known; i++) out[i] = offsets[i];
  return known;
}

void records_fill(struct everything *e) {
  memset(e, 0, sizeof *e);
  e->yes = true;
  e->i8 = -8;
  e->u8 = 200;
  e->i16 = -1600;
  e->u16 = 60000;
  e->i32 = -2000000000;
  e->u32 = 4000000000u;
  e->i64 = INT64_MIN;
  e->u64 = UINT64_MAX;
  e->f32 = 0.5f;
  e->f64 = 1e300;
  e->pointer = e;
  e->text = "gr\xc3\xbc\xc3\x9f";
  strcpy(e->name, "disk0");
  for (int i = 0; i < 3; i++) e->numbers[i] = 10 * i;
  for (int i = 0; i < 6; i++) e->grid[i / 3][i % 3] = i;
  e->point = (struct point){1, 1.5};
  e->points[0] = (struct point){2, 2.5};
  e->points[1] = (struct point){3, 3.5};
  e->number.real = 2.0;
  e->flags = (struct flags){5, -7, 0xabcdef, 0x123456789aull, -4242};
  e->call = increment;
}

/* 0 when every member has what records_fill would have set, else the number of the first that has not. */
int records_check(const struct everything *e) {
  if (!e->yes) return 1;
  if (e->i8 != -8 || e->u8 != 200 || e->i16 != -1600 || e->u16 != 60000) return 2;
  if (e->i32 != -2000000000 || e->u32 != 4000000000u) return 3;
  if (e->i64 != INT64_MIN || e->u64 != UINT64_MAX) return 4;
  if (e->f32 != 0.5f || e->f64 != 1e300) return 5;
  if (strcmp(e->name, "disk0") != 0) return 6;
  for (int i = 0; i < 3; i++) if (e->numbers[i] != 10 * i) return 7;
  for (int i = 0; i < 6; i++) if (e->grid[i / 3][i % 3] != i) return 8;
  if (e->point.x != 1 || e->point.y != 1.5 || e->points[1].x != 3 || e->points[1].y != 3.5) return 9;
  if (e->number.real != 2.0) return 10;
  if (e->flags.a != 5 || e->flags.b != -7 || e->flags.wide != 0xabcdef) return 11;
  if (e->flags.far != 0x123456789aull || e->flags.low != -4242) return 12;
  return 0;
}

static struct everything shared;
struct everything *records_shared(void) { return &shared; }

struct point records_move(struct point p, int dx) { return (struct point){p.x + dx, -p.y}; }
struct tagged records_same(struct tagged value) { return value; }
double records_value(struct tagged t) { return t.tag ? t.number.real : (double)t.number.whole; }
union texts { char text[8]; int16_t number; };
int records_text(union texts t) { return (int)strnlen(t.text, sizeof t.text); }
float records_floats(struct floats f) { return f.x + f.y + f.z; }
struct mixture records_mixture(struct mixture m) { return (struct mixture){m.real + 1, m.count + 1, m.tail + 0.5f}; }
struct large records_large(struct large l) {
  l.last.x += l.values[0] + l.values[1] + l.values[2];
  l.last.y += 1;
  return l;
}
int records_bytes(struct bytes b) { return b.bytes[0] + 10 * b.bytes[1] + 100 * b.bytes[2]; }
uint32_t records_packed(struct packed p) { return p.tag + p.value; }
struct packed records_packed_make(uint8_t tag, uint32_t value) { return (struct packed){tag, value}; }
int records_flags(struct flags f) { return f.a; }

int records_sum(int count, ...) {
  va_list arguments;
  va_start(arguments, count);
  int sum = 0;
  while (count-- > 0) sum += va_arg(arguments, int);
  va_end(arguments);
  return sum;
}

int64_t records_i64(int64_t value) { return value; }
uint64_t records_u64(uint64_t value) { return value; }
void records_invert(bool *value) { *value = !*value; }
bool records_not(bool value) { return !value; }
signed char records_char(signed char value) { return value - 1; }
const char *records_echo(const char *text) { return text; }
size_t records_length(const char *text) { return text ? strlen(text) : (size_t)-1; }
size_t records_lengths(const char **texts, int count) {
  size_t sum = 0;
  for (int i = 0; i < count; i++) sum += strlen(texts[i]);
  return sum;
}
int records_total(const int32_t *values, int count) {
  int sum = 0;
  for (int i = 0; i < count; i++) sum += values[i];
  return sum;
}
void records_split(int value, int32_t *quotient, int32_t *rest) {
  *quotient = value / 10;
  *rest = value % 10;
}
int records_open(void **handle) {
  *handle = &shared;
  return 0;
}
int records_close(void *handle) { return handle == &shared ? 0 : -1; }
void records_zero(uint8_t *bytes, size_t length) { memset(bytes, 0, length); }

int records_each(int count, int (*visit)(int index, void *context), void *context) {
  int sum = 0;
  for (int i = 0; i < count; i++) sum += visit(i, context);
  return sum;
}

static int (*kept)(int index, void *context);
void records_keep(int (*visit)(int index, void *context)) { kept = visit; }
int records_call_kept(int value) { return kept ? kept(value, 0) : -1; }

static void *call_often(void *count) {
  for (intptr_t i = 0; i < (intptr_t)count; i++) kept((int)i, 0);
  return 0;
}
/* Calls the kept function from `threads` other threads, `count` times each, without waiting for them. */
int records_call_from_threads(int threads, int count) {
  for (int i = 0; i < threads; i++) {
    pthread_t thread;
    if (pthread_create(&thread, 0, call_often, (void *)(intptr_t)count) != 0) return -1;
    pthread_detach(thread);
  }
  return 0;
}
