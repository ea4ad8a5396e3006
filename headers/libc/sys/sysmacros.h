/* Numbers of devices, put together and taken apart. Source: makedev(3). */
#ifndef _SYS_SYSMACROS_H
#define _SYS_SYSMACROS_H
#ifndef __linux__
#error "only Linux has this header"
#endif
#include <dlshim/features.h>
#include <dlshim/types.h>
unsigned int gnu_dev_major(dev_t);
unsigned int gnu_dev_minor(dev_t);
dev_t gnu_dev_makedev(unsigned int, unsigned int);
#define major(device) gnu_dev_major(device)
#define minor(device) gnu_dev_minor(device)
#define makedev(major, minor) gnu_dev_makedev(major, minor)
#endif
