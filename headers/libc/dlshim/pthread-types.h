/* The types of POSIX threads. Sources: glibc's ABI (sizes differ between AMD64 and AArch64), Darwin's opaque records. */
#ifndef _DLSHIM_PTHREAD_TYPES_H
#define _DLSHIM_PTHREAD_TYPES_H

#ifdef __linux__
#define __DLSHIM_PTHREAD(name, size, word) \
  typedef union {                          \
    char __size[size];                     \
    word __align;                          \
  } name;
#ifdef __aarch64__
#define __DLSHIM_MUTEX_SIZE 48
#define __DLSHIM_ATTR_SIZE 64
#define __DLSHIM_SMALL_ATTR_SIZE 8
#else
#define __DLSHIM_MUTEX_SIZE 40
#define __DLSHIM_ATTR_SIZE 56
#define __DLSHIM_SMALL_ATTR_SIZE 4
#endif
typedef unsigned long pthread_t;
typedef unsigned int pthread_key_t;
typedef int pthread_once_t;
typedef volatile int pthread_spinlock_t;
typedef union pthread_attr_t {
  char __size[__DLSHIM_ATTR_SIZE];
  long __align;
} pthread_attr_t;
__DLSHIM_PTHREAD(pthread_mutex_t, __DLSHIM_MUTEX_SIZE, long)
__DLSHIM_PTHREAD(pthread_mutexattr_t, __DLSHIM_SMALL_ATTR_SIZE, int)
__DLSHIM_PTHREAD(pthread_cond_t, 48, long long)
__DLSHIM_PTHREAD(pthread_condattr_t, __DLSHIM_SMALL_ATTR_SIZE, int)
__DLSHIM_PTHREAD(pthread_rwlock_t, 56, long)
__DLSHIM_PTHREAD(pthread_rwlockattr_t, 8, long)
__DLSHIM_PTHREAD(pthread_barrier_t, 32, long)
__DLSHIM_PTHREAD(pthread_barrierattr_t, __DLSHIM_SMALL_ATTR_SIZE, int)
#undef __DLSHIM_PTHREAD
#endif

#ifdef __APPLE__
#define __DLSHIM_PTHREAD(name, size)    \
  typedef struct _opaque_pthread_##name \
  {                                     \
    long __sig;                         \
    char __opaque[size];                \
  } pthread_##name;
typedef struct _opaque_pthread_t {
  long __sig;
  struct __darwin_pthread_handler_rec *__cleanup_stack;
  char __opaque[8176];
} *pthread_t;
typedef unsigned long pthread_key_t;
__DLSHIM_PTHREAD(attr_t, 56)
__DLSHIM_PTHREAD(mutex_t, 56)
__DLSHIM_PTHREAD(mutexattr_t, 8)
__DLSHIM_PTHREAD(cond_t, 40)
__DLSHIM_PTHREAD(condattr_t, 8)
__DLSHIM_PTHREAD(once_t, 8)
__DLSHIM_PTHREAD(rwlock_t, 192)
__DLSHIM_PTHREAD(rwlockattr_t, 16)
#undef __DLSHIM_PTHREAD
#endif

#endif
