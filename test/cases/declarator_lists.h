// flags: --library libdeclarator_lists.so.1
// Several declarators in one declaration: what stands behind one belongs to that one alone.
int first(void) __asm__("real_first"), second(void) __asm__("real_second"), third(void);
int weak_one(void) __attribute__((weak)), strong_one(void);
int with_attribute_on_parameter(int value __attribute__((unused)), void (*callback)(int));
struct listed {
  int aligned_one __attribute__((aligned(8))), plain_one;
  char letter;
  int narrow : 3 __attribute__((packed)), wide : 29;
};
__attribute__((deprecated("both"))) int old_one(void), old_two(void);
int from_lists(struct listed *listed);
