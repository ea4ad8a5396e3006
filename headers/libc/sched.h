/* Scheduling. Source: POSIX.1-2017 <sched.h>; numbers of Linux and Darwin. */
#ifndef _SCHED_H
#define _SCHED_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/time-types.h>
#ifdef __linux__
#define SCHED_OTHER 0
#define SCHED_FIFO 1
#define SCHED_RR 2
struct sched_param {
  int sched_priority;
};
int sched_setscheduler(pid_t, int, const struct sched_param *);
int sched_getscheduler(pid_t);
int sched_setparam(pid_t, const struct sched_param *);
int sched_getparam(pid_t, struct sched_param *);
int sched_rr_get_interval(pid_t, struct timespec *);
#ifdef __USE_GNU
#define CPU_SETSIZE 1024
typedef unsigned long __cpu_mask;
typedef struct {
  __cpu_mask __bits[CPU_SETSIZE / 64];
} cpu_set_t;
int sched_getaffinity(pid_t, size_t, cpu_set_t *);
int sched_setaffinity(pid_t, size_t, const cpu_set_t *);
int sched_getcpu(void);
#endif
#else
#define SCHED_OTHER 1
#define SCHED_RR 2
#define SCHED_FIFO 4
struct sched_param {
  int sched_priority;
  char __opaque[4];
};
#endif
int sched_yield(void);
int sched_get_priority_max(int);
int sched_get_priority_min(int);
#endif
