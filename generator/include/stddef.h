/* Out: the names of C11 7.19. A libc asks for single ones with __need_*; the rest of the file is then left alone. */
#if !defined(__need_size_t) && !defined(__need_ptrdiff_t) && !defined(__need_wchar_t) && !defined(__need_wint_t) && \
    !defined(__need_NULL)
#ifndef _DLSHIM_STDDEF_H
#define _DLSHIM_STDDEF_H
#define _STDDEF_H
#define __dlshim_all_of_stddef
typedef struct {
  long long __max_align_ll __attribute__((__aligned__(__alignof__(long long))));
  long double __max_align_ld __attribute__((__aligned__(__alignof__(long double))));
} max_align_t;
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif
#endif

#if (defined(__dlshim_all_of_stddef) || defined(__need_size_t)) && !defined(_DLSHIM_SIZE_T)
#define _DLSHIM_SIZE_T
typedef __SIZE_TYPE__ size_t;
#endif

#if (defined(__dlshim_all_of_stddef) || defined(__need_ptrdiff_t)) && !defined(_DLSHIM_PTRDIFF_T)
#define _DLSHIM_PTRDIFF_T
typedef __PTRDIFF_TYPE__ ptrdiff_t;
#endif

#if (defined(__dlshim_all_of_stddef) || defined(__need_wchar_t)) && !defined(_DLSHIM_WCHAR_T) && !defined(__cplusplus)
#define _DLSHIM_WCHAR_T
typedef __WCHAR_TYPE__ wchar_t;
#endif

#if defined(__need_wint_t) && !defined(_DLSHIM_WINT_T)
#define _DLSHIM_WINT_T
typedef __WINT_TYPE__ wint_t;
#endif

#if defined(__dlshim_all_of_stddef) || defined(__need_NULL)
#undef NULL
#define NULL ((void *)0)
#endif

#undef __dlshim_all_of_stddef
#undef __need_size_t
#undef __need_ptrdiff_t
#undef __need_wchar_t
#undef __need_wint_t
#undef __need_NULL
