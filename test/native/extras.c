// What a library has besides plain functions: variadic ones, data symbols, tables of functions, records with a flexible end, errno, lists
// of strings, and versions told in several ways.
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char seen[256];
/* What the last variadic call received, as text. */
const char *extras_seen(void) { return seen; }

/* printf itself, into `seen`. */
int extras_format(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(seen, sizeof seen, format, arguments);
  va_end(arguments);
  return length;
}

/* One letter for each argument: i u l m q z d s p. */
int extras_kinds(const char *kinds, ...) {
  va_list arguments;
  va_start(arguments, kinds);
  char *out = seen;
  for (const char *kind = kinds; *kind; kind++) {
    switch (*kind) {
      case 'i': out += sprintf(out, "%d ", va_arg(arguments, int)); break;
      case 'u': out += sprintf(out, "%u ", va_arg(arguments, unsigned)); break;
      case 'l': out += sprintf(out, "%ld ", va_arg(arguments, long)); break;
      case 'm': out += sprintf(out, "%lu ", va_arg(arguments, unsigned long)); break;
      case 'q': out += sprintf(out, "%lld ", (long long)va_arg(arguments, int64_t)); break;
      case 'z': out += sprintf(out, "%llu ", (unsigned long long)va_arg(arguments, uint64_t)); break;
      case 'd': out += sprintf(out, "%.17g ", va_arg(arguments, double)); break;
      case 's': out += sprintf(out, "%s ", va_arg(arguments, const char *)); break;
      case 'p': out += sprintf(out, "%p ", va_arg(arguments, void *)); break;
    }
  }
  va_end(arguments);
  return 0;
}

/* Options by the hundred, as curl numbers its own: 100 long, 200 const char *, 300 void *, 400 a function, 500 int64_t, 600 double,
   700 struct pair * read during the call. */
struct pair { int32_t first, second; };
static void *kept;
static int (*kept_function)(int);
int extras_set(void *handle, int option, ...) {
  va_list arguments;
  va_start(arguments, option);
  switch (option / 100) {
    case 1: sprintf(seen, "long %ld", va_arg(arguments, long)); break;
    case 2: { const char *text = va_arg(arguments, const char *); sprintf(seen, "text %s", text ? text : "(null)"); break; }
    case 3: kept = va_arg(arguments, void *); sprintf(seen, "address %s", kept == handle ? "of the handle" : kept ? "some" : "null"); break;
    case 4: kept_function = va_arg(arguments, int (*)(int)); sprintf(seen, "function %d", kept_function ? kept_function(20) : -1); break;
    case 5: sprintf(seen, "int64 %lld", (long long)va_arg(arguments, int64_t)); break;
    case 6: sprintf(seen, "double %.17g", va_arg(arguments, double)); break;
    case 7: { const struct pair *pair = va_arg(arguments, const struct pair *); sprintf(seen, "pair %d %d", pair->first, pair->second); break; }
    case 8: { int level = va_arg(arguments, int); int *before = va_arg(arguments, int *); *before = level + 1; sprintf(seen, "both %d %s", level, va_arg(arguments, const char *)); break; }
    default: sprintf(seen, "nothing"); va_end(arguments); return -1;
  }
  va_end(arguments);
  return 0;
}

/* 1 long *, 2 const char **, 3 double *, 4 int64_t *, 5 void ** */
int extras_get(void *handle, int option, ...) {
  va_list arguments;
  va_start(arguments, option);
  switch (option) {
    case 1: *va_arg(arguments, long *) = 0x123456789ab; break;
    case 2: *va_arg(arguments, const char **) = "gr\xc3\xbc\xc3\x9f"; break;
    case 3: *va_arg(arguments, double *) = 0.1; break;
    case 4: *va_arg(arguments, int64_t *) = INT64_MIN; break;
    case 5: *va_arg(arguments, void **) = handle; break;
    default: va_end(arguments); return -1;
  }
  va_end(arguments);
  return 0;
}

int32_t extras_count = 7;
const double extras_half = 0.5;
const char *extras_name = "extras";
char extras_text[16] = "text";
uint16_t extras_grid[2][3] = {{1, 2, 3}, {4, 5, 6}};
struct pair extras_pair = {1, 2};
const struct pair extras_fixed = {3, 4};
const char *const extras_names[] = {"one", "two", "three", NULL};
int (*extras_hook)(int);
struct hidden { int inside; } extras_hidden = {99};

int extras_count_now(void) { return extras_count; }
int extras_pair_sum(void) { return extras_pair.first + extras_pair.second; }
int extras_call_hook(int value) { return extras_hook ? extras_hook(value) : -1; }
int extras_inside(const struct hidden *hidden) { return hidden->inside; }

/* A table of functions, as plug-ins have. */
struct stream {
  int (*read)(struct stream *self, char *out, size_t length);
  int (*close)(struct stream *self);
  int closed;
};
static int read_text(struct stream *self, char *out, size_t length) {
  (void)self;
  return snprintf(out, length, "from C");
}
static int close_stream(struct stream *self) { return self->closed = 1; }
struct stream *extras_stream(void) {
  static struct stream stream = {read_text, close_stream, 0};
  return &stream;
}
/* Calls what the table has; -1 where there is nothing. */
int extras_read(struct stream *stream, char *out, size_t length) { return stream->read ? stream->read(stream, out, length) : -1; }

struct list {
  uint32_t count;
  uint8_t kind;
  uint16_t items[];
};
struct named {
  uint64_t id;
  uint32_t length;
  char text[];
};
struct group {
  int32_t count;
  struct pair pairs[0];
};
int extras_list_sum(const struct list *list) {
  int sum = 0;
  for (uint32_t i = 0; i < list->count; i++) sum += list->items[i];
  return sum;
}
struct list *extras_list_make(int count) {
  struct list *list = malloc(sizeof *list + count * sizeof list->items[0]);
  list->count = count;
  list->kind = 9;
  for (int i = 0; i < count; i++) list->items[i] = 100 * i;
  return list;
}
void extras_free(void *memory) { free(memory); }
size_t extras_sizes(int which) {
  size_t sizes[] = {sizeof(struct list), offsetof(struct list, items), sizeof(struct named), offsetof(struct named, text),
                    sizeof(struct group), offsetof(struct group, pairs)};
  return sizes[which];
}
int extras_group_sum(const struct group *group) {
  int sum = 0;
  for (int i = 0; i < group->count; i++) sum += group->pairs[i].first * group->pairs[i].second;
  return sum;
}

int extras_fail(int number) {
  errno = number;
  return -1;
}

const char **extras_words(void) {
  static const char *words[] = {"ein", "zw\xc3\xb6lf", "", NULL, "hidden"};
  return words;
}
/* Fills a buffer with names one behind the other, as rbd_list does, and returns their length. */
int extras_list_names(char *out, size_t length) {
  static const char names[] = "disk0\0disk1\0gr\xc3\xbc\xc3\x9f";
  if (length < sizeof names) return -ERANGE;
  memcpy(out, names, sizeof names);
  return sizeof names;
}

const char *extras_version_text(int wanted) { return wanted <= 3 ? "3.2.1" : NULL; }
int extras_version_number(unsigned long *library, const char *type, unsigned long *other) {
  *library = 9000011;
  return type || other ? -1 : 0;
}
struct version { uint8_t major, minor, patch; };
void extras_version_fill(struct version *version) { *version = (struct version){2, 26, 5}; }
struct about { int32_t age; const char *version; };
const struct about *extras_about(int age) {
  static struct about about = {0, "7.88.1"};
  about.age = age;
  return &about;
}
unsigned extras_major(void) { return 3; }
unsigned extras_minor(void) { return 24; }
unsigned extras_micro(void) { return 38; }
