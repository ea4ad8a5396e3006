/* Byte order under Darwin's names. Source: its documented use. */
#ifndef _MACHINE_ENDIAN_H
#define _MACHINE_ENDIAN_H
#ifndef __APPLE__
#error "only Darwin has this header"
#endif
#define LITTLE_ENDIAN 1234
#define BIG_ENDIAN 4321
#define PDP_ENDIAN 3412
#define BYTE_ORDER LITTLE_ENDIAN
#endif
