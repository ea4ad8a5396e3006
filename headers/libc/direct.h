/* Folders in the Windows C runtime. Source: Microsoft's documentation of the Universal C Runtime. */
#ifndef _DIRECT_H
#define _DIRECT_H
#ifndef _WIN32
#error "only Windows has this header"
#endif
int _chdir(const char *);
char *_getcwd(char *, int);
int _mkdir(const char *);
int _rmdir(const char *);
#endif
