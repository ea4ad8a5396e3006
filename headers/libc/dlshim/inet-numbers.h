/* The numbers of internet protocols and of their socket options. Sources: IANA's protocol numbers; Linux, Darwin, Winsock. */
#ifndef _DLSHIM_INET_NUMBERS_H
#define _DLSHIM_INET_NUMBERS_H

#define IPPROTO_IP 0
#define IPPROTO_ICMP 1
#define IPPROTO_IGMP 2
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_IPV6 41
#define IPPROTO_ICMPV6 58
#define IPPROTO_RAW 255
#define IPPORT_RESERVED 1024

#ifdef __linux__
#define IPPROTO_GRE 47
#define IPPROTO_ESP 50
#define IPPROTO_AH 51
#define IP_TOS 1
#define IP_TTL 2
#define IP_HDRINCL 3
#define IP_OPTIONS 4
#define IP_MULTICAST_IF 32
#define IP_MULTICAST_TTL 33
#define IP_MULTICAST_LOOP 34
#define IP_ADD_MEMBERSHIP 35
#define IP_DROP_MEMBERSHIP 36
#define IPV6_UNICAST_HOPS 16
#define IPV6_MULTICAST_IF 17
#define IPV6_MULTICAST_HOPS 18
#define IPV6_MULTICAST_LOOP 19
#define IPV6_JOIN_GROUP 20
#define IPV6_LEAVE_GROUP 21
#define IPV6_V6ONLY 26
/* Darwin and Winsock have BSD's. */
#else
#define IP_OPTIONS 1
#define IP_HDRINCL 2
#define IP_TOS 3
#define IP_TTL 4
#define IP_MULTICAST_IF 9
#define IP_MULTICAST_TTL 10
#define IP_MULTICAST_LOOP 11
#define IP_ADD_MEMBERSHIP 12
#define IP_DROP_MEMBERSHIP 13
#define IPV6_UNICAST_HOPS 4
#define IPV6_MULTICAST_IF 9
#define IPV6_MULTICAST_HOPS 10
#define IPV6_MULTICAST_LOOP 11
#define IPV6_JOIN_GROUP 12
#define IPV6_LEAVE_GROUP 13
#define IPV6_V6ONLY 27
#endif

#ifdef _WIN32
#define __DLSHIM_INADDR(value) ((unsigned long)(value))
#define INET_ADDRSTRLEN 22
#define INET6_ADDRSTRLEN 65
#else
#define __DLSHIM_INADDR(value) ((in_addr_t)(value))
#define INET_ADDRSTRLEN 16
#define INET6_ADDRSTRLEN 46
#endif
#define INADDR_ANY __DLSHIM_INADDR(0x00000000)
#define INADDR_BROADCAST __DLSHIM_INADDR(0xffffffff)
#ifdef _WIN32
#define INADDR_LOOPBACK 0x7f000001
#define INADDR_NONE 0xffffffff
#else
#define INADDR_LOOPBACK __DLSHIM_INADDR(0x7f000001)
#define INADDR_NONE __DLSHIM_INADDR(0xffffffff)
#endif
#endif
