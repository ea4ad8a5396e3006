/* Formats for the types of stdint.h, and functions on the widest. Source: C11 7.8. */
#ifndef _INTTYPES_H
#define _INTTYPES_H
#include <dlshim/features.h>
#include <stdint.h>
#define __need_wchar_t
#include <stddef.h>

#ifdef __linux__
#define __DLSHIM_PRI64 "l"
#define __DLSHIM_PRIPTR "l"
#define __DLSHIM_PRIMAX "l"
#define __DLSHIM_PRIFAST "l"
#else
#define __DLSHIM_PRI64 "ll"
#define __DLSHIM_PRIFAST ""
#ifdef _WIN32
#define __DLSHIM_PRIPTR "ll"
#define __DLSHIM_PRIMAX "ll"
#else
#define __DLSHIM_PRIPTR "l"
#define __DLSHIM_PRIMAX "j"
#endif
#endif

/* glibc prints what is promoted to int as int; the others say how narrow it was. */
#ifdef __linux__
#define __DLSHIM_NARROW8
#define __DLSHIM_NARROW16
#else
#define __DLSHIM_NARROW8 "hh"
#define __DLSHIM_NARROW16 "h"
#endif

#define PRId8 __DLSHIM_NARROW8 "d"
#define PRId16 __DLSHIM_NARROW16 "d"
#define PRId32 "d"
#define PRId64 __DLSHIM_PRI64 "d"
#define PRIdLEAST8 __DLSHIM_NARROW8 "d"
#define PRIdLEAST16 __DLSHIM_NARROW16 "d"
#define PRIdLEAST32 "d"
#define PRIdLEAST64 __DLSHIM_PRI64 "d"
#define PRIdFAST8 __DLSHIM_NARROW8 "d"
#define PRIdFAST16 __DLSHIM_PRIFAST "d"
#define PRIdFAST32 __DLSHIM_PRIFAST "d"
#define PRIdFAST64 __DLSHIM_PRI64 "d"
#define PRIdPTR __DLSHIM_PRIPTR "d"
#define PRIdMAX __DLSHIM_PRIMAX "d"
#define PRIi8 __DLSHIM_NARROW8 "i"
#define PRIi16 __DLSHIM_NARROW16 "i"
#define PRIi32 "i"
#define PRIi64 __DLSHIM_PRI64 "i"
#define PRIiLEAST8 __DLSHIM_NARROW8 "i"
#define PRIiLEAST16 __DLSHIM_NARROW16 "i"
#define PRIiLEAST32 "i"
#define PRIiLEAST64 __DLSHIM_PRI64 "i"
#define PRIiFAST8 __DLSHIM_NARROW8 "i"
#define PRIiFAST16 __DLSHIM_PRIFAST "i"
#define PRIiFAST32 __DLSHIM_PRIFAST "i"
#define PRIiFAST64 __DLSHIM_PRI64 "i"
#define PRIiPTR __DLSHIM_PRIPTR "i"
#define PRIiMAX __DLSHIM_PRIMAX "i"
#define PRIo8 __DLSHIM_NARROW8 "o"
#define PRIo16 __DLSHIM_NARROW16 "o"
#define PRIo32 "o"
#define PRIo64 __DLSHIM_PRI64 "o"
#define PRIoLEAST8 __DLSHIM_NARROW8 "o"
#define PRIoLEAST16 __DLSHIM_NARROW16 "o"
#define PRIoLEAST32 "o"
#define PRIoLEAST64 __DLSHIM_PRI64 "o"
#define PRIoFAST8 __DLSHIM_NARROW8 "o"
#define PRIoFAST16 __DLSHIM_PRIFAST "o"
#define PRIoFAST32 __DLSHIM_PRIFAST "o"
#define PRIoFAST64 __DLSHIM_PRI64 "o"
#define PRIoPTR __DLSHIM_PRIPTR "o"
#define PRIoMAX __DLSHIM_PRIMAX "o"
#define PRIu8 __DLSHIM_NARROW8 "u"
#define PRIu16 __DLSHIM_NARROW16 "u"
#define PRIu32 "u"
#define PRIu64 __DLSHIM_PRI64 "u"
#define PRIuLEAST8 __DLSHIM_NARROW8 "u"
#define PRIuLEAST16 __DLSHIM_NARROW16 "u"
#define PRIuLEAST32 "u"
#define PRIuLEAST64 __DLSHIM_PRI64 "u"
#define PRIuFAST8 __DLSHIM_NARROW8 "u"
#define PRIuFAST16 __DLSHIM_PRIFAST "u"
#define PRIuFAST32 __DLSHIM_PRIFAST "u"
#define PRIuFAST64 __DLSHIM_PRI64 "u"
#define PRIuPTR __DLSHIM_PRIPTR "u"
#define PRIuMAX __DLSHIM_PRIMAX "u"
#define PRIx8 __DLSHIM_NARROW8 "x"
#define PRIx16 __DLSHIM_NARROW16 "x"
#define PRIx32 "x"
#define PRIx64 __DLSHIM_PRI64 "x"
#define PRIxLEAST8 __DLSHIM_NARROW8 "x"
#define PRIxLEAST16 __DLSHIM_NARROW16 "x"
#define PRIxLEAST32 "x"
#define PRIxLEAST64 __DLSHIM_PRI64 "x"
#define PRIxFAST8 __DLSHIM_NARROW8 "x"
#define PRIxFAST16 __DLSHIM_PRIFAST "x"
#define PRIxFAST32 __DLSHIM_PRIFAST "x"
#define PRIxFAST64 __DLSHIM_PRI64 "x"
#define PRIxPTR __DLSHIM_PRIPTR "x"
#define PRIxMAX __DLSHIM_PRIMAX "x"
#define PRIX8 __DLSHIM_NARROW8 "X"
#define PRIX16 __DLSHIM_NARROW16 "X"
#define PRIX32 "X"
#define PRIX64 __DLSHIM_PRI64 "X"
#define PRIXLEAST8 __DLSHIM_NARROW8 "X"
#define PRIXLEAST16 __DLSHIM_NARROW16 "X"
#define PRIXLEAST32 "X"
#define PRIXLEAST64 __DLSHIM_PRI64 "X"
#define PRIXFAST8 __DLSHIM_NARROW8 "X"
#define PRIXFAST16 __DLSHIM_PRIFAST "X"
#define PRIXFAST32 __DLSHIM_PRIFAST "X"
#define PRIXFAST64 __DLSHIM_PRI64 "X"
#define PRIXPTR __DLSHIM_PRIPTR "X"
#define PRIXMAX __DLSHIM_PRIMAX "X"
#define SCNd8 "hh" "d"
#define SCNd16 "h" "d"
#define SCNd32 "d"
#define SCNd64 __DLSHIM_PRI64 "d"
#define SCNdLEAST8 "hh" "d"
#define SCNdLEAST16 "h" "d"
#define SCNdLEAST32 "d"
#define SCNdLEAST64 __DLSHIM_PRI64 "d"
#define SCNdFAST8 "hh" "d"
#define SCNdFAST16 __DLSHIM_PRIFAST "d"
#define SCNdFAST32 __DLSHIM_PRIFAST "d"
#define SCNdFAST64 __DLSHIM_PRI64 "d"
#define SCNdPTR __DLSHIM_PRIPTR "d"
#define SCNdMAX __DLSHIM_PRIMAX "d"
#define SCNi8 "hh" "i"
#define SCNi16 "h" "i"
#define SCNi32 "i"
#define SCNi64 __DLSHIM_PRI64 "i"
#define SCNiLEAST8 "hh" "i"
#define SCNiLEAST16 "h" "i"
#define SCNiLEAST32 "i"
#define SCNiLEAST64 __DLSHIM_PRI64 "i"
#define SCNiFAST8 "hh" "i"
#define SCNiFAST16 __DLSHIM_PRIFAST "i"
#define SCNiFAST32 __DLSHIM_PRIFAST "i"
#define SCNiFAST64 __DLSHIM_PRI64 "i"
#define SCNiPTR __DLSHIM_PRIPTR "i"
#define SCNiMAX __DLSHIM_PRIMAX "i"
#define SCNo8 "hh" "o"
#define SCNo16 "h" "o"
#define SCNo32 "o"
#define SCNo64 __DLSHIM_PRI64 "o"
#define SCNoLEAST8 "hh" "o"
#define SCNoLEAST16 "h" "o"
#define SCNoLEAST32 "o"
#define SCNoLEAST64 __DLSHIM_PRI64 "o"
#define SCNoFAST8 "hh" "o"
#define SCNoFAST16 __DLSHIM_PRIFAST "o"
#define SCNoFAST32 __DLSHIM_PRIFAST "o"
#define SCNoFAST64 __DLSHIM_PRI64 "o"
#define SCNoPTR __DLSHIM_PRIPTR "o"
#define SCNoMAX __DLSHIM_PRIMAX "o"
#define SCNu8 "hh" "u"
#define SCNu16 "h" "u"
#define SCNu32 "u"
#define SCNu64 __DLSHIM_PRI64 "u"
#define SCNuLEAST8 "hh" "u"
#define SCNuLEAST16 "h" "u"
#define SCNuLEAST32 "u"
#define SCNuLEAST64 __DLSHIM_PRI64 "u"
#define SCNuFAST8 "hh" "u"
#define SCNuFAST16 __DLSHIM_PRIFAST "u"
#define SCNuFAST32 __DLSHIM_PRIFAST "u"
#define SCNuFAST64 __DLSHIM_PRI64 "u"
#define SCNuPTR __DLSHIM_PRIPTR "u"
#define SCNuMAX __DLSHIM_PRIMAX "u"
#define SCNx8 "hh" "x"
#define SCNx16 "h" "x"
#define SCNx32 "x"
#define SCNx64 __DLSHIM_PRI64 "x"
#define SCNxLEAST8 "hh" "x"
#define SCNxLEAST16 "h" "x"
#define SCNxLEAST32 "x"
#define SCNxLEAST64 __DLSHIM_PRI64 "x"
#define SCNxFAST8 "hh" "x"
#define SCNxFAST16 __DLSHIM_PRIFAST "x"
#define SCNxFAST32 __DLSHIM_PRIFAST "x"
#define SCNxFAST64 __DLSHIM_PRI64 "x"
#define SCNxPTR __DLSHIM_PRIPTR "x"
#define SCNxMAX __DLSHIM_PRIMAX "x"

typedef struct {
#ifdef __linux__
  long quot;
  long rem;
#else
  intmax_t quot;
  intmax_t rem;
#endif
} imaxdiv_t;

intmax_t imaxabs(intmax_t);
imaxdiv_t imaxdiv(intmax_t, intmax_t);
intmax_t strtoimax(const char *, char **, int);
uintmax_t strtoumax(const char *, char **, int);
intmax_t wcstoimax(const wchar_t *, wchar_t **, int);
uintmax_t wcstoumax(const wchar_t *, wchar_t **, int);

#endif
