/* Parts of a path. Source: POSIX.1-2017 <libgen.h>. */
#ifndef _LIBGEN_H
#define _LIBGEN_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
char *dirname(char *);
#ifdef __linux__
char *__xpg_basename(char *);
#define basename __xpg_basename
#else
char *basename(char *);
#endif
#endif
