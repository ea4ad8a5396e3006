/* Every header here that follows a standard includes this, as glibc's do. Source: feature_test_macros(7). */
#ifndef _FEATURES_H
#define _FEATURES_H
#ifndef __linux__
#error "only Linux has this header"
#endif
#include <dlshim/features.h>
#endif
