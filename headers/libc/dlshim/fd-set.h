/* fd_set and its macros. Sources: POSIX.1-2017 <sys/select.h> (1024 bits); Winsock (an array of 64 sockets). */
#ifndef _DLSHIM_FD_SET_H
#define _DLSHIM_FD_SET_H
#include <dlshim/features.h>
#include <dlshim/types.h>

#ifdef _WIN32
#ifndef FD_SETSIZE
#define FD_SETSIZE 64
#endif
typedef unsigned long long SOCKET;
typedef struct fd_set {
  unsigned int fd_count;
  SOCKET fd_array[FD_SETSIZE];
} fd_set;
#else
#define FD_SETSIZE 1024
#if defined(__linux__)
typedef long fd_mask;
typedef struct {
#ifdef __USE_XOPEN
  long fds_bits[FD_SETSIZE / 64];
#define __DLSHIM_FDS(set) ((set)->fds_bits)
#else
  long __fds_bits[FD_SETSIZE / 64];
#define __DLSHIM_FDS(set) ((set)->__fds_bits)
#endif
} fd_set;
#define __DLSHIM_FD_BITS 64
#define __DLSHIM_FD_ONE 1UL
#else
typedef int fd_mask;
typedef struct fd_set {
  int fds_bits[FD_SETSIZE / 32];
} fd_set;
#define __DLSHIM_FDS(set) ((set)->fds_bits)
#define __DLSHIM_FD_BITS 32
#define __DLSHIM_FD_ONE 1U
#endif
#define NFDBITS __DLSHIM_FD_BITS
#define __DLSHIM_FD_MASK(fd) (__DLSHIM_FD_ONE << ((fd) % __DLSHIM_FD_BITS))
#define FD_SET(fd, set) ((void)(__DLSHIM_FDS(set)[(fd) / __DLSHIM_FD_BITS] |= __DLSHIM_FD_MASK(fd)))
#define FD_CLR(fd, set) ((void)(__DLSHIM_FDS(set)[(fd) / __DLSHIM_FD_BITS] &= ~__DLSHIM_FD_MASK(fd)))
#define FD_ISSET(fd, set) ((__DLSHIM_FDS(set)[(fd) / __DLSHIM_FD_BITS] & __DLSHIM_FD_MASK(fd)) != 0)
#define FD_ZERO(set) __builtin_memset(set, 0, sizeof(fd_set))
#endif

#endif
