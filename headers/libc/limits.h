/* The limits that a C library adds to the compiler's. Source: POSIX.1-2017 <limits.h>; the values are the platforms'.
 * The compiler's own limits.h stands before this one and includes it. */
#ifndef _LIMITS_H
#define _LIMITS_H
#include <dlshim/features.h>

#if defined(__linux__)
#define MB_LEN_MAX 16
#define NGROUPS_MAX 65536
#define MAX_CANON 255
#define MAX_INPUT 255
#define NAME_MAX 255
#define PATH_MAX 4096
#define PIPE_BUF 4096
#define XATTR_NAME_MAX 255
#define XATTR_SIZE_MAX 65536
#define XATTR_LIST_MAX 65536
#define RTSIG_MAX 32
#define HOST_NAME_MAX 64
#define LOGIN_NAME_MAX 256
#define TTY_NAME_MAX 32
#define SSIZE_MAX 9223372036854775807L
#define AIO_PRIO_DELTA_MAX 20
#define PTHREAD_KEYS_MAX 1024
#define PTHREAD_DESTRUCTOR_ITERATIONS 4
#define SEM_VALUE_MAX 2147483647
#define DELAYTIMER_MAX 2147483647
#define MQ_PRIO_MAX 32768
#ifdef __USE_XOPEN
#define IOV_MAX 1024
#endif
#elif defined(__APPLE__)
#define MB_LEN_MAX 6
#define ARG_MAX 1048576
#define CHILD_MAX 266
#define OPEN_MAX 10240
#define LINK_MAX 32767
#define NGROUPS_MAX 16
#define MAX_CANON 1024
#define MAX_INPUT 1024
#define NAME_MAX 255
#define PATH_MAX 1024
#define PIPE_BUF 512
#define IOV_MAX 1024
#define SSIZE_MAX 9223372036854775807L
#define SIZE_T_MAX 18446744073709551615UL
#define PTHREAD_KEYS_MAX 512
#define PTHREAD_DESTRUCTOR_ITERATIONS 4
#else
#define MB_LEN_MAX 5
#endif

#ifndef _WIN32
#define _POSIX_ARG_MAX 4096
#define _POSIX_HOST_NAME_MAX 255
#define _POSIX_LOGIN_NAME_MAX 9
#define _POSIX_NAME_MAX 14
#define _POSIX_OPEN_MAX 20
#define _POSIX_PATH_MAX 256
#define _POSIX_PIPE_BUF 512
#define _POSIX_SSIZE_MAX 32767
#endif
#endif
