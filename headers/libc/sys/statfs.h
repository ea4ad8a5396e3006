/* Status of a file system, as Linux has it. Source: statfs(2). */
#ifndef _SYS_STATFS_H
#define _SYS_STATFS_H
#ifndef __linux__
#error "only Linux has this header"
#endif
#include <dlshim/features.h>
#include <dlshim/types.h>
#define __DLSHIM_STATFS(tag)   \
  struct tag {                 \
    long f_type;               \
    long f_bsize;              \
    fsblkcnt_t f_blocks;       \
    fsblkcnt_t f_bfree;        \
    fsblkcnt_t f_bavail;       \
    fsfilcnt_t f_files;        \
    fsfilcnt_t f_ffree;        \
    fsid_t f_fsid;             \
    long f_namelen;            \
    long f_frsize;             \
    long f_flags;              \
    long f_spare[4];           \
  };
__DLSHIM_STATFS(statfs)
#ifdef __USE_LARGEFILE64
__DLSHIM_STATFS(statfs64)
int statfs64(const char *, struct statfs64 *);
int fstatfs64(int, struct statfs64 *);
#endif
#undef __DLSHIM_STATFS
int statfs(const char *, struct statfs *);
int fstatfs(int, struct statfs *);
#endif
