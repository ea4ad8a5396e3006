// What libneeds.so needs.
int dependency_answer(void) { return 42; }
