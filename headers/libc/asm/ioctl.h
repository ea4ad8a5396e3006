/* See linux/ioctl.h. */
#ifndef __linux__
#error "only Linux has this header"
#endif
#include <linux/ioctl.h>
