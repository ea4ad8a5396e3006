/* Memory mapped from files. Source: POSIX.1-2017 <sys/mman.h>; numbers of Linux and Darwin. */
#ifndef _SYS_MMAN_H
#define _SYS_MMAN_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/types.h>
#define PROT_NONE 0x0
#define PROT_READ 0x1
#define PROT_WRITE 0x2
#define PROT_EXEC 0x4
#define MAP_SHARED 0x1
#define MAP_PRIVATE 0x2
#define MAP_FIXED 0x10
#define MAP_FAILED ((void *)-1)
#define MS_ASYNC 0x1
#define MS_INVALIDATE 0x2
#ifdef __linux__
#define MAP_ANONYMOUS 0x20
#define MAP_NORESERVE 0x4000
#define MAP_POPULATE 0x8000
#define MAP_HUGETLB 0x40000
#define MS_SYNC 0x4
#define MCL_CURRENT 1
#define MCL_FUTURE 2
#else
#define MAP_NORESERVE 0x40
#define MAP_ANONYMOUS 0x1000
#define MS_SYNC 0x10
#define MCL_CURRENT 1
#define MCL_FUTURE 2
#endif
#define MAP_ANON MAP_ANONYMOUS
void *mmap(void *, size_t, int, int, int, off_t);
int munmap(void *, size_t);
int mprotect(void *, size_t, int);
int msync(void *, size_t, int);
int mlock(const void *, size_t);
int munlock(const void *, size_t);
int mlockall(int);
int munlockall(void);
int madvise(void *, size_t, int);
int posix_madvise(void *, size_t, int);
#ifdef __APPLE__
int shm_open(const char *, int, ...);
#else
int shm_open(const char *, int, mode_t);
#endif
int shm_unlink(const char *);
#endif
