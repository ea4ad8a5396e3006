/* Sockets. Source: POSIX.1-2017 <sys/socket.h>; layouts of Linux and Darwin. */
#ifndef _SYS_SOCKET_H
#define _SYS_SOCKET_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/iovec.h>
#include <dlshim/sockaddr.h>
#include <dlshim/socket-numbers.h>
#include <sys/types.h>

#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2

#ifdef __linux__
typedef size_t __dlshim_msg_size_t;
typedef size_t __dlshim_iov_count_t;
#else
typedef socklen_t __dlshim_msg_size_t;
typedef int __dlshim_iov_count_t;
#endif

struct linger {
  int l_onoff;
  int l_linger;
};

struct msghdr {
  void *msg_name;
  socklen_t msg_namelen;
  struct iovec *msg_iov;
  __dlshim_iov_count_t msg_iovlen;
  void *msg_control;
  __dlshim_msg_size_t msg_controllen;
  int msg_flags;
};

struct cmsghdr {
  __dlshim_msg_size_t cmsg_len;
  int cmsg_level;
  int cmsg_type;
};

#define __DLSHIM_CMSG_ALIGN(length) (((length) + sizeof(__dlshim_msg_size_t) - 1) & ~(sizeof(__dlshim_msg_size_t) - 1))
#define CMSG_DATA(header) ((unsigned char *)((struct cmsghdr *)(header) + 1))
#define CMSG_LEN(length) (__DLSHIM_CMSG_ALIGN(sizeof(struct cmsghdr)) + (length))
#define CMSG_SPACE(length) (__DLSHIM_CMSG_ALIGN(length) + __DLSHIM_CMSG_ALIGN(sizeof(struct cmsghdr)))
#define CMSG_FIRSTHDR(message)                                                                      \
  ((size_t)(message)->msg_controllen >= sizeof(struct cmsghdr) ? (struct cmsghdr *)(message)->msg_control \
                                                               : (struct cmsghdr *)0)

int socket(int, int, int);
int socketpair(int, int, int, int *);
int bind(int, const struct sockaddr *, socklen_t);
int connect(int, const struct sockaddr *, socklen_t);
int listen(int, int);
int accept(int, struct sockaddr *, socklen_t *);
int getsockname(int, struct sockaddr *, socklen_t *);
int getpeername(int, struct sockaddr *, socklen_t *);
int getsockopt(int, int, int, void *, socklen_t *);
int setsockopt(int, int, int, const void *, socklen_t);
ssize_t send(int, const void *, size_t, int);
ssize_t sendto(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
ssize_t sendmsg(int, const struct msghdr *, int);
ssize_t recv(int, void *, size_t, int);
ssize_t recvfrom(int, void *, size_t, int, struct sockaddr *, socklen_t *);
ssize_t recvmsg(int, struct msghdr *, int);
int shutdown(int, int);
int sockatmark(int);
#endif
