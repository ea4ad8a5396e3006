/* Non-local jumps. Source: C11 7.13; the sizes are the platforms'. */
#ifndef _SETJMP_H
#define _SETJMP_H
#include <dlshim/features.h>
#include <dlshim/sigset.h>
#if defined(__linux__)
#ifdef __aarch64__
typedef unsigned long long __jmp_buf[22];
#else
typedef long __jmp_buf[8];
#endif
struct __jmp_buf_tag {
  __jmp_buf __jmpbuf;
  int __mask_was_saved;
  __sigset_t __saved_mask;
};
typedef struct __jmp_buf_tag jmp_buf[1];
typedef struct __jmp_buf_tag sigjmp_buf[1];
#elif defined(__APPLE__)
#ifdef __aarch64__
typedef int jmp_buf[48];
typedef int sigjmp_buf[49];
#else
typedef int jmp_buf[37];
typedef int sigjmp_buf[38];
#endif
#else
typedef struct __attribute__((__aligned__(16))) _SETJMP_FLOAT128 {
  unsigned long long Part[2];
} _JBTYPE;
typedef _JBTYPE jmp_buf[16];
#endif
int setjmp(jmp_buf);
void longjmp(jmp_buf, int);
#ifndef _WIN32
void siglongjmp(sigjmp_buf, int);
#endif
#endif
