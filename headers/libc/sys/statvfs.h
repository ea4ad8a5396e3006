/* File system status. Sources: POSIX.1-2017 <sys/statvfs.h>; the layouts of 64-bit Linux and of Darwin. */
#ifndef _SYS_STATVFS_H
#define _SYS_STATVFS_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/types.h>

#define ST_RDONLY 1
#define ST_NOSUID 2
#if defined(__linux__) && defined(__USE_GNU)
#define ST_NODEV 4
#define ST_NOEXEC 8
#define ST_SYNCHRONOUS 16
#define ST_MANDLOCK 64
#define ST_WRITE 128
#define ST_APPEND 256
#define ST_IMMUTABLE 512
#define ST_NOATIME 1024
#define ST_NODIRATIME 2048
#define ST_RELATIME 4096
#endif

#ifdef __linux__
#define __DLSHIM_STATVFS(tag)  \
  struct tag {                 \
    unsigned long f_bsize;     \
    unsigned long f_frsize;    \
    fsblkcnt_t f_blocks;       \
    fsblkcnt_t f_bfree;        \
    fsblkcnt_t f_bavail;       \
    fsfilcnt_t f_files;        \
    fsfilcnt_t f_ffree;        \
    fsfilcnt_t f_favail;       \
    unsigned long f_fsid;      \
    unsigned long f_flag;      \
    unsigned long f_namemax;   \
    int __dlshim_spare[6];     \
  };
__DLSHIM_STATVFS(statvfs)
#ifdef __USE_LARGEFILE64
__DLSHIM_STATVFS(statvfs64)
int statvfs64(const char *, struct statvfs64 *);
int fstatvfs64(int, struct statvfs64 *);
#endif
#undef __DLSHIM_STATVFS
#else
struct statvfs {
  unsigned long f_bsize;
  unsigned long f_frsize;
  fsblkcnt_t f_blocks;
  fsblkcnt_t f_bfree;
  fsblkcnt_t f_bavail;
  fsfilcnt_t f_files;
  fsfilcnt_t f_ffree;
  fsfilcnt_t f_favail;
  unsigned long f_fsid;
  unsigned long f_flag;
  unsigned long f_namemax;
};
#endif

int statvfs(const char *, struct statvfs *);
int fstatvfs(int, struct statvfs *);
#endif
