/* x86 intrinsics: their vector types only. */
#include "dlshim-vectors.h"
