/* Limits and use of resources. Source: POSIX.1-2017 <sys/resource.h>; numbers of Linux and Darwin. */
#ifndef _SYS_RESOURCE_H
#define _SYS_RESOURCE_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/time-types.h>
#define RUSAGE_SELF 0
#define RUSAGE_CHILDREN (-1)
#define PRIO_PROCESS 0
#define PRIO_PGRP 1
#define PRIO_USER 2
#define RLIMIT_CPU 0
#define RLIMIT_FSIZE 1
#define RLIMIT_DATA 2
#define RLIMIT_STACK 3
#define RLIMIT_CORE 4
#ifdef __linux__
typedef unsigned long rlim_t;
#define RLIMIT_RSS 5
#define RLIMIT_NPROC 6
#define RLIMIT_NOFILE 7
#define RLIMIT_MEMLOCK 8
#define RLIMIT_AS 9
#ifdef __USE_FILE_OFFSET64
#define RLIM_INFINITY 0xffffffffffffffffULL
#else
#define RLIM_INFINITY ((rlim_t)-1)
#endif
#else
typedef unsigned long long rlim_t;
#define RLIMIT_AS 5
#define RLIMIT_RSS RLIMIT_AS
#define RLIMIT_MEMLOCK 6
#define RLIMIT_NPROC 7
#define RLIMIT_NOFILE 8
#define RLIM_INFINITY (((unsigned long long)1 << 63) - 1)
#endif
struct rlimit {
  rlim_t rlim_cur;
  rlim_t rlim_max;
};
struct rusage {
  struct timeval ru_utime;
  struct timeval ru_stime;
  long ru_maxrss;
  long ru_ixrss;
  long ru_idrss;
  long ru_isrss;
  long ru_minflt;
  long ru_majflt;
  long ru_nswap;
  long ru_inblock;
  long ru_oublock;
  long ru_msgsnd;
  long ru_msgrcv;
  long ru_nsignals;
  long ru_nvcsw;
  long ru_nivcsw;
};
/* With _GNU_SOURCE glibc has enumerations here, whose values are unsigned. */
#if defined(__linux__) && defined(__USE_GNU)
typedef unsigned int __rlimit_resource_t;
typedef unsigned int __priority_which_t;
#else
typedef int __rlimit_resource_t;
typedef int __priority_which_t;
#endif
int getrlimit(__rlimit_resource_t, struct rlimit *);
int setrlimit(__rlimit_resource_t, const struct rlimit *);
int getrusage(int, struct rusage *);
int getpriority(__priority_which_t, id_t);
int setpriority(__priority_which_t, id_t, int);
#endif
