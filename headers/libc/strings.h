/* Strings of the BSD world. Source: POSIX.1-2017 <strings.h>. */
#ifndef _STRINGS_H
#define _STRINGS_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#define __need_size_t
#include <stddef.h>
#include <dlshim/locale-type.h>
int bcmp(const void *, const void *, size_t);
void bcopy(const void *, void *, size_t);
void bzero(void *, size_t);
int ffs(int);
char *index(const char *, int);
char *rindex(const char *, int);
int strcasecmp(const char *, const char *);
int strncasecmp(const char *, const char *, size_t);
#ifndef _WIN32
int strcasecmp_l(const char *, const char *, locale_t);
int strncasecmp_l(const char *, const char *, size_t, locale_t);
#endif
#endif
