/* Memory and strings. Sources: C11 7.24; POSIX.1-2017 <string.h>. */
#ifndef _STRING_H
#define _STRING_H
#define __need_size_t
#define __need_NULL
#include <stddef.h>
#include <dlshim/features.h>
#include <dlshim/locale-type.h>
#include <dlshim/types.h>

void *memchr(const void *, int, size_t);
int memcmp(const void *, const void *, size_t);
void *memcpy(void *, const void *, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
char *strcat(char *, const char *);
char *strchr(const char *, int);
int strcmp(const char *, const char *);
int strcoll(const char *, const char *);
char *strcpy(char *, const char *);
size_t strcspn(const char *, const char *);
char *strerror(int);
size_t strlen(const char *);
char *strncat(char *, const char *, size_t);
int strncmp(const char *, const char *, size_t);
char *strncpy(char *, const char *, size_t);
char *strpbrk(const char *, const char *);
char *strrchr(const char *, int);
size_t strspn(const char *, const char *);
char *strstr(const char *, const char *);
char *strtok(char *, const char *);
size_t strxfrm(char *, const char *, size_t);

#ifdef _WIN32
char *_strdup(const char *);
int _stricmp(const char *, const char *);
int _strnicmp(const char *, const char *, size_t);
char *strtok_s(char *, const char *, char **);
#else
#ifdef __DLSHIM_MISC
#include <strings.h>
#endif
void *memccpy(void *, const void *, int, size_t);
char *stpcpy(char *, const char *);
char *stpncpy(char *, const char *, size_t);
int strcoll_l(const char *, const char *, locale_t);
char *strdup(const char *);
char *strndup(const char *, size_t);
size_t strnlen(const char *, size_t);
char *strsignal(int);
char *strtok_r(char *, const char *, char **);
size_t strxfrm_l(char *, const char *, size_t, locale_t);
#ifdef __DLSHIM_MISC
char *strsep(char **, const char *);
#endif
#if defined(__linux__) && defined(__USE_GNU)
void *memmem(const void *, size_t, const void *, size_t);
void *memrchr(const void *, int, size_t);
void *mempcpy(void *, const void *, size_t);
char *strcasestr(const char *, const char *);
char *strchrnul(const char *, int);
char *strerror_r(int, char *, size_t);
#else
int strerror_r(int, char *, size_t);
#endif
#endif
#endif
