/* The older name of string.h. Source: its use in Unix before POSIX. */
#include <string.h>
