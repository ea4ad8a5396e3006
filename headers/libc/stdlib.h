/* Memory, numbers, environment. Sources: C11 7.22; POSIX.1-2017 <stdlib.h>. */
#ifndef _STDLIB_H
#define _STDLIB_H
#define __need_size_t
#define __need_wchar_t
#define __need_NULL
#include <stddef.h>
#include <dlshim/features.h>
#include <dlshim/types.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#if defined(__linux__)
#define RAND_MAX 2147483647
#define MB_CUR_MAX (__ctype_get_mb_cur_max())
size_t __ctype_get_mb_cur_max(void);
#elif defined(__APPLE__)
#define RAND_MAX 0x7fffffff
#define MB_CUR_MAX (___mb_cur_max())
int ___mb_cur_max(void);
#else
#define RAND_MAX 0x7fff
#define MB_CUR_MAX (___mb_cur_max_func())
int ___mb_cur_max_func(void);
#endif

typedef struct {
  int quot;
  int rem;
} div_t;
typedef struct {
  long quot;
  long rem;
} ldiv_t;
typedef struct {
  long long quot;
  long long rem;
} lldiv_t;

double atof(const char *);
int atoi(const char *);
long atol(const char *);
long long atoll(const char *);
double strtod(const char *, char **);
float strtof(const char *, char **);
long double strtold(const char *, char **);
long strtol(const char *, char **, int);
long long strtoll(const char *, char **, int);
unsigned long strtoul(const char *, char **, int);
unsigned long long strtoull(const char *, char **, int);
int rand(void);
void srand(unsigned int);
void *calloc(size_t, size_t);
void free(void *);
void *malloc(size_t);
void *realloc(void *, size_t);
void abort(void);
int atexit(void (*)(void));
void exit(int);
void _Exit(int);
char *getenv(const char *);
int system(const char *);
void *bsearch(const void *, const void *, size_t, size_t, int (*)(const void *, const void *));
void qsort(void *, size_t, size_t, int (*)(const void *, const void *));
int abs(int);
long labs(long);
long long llabs(long long);
div_t div(int, int);
ldiv_t ldiv(long, long);
lldiv_t lldiv(long long, long long);
int mblen(const char *, size_t);
int mbtowc(wchar_t *, const char *, size_t);
int wctomb(char *, wchar_t);
size_t mbstowcs(wchar_t *, const char *, size_t);
size_t wcstombs(char *, const wchar_t *, size_t);

#ifdef _WIN32
void *_aligned_malloc(size_t, size_t);
void _aligned_free(void *);
int _putenv(const char *);
#else
void *aligned_alloc(size_t, size_t);
int posix_memalign(void **, size_t, size_t);
int setenv(const char *, const char *, int);
int unsetenv(const char *);
int putenv(char *);
char *mkdtemp(char *);
int mkstemp(char *);
char *realpath(const char *, char *);
int rand_r(unsigned int *);
long random(void);
double drand48(void);
double erand48(unsigned short *);
long lrand48(void);
long nrand48(unsigned short *);
long mrand48(void);
long jrand48(unsigned short *);
void srand48(long);
int getsubopt(char **, char *const *, char **);
#if !defined(__linux__) || defined(__USE_XOPEN)
int grantpt(int);
int unlockpt(int);
char *ptsname(int);
int posix_openpt(int);
#endif
#ifdef __DLSHIM_MISC
int getloadavg(double *, int);
#ifdef __linux__
#include <alloca.h>
void *reallocarray(void *, size_t, size_t);
void srandom(unsigned int);
char *initstate(unsigned int, char *, size_t);
char *setstate(char *);
int clearenv(void);
#endif
#endif
#endif
#endif
