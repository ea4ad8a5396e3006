/* The vector types of Arm's intrinsics (Arm C Language Extensions, "Advanced SIMD"), for headers that include those. The intrinsics
 * themselves are inline functions over vectors: nothing that a function table could carry, and so they are not here. */
#ifndef DLSHIM_ARM_NEON_H
#define DLSHIM_ARM_NEON_H

#include <stdint.h>

typedef signed char int8x8_t __attribute__((__vector_size__(8)));
typedef signed char int8x16_t __attribute__((__vector_size__(16)));
typedef short int16x4_t __attribute__((__vector_size__(8)));
typedef short int16x8_t __attribute__((__vector_size__(16)));
typedef int int32x2_t __attribute__((__vector_size__(8)));
typedef int int32x4_t __attribute__((__vector_size__(16)));
typedef __INT64_TYPE__ int64x1_t __attribute__((__vector_size__(8)));
typedef __INT64_TYPE__ int64x2_t __attribute__((__vector_size__(16)));
typedef unsigned char uint8x8_t __attribute__((__vector_size__(8)));
typedef unsigned char uint8x16_t __attribute__((__vector_size__(16)));
typedef unsigned short uint16x4_t __attribute__((__vector_size__(8)));
typedef unsigned short uint16x8_t __attribute__((__vector_size__(16)));
typedef unsigned int uint32x2_t __attribute__((__vector_size__(8)));
typedef unsigned int uint32x4_t __attribute__((__vector_size__(16)));
typedef __UINT64_TYPE__ uint64x1_t __attribute__((__vector_size__(8)));
typedef __UINT64_TYPE__ uint64x2_t __attribute__((__vector_size__(16)));
typedef unsigned char poly8_t;
typedef unsigned char poly8x8_t __attribute__((__vector_size__(8)));
typedef unsigned char poly8x16_t __attribute__((__vector_size__(16)));
typedef unsigned short poly16_t;
typedef unsigned short poly16x4_t __attribute__((__vector_size__(8)));
typedef unsigned short poly16x8_t __attribute__((__vector_size__(16)));
typedef __UINT64_TYPE__ poly64_t;
typedef __UINT64_TYPE__ poly64x1_t __attribute__((__vector_size__(8)));
typedef __UINT64_TYPE__ poly64x2_t __attribute__((__vector_size__(16)));
typedef float float32_t;
typedef float float32x2_t __attribute__((__vector_size__(8)));
typedef float float32x4_t __attribute__((__vector_size__(16)));
typedef double float64_t;
typedef double float64x1_t __attribute__((__vector_size__(8)));
typedef double float64x2_t __attribute__((__vector_size__(16)));

#endif
