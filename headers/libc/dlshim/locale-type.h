/* locale_t. Source: POSIX.1-2017 <locale.h>; the tags are the platforms'. */
#ifndef _DLSHIM_LOCALE_TYPE_H
#define _DLSHIM_LOCALE_TYPE_H
#if defined(__linux__)
typedef struct __locale_struct *locale_t;
#elif defined(__APPLE__)
typedef struct _xlocale *locale_t;
#else
typedef struct __crt_locale_pointers *_locale_t;
#endif
#endif
