/* Random bytes. Source: getrandom(2), getentropy(3). */
#ifndef _SYS_RANDOM_H
#define _SYS_RANDOM_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/types.h>
#ifdef __linux__
#define GRND_NONBLOCK 1
#define GRND_RANDOM 2
ssize_t getrandom(void *, size_t, unsigned int);
#endif
int getentropy(void *, size_t);
#endif
