/* Waiting for many descriptors. Source: epoll(7); on AMD64 alone struct epoll_event is packed. */
#ifndef _SYS_EPOLL_H
#define _SYS_EPOLL_H
#ifndef __linux__
#error "only Linux has this header"
#endif
#include <dlshim/features.h>
#include <dlshim/sigset.h>
#include <stdint.h>
#define EPOLL_CLOEXEC 02000000
#define EPOLL_CTL_ADD 1
#define EPOLL_CTL_DEL 2
#define EPOLL_CTL_MOD 3
#define EPOLLIN 0x001
#define EPOLLPRI 0x002
#define EPOLLOUT 0x004
#define EPOLLERR 0x008
#define EPOLLHUP 0x010
#define EPOLLRDHUP 0x2000
#define EPOLLEXCLUSIVE (1 << 28)
#define EPOLLONESHOT (1 << 30)
#define EPOLLET (1U << 31)
typedef union epoll_data {
  void *ptr;
  int fd;
  uint32_t u32;
  uint64_t u64;
} epoll_data_t;
#ifdef __x86_64__
#define __DLSHIM_EPOLL_PACKED __attribute__((__packed__))
#else
#define __DLSHIM_EPOLL_PACKED
#endif
struct epoll_event {
  uint32_t events;
  epoll_data_t data;
} __DLSHIM_EPOLL_PACKED;
int epoll_create(int);
int epoll_create1(int);
int epoll_ctl(int, int, int, struct epoll_event *);
int epoll_wait(int, struct epoll_event *, int, int);
int epoll_pwait(int, struct epoll_event *, int, int, const sigset_t *);
#endif
