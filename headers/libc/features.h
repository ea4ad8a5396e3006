/* Which C library this is, and what the feature test macros ask of it. Source: feature_test_macros(7); the GNU C Library
 * manual, 1.3. The version is the one of Debian 12; no layout here depends on it. */
#ifndef _FEATURES_H
#define _FEATURES_H
#include <dlshim/features.h>

#ifdef __linux__
#define __GNU_LIBRARY__ 6
#define __GLIBC__ 2
#define __GLIBC_MINOR__ 36
#define __GLIBC_PREREQ(major, minor) ((__GLIBC__ << 16) + __GLIBC_MINOR__ >= ((major) << 16) + (minor))
#endif

#include <sys/cdefs.h>
#endif
