/* Memory of the caller's frame. Source: alloca(3). */
#ifndef _ALLOCA_H
#define _ALLOCA_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#define __need_size_t
#include <stddef.h>
#ifndef _WIN32
void *alloca(size_t);
#endif
#define alloca(size) __builtin_alloca(size)
#endif
