// Uses as much of the stack as it is told to.
#include <alloca.h>
#include <stddef.h>

int stack_use(size_t bytes) {
  volatile char *memory = alloca(bytes);
  for (size_t at = 0; at < bytes; at += 1024) memory[at] = 1;
  return memory[bytes / 2] == 1 || bytes < 2048;
}
