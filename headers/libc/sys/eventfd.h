/* Descriptors that count events. Source: eventfd(2). */
#ifndef _SYS_EVENTFD_H
#define _SYS_EVENTFD_H
#ifndef __linux__
#error "only Linux has this header"
#endif
#include <dlshim/features.h>
#include <stdint.h>
#define EFD_SEMAPHORE 1
#define EFD_CLOEXEC 02000000
#define EFD_NONBLOCK 04000
typedef uint64_t eventfd_t;
int eventfd(unsigned int, int);
int eventfd_read(int, eventfd_t *);
int eventfd_write(int, eventfd_t);
#endif
