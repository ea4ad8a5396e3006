/* The older name of poll.h. Source: poll(2). */
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <poll.h>
