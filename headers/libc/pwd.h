/* Users. Source: POSIX.1-2017 <pwd.h>; layouts of Linux and Darwin. */
#ifndef _PWD_H
#define _PWD_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <dlshim/types.h>
struct passwd {
  char *pw_name;
  char *pw_passwd;
  uid_t pw_uid;
  gid_t pw_gid;
#ifdef __APPLE__
  time_t pw_change;
  char *pw_class;
#endif
  char *pw_gecos;
  char *pw_dir;
  char *pw_shell;
#ifdef __APPLE__
  time_t pw_expire;
#endif
};
struct passwd *getpwnam(const char *);
struct passwd *getpwuid(uid_t);
int getpwnam_r(const char *, struct passwd *, char *, size_t, struct passwd **);
int getpwuid_r(uid_t, struct passwd *, char *, size_t, struct passwd **);
struct passwd *getpwent(void);
void setpwent(void);
void endpwent(void);
#endif
