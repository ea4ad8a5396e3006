/* Shared memory of System V IPC. Source: POSIX.1-2017 <sys/shm.h>; the layout of 64-bit Linux. */
#ifndef _SYS_SHM_H
#define _SYS_SHM_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <sys/ipc.h>
#define SHM_RDONLY 010000
#define SHM_RND 020000
#ifdef __linux__
typedef unsigned long shmatt_t;
struct shmid_ds {
  struct ipc_perm shm_perm;
  size_t shm_segsz;
  time_t shm_atime;
  time_t shm_dtime;
  time_t shm_ctime;
  pid_t shm_cpid;
  pid_t shm_lpid;
  shmatt_t shm_nattch;
  unsigned long __dlshim_reserved[2];
};
#else
struct shmid_ds;
#endif
int shmget(key_t, size_t, int);
void *shmat(int, const void *, int);
int shmdt(const void *);
int shmctl(int, int, struct shmid_ds *);
#endif
