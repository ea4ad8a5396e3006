/* Out: the name of C11 7.23. */
#ifndef _DLSHIM_STDNORETURN_H
#define _DLSHIM_STDNORETURN_H
#define noreturn _Noreturn
#endif
