/* Which names the feature test macros ask for, and which C library this is. Source: feature_test_macros(7); POSIX.1-2017 2.2.1; the GNU
 * C Library manual, 1.3. The version is the one of Debian 12; no layout here depends on it. */
#ifndef _DLSHIM_FEATURES_H
#define _DLSHIM_FEATURES_H

#ifdef __linux__
#ifdef _GNU_SOURCE
#undef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE 1
#undef _LARGEFILE64_SOURCE
#define _LARGEFILE64_SOURCE 1
#undef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#undef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700
#define __USE_GNU 1
#endif

#if !defined(_DEFAULT_SOURCE) && !defined(__STRICT_ANSI__) && !defined(_POSIX_SOURCE) && !defined(_POSIX_C_SOURCE) && \
    !defined(_XOPEN_SOURCE)
#define _DEFAULT_SOURCE 1
#endif

#ifdef _DEFAULT_SOURCE
#define __USE_MISC 1
#define __DLSHIM_MISC
#ifndef _POSIX_SOURCE
#define _POSIX_SOURCE 1
#endif
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#endif

#ifdef _XOPEN_SOURCE
#define __USE_XOPEN 1
#endif
#ifdef _LARGEFILE64_SOURCE
#define __USE_LARGEFILE64 1
#endif
#if defined(_FILE_OFFSET_BITS) && _FILE_OFFSET_BITS == 64
#define __USE_FILE_OFFSET64 1
#endif

#define __GNU_LIBRARY__ 6
#define __GLIBC__ 2
#define __GLIBC_MINOR__ 36
#define __GLIBC_PREREQ(major, minor) ((__GLIBC__ << 16) + __GLIBC_MINOR__ >= ((major) << 16) + (minor))
#define __GNUC_PREREQ(major, minor) ((__GNUC__ << 16) + __GNUC_MINOR__ >= ((major) << 16) + (minor))
#include <sys/cdefs.h>

/* Elsewhere nothing is left out unless POSIX alone is asked for, and no macro says so. */
#elif (!defined(_POSIX_C_SOURCE) && !defined(_XOPEN_SOURCE)) || defined(_DARWIN_C_SOURCE)
#define __DLSHIM_MISC
#endif

#endif
