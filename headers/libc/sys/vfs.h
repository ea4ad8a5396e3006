/* The older name of sys/statfs.h. Source: statfs(2). */
#ifndef __linux__
#error "only Linux has this header"
#endif
#include <sys/statfs.h>
