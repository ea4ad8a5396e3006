/* bswap_16 and its like. Source: bswap(3). */
#ifndef _BYTESWAP_H
#define _BYTESWAP_H
#ifndef __linux__
#error "only Linux has this header"
#endif
#include <dlshim/features.h>
#include <dlshim/byte-swap.h>
#define bswap_16(value) __DLSHIM_SWAP16(value)
#define bswap_32(value) __DLSHIM_SWAP32(value)
#define bswap_64(value) __DLSHIM_SWAP64(value)
#endif
