/* Streams. Sources: C11 7.21; POSIX.1-2017 <stdio.h>; the constants are the platforms'. */
#ifndef _STDIO_H
#define _STDIO_H
#include <dlshim/va-list.h>
#define __need_size_t
#define __need_NULL
#include <stddef.h>
#include <dlshim/features.h>
#include <dlshim/file.h>
#include <dlshim/wide-types.h>
#include <dlshim/types.h>

#define EOF (-1)
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define _IOFBF 0
#if defined(__linux__)
typedef struct _G_fpos_t {
  long __pos;
  __mbstate_t __state;
} __fpos_t;
typedef struct _G_fpos64_t {
  long __pos;
  __mbstate_t __state;
} __fpos64_t;
#ifdef __USE_FILE_OFFSET64
typedef __fpos64_t fpos_t;
#else
typedef __fpos_t fpos_t;
#endif
#define BUFSIZ 8192
#define FILENAME_MAX 4096
#define FOPEN_MAX 16
#define L_tmpnam 20
#define TMP_MAX 238328
#define _IOLBF 1
#define _IONBF 2
#ifdef __DLSHIM_MISC
#define P_tmpdir "/tmp"
#endif
extern FILE *stdin;
extern FILE *stdout;
extern FILE *stderr;
#define stdin stdin
#define stdout stdout
#define stderr stderr
#elif defined(__APPLE__)
typedef long long fpos_t;
#define BUFSIZ 1024
#define FILENAME_MAX 1024
#define FOPEN_MAX 20
#define L_tmpnam 1024
#define TMP_MAX 308915776
#define _IOLBF 1
#define _IONBF 2
#define P_tmpdir "/var/tmp/"
extern FILE *__stdinp;
extern FILE *__stdoutp;
extern FILE *__stderrp;
#define stdin __stdinp
#define stdout __stdoutp
#define stderr __stderrp
#else
typedef long long fpos_t;
#define BUFSIZ 512
#define FILENAME_MAX 260
#define FOPEN_MAX 20
#define L_tmpnam 260
#define TMP_MAX 2147483647
#define _IOLBF 0x40
#define _IONBF 0x4
FILE *__acrt_iob_func(unsigned int);
#define stdin (__acrt_iob_func(0))
#define stdout (__acrt_iob_func(1))
#define stderr (__acrt_iob_func(2))
#endif

int remove(const char *);
int rename(const char *, const char *);
FILE *tmpfile(void);
char *tmpnam(char *);
int fclose(FILE *);
int fflush(FILE *);
FILE *fopen(const char *, const char *);
FILE *freopen(const char *, const char *, FILE *);
void setbuf(FILE *, char *);
int setvbuf(FILE *, char *, int, size_t);
int fprintf(FILE *, const char *, ...);
int fscanf(FILE *, const char *, ...);
int printf(const char *, ...);
int scanf(const char *, ...);
int snprintf(char *, size_t, const char *, ...);
int sprintf(char *, const char *, ...);
int sscanf(const char *, const char *, ...);
int vfprintf(FILE *, const char *, __gnuc_va_list);
int vfscanf(FILE *, const char *, __gnuc_va_list);
int vprintf(const char *, __gnuc_va_list);
int vscanf(const char *, __gnuc_va_list);
int vsnprintf(char *, size_t, const char *, __gnuc_va_list);
int vsprintf(char *, const char *, __gnuc_va_list);
int vsscanf(const char *, const char *, __gnuc_va_list);
int fgetc(FILE *);
char *fgets(char *, int, FILE *);
int fputc(int, FILE *);
int fputs(const char *, FILE *);
int getc(FILE *);
int getchar(void);
int putc(int, FILE *);
int putchar(int);
int puts(const char *);
int ungetc(int, FILE *);
size_t fread(void *, size_t, size_t, FILE *);
size_t fwrite(const void *, size_t, size_t, FILE *);
int fgetpos(FILE *, fpos_t *);
int fseek(FILE *, long, int);
int fsetpos(FILE *, const fpos_t *);
long ftell(FILE *);
void rewind(FILE *);
void clearerr(FILE *);
int feof(FILE *);
int ferror(FILE *);
void perror(const char *);

#ifdef _WIN32
int _fileno(FILE *);
FILE *_fdopen(int, const char *);
int _fseeki64(FILE *, long long, int);
long long _ftelli64(FILE *);
int _snprintf(char *, size_t, const char *, ...);
#else
char *ctermid(char *);
int dprintf(int, const char *, ...);
int vdprintf(int, const char *, __gnuc_va_list);
FILE *fdopen(int, const char *);
int fileno(FILE *);
FILE *fmemopen(void *, size_t, const char *);
FILE *open_memstream(char **, size_t *);
int fseeko(FILE *, off_t, int);
off_t ftello(FILE *);
ssize_t getdelim(char **, size_t *, int, FILE *);
ssize_t getline(char **, size_t *, FILE *);
int pclose(FILE *);
FILE *popen(const char *, const char *);
void flockfile(FILE *);
int ftrylockfile(FILE *);
void funlockfile(FILE *);
int getc_unlocked(FILE *);
int getchar_unlocked(void);
int putc_unlocked(int, FILE *);
int putchar_unlocked(int);
int renameat(int, const char *, int, const char *);
#endif
#endif
