/* Socket options of TCP. Sources: tcp(7); Darwin. */
#ifndef _NETINET_TCP_H
#define _NETINET_TCP_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#define TCP_NODELAY 1
#define TCP_MAXSEG 2
#ifdef __linux__
#define TCP_CORK 3
#define TCP_KEEPIDLE 4
#define TCP_KEEPINTVL 5
#define TCP_KEEPCNT 6
#define TCP_SYNCNT 7
#define TCP_USER_TIMEOUT 18
#define TCP_FASTOPEN 23
#else
#define TCP_NOPUSH 4
#define TCP_KEEPALIVE 0x10
#define TCP_KEEPINTVL 0x101
#define TCP_KEEPCNT 0x102
#define TCP_FASTOPEN 0x105
#endif
#endif
