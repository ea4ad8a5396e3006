// flags: --library libvectors.so.1
// A header that includes x86's intrinsics: their types are known, and what takes a vector is named as not carried.
#include <immintrin.h>
#include <emmintrin.h>

enum lane_kind { LANE_FLOAT = 1, LANE_DOUBLE, LANE_INTEGER };
struct lane { int index; enum lane_kind kind; };
struct lanes { __m128 first; float rest[4]; };
static __inline__ __m128 twice(__m128 value) { return _mm_add_ps(value, value); }
__m128i by_vector(__m128i value);
int by_pointer(struct lanes *lanes, const __m256 *wide);
