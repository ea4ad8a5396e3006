/* The kernel's integer types. Source: Linux's kernel interface; its 64-bit types are `long long` on every target here. */
#ifndef _ASM_TYPES_H
#define _ASM_TYPES_H
#ifndef __linux__
#error "only Linux has this header"
#endif
typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;
#endif
