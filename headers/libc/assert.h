/* assert, which each inclusion defines anew. Source: C11 7.2. */
#include <dlshim/features.h>
#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) ((condition) ? (void)0 : __builtin_trap())
#endif
#ifndef _ASSERT_H
#define _ASSERT_H
/* Microsoft's compilers have the word itself. */
#ifndef _MSC_VER
#define static_assert _Static_assert
#endif
#endif
