/* Arithmetic types. Sources: POSIX.1-2017 <sys/types.h>, with the BSD names; on Windows the C runtime's few. */
#ifndef _SYS_TYPES_H
#define _SYS_TYPES_H
#include <dlshim/features.h>
#include <dlshim/types.h>

#ifndef _WIN32
#include <dlshim/pthread-types.h>
#ifdef __DLSHIM_MISC
#ifdef __linux__
#include <endian.h>
#else
#include <machine/endian.h>
#endif
#include <sys/select.h>

typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef char *caddr_t;
typedef int daddr_t;
#ifdef __linux__
typedef unsigned long ulong;
typedef long quad_t;
typedef unsigned long u_quad_t;
typedef long loff_t;
typedef long register_t;
#else
typedef long long quad_t;
typedef unsigned long long u_quad_t;
typedef long long register_t;
#endif
#endif

typedef uint8_t u_int8_t;
typedef uint16_t u_int16_t;
typedef uint32_t u_int32_t;
typedef uint64_t u_int64_t;

#if defined(__linux__) && defined(__USE_LARGEFILE64)
typedef unsigned long ino64_t;
typedef long off64_t;
#define __off64_t_defined
typedef long blkcnt64_t;
typedef unsigned long fsblkcnt64_t;
typedef unsigned long fsfilcnt64_t;
#endif
#endif

#endif
