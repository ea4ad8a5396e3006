/* Socket addresses of every family. Sources: POSIX.1-2017 <sys/socket.h>; Darwin's addresses start with their length. */
#ifndef _DLSHIM_SOCKADDR_H
#define _DLSHIM_SOCKADDR_H
#include <dlshim/types.h>

#ifdef __APPLE__
typedef unsigned char sa_family_t;
#define __DLSHIM_FAMILY(prefix) \
  unsigned char prefix##len;    \
  sa_family_t prefix##family;
#elif defined(_WIN32)
typedef unsigned short ADDRESS_FAMILY;
#define __DLSHIM_FAMILY(prefix) ADDRESS_FAMILY prefix##family;
#else
typedef unsigned short sa_family_t;
#define __DLSHIM_FAMILY(prefix) sa_family_t prefix##family;
#endif

struct sockaddr {
  __DLSHIM_FAMILY(sa_)
  char sa_data[14];
};

struct sockaddr_storage {
  __DLSHIM_FAMILY(ss_)
#ifdef __linux__
  char __dlshim_pad[118];
  unsigned long __dlshim_align;
#else
  char __ss_pad1[6];
  long long __ss_align;
  char __ss_pad2[112];
#endif
};

struct in_addr;
struct in6_addr;
#endif
