// What curl_version() says in a program that exports nothing of its own. Links to nothing: -ldl is part of the C library.
#include <dlfcn.h>
#include <stdio.h>

int main(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW);
  if (!library) return 1;
  const char *(*version)(void) = (const char *(*)(void))dlsym(library, "curl_version");
  puts(version());
  return 0;
}
