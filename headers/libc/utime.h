/* struct utimbuf. Source: POSIX.1-2017 <utime.h>. */
#ifndef _UTIME_H
#define _UTIME_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/types.h>
struct utimbuf {
  time_t actime;
  time_t modtime;
};
int utime(const char *, const struct utimbuf *);
#endif
