/* Waiting for descriptors. Source: POSIX.1-2017 <poll.h>; numbers of Linux and Darwin. */
#ifndef _POLL_H
#define _POLL_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>

#define POLLIN 0x1
#define POLLPRI 0x2
#define POLLOUT 0x4
#define POLLERR 0x8
#define POLLHUP 0x10
#define POLLNVAL 0x20
#if !defined(__linux__) || defined(__USE_XOPEN)
#define POLLRDNORM 0x40
#define POLLRDBAND 0x80
#ifdef __linux__
#define POLLWRNORM 0x100
#define POLLWRBAND 0x200
#else
#define POLLWRNORM POLLOUT
#define POLLWRBAND 0x100
#endif
#endif

#ifdef __linux__
typedef unsigned long nfds_t;
#else
typedef unsigned int nfds_t;
#endif

struct pollfd {
  int fd;
  short events;
  short revents;
};

int poll(struct pollfd *, nfds_t, int);
#endif
