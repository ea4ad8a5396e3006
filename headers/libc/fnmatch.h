/* Patterns of file names. Source: POSIX.1-2017 <fnmatch.h>; numbers of glibc and Darwin. */
#ifndef _FNMATCH_H
#define _FNMATCH_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#define FNM_NOMATCH 1
#ifdef __linux__
#define FNM_PATHNAME 1
#define FNM_NOESCAPE 2
#else
#define FNM_NOESCAPE 1
#define FNM_PATHNAME 2
#endif
#define FNM_PERIOD 4
int fnmatch(const char *, const char *, int);
#endif
