/* Old names of limits. Source: their documented use in BSD. */
#ifndef _SYS_PARAM_H
#define _SYS_PARAM_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <limits.h>
#include <signal.h>
#include <sys/types.h>
#define NBBY 8
#define NGROUPS NGROUPS_MAX
#define MAXPATHLEN PATH_MAX
#ifdef __linux__
#define MAXSYMLINKS 20
#define MAXHOSTNAMELEN 64
#define DEV_BSIZE 512
#else
#define MAXSYMLINKS 32
#define MAXHOSTNAMELEN 256
#define DEV_BSIZE 512
#endif
#define MIN(a, b) (((a) < (b)) ? (a) : (b))
#define MAX(a, b) (((a) > (b)) ? (a) : (b))
#define howmany(x, y) (((x) + ((y)-1)) / (y))
#define roundup(x, y) ((((x) + ((y)-1)) / (y)) * (y))
#endif
