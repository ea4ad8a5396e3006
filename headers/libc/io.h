/* Descriptors of the Windows C runtime. Source: Microsoft's documentation of the Universal C Runtime. */
#ifndef _IO_H
#define _IO_H
#ifndef _WIN32
#error "only Windows has this header"
#endif
#define __need_size_t
#include <stddef.h>
#include <stdint.h>
int _access(const char *, int);
int _close(int);
int _dup(int);
int _dup2(int, int);
int _isatty(int);
long _lseek(int, long, int);
long long _lseeki64(int, long long, int);
int _open(const char *, int, ...);
int _pipe(int *, unsigned int, int);
int _read(int, void *, unsigned int);
int _write(int, const void *, unsigned int);
int _unlink(const char *);
int _setmode(int, int);
intptr_t _get_osfhandle(int);
int _open_osfhandle(intptr_t, int);
#endif
