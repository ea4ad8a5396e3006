/* Kinds of wide characters. Source: C11 7.30; the types are the platforms'. */
#ifndef _WCTYPE_H
#define _WCTYPE_H
#include <dlshim/features.h>
#define __need_wint_t
#include <stddef.h>
#if defined(__linux__)
typedef unsigned long wctype_t;
typedef const int *wctrans_t;
#elif defined(__APPLE__)
typedef unsigned int wctype_t;
typedef int wctrans_t;
#else
typedef unsigned short wctype_t;
typedef unsigned short wctrans_t;
#endif
#ifndef WEOF
#define WEOF ((wint_t)-1)
#endif
int iswalnum(wint_t);
int iswalpha(wint_t);
int iswblank(wint_t);
int iswcntrl(wint_t);
int iswctype(wint_t, wctype_t);
int iswdigit(wint_t);
int iswgraph(wint_t);
int iswlower(wint_t);
int iswprint(wint_t);
int iswpunct(wint_t);
int iswspace(wint_t);
int iswupper(wint_t);
int iswxdigit(wint_t);
wint_t towctrans(wint_t, wctrans_t);
wint_t towlower(wint_t);
wint_t towupper(wint_t);
wctrans_t wctrans(const char *);
wctype_t wctype(const char *);
#endif
