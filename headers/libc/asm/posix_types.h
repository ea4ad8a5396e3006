/* See linux/posix_types.h. */
#include <linux/posix_types.h>
