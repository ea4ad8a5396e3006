/* Time of processes. Source: POSIX.1-2017 <sys/times.h>. */
#ifndef _SYS_TIMES_H
#define _SYS_TIMES_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/types.h>
struct tms {
  clock_t tms_utime;
  clock_t tms_stime;
  clock_t tms_cutime;
  clock_t tms_cstime;
};
clock_t times(struct tms *);
#endif
