/* The calls that led here. Source: backtrace(3). */
#ifndef _EXECINFO_H
#define _EXECINFO_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
int backtrace(void **, int);
char **backtrace_symbols(void *const *, int);
void backtrace_symbols_fd(void *const *, int, int);
#endif
