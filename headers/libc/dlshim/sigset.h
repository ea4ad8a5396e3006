/* sigset_t. Sources: glibc's ABI (1024 bits), Darwin's (32 bits). */
#ifndef _DLSHIM_SIGSET_H
#define _DLSHIM_SIGSET_H
#ifdef __linux__
typedef struct {
  unsigned long __val[16];
} __sigset_t;
typedef __sigset_t sigset_t;
#elif defined(__APPLE__)
typedef unsigned int sigset_t;
#endif
#endif
