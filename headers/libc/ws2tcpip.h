/* Names and addresses of hosts on Windows. Source: Microsoft's documented Winsock 2; RFC 3493. */
#ifndef _WS2TCPIP_H_
#define _WS2TCPIP_H_
#ifndef _WIN32
#error "only Windows has this header"
#endif
#include <winsock2.h>

typedef int socklen_t;
typedef struct sockaddr_in6 SOCKADDR_IN6;

typedef struct addrinfo {
  int ai_flags;
  int ai_family;
  int ai_socktype;
  int ai_protocol;
  size_t ai_addrlen;
  char *ai_canonname;
  struct sockaddr *ai_addr;
  struct addrinfo *ai_next;
} ADDRINFOA, *PADDRINFOA;

#define AI_PASSIVE 0x1
#define AI_CANONNAME 0x2
#define AI_NUMERICHOST 0x4
#define AI_NUMERICSERV 0x8
#define AI_ALL 0x100
#define AI_ADDRCONFIG 0x400
#define AI_V4MAPPED 0x800
#define NI_NOFQDN 0x1
#define NI_NUMERICHOST 0x2
#define NI_NAMEREQD 0x4
#define NI_NUMERICSERV 0x8
#define NI_DGRAM 0x10
#define NI_MAXHOST 1025
#define NI_MAXSERV 32
#define EAI_AGAIN WSATRY_AGAIN
#define EAI_BADFLAGS WSAEINVAL
#define EAI_FAIL WSANO_RECOVERY
#define EAI_FAMILY WSAEAFNOSUPPORT
#define EAI_MEMORY 8L
#define EAI_NONAME WSAHOST_NOT_FOUND
#define EAI_SERVICE 10109
#define EAI_SOCKTYPE WSAESOCKTNOSUPPORT

int WSAAPI getaddrinfo(const char *, const char *, const struct addrinfo *, struct addrinfo **);
void WSAAPI freeaddrinfo(struct addrinfo *);
int WSAAPI getnameinfo(const struct sockaddr *, socklen_t, char *, DWORD, char *, DWORD, int);
int WSAAPI inet_pton(int, const char *, void *);
const char *WSAAPI inet_ntop(int, const void *, char *, size_t);
#endif
