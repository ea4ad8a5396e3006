/* Directories. Sources: POSIX.1-2017 <dirent.h>; the layouts of 64-bit Linux and of Darwin with 64-bit inodes. */
#ifndef _DIRENT_H
#define _DIRENT_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/types.h>

#ifdef __linux__
#define __DLSHIM_DIRENT(tag)     \
  struct tag {                   \
    ino_t d_ino;                 \
    off_t d_off;                 \
    unsigned short d_reclen;     \
    unsigned char d_type;        \
    char d_name[256];            \
  };
__DLSHIM_DIRENT(dirent)
#ifdef __USE_LARGEFILE64
__DLSHIM_DIRENT(dirent64)
#endif
#undef __DLSHIM_DIRENT
typedef struct __dirstream DIR;
#else
struct dirent {
  ino_t d_ino;
  unsigned long long d_seekoff;
  unsigned short d_reclen;
  unsigned short d_namlen;
  unsigned char d_type;
  char d_name[1024];
};
typedef struct _dirdesc DIR;
#endif

#define DT_UNKNOWN 0
#define DT_FIFO 1
#define DT_CHR 2
#define DT_DIR 4
#define DT_BLK 6
#define DT_REG 8
#define DT_LNK 10
#define DT_SOCK 12
#define DT_WHT 14
#define d_fileno d_ino

DIR *opendir(const char *);
DIR *fdopendir(int);
int closedir(DIR *);
struct dirent *readdir(DIR *);
int readdir_r(DIR *, struct dirent *, struct dirent **);
void rewinddir(DIR *);
void seekdir(DIR *, long);
long telldir(DIR *);
int dirfd(DIR *);
int scandir(const char *, struct dirent ***, int (*)(const struct dirent *),
            int (*)(const struct dirent **, const struct dirent **));
int alphasort(const struct dirent **, const struct dirent **);
#endif
