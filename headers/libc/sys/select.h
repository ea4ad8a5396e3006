/* Waiting for descriptors. Source: POSIX.1-2017 <sys/select.h>. */
#ifndef _SYS_SELECT_H
#define _SYS_SELECT_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/fd-set.h>
#include <dlshim/sigset.h>
#include <dlshim/time-types.h>

int select(int, fd_set *, fd_set *, fd_set *, struct timeval *);
int pselect(int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *);
#endif
