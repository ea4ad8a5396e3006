/* The older name of signal.h. Source: its use in Unix before POSIX. */
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <signal.h>
