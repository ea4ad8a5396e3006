/* What a header shows to GCC alone. With it stands one of glibc's that is written differently for it. */
#include <stdlib.h>
#if defined(__GNUC__) && !defined(__clang__)
typedef int only_gcc_t;
#endif
#define COMPILER_MAJOR __GNUC__
#if !defined(__has_declspec_attribute) && !defined(__llvm__)
#define HAS_DECLSPEC 0
#endif
