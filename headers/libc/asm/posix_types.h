/* See linux/posix_types.h. */
#ifndef __linux__
#error "only Linux has this header"
#endif
#include <linux/posix_types.h>
