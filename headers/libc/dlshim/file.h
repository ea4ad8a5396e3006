/* FILE: only pointers to it are anyone's business. The tags are the platforms'. Source: C11 7.21.1. */
#ifndef _DLSHIM_FILE_H
#define _DLSHIM_FILE_H
#if defined(__linux__)
typedef struct _IO_FILE FILE;
#elif defined(__APPLE__)
typedef struct __sFILE FILE;
#else
typedef struct _iobuf {
  void *_Placeholder;
} FILE;
#endif
#endif
