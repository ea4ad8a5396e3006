/* Times in microseconds. Source: POSIX.1-2017 <sys/time.h>, with the BSD names; for Windows the types alone, as MinGW has them. */
#ifndef _SYS_TIME_H
#define _SYS_TIME_H
#include <dlshim/features.h>
#include <dlshim/time-types.h>
#ifndef _WIN32
#include <sys/select.h>

#define ITIMER_REAL 0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF 2

struct itimerval {
  struct timeval it_interval;
  struct timeval it_value;
};

struct timezone {
  int tz_minuteswest;
  int tz_dsttime;
};

int gettimeofday(struct timeval *, void *);
int settimeofday(const struct timeval *, const struct timezone *);
int adjtime(const struct timeval *, struct timeval *);
#if defined(__linux__) && defined(__USE_GNU)
typedef unsigned int __itimer_which_t;
#else
typedef int __itimer_which_t;
#endif
int getitimer(__itimer_which_t, struct itimerval *);
int setitimer(__itimer_which_t, const struct itimerval *, struct itimerval *);
int utimes(const char *, const struct timeval *);
int lutimes(const char *, const struct timeval *);
int futimes(int, const struct timeval *);

#ifdef __DLSHIM_MISC
#define timerclear(value) ((value)->tv_sec = (value)->tv_usec = 0)
#define timerisset(value) ((value)->tv_sec || (value)->tv_usec)
#define timercmp(a, b, compare) \
  ((a)->tv_sec == (b)->tv_sec ? (a)->tv_usec compare(b)->tv_usec : (a)->tv_sec compare(b)->tv_sec)
#endif
#endif
#endif
