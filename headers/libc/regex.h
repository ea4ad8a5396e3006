/* Regular expressions. Source: POSIX.1-2017 <regex.h>; layouts and numbers of glibc and Darwin. */
#ifndef _REGEX_H
#define _REGEX_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <sys/types.h>
#define REG_EXTENDED 1
#ifdef __linux__
typedef int regoff_t;
#define REG_ICASE 2
#define REG_NEWLINE 4
#define REG_NOSUB 8
#define REG_NOTBOL 1
#define REG_NOTEOL 2
struct re_pattern_buffer {
  void *__dlshim_buffer;
  unsigned long __dlshim_allocated;
  unsigned long __dlshim_used;
  unsigned long __dlshim_syntax;
  char *__dlshim_fastmap;
  unsigned char *__dlshim_translate;
  size_t re_nsub;
  unsigned int __dlshim_flags;
};
typedef struct re_pattern_buffer regex_t;
#else
typedef off_t regoff_t;
#define REG_ICASE 2
#define REG_NOSUB 4
#define REG_NEWLINE 8
#define REG_NOTBOL 1
#define REG_NOTEOL 2
typedef struct {
  int re_magic;
  size_t re_nsub;
  const char *re_endp;
  struct re_guts *re_g;
} regex_t;
#endif
typedef struct {
  regoff_t rm_so;
  regoff_t rm_eo;
} regmatch_t;
/* Errors are numbered alike. */
#define REG_NOMATCH 1
#define REG_BADPAT 2
#define REG_ECOLLATE 3
#define REG_ECTYPE 4
#define REG_EESCAPE 5
#define REG_ESUBREG 6
#define REG_EBRACK 7
#define REG_EPAREN 8
#define REG_EBRACE 9
#define REG_BADBR 10
#define REG_ERANGE 11
#define REG_ESPACE 12
#define REG_BADRPT 13
int regcomp(regex_t *, const char *, int);
int regexec(const regex_t *, const char *, size_t, regmatch_t *, int);
size_t regerror(int, const regex_t *, char *, size_t);
void regfree(regex_t *);
#endif
