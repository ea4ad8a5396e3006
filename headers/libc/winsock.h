/* The older Winsock. Its declarations are among those of winsock2.h. Source: Microsoft's documented Winsock. */
#ifndef _WIN32
#error "only Windows has this header"
#endif
#include <winsock2.h>
