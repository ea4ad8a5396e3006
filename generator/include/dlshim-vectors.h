/* The vector types of x86's intrinsics, for headers that include those. The intrinsics themselves are inline functions over vectors:
 * nothing that a function table could carry, and so they are not here. Sizes are Intel's. */
#ifndef DLSHIM_VECTORS_H
#define DLSHIM_VECTORS_H

typedef long long __m64 __attribute__((__vector_size__(8)));
typedef float __m128 __attribute__((__vector_size__(16)));
typedef double __m128d __attribute__((__vector_size__(16)));
typedef long long __m128i __attribute__((__vector_size__(16)));
typedef float __m256 __attribute__((__vector_size__(32)));
typedef double __m256d __attribute__((__vector_size__(32)));
typedef long long __m256i __attribute__((__vector_size__(32)));
typedef float __m512 __attribute__((__vector_size__(64)));
typedef double __m512d __attribute__((__vector_size__(64)));
typedef long long __m512i __attribute__((__vector_size__(64)));

#endif
