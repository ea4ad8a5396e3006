/* va_list for headers whose functions take one. The macros of <stdarg.h> are that header's alone: others ask for va_start to learn
 * whether it was included. Sources: C11 7.16; POSIX.1-2017 <stdio.h>. */
#ifndef _DLSHIM_VA_LIST_H
#define _DLSHIM_VA_LIST_H
#define __need___va_list
#include <stdarg.h>
#ifndef _VA_LIST_DEFINED
#define _VA_LIST_DEFINED
typedef __gnuc_va_list va_list;
#endif
#endif
