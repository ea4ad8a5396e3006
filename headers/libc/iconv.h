/* Conversion of characters. Source: POSIX.1-2017 <iconv.h>. */
#ifndef _ICONV_H
#define _ICONV_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#define __need_size_t
#include <stddef.h>
typedef void *iconv_t;
iconv_t iconv_open(const char *, const char *);
size_t iconv(iconv_t, char **, size_t *, char **, size_t *);
int iconv_close(iconv_t);
#endif
