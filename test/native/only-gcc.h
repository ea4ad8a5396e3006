/* What a header shows to GCC alone. */
#if defined(__GNUC__) && !defined(__clang__)
typedef int only_gcc_t;
#endif
