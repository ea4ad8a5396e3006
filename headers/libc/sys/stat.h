/* File status. Sources: POSIX.1-2017 <sys/stat.h>; the layouts of Linux on AMD64 and AArch64, of Darwin with 64-bit inodes, and of
 * the Windows C runtime with 64-bit times. */
#ifndef _SYS_STAT_H
#define _SYS_STAT_H
#include <dlshim/features.h>
#include <dlshim/time-types.h>

#define S_IFMT 0170000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFREG 0100000
#ifdef _WIN32
#define _S_IFMT S_IFMT
#define _S_IFDIR S_IFDIR
#define _S_IFCHR S_IFCHR
#define _S_IFREG S_IFREG
#define _S_IFIFO 0010000
#define _S_IREAD 0000400
#define _S_IWRITE 0000200
#define _S_IEXEC 0000100
#define S_IREAD _S_IREAD
#define S_IWRITE _S_IWRITE
#define S_IEXEC _S_IEXEC

#define __DLSHIM_STAT(tag, size_type, time_type) \
  struct tag {                                   \
    _dev_t st_dev;                               \
    _ino_t st_ino;                               \
    unsigned short st_mode;                      \
    short st_nlink;                              \
    short st_uid;                                \
    short st_gid;                                \
    _dev_t st_rdev;                              \
    size_type st_size;                           \
    time_type st_atime;                          \
    time_type st_mtime;                          \
    time_type st_ctime;                          \
  };
__DLSHIM_STAT(_stat32, _off_t, __time32_t)
__DLSHIM_STAT(_stat32i64, long long, __time32_t)
__DLSHIM_STAT(_stat64i32, _off_t, __time64_t)
__DLSHIM_STAT(_stat64, long long, __time64_t)
__DLSHIM_STAT(stat, _off_t, time_t)
#undef __DLSHIM_STAT
#define __stat64 _stat64
#define _stat _stat64i32
#define _fstat _fstat64i32
#define _stati64 _stat64
#define _fstati64 _fstat64
int _stat64i32(const char *, struct _stat64i32 *);
int _stat64(const char *, struct _stat64 *);
int _fstat64i32(int, struct _stat64i32 *);
int _fstat64(int, struct _stat64 *);
int stat(const char *, struct stat *);
int fstat(int, struct stat *);
int _chmod(const char *, int);
int _umask(int);
#else
#define S_IFBLK 0060000
#define S_IFIFO 0010000
#define S_IFLNK 0120000
#define S_IFSOCK 0140000
#define S_ISUID 0004000
#define S_ISGID 0002000
#define S_ISVTX 0001000
#define S_IRWXU 0000700
#define S_IRUSR 0000400
#define S_IWUSR 0000200
#define S_IXUSR 0000100
#define S_IRWXG 0000070
#define S_IRGRP 0000040
#define S_IWGRP 0000020
#define S_IXGRP 0000010
#define S_IRWXO 0000007
#define S_IROTH 0000004
#define S_IWOTH 0000002
#define S_IXOTH 0000001
#ifdef __DLSHIM_MISC
#define S_IREAD S_IRUSR
#define S_IWRITE S_IWUSR
#define S_IEXEC S_IXUSR
#define ACCESSPERMS 0000777
#define ALLPERMS 0007777
#define DEFFILEMODE 0000666
#define S_BLKSIZE 512
#endif
#define S_ISBLK(mode) (((mode)&S_IFMT) == S_IFBLK)
#define S_ISCHR(mode) (((mode)&S_IFMT) == S_IFCHR)
#define S_ISDIR(mode) (((mode)&S_IFMT) == S_IFDIR)
#define S_ISFIFO(mode) (((mode)&S_IFMT) == S_IFIFO)
#define S_ISREG(mode) (((mode)&S_IFMT) == S_IFREG)
#define S_ISLNK(mode) (((mode)&S_IFMT) == S_IFLNK)
#define S_ISSOCK(mode) (((mode)&S_IFMT) == S_IFSOCK)

#ifdef __linux__
#ifdef __USE_GNU
#include <dlshim/statx.h>
int statx(int, const char *, int, unsigned int, struct statx *);
#endif
#define UTIME_NOW ((1L << 30) - 1L)
#define UTIME_OMIT ((1L << 30) - 2L)
#ifdef __aarch64__
#define __DLSHIM_STAT(tag)        \
  struct tag {                    \
    dev_t st_dev;                 \
    ino_t st_ino;                 \
    mode_t st_mode;               \
    nlink_t st_nlink;             \
    uid_t st_uid;                 \
    gid_t st_gid;                 \
    dev_t st_rdev;                \
    dev_t __dlshim_pad1;          \
    off_t st_size;                \
    blksize_t st_blksize;         \
    int __dlshim_pad2;            \
    blkcnt_t st_blocks;           \
    struct timespec st_atim;      \
    struct timespec st_mtim;      \
    struct timespec st_ctim;      \
    int __dlshim_reserved[2];     \
  };
#else
#define __DLSHIM_STAT(tag)        \
  struct tag {                    \
    dev_t st_dev;                 \
    ino_t st_ino;                 \
    nlink_t st_nlink;             \
    mode_t st_mode;               \
    uid_t st_uid;                 \
    gid_t st_gid;                 \
    int __dlshim_pad;             \
    dev_t st_rdev;                \
    off_t st_size;                \
    blksize_t st_blksize;         \
    blkcnt_t st_blocks;           \
    struct timespec st_atim;      \
    struct timespec st_mtim;      \
    struct timespec st_ctim;      \
    long __dlshim_reserved[3];    \
  };
#endif
__DLSHIM_STAT(stat)
#ifdef __USE_LARGEFILE64
__DLSHIM_STAT(stat64)
int stat64(const char *, struct stat64 *);
int fstat64(int, struct stat64 *);
int lstat64(const char *, struct stat64 *);
int fstatat64(int, const char *, struct stat64 *, int);
#endif
#undef __DLSHIM_STAT
#define st_atime st_atim.tv_sec
#define st_mtime st_mtim.tv_sec
#define st_ctime st_ctim.tv_sec
#else
#define UTIME_NOW -1
#define UTIME_OMIT -2
struct stat {
  dev_t st_dev;
  mode_t st_mode;
  nlink_t st_nlink;
  ino_t st_ino;
  uid_t st_uid;
  gid_t st_gid;
  dev_t st_rdev;
  struct timespec st_atimespec;
  struct timespec st_mtimespec;
  struct timespec st_ctimespec;
  struct timespec st_birthtimespec;
  off_t st_size;
  blkcnt_t st_blocks;
  blksize_t st_blksize;
  unsigned int st_flags;
  unsigned int st_gen;
  int st_lspare;
  long long st_qspare[2];
};
#define st_atime st_atimespec.tv_sec
#define st_mtime st_mtimespec.tv_sec
#define st_ctime st_ctimespec.tv_sec
#define st_birthtime st_birthtimespec.tv_sec
#endif

int stat(const char *, struct stat *);
int fstat(int, struct stat *);
int lstat(const char *, struct stat *);
int fstatat(int, const char *, struct stat *, int);
int chmod(const char *, mode_t);
int fchmod(int, mode_t);
int fchmodat(int, const char *, mode_t, int);
mode_t umask(mode_t);
int mkdir(const char *, mode_t);
int mkdirat(int, const char *, mode_t);
int mkfifo(const char *, mode_t);
int mkfifoat(int, const char *, mode_t);
int mknod(const char *, mode_t, dev_t);
int utimensat(int, const char *, const struct timespec *, int);
int futimens(int, const struct timespec *);
#endif
#endif
