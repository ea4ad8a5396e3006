/* Semaphores. Source: POSIX.1-2017 <semaphore.h>; sizes of glibc and Darwin. */
#ifndef _SEMAPHORE_H
#define _SEMAPHORE_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/time-types.h>
#ifdef __linux__
typedef union {
  char __size[32];
#ifdef __aarch64__
  long long __align;
#else
  long __align;
#endif
} sem_t;
#define SEM_FAILED ((sem_t *)0)
int sem_timedwait(sem_t *, const struct timespec *);
#else
typedef int sem_t;
#define SEM_FAILED ((sem_t *)-1)
#endif
int sem_init(sem_t *, int, unsigned int);
int sem_destroy(sem_t *);
sem_t *sem_open(const char *, int, ...);
int sem_close(sem_t *);
int sem_unlink(const char *);
int sem_wait(sem_t *);
int sem_trywait(sem_t *);
int sem_post(sem_t *);
int sem_getvalue(sem_t *, int *);
#endif
