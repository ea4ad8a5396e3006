/* struct timeval and struct timespec. Source: POSIX.1-2017 <sys/time.h>, <time.h>; a Windows `long` has 32 bits. */
#ifndef _DLSHIM_TIME_TYPES_H
#define _DLSHIM_TIME_TYPES_H
#include <dlshim/types.h>

/* What headers with a definition of their own look at. */
#if defined(__linux__)
#define __timeval_defined 1
#define _STRUCT_TIMESPEC 1
#elif defined(__APPLE__)
#define _STRUCT_TIMEVAL struct timeval
#define _STRUCT_TIMESPEC struct timespec
#else
#define _TIMEVAL_DEFINED
#define _TIMESPEC_DEFINED
#endif

struct timespec {
  time_t tv_sec;
  long tv_nsec;
};

#ifdef _WIN32
struct timeval {
  long tv_sec;
  long tv_usec;
};
#else
struct timeval {
  time_t tv_sec;
  suseconds_t tv_usec;
};
#endif

#endif
