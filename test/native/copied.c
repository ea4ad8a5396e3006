// Refers to data of the C++ library that `node` holds a copy of. Built against libstdc++.so.6 without a C++ compiler.

extern char _ZSt4cerr[]; // std::cerr; it starts with its pointer to a vtable

/* 1 where std::cerr has been constructed, 0 where it is the original that no one ever touched. */
int copied_is_live(void) { return *(void *volatile *)_ZSt4cerr != 0; }
