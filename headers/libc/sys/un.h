/* Addresses of local sockets. Sources: unix(7); Darwin. */
#ifndef _SYS_UN_H
#define _SYS_UN_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/sockaddr.h>
struct sockaddr_un {
  __DLSHIM_FAMILY(sun_)
#ifdef __APPLE__
  char sun_path[104];
#else
  char sun_path[108];
#endif
};
#endif
