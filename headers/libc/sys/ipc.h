/* Keys and permissions of System V IPC. Source: POSIX.1-2017 <sys/ipc.h>; layouts of Linux and Darwin. */
#ifndef _SYS_IPC_H
#define _SYS_IPC_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/types.h>
#define IPC_CREAT 01000
#define IPC_EXCL 02000
#define IPC_NOWAIT 04000
#define IPC_RMID 0
#define IPC_SET 1
#define IPC_STAT 2
#define IPC_PRIVATE ((key_t)0)
#ifdef __linux__
struct ipc_perm {
  key_t __key;
  uid_t uid;
  gid_t gid;
  uid_t cuid;
  gid_t cgid;
  mode_t mode;
  unsigned short __seq;
  unsigned short __dlshim_pad;
  unsigned long __dlshim_reserved[2];
};
#else
struct ipc_perm {
  uid_t uid;
  gid_t gid;
  uid_t cuid;
  gid_t cgid;
  mode_t mode;
  unsigned short _seq;
  key_t _key;
};
#endif
key_t ftok(const char *, int);
#endif
