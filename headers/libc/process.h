/* Processes and threads of the Windows C runtime. Source: Microsoft's documentation of the Universal C Runtime. */
#ifndef _PROCESS_H
#define _PROCESS_H
#ifndef _WIN32
#error "only Windows has this header"
#endif
#include <stdint.h>
int _getpid(void);
uintptr_t _beginthread(void (*)(void *), unsigned int, void *);
uintptr_t _beginthreadex(void *, unsigned int, unsigned int (*)(void *), void *, unsigned int, unsigned int *);
void _endthread(void);
void _endthreadex(unsigned int);
#endif
