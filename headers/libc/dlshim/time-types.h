/* struct timeval and struct timespec. Source: POSIX.1-2017 <sys/time.h>, <time.h>; a Windows `long` has 32 bits. */
#ifndef _DLSHIM_TIME_TYPES_H
#define _DLSHIM_TIME_TYPES_H
#include <dlshim/types.h>

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
