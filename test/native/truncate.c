// A function whose signature changed under one name: with -DVERSIONED both stand in the library, as two versions of the symbol
// (truncate.map); without, only the one of -DVERSION=1 or 2.

#include <stdint.h>

#ifdef VERSIONED
int32_t truncate_old(int32_t length) { return length; }
int32_t truncate_new(int32_t length, int32_t *before) {
  *before = 77;
  return length + 1;
}
__asm__(".symver truncate_old,cut@CUT_1.0");
__asm__(".symver truncate_new,cut@@CUT_2.0");
#elif VERSION == 1
int32_t cut(int32_t length) { return length; }
#else
int32_t cut(int32_t length, int32_t *before) {
  *before = 77;
  return length + 1;
}
int32_t cut_since_2(void) { return 2; }
#endif
