// What bench/open.mjs compares open() with: dlopen of a library and dlsym of each name on standard input, in nanoseconds.
// Follows dlopen(3), dlsym(3). Arguments: the library, and `deep` for RTLD_DEEPBIND.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv) {
  static char text[1 << 20];
  static char *names[10000];
  size_t count = 0;
  if (argc < 2) return 2;
  text[fread(text, 1, sizeof text - 1, stdin)] = 0;
  for (char *name = strtok(text, "\n"); name && count < 10000; name = strtok(0, "\n")) names[count++] = name;
  int flags = RTLD_NOW | (argc > 2 && strcmp(argv[2], "deep") == 0 ? RTLD_DEEPBIND : 0);
  long long start = now();
  void *library = dlopen(argv[1], flags);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  long long opened = now();
  size_t found = 0;
  for (size_t index = 0; index < count; index++) found += dlsym(library, names[index]) != 0;
  long long end = now();
  printf("{\"dlopen\":%lld,\"dlsym\":%lld,\"found\":%zu}\n", opened - start, end - opened, found);
  fflush(stdout);
  _Exit(0);
}
