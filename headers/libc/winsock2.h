/* Sockets of Windows. Source: Microsoft's documented Winsock 2 on 64-bit Windows, where a SOCKET has 64 bits. */
#ifndef _WINSOCK2API_
#define _WINSOCK2API_
#ifndef _WIN32
#error "only Windows has this header"
#endif
#define _WINSOCKAPI_
#include <windows.h>
#include <dlshim/fd-set.h>
#include <dlshim/inet-address.h>
#include <dlshim/inet-numbers.h>
#include <dlshim/socket-numbers.h>
#include <dlshim/time-types.h>

typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef unsigned long long u_int64;

#define INVALID_SOCKET ((SOCKET)(~0))
#define SOCKET_ERROR (-1)
#define WSAAPI
#define WINSOCK_VERSION ((WORD)0x0202)
#define WSADESCRIPTION_LEN 256
#define WSASYS_STATUS_LEN 128
#define SD_RECEIVE 0
#define SD_SEND 1
#define SD_BOTH 2
#define TCP_NODELAY 1
#define FIONREAD 0x4004667fL
#define FIONBIO 0x8004667eUL

#define WSABASEERR 10000
#define WSAEINTR 10004
#define WSAEBADF 10009
#define WSAEACCES 10013
#define WSAEFAULT 10014
#define WSAEINVAL 10022
#define WSAEMFILE 10024
#define WSAEWOULDBLOCK 10035
#define WSAEINPROGRESS 10036
#define WSAEALREADY 10037
#define WSAENOTSOCK 10038
#define WSAEDESTADDRREQ 10039
#define WSAEMSGSIZE 10040
#define WSAEPROTOTYPE 10041
#define WSAENOPROTOOPT 10042
#define WSAEPROTONOSUPPORT 10043
#define WSAESOCKTNOSUPPORT 10044
#define WSAEOPNOTSUPP 10045
#define WSAEPFNOSUPPORT 10046
#define WSAEAFNOSUPPORT 10047
#define WSAEADDRINUSE 10048
#define WSAEADDRNOTAVAIL 10049
#define WSAENETDOWN 10050
#define WSAENETUNREACH 10051
#define WSAENETRESET 10052
#define WSAECONNABORTED 10053
#define WSAECONNRESET 10054
#define WSAENOBUFS 10055
#define WSAEISCONN 10056
#define WSAENOTCONN 10057
#define WSAESHUTDOWN 10058
#define WSAETOOMANYREFS 10059
#define WSAETIMEDOUT 10060
#define WSAECONNREFUSED 10061
#define WSAELOOP 10062
#define WSAENAMETOOLONG 10063
#define WSAEHOSTDOWN 10064
#define WSAEHOSTUNREACH 10065
#define WSASYSNOTREADY 10091
#define WSAVERNOTSUPPORTED 10092
#define WSANOTINITIALISED 10093
#define WSAHOST_NOT_FOUND 11001
#define WSATRY_AGAIN 11002
#define WSANO_RECOVERY 11003
#define WSANO_DATA 11004

#define POLLERR 0x1
#define POLLHUP 0x2
#define POLLNVAL 0x4
#define POLLWRNORM 0x10
#define POLLOUT POLLWRNORM
#define POLLWRBAND 0x20
#define POLLRDNORM 0x100
#define POLLRDBAND 0x200
#define POLLIN (POLLRDNORM | POLLRDBAND)
#define POLLPRI 0x400

typedef struct sockaddr SOCKADDR;
typedef struct sockaddr *PSOCKADDR, *LPSOCKADDR;
typedef struct sockaddr_storage SOCKADDR_STORAGE;
typedef struct sockaddr_in SOCKADDR_IN;

typedef struct pollfd {
  SOCKET fd;
  SHORT events;
  SHORT revents;
} WSAPOLLFD;

struct linger {
  u_short l_onoff;
  u_short l_linger;
};

struct hostent {
  char *h_name;
  char **h_aliases;
  short h_addrtype;
  short h_length;
  char **h_addr_list;
};
#define h_addr h_addr_list[0]

struct servent {
  char *s_name;
  char **s_aliases;
  char *s_proto;
  short s_port;
};

struct protoent {
  char *p_name;
  char **p_aliases;
  short p_proto;
};

typedef struct WSAData {
  WORD wVersion;
  WORD wHighVersion;
  unsigned short iMaxSockets;
  unsigned short iMaxUdpDg;
  char *lpVendorInfo;
  char szDescription[WSADESCRIPTION_LEN + 1];
  char szSystemStatus[WSASYS_STATUS_LEN + 1];
} WSADATA, *LPWSADATA;

typedef struct _WSABUF {
  ULONG len;
  CHAR *buf;
} WSABUF, *LPWSABUF;

SOCKET WSAAPI socket(int, int, int);
SOCKET WSAAPI accept(SOCKET, struct sockaddr *, int *);
int WSAAPI bind(SOCKET, const struct sockaddr *, int);
int WSAAPI closesocket(SOCKET);
int WSAAPI connect(SOCKET, const struct sockaddr *, int);
int WSAAPI ioctlsocket(SOCKET, long, u_long *);
int WSAAPI getpeername(SOCKET, struct sockaddr *, int *);
int WSAAPI getsockname(SOCKET, struct sockaddr *, int *);
int WSAAPI getsockopt(SOCKET, int, int, char *, int *);
int WSAAPI setsockopt(SOCKET, int, int, const char *, int);
int WSAAPI listen(SOCKET, int);
int WSAAPI recv(SOCKET, char *, int, int);
int WSAAPI recvfrom(SOCKET, char *, int, int, struct sockaddr *, int *);
int WSAAPI select(int, fd_set *, fd_set *, fd_set *, const struct timeval *);
int WSAAPI send(SOCKET, const char *, int, int);
int WSAAPI sendto(SOCKET, const char *, int, int, const struct sockaddr *, int);
int WSAAPI shutdown(SOCKET, int);
u_long WSAAPI htonl(u_long);
u_short WSAAPI htons(u_short);
u_long WSAAPI ntohl(u_long);
u_short WSAAPI ntohs(u_short);
unsigned long WSAAPI inet_addr(const char *);
char *WSAAPI inet_ntoa(struct in_addr);
struct hostent *WSAAPI gethostbyname(const char *);
struct servent *WSAAPI getservbyname(const char *, const char *);
int WSAAPI gethostname(char *, int);
int WSAAPI WSAStartup(WORD, LPWSADATA);
int WSAAPI WSACleanup(void);
int WSAAPI WSAGetLastError(void);
void WSAAPI WSASetLastError(int);
int WSAAPI WSAPoll(WSAPOLLFD *, ULONG, INT);
int WSAAPI __WSAFDIsSet(SOCKET, fd_set *);

#define FD_ZERO(set) ((set)->fd_count = 0)
#define FD_ISSET(fd, set) __WSAFDIsSet((SOCKET)(fd), (fd_set *)(set))
#endif
