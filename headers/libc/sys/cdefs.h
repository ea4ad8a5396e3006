/* Words that headers of the GNU and BSD worlds write around declarations. C needs none of them. Source: their documented use. */
#ifndef _SYS_CDEFS_H
#define _SYS_CDEFS_H
#include <dlshim/features.h>

#ifdef __cplusplus
#define __BEGIN_DECLS extern "C" {
#define __END_DECLS }
#else
#define __BEGIN_DECLS
#define __END_DECLS
#endif

#ifdef __linux__
#define __THROW
#define __NTH(function) function
#define __nonnull(parameters)
#define __wur
#define __attribute_deprecated__ __attribute__((__deprecated__))
#define __attribute_pure__
#define __attribute_malloc__
#define __attribute_const__
#define __glibc_likely(condition) (condition)
#define __glibc_unlikely(condition) (condition)
#endif

#ifdef __APPLE__
#define __dead2
#define __pure2
#define __unused __attribute__((__unused__))
#define __deprecated __attribute__((__deprecated__))
#define __printflike(format, first)
#define __scanflike(format, first)
#endif

#define __P(parameters) parameters
#define __PMT(parameters) parameters
#define __CONCAT(a, b) a##b
#define __STRING(a) #a
#define __ptr_t void *

#endif
