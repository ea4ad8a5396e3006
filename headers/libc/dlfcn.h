/* Loading libraries. Source: POSIX.1-2017 <dlfcn.h>; numbers of glibc and Darwin. */
#ifndef _DLFCN_H
#define _DLFCN_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#define RTLD_LAZY 1
#define RTLD_NOW 2
#ifdef __linux__
#define RTLD_LOCAL 0
#define RTLD_NOLOAD 4
#define RTLD_DEEPBIND 8
#define RTLD_GLOBAL 0x100
#define RTLD_NODELETE 0x1000
#ifdef __USE_GNU
#define RTLD_DEFAULT ((void *)0)
#define RTLD_NEXT ((void *)-1L)
#endif
#else
#define RTLD_LOCAL 4
#define RTLD_GLOBAL 8
#define RTLD_NOLOAD 0x10
#define RTLD_NODELETE 0x80
#define RTLD_DEFAULT ((void *)-2)
#define RTLD_NEXT ((void *)-1)
#endif
#if defined(__APPLE__) || defined(__USE_GNU)
#ifdef __APPLE__
typedef struct dl_info {
#else
typedef struct {
#endif
  const char *dli_fname;
  void *dli_fbase;
  const char *dli_sname;
  void *dli_saddr;
} Dl_info;
int dladdr(const void *, Dl_info *);
#endif
void *dlopen(const char *, int);
void *dlsym(void *, const char *);
int dlclose(void *);
char *dlerror(void);
#endif
