/* Windows' integer types of a fixed width or of a pointer's. Source: Microsoft's documented data types for 64-bit Windows. */
#ifndef _BASETSD_H_
#define _BASETSD_H_
#ifndef _WIN32
#error "only Windows has this header"
#endif
/* A mark for a warning of old compilers. */
#ifndef _W64
#define _W64
#endif
typedef signed char INT8;
typedef short INT16;
typedef int INT32;
typedef long long INT64;
typedef unsigned char UINT8;
typedef unsigned short UINT16;
typedef unsigned int UINT32;
typedef unsigned long long UINT64;
typedef int LONG32;
typedef unsigned int ULONG32;
typedef unsigned int DWORD32;
typedef long long LONG64;
typedef unsigned long long ULONG64;
typedef unsigned long long DWORD64;
typedef long long INT_PTR;
typedef unsigned long long UINT_PTR;
typedef long long LONG_PTR;
typedef unsigned long long ULONG_PTR;
typedef ULONG_PTR DWORD_PTR;
typedef ULONG_PTR SIZE_T;
typedef LONG_PTR SSIZE_T;
typedef SIZE_T *PSIZE_T;
typedef ULONG_PTR *PULONG_PTR;
typedef ULONG_PTR KAFFINITY;
#endif
