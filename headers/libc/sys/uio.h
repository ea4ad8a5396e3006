/* Vectors of buffers. Source: POSIX.1-2017 <sys/uio.h>. */
#ifndef _SYS_UIO_H
#define _SYS_UIO_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/iovec.h>
#include <dlshim/types.h>

ssize_t readv(int, const struct iovec *, int);
ssize_t writev(int, const struct iovec *, int);
ssize_t preadv(int, const struct iovec *, int, off_t);
ssize_t pwritev(int, const struct iovec *, int, off_t);
#endif
