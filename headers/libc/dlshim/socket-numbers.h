/* The numbers of families, kinds, options and flags of sockets. Sources: Linux's kernel interface; Darwin; Winsock. The option numbers
 * of the last two are BSD's. */
#ifndef _DLSHIM_SOCKET_NUMBERS_H
#define _DLSHIM_SOCKET_NUMBERS_H
#include <dlshim/features.h>

#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_RAW 3
#define SOCK_RDM 4
#define SOCK_SEQPACKET 5
#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define PF_UNSPEC AF_UNSPEC
#define PF_UNIX AF_UNIX
#define PF_INET AF_INET
#define PF_INET6 AF_INET6
#ifndef _WIN32
#define AF_LOCAL AF_UNIX
#define PF_LOCAL AF_LOCAL
#endif

#ifdef __linux__
#define SOCK_CLOEXEC 02000000
#define SOCK_NONBLOCK 04000
#define AF_INET6 10
#define AF_NETLINK 16
#define AF_PACKET 17
#define AF_VSOCK 40
#define AF_ROUTE AF_NETLINK
#define AF_KEY 15
#define AF_RDS 21
#define AF_LLC 26
#define AF_IB 27
#define AF_MPLS 28
#define AF_CAN 29
#define AF_TIPC 30
#define AF_BLUETOOTH 31
#define AF_PHONET 35
#define AF_IEEE802154 36
#define AF_CAIF 37
#define AF_ALG 38
#define AF_NFC 39
#define AF_QIPCRTR 42
#define AF_XDP 44
#define PF_NETLINK AF_NETLINK
#define PF_PACKET AF_PACKET
#define PF_VSOCK AF_VSOCK
#define PF_ROUTE AF_ROUTE
#define PF_KEY AF_KEY
#define PF_RDS AF_RDS
#define PF_LLC AF_LLC
#define PF_IB AF_IB
#define PF_MPLS AF_MPLS
#define PF_CAN AF_CAN
#define PF_TIPC AF_TIPC
#define PF_BLUETOOTH AF_BLUETOOTH
#define PF_PHONET AF_PHONET
#define PF_IEEE802154 AF_IEEE802154
#define PF_CAIF AF_CAIF
#define PF_ALG AF_ALG
#define PF_NFC AF_NFC
#define PF_QIPCRTR AF_QIPCRTR
#define PF_XDP AF_XDP
#define SOL_RAW 255
#define SOL_PACKET 263
#define SOL_NETLINK 270
#define SOL_TIPC 271
#define SOL_BLUETOOTH 274
#define SOL_RDS 276
#define SOL_CAIF 278
#define SOL_ALG 279
#define SOL_NFC 280
#define SOL_TLS 282
#define SOL_XDP 283
#define SOL_MPTCP 284
#define SOMAXCONN 4096
#define SOL_SOCKET 1
#define SO_DEBUG 1
#define SO_REUSEADDR 2
#define SO_TYPE 3
#define SO_ERROR 4
#define SO_DONTROUTE 5
#define SO_BROADCAST 6
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define SO_KEEPALIVE 9
#define SO_OOBINLINE 10
#define SO_PRIORITY 12
#define SO_LINGER 13
#define SO_REUSEPORT 15
#define SO_PASSCRED 16
#define SO_PEERCRED 17
#define SO_RCVLOWAT 18
#define SO_SNDLOWAT 19
#define SO_RCVTIMEO 20
#define SO_SNDTIMEO 21
#define SO_BINDTODEVICE 25
#define SO_TIMESTAMP 29
#define SO_ACCEPTCONN 30
#define SO_PROTOCOL 38
#define SO_DOMAIN 39
#define MSG_OOB 0x1
#define MSG_PEEK 0x2
#define MSG_DONTROUTE 0x4
#define MSG_CTRUNC 0x8
#define MSG_TRUNC 0x20
#define MSG_DONTWAIT 0x40
#define MSG_EOR 0x80
#define MSG_WAITALL 0x100
#define MSG_NOSIGNAL 0x4000
#define MSG_MORE 0x8000
#define SCM_RIGHTS 1
#ifdef __USE_GNU
#define SCM_CREDENTIALS 2
#endif
#else
#define SO_DEBUG 0x1
#define SO_ACCEPTCONN 0x2
#define SO_REUSEADDR 0x4
#define SO_KEEPALIVE 0x8
#define SO_DONTROUTE 0x10
#define SO_BROADCAST 0x20
#define SO_USELOOPBACK 0x40
#define SO_LINGER 0x80
#define SO_OOBINLINE 0x100
#define SO_SNDBUF 0x1001
#define SO_RCVBUF 0x1002
#define SO_SNDLOWAT 0x1003
#define SO_RCVLOWAT 0x1004
#define SO_SNDTIMEO 0x1005
#define SO_RCVTIMEO 0x1006
#define SO_ERROR 0x1007
#define SO_TYPE 0x1008
#define SOL_SOCKET 0xffff
#define MSG_OOB 0x1
#define MSG_PEEK 0x2
#define MSG_DONTROUTE 0x4
#ifdef _WIN32
#define AF_INET6 23
#define SOMAXCONN 0x7fffffff
#define SO_EXCLUSIVEADDRUSE ((int)~SO_REUSEADDR)
#define MSG_WAITALL 0x8
#define MSG_TRUNC 0x100
#define MSG_CTRUNC 0x200
#else
#define AF_INET6 30
#define SOMAXCONN 128
#define SO_REUSEPORT 0x200
#define SO_TIMESTAMP 0x400
#define SO_NOSIGPIPE 0x1022
#define MSG_EOR 0x8
#define MSG_TRUNC 0x10
#define MSG_CTRUNC 0x20
#define MSG_WAITALL 0x40
#define MSG_DONTWAIT 0x80
#define MSG_NOSIGNAL 0x80000
#define SCM_RIGHTS 1
#endif
#endif
#endif
