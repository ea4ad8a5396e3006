/* Byte order: every target here is little-endian. Source: endian(3). */
#ifndef _ENDIAN_H
#define _ENDIAN_H
#ifndef __linux__
#error "only Linux has this header"
#endif
#include <dlshim/byte-swap.h>
#include <dlshim/features.h>

#define __LITTLE_ENDIAN 1234
#define __BIG_ENDIAN 4321
#define __PDP_ENDIAN 3412
#define __BYTE_ORDER __LITTLE_ENDIAN
#define __FLOAT_WORD_ORDER __BYTE_ORDER
#ifdef __DLSHIM_MISC
#define LITTLE_ENDIAN __LITTLE_ENDIAN
#define BIG_ENDIAN __BIG_ENDIAN
#define PDP_ENDIAN __PDP_ENDIAN
#define BYTE_ORDER __BYTE_ORDER
#define htobe16(value) __DLSHIM_SWAP16(value)
#define htole16(value) ((unsigned short)(value))
#define be16toh(value) __DLSHIM_SWAP16(value)
#define le16toh(value) ((unsigned short)(value))
#define htobe32(value) __DLSHIM_SWAP32(value)
#define htole32(value) ((unsigned int)(value))
#define be32toh(value) __DLSHIM_SWAP32(value)
#define le32toh(value) ((unsigned int)(value))
#define htobe64(value) __DLSHIM_SWAP64(value)
#define htole64(value) ((__UINT64_TYPE__)(value))
#define be64toh(value) __DLSHIM_SWAP64(value)
#define le64toh(value) ((__UINT64_TYPE__)(value))
#endif
#endif
