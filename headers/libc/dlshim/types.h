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
} fsid_t;
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

#endif
