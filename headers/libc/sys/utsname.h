/* The system's name. Source: POSIX.1-2017 <sys/utsname.h>; lengths of Linux and Darwin. */
#ifndef _SYS_UTSNAME_H
#define _SYS_UTSNAME_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#ifdef __linux__
#define __DLSHIM_NAME_LENGTH 65
#else
#define __DLSHIM_NAME_LENGTH 256
#endif
struct utsname {
  char sysname[__DLSHIM_NAME_LENGTH];
  char nodename[__DLSHIM_NAME_LENGTH];
  char release[__DLSHIM_NAME_LENGTH];
  char version[__DLSHIM_NAME_LENGTH];
  char machine[__DLSHIM_NAME_LENGTH];
#if defined(__linux__) && defined(__USE_GNU)
  char domainname[__DLSHIM_NAME_LENGTH];
#elif defined(__linux__)
  char __domainname[__DLSHIM_NAME_LENGTH];
#endif
};
int uname(struct utsname *);
#endif
