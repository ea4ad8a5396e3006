/* The older Winsock. Its declarations are among those of winsock2.h. Source: Microsoft's documented Winsock. */
#include <winsock2.h>
