/* The older name of unistd.h. Source: its use in Unix before POSIX. */
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <unistd.h>
