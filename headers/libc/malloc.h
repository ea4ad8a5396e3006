/* Memory, under the name that predates stdlib.h. Sources: malloc(3); the Windows C runtime. */
#ifndef _MALLOC_H
#define _MALLOC_H
#include <dlshim/features.h>
#include <stdlib.h>
#ifdef __linux__
void *memalign(size_t, size_t);
void *valloc(size_t);
size_t malloc_usable_size(void *);
int malloc_trim(size_t);
int mallopt(int, int);
#elif defined(_WIN32)
void *_alloca(size_t);
size_t _msize(void *);
#endif
#endif
