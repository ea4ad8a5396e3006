// A library that tells which copy of it was called, and which copy of a neighbour it calls: -DCOPY=1 and so on.

int named_copy(void) { return COPY; }

/** Through the loader: another file that comes first may answer. */
int named_inner(void) { return COPY; }
int named_through(void) { return named_inner(); }
