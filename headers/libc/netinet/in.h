/* Internet addresses and protocols. Source: POSIX.1-2017 <netinet/in.h>; RFC 3493. */
#ifndef _NETINET_IN_H
#define _NETINET_IN_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/inet-address.h>
#include <dlshim/inet-numbers.h>
#include <sys/socket.h>

#define IN6ADDR_ANY_INIT {{{0}}}
#define IN6ADDR_LOOPBACK_INIT {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}}
extern const struct in6_addr in6addr_any;
extern const struct in6_addr in6addr_loopback;

#ifndef __APPLE__
uint32_t ntohl(uint32_t);
uint16_t ntohs(uint16_t);
uint32_t htonl(uint32_t);
uint16_t htons(uint16_t);
#else
#include <dlshim/byte-swap.h>
#define ntohl(value) __DLSHIM_SWAP32(value)
#define ntohs(value) __DLSHIM_SWAP16(value)
#define htonl(value) __DLSHIM_SWAP32(value)
#define htons(value) __DLSHIM_SWAP16(value)
#endif
#endif
