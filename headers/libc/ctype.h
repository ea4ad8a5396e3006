/* Kinds of characters. Sources: C11 7.4; POSIX.1-2017 <ctype.h>. */
#ifndef _CTYPE_H
#define _CTYPE_H
#include <dlshim/features.h>
#include <dlshim/locale-type.h>
int isalnum(int);
int isalpha(int);
int isblank(int);
int iscntrl(int);
int isdigit(int);
int isgraph(int);
int islower(int);
int isprint(int);
int ispunct(int);
int isspace(int);
int isupper(int);
int isxdigit(int);
int tolower(int);
int toupper(int);
#ifndef _WIN32
int isascii(int);
int toascii(int);
int isalnum_l(int, locale_t);
int isalpha_l(int, locale_t);
int isdigit_l(int, locale_t);
int isspace_l(int, locale_t);
int tolower_l(int, locale_t);
int toupper_l(int, locale_t);
#endif
#endif
