// flags: --library libdirections.so.1
// What C does with what parameters point to, as types, names and comments tell it. test/native/directions.c does it.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void *case_image_t;
typedef void CASE;
struct case_point {
  int32_t x, y;
};

/** Names its parameters by their directions.
 * @param[out] answer what it is
 * @param[in,out] counter one more each time
 * @param[in] given what the answer is made of */
void case_documented(int32_t *answer, int32_t *counter, const int32_t *given);
/// @param held where to store what it held, initially the sum
/// @param total where to store the total
int64_t case_said(int64_t *held, int64_t *total);
/** @version: (out): where there are annotations
 *  @state: (inout): and here as well */
void case_annotated(uint32_t *version, uint32_t *state);
#define CASE_API __attribute__((visibility("default")))
/** @param flag where to store whether it is so */
CASE_API int case_exported(bool *flag);

/* Buffers and their lengths. */
int case_read(case_image_t image, uint64_t offset, size_t len, char *buf);
int case_write(case_image_t image, const void *data, size_t data_len);
int case_get_name(case_image_t image, char *name, size_t *name_len);
uint32_t case_sum(const uint8_t *bytes, size_t n);
int case_set_title(const char *title, size_t title_len);
int case_insert(const char *text, int len);
int case_digest(const void *data, size_t len, unsigned char digest[16]);
void *case_alloc(size_t size);
void case_free(void *memory);

/* Arrays. */
int64_t case_total(const int32_t *values, size_t num_values);
int case_list_points(struct case_point *points, size_t *num_points);
int case_fread(void *ptr, size_t size, size_t nmemb);

/* Handles and addresses. */
int case_create(case_image_t *image);
int case_create_many(case_image_t *images, int num_images);
void case_destroy(case_image_t image);
CASE *case_easy_init(void);
int case_easy_perform(CASE *easy);
int case_open(const char *name, struct case_point **points);

/* Lists of strings. */
int case_count(const char *const *words);
int case_join(const char *const *words, int num_words, char *buf, size_t len);
int case_run(int argc, const char **argv);

/* What is kept. */
typedef void (*case_done_t)(int32_t result, void *data);
int case_aio_read(case_image_t image, char *buf, size_t len, uint64_t *result, case_done_t done, void *data);
int case_walk(int (*visit)(int32_t x, void *data), void *data);
int case_finish(uint64_t result);
