// flags: --library libtypedefs.so.1
// What a typedef's name changes: text, generic pointers, pointers to records, arrays, functions, alignment, modes, vectors.
#include <stdint.h>

typedef const char *text_t;
typedef void *voidp_t;
typedef const void *source_t;
typedef void *image_t;
typedef struct stream_s { const char *message; void *next; long total; } stream;
typedef stream *stream_p;
typedef struct closed_s *closed_p;
typedef unsigned char identity_t[16];
typedef int visit_t(void *user, int value);
typedef struct { char c; } __attribute__((packed)) packed_t;
typedef struct { int x; } wide_t __attribute__((aligned(16)));
struct holds_wide { char first; wide_t second; };
typedef int word_mode __attribute__((mode(__word__)));
typedef int double_int __attribute__((mode(DI)));
struct holds_modes { char first; double_int second; };
typedef float vector_t __attribute__((vector_size(16)));

text_t name_of(text_t key);
int read_all(voidp_t into, source_t from, image_t image);
int stream_init(stream_p strm);
closed_p closed_next(closed_p previous, struct closed_s *other);
int identify(identity_t out, const identity_t in);
int visit(visit_t callback, void *user);
int *find(int *(*pick)(int count));
int take_wide(struct holds_wide *wide, packed_t *packed, struct holds_modes *modes);
word_mode word(word_mode value);
vector_t vector(vector_t value);
int other_abi(int value) __attribute__((ms_abi));
int very_long_name_of_a_variadic_function(const char *first_parameter, int second_parameter, double third_parameter, ...);
struct holds_vector { vector_t lanes; };
typedef struct { struct holds_vector inner; int count; } holds_holder;
int vectors(struct holds_vector *one, holds_holder *two);
