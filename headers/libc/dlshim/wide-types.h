/* wchar_t, wint_t, mbstate_t. Source: C11 7.29.1; sizes are the platforms'. */
#ifndef _DLSHIM_WIDE_TYPES_H
#define _DLSHIM_WIDE_TYPES_H
#define __need_wchar_t
#define __need_wint_t
#include <stddef.h>

#if defined(__linux__)
typedef struct {
  int __count;
  union {
    unsigned int __wch;
    char __wchb[4];
  } __value;
} __mbstate_t;
typedef __mbstate_t mbstate_t;
#elif defined(__APPLE__)
typedef union {
  char __mbstate8[128];
  long long _mbstateL;
} mbstate_t;
#else
typedef struct _Mbstatet {
  unsigned long _Wchar;
  unsigned short _Byte;
  unsigned short _State;
} mbstate_t;
#endif
#endif
