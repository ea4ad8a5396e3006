/* struct iovec. Source: POSIX.1-2017 <sys/uio.h>. */
#ifndef _DLSHIM_IOVEC_H
#define _DLSHIM_IOVEC_H
#define __need_size_t
#include <stddef.h>
struct iovec {
  void *iov_base;
  size_t iov_len;
};
#endif
