/* The arithmetic types of POSIX's sys/types.h, which many headers share. Sources: System V ABI (AMD64, AArch64) with Linux's kernel
 * interfaces; Darwin with 64-bit inodes. */
#ifndef _DLSHIM_TYPES_H
#define _DLSHIM_TYPES_H
#include <stdint.h>
#define __need_size_t
#include <stddef.h>

#ifdef __linux__
typedef unsigned long dev_t;
typedef unsigned long ino_t;
typedef unsigned int mode_t;
#ifdef __aarch64__
typedef unsigned int nlink_t;
typedef int blksize_t;
#else
typedef unsigned long nlink_t;
typedef long blksize_t;
#endif
typedef long off_t;
typedef long blkcnt_t;
typedef unsigned long fsblkcnt_t;
typedef unsigned long fsfilcnt_t;
typedef long suseconds_t;
typedef long clock_t;
typedef int clockid_t;
typedef void *timer_t;
typedef struct {
  int __val[2];
} __fsid_t;
typedef __fsid_t fsid_t;
#endif

#ifdef __APPLE__
typedef int dev_t;
typedef unsigned long long ino_t;
typedef unsigned short mode_t;
typedef unsigned short nlink_t;
typedef int blksize_t;
typedef long long off_t;
typedef long long blkcnt_t;
typedef unsigned int fsblkcnt_t;
typedef unsigned int fsfilcnt_t;
typedef int suseconds_t;
typedef unsigned long clock_t;
typedef struct fsid {
  int val[2];
} fsid_t;
#endif

#ifdef _WIN32
typedef unsigned int _dev_t;
typedef unsigned short _ino_t;
typedef long _off_t;
typedef unsigned int dev_t;
typedef unsigned short ino_t;
typedef long off_t;
typedef long clock_t;
typedef int errno_t;
typedef long long __time64_t;
typedef long __time32_t;
typedef long long time_t;
#else
typedef long time_t;
typedef long ssize_t;
typedef int pid_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef unsigned int id_t;
typedef int key_t;
typedef unsigned int useconds_t;
typedef unsigned int socklen_t;
#endif

/* The same under the names that glibc's own headers use, and others after them. */
#ifdef __linux__
typedef int8_t __int8_t;
typedef int16_t __int16_t;
typedef int32_t __int32_t;
typedef int64_t __int64_t;
typedef uint8_t __uint8_t;
typedef uint16_t __uint16_t;
typedef uint32_t __uint32_t;
typedef uint64_t __uint64_t;
typedef dev_t __dev_t;
typedef ino_t __ino_t;
typedef ino_t __ino64_t;
typedef mode_t __mode_t;
typedef nlink_t __nlink_t;
typedef uid_t __uid_t;
typedef gid_t __gid_t;
typedef pid_t __pid_t;
typedef off_t __off_t;
typedef off_t __off64_t;
typedef ssize_t __ssize_t;
typedef time_t __time_t;
typedef clock_t __clock_t;
typedef suseconds_t __suseconds_t;
typedef useconds_t __useconds_t;
typedef socklen_t __socklen_t;
typedef char *__caddr_t;
#define __off_t_defined
#define __ssize_t_defined
#endif

/* No name of Darwin's, but headers that were written on Linux have it. */
#ifdef __APPLE__
typedef off_t __off64_t;
#endif

#endif
