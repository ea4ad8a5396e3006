// What test/cases/directions.h declares: each function does what its parameters' names and comments say, and no more.

#include "../cases/directions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int images;

void case_documented(int32_t *answer, int32_t *counter, const int32_t *given) {
  *answer = *answer + *given; // what C finds in an out-parameter is nothing that the caller has put there
  *counter = *counter + 1;
}

int64_t case_said(int64_t *held, int64_t *total) {
  int64_t before = *held;
  *total = *total + before;
  *held = 7;
  return before;
}

void case_annotated(uint32_t *version, uint32_t *state) {
  *version = *version + 3;
  *state = *state * 2;
}

int case_exported(bool *flag) {
  int before = *flag;
  *flag = true;
  return before;
}

int case_read(case_image_t image, uint64_t offset, size_t len, char *buf) {
  (void)image;
  for (size_t i = 0; i < len; i++) buf[i] = (char)(offset + i);
  return (int)len;
}

int case_write(case_image_t image, const void *data, size_t data_len) {
  (void)image;
  int sum = 0;
  for (size_t i = 0; i < data_len; i++) sum += ((const unsigned char *)data)[i];
  return sum;
}

int case_get_name(case_image_t image, char *name, size_t *name_len) {
  (void)image;
  static const char own[] = "disk0";
  size_t room = *name_len;
  *name_len = sizeof own;
  if (room < sizeof own) return -ERANGE;
  memcpy(name, own, sizeof own);
  return 0;
}

uint32_t case_sum(const uint8_t *bytes, size_t n) {
  uint32_t sum = 0;
  for (size_t i = 0; i < n; i++) sum += bytes[i];
  return sum;
}

int case_set_title(const char *title, size_t title_len) { return title_len <= strlen(title) ? title[title_len - 1] : -1; }

int case_insert(const char *text, int len) { return len < 0 ? (int)strlen(text) : len; }

int case_digest(const void *data, size_t len, unsigned char digest[16]) {
  memset(digest, case_write(NULL, data, len), 16);
  return 0;
}

void *case_alloc(size_t size) { return calloc(1, size); }

void case_free(void *memory) { free(memory); }

int64_t case_total(const int32_t *values, size_t num_values) {
  int64_t total = 0;
  for (size_t i = 0; i < num_values; i++) total += values[i];
  return total;
}

int case_list_points(struct case_point *points, size_t *num_points) {
  size_t room = *num_points;
  *num_points = 3;
  if (room < 3) return -ERANGE;
  for (int i = 0; i < 3; i++) points[i] = (struct case_point){i, -i};
  return 0;
}

int case_fread(void *ptr, size_t size, size_t nmemb) {
  memset(ptr, 1, size * nmemb);
  return (int)nmemb;
}

int case_create(case_image_t *image) {
  *image = &images;
  return ++images;
}

int case_create_many(case_image_t *images_, int num_images) {
  for (int i = 0; i < num_images; i++) images_[i] = (char *)&images + i;
  return 0;
}

void case_destroy(case_image_t image) { images -= image == &images; }

CASE *case_easy_init(void) { return &images; }

int case_easy_perform(CASE *easy) { return easy == &images; }

int case_open(const char *name, struct case_point **points) {
  static struct case_point found = {4, 5};
  int before = *points == NULL;
  *points = *name ? &found : NULL;
  return before;
}

int case_count(const char *const *words) {
  int count = 0;
  while (words[count]) count++;
  return count;
}

int case_join(const char *const *words, int num_words, char *buf, size_t len) {
  size_t used = 0;
  for (int i = 0; i < num_words; i++) {
    size_t size = strlen(words[i]);
    if (used + size >= len) return -ERANGE;
    memcpy(buf + used, words[i], size);
    used += size;
  }
  buf[used] = 0;
  return (int)used;
}

int case_run(int argc, const char **argv) { return argc > 0 ? (int)strlen(argv[argc - 1]) : 0; }

static struct {
  char *buf;
  size_t len;
  uint64_t *result;
  case_done_t done;
  void *data;
} kept;

int case_aio_read(case_image_t image, char *buf, size_t len, uint64_t *result, case_done_t done, void *data) {
  (void)image;
  kept.buf = buf, kept.len = len, kept.result = result, kept.done = done, kept.data = data;
  return 0;
}

int case_walk(int (*visit)(int32_t x, void *data), void *data) {
  int sum = 0;
  for (int32_t i = 0; i < 3; i++) sum += visit(i, data);
  return sum;
}

int case_finish(uint64_t result) {
  memset(kept.buf, 'k', kept.len);
  *kept.result = result;
  if (kept.done) kept.done((int32_t)result, kept.data);
  return 0;
}
