/* Internet addresses. Sources: POSIX.1-2017 <netinet/in.h>; RFC 3493; Winsock. */
#ifndef _DLSHIM_INET_ADDRESS_H
#define _DLSHIM_INET_ADDRESS_H
#include <dlshim/sockaddr.h>

#ifdef _WIN32
typedef struct in_addr {
  union {
    struct {
      unsigned char s_b1, s_b2, s_b3, s_b4;
    } S_un_b;
    struct {
      unsigned short s_w1, s_w2;
    } S_un_w;
    unsigned long S_addr;
  } S_un;
} IN_ADDR;
#define s_addr S_un.S_addr
typedef struct in6_addr {
  union {
    unsigned char Byte[16];
    unsigned short Word[8];
  } u;
} IN6_ADDR;
#define s6_addr u.Byte
#define s6_words u.Word
typedef unsigned short __dlshim_port_t;
typedef unsigned long __dlshim_in6_word_t;
#else
typedef uint32_t in_addr_t;
typedef uint16_t in_port_t;
typedef in_port_t __dlshim_port_t;
typedef uint32_t __dlshim_in6_word_t;
struct in_addr {
  in_addr_t s_addr;
};
struct in6_addr {
  union {
    uint8_t __u6_addr8[16];
    uint16_t __u6_addr16[8];
    uint32_t __u6_addr32[4];
  } __u6_addr;
};
#define s6_addr __u6_addr.__u6_addr8
#ifdef __linux__
#define s6_addr16 __u6_addr.__u6_addr16
#define s6_addr32 __u6_addr.__u6_addr32
#endif
#endif

struct sockaddr_in {
  __DLSHIM_FAMILY(sin_)
  __dlshim_port_t sin_port;
  struct in_addr sin_addr;
#ifdef __linux__
  unsigned char sin_zero[8];
#else
  char sin_zero[8];
#endif
};

struct sockaddr_in6 {
  __DLSHIM_FAMILY(sin6_)
  __dlshim_port_t sin6_port;
  __dlshim_in6_word_t sin6_flowinfo;
  struct in6_addr sin6_addr;
  __dlshim_in6_word_t sin6_scope_id;
};

struct ip_mreq {
  struct in_addr imr_multiaddr;
  struct in_addr imr_interface;
};

struct ipv6_mreq {
  struct in6_addr ipv6mr_multiaddr;
  unsigned int ipv6mr_interface;
};
#endif
