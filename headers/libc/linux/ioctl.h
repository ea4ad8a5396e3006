/* How a request of ioctl is encoded: 2 bits of direction, 14 of size, 8 of type, 8 of number. Source: Linux's kernel interface. */
#ifndef _LINUX_IOCTL_H
#define _LINUX_IOCTL_H
#ifndef __linux__
#error "only Linux has this header"
#endif
#define _IOC_NRBITS 8
#define _IOC_TYPEBITS 8
#define _IOC_SIZEBITS 14
#define _IOC_DIRBITS 2
#define _IOC_NRSHIFT 0
#define _IOC_TYPESHIFT 8
#define _IOC_SIZESHIFT 16
#define _IOC_DIRSHIFT 30
#define _IOC_NONE 0U
#define _IOC_WRITE 1U
#define _IOC_READ 2U
#define _IOC(direction, type, number, size) \
  (((direction) << _IOC_DIRSHIFT) | ((type) << _IOC_TYPESHIFT) | ((number) << _IOC_NRSHIFT) | ((size) << _IOC_SIZESHIFT))
#define _IO(type, number) _IOC(_IOC_NONE, (type), (number), 0)
#define _IOR(type, number, of) _IOC(_IOC_READ, (type), (number), sizeof(of))
#define _IOW(type, number, of) _IOC(_IOC_WRITE, (type), (number), sizeof(of))
#define _IOWR(type, number, of) _IOC(_IOC_READ | _IOC_WRITE, (type), (number), sizeof(of))
#endif
