/* Byte order of a value reversed. Source: the compiler's built-in functions. */
#ifndef _DLSHIM_BYTE_SWAP_H
#define _DLSHIM_BYTE_SWAP_H
#define __DLSHIM_SWAP16(value) __builtin_bswap16(value)
#define __DLSHIM_SWAP32(value) __builtin_bswap32(value)
#define __DLSHIM_SWAP64(value) __builtin_bswap64(value)
#endif
