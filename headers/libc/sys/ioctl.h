/* Control of devices. Sources: ioctl(2); Linux's and Darwin's encodings of a request. */
#ifndef _SYS_IOCTL_H
#define _SYS_IOCTL_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <sys/types.h>
#ifdef __linux__
#include <linux/ioctl.h>
#define TIOCGWINSZ 0x5413
#define FIONREAD 0x541B
#define FIONBIO 0x5421
#else
#define IOCPARM_MASK 0x1fff
#define IOC_VOID ((uint32_t)0x20000000)
#define IOC_OUT ((uint32_t)0x40000000)
#define IOC_IN ((uint32_t)0x80000000)
#define IOC_INOUT (IOC_IN | IOC_OUT)
#define _IOC(direction, group, number, length) \
  (direction | (((length) & IOCPARM_MASK) << 16) | ((group) << 8) | (number))
#define _IO(group, number) _IOC(IOC_VOID, (group), (number), 0)
#define _IOR(group, number, type) _IOC(IOC_OUT, (group), (number), sizeof(type))
#define _IOW(group, number, type) _IOC(IOC_IN, (group), (number), sizeof(type))
#define _IOWR(group, number, type) _IOC(IOC_INOUT, (group), (number), sizeof(type))
#define FIONREAD _IOR('f', 127, int)
#define FIONBIO _IOW('f', 126, int)
#endif
struct winsize {
  unsigned short ws_row;
  unsigned short ws_col;
  unsigned short ws_xpixel;
  unsigned short ws_ypixel;
};
int ioctl(int, unsigned long, ...);
#endif
