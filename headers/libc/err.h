/* Messages and the end of a program. Source: err(3). */
#ifndef _ERR_H
#define _ERR_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/va-list.h>
void err(int, const char *, ...);
void errx(int, const char *, ...);
void warn(const char *, ...);
void warnx(const char *, ...);
void verr(int, const char *, __gnuc_va_list);
void vwarn(const char *, __gnuc_va_list);
#endif
