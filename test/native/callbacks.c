// Functions that call back in every way: during the call, later, from other threads, with results of every type; and functions for the
// trace and the checks to look at.
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct pair {
  int32_t a;
  double b;
};
struct wide {
  int64_t values[5];
};
struct item {
  uint32_t id;
  uint32_t low : 4;
  uint32_t high : 12;
  char name[12];
  const char *text;
  struct pair pair;
};

/* Calls `visit` with 0 to count - 1 and returns the sum of what it returned; goes on whatever that is. */
int32_t cb_each(int32_t count, int32_t (*visit)(int32_t index, void *context), void *context) {
  int32_t sum = 0;
  for (int32_t i = 0; i < count; i++) sum += visit(i, context);
  return sum;
}

static int32_t (*kept)(int32_t, void *);
static int64_t kept_sum, kept_calls;
void cb_keep(int32_t (*visit)(int32_t index, void *context)) { kept = visit; }
int32_t cb_call_kept(int32_t value) { return kept ? kept(value, 0) : -1; }
int32_t cb_both(int32_t (*visit)(int32_t index, void *context)) { return kept(1, 0) + visit(2, 0); }

bool cb_bool(bool (*ask)(void)) { return ask(); }
double cb_double(double (*ask)(float)) { return ask(0.5f); }
uint64_t cb_u64(uint64_t (*ask)(uint64_t), uint64_t value) { return ask(value); }
void cb_void(void (*tell)(const char *text), const char *text) { tell(text); }
size_t cb_text(const char *(*ask)(void)) {
  const char *text = ask();
  return text ? strlen(text) : (size_t)-1;
}
void *cb_pointer(void *(*ask)(void)) { return ask(); }
double cb_pair(struct pair (*ask)(void)) {
  struct pair p = ask();
  return p.a + p.b;
}
int64_t cb_wide(struct wide (*ask)(void)) {
  struct wide w = ask();
  return w.values[0] + w.values[4];
}
int32_t cb_fill(int32_t (*fill)(uint8_t *bytes, uint64_t *length)) {
  uint8_t bytes[8] = {0};
  uint64_t length = sizeof bytes;
  int32_t result = fill(bytes, &length);
  return result + (int32_t)length * 1000 + bytes[0];
}

int32_t cb_lone(int32_t (*ask)(int16_t)) { return ask(1); }
int32_t cb_alone(int32_t (*ask)(int8_t)) { return ask(1); }

static void *call_often(void *count) {
  for (intptr_t i = 0; i < (intptr_t)count; i++) {
    int32_t result = kept((int32_t)i, 0);
    __atomic_add_fetch(&kept_sum, result, __ATOMIC_RELAXED);
    __atomic_add_fetch(&kept_calls, 1, __ATOMIC_RELAXED);
  }
  return 0;
}
/* Calls the kept function from `threads` other threads, `count` times each, without waiting for them. */
int32_t cb_from_threads(int32_t threads, int32_t count) {
  kept_sum = kept_calls = 0;
  for (int32_t i = 0; i < threads; i++) {
    pthread_t thread;
    if (pthread_create(&thread, 0, call_often, (void *)(intptr_t)count) != 0) return -1;
    pthread_detach(thread);
  }
  return 0;
}
int64_t cb_sum(void) { return __atomic_load_n(&kept_sum, __ATOMIC_RELAXED); }
int64_t cb_calls(void) { return __atomic_load_n(&kept_calls, __ATOMIC_RELAXED); }

int32_t cb_wait(int32_t milliseconds, int32_t value) {
  usleep((useconds_t)milliseconds * 1000);
  return value;
}
static int32_t order[100000], ordered;
int32_t cb_order(int32_t value) {
  int32_t at = __atomic_fetch_add(&ordered, 1, __ATOMIC_RELAXED);
  if (at < 100000) order[at] = value;
  return value;
}
int32_t cb_ordered(int32_t at) { return order[at]; }
/* The sum of `length` bytes. */
int64_t cb_total(const uint8_t *bytes, uint64_t length) {
  int64_t sum = 0;
  for (uint64_t i = 0; i < length; i++) sum += bytes[i];
  return sum;
}

int32_t cb_open(const char *name, void **handle) {
  if (strcmp(name, "none") == 0) return -2;
  *handle = strdup(name);
  return 0;
}
int32_t cb_other(void **handle) {
  *handle = strdup("other");
  return 0;
}
int32_t cb_close(void *handle) {
  free(handle);
  return 0;
}
int32_t cb_use(void *handle, bool flag) { return flag ? (int32_t)strlen(handle) : 0; }
int32_t cb_read(void *handle, uint64_t length, char *bytes) {
  (void)handle;
  memset(bytes, 'x', length);
  return (int32_t)length;
}
int32_t cb_list(char *names, uint64_t *size) {
  if (*size < 6) {
    *size = 6;
    return -34;
  }
  memcpy(names, "a\0bc\0", 6);
  *size = 6;
  return 6;
}
void cb_item(struct item *item, uint64_t size) {
  if (size < sizeof *item) return;
  memset(item, 0, sizeof *item);
  item->id = 7;
  item->low = 5;
  item->high = 1000;
  strcpy(item->name, "seven");
  item->text = (const char *)1; /* not to be followed */
  item->pair = (struct pair){1, 2.5};
}
int32_t cb_fixed(const uint16_t *values) { return values[0] + values[15]; }
int32_t cb_sum_of(int32_t count, ...) {
  va_list arguments;
  va_start(arguments, count);
  int32_t sum = 0;
  while (count-- > 0) sum += va_arg(arguments, int);
  va_end(arguments);
  return sum;
}
double cb_sum_pair(struct pair p) { return p.a + p.b; }
int32_t cb_small(uint8_t byte, int16_t number, float real) { return byte + number + (int32_t)real; }
int32_t cb_texts(const char **texts, int32_t count) {
  int32_t sum = 0;
  for (int32_t i = 0; i < count; i++) sum += (int32_t)strlen(texts[i]);
  return sum;
}
