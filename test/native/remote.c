// A process whose C functions another one calls: commands on standard input, one line each, an answer line for each.
//   symbol NAME            -> its address, or 0
//   call ADDRESS A B …     -> what the function at ADDRESS gives, called with up to six integers
//   put HEX                -> the address of a copy of these bytes, which stays
//   get ADDRESS LENGTH     -> LENGTH bytes from there, in hexadecimal digits
//   text ADDRESS           -> the same up to the NUL, or `-` for none
// Numbers are hexadecimal. Built with musl-gcc it is a program of musl's; nothing here is musl's own.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long word;
typedef word (*function)(word, word, word, word, word, word);

static char line[1 << 16];

static void show(const unsigned char *bytes, word length) {
  if (length == 0) putchar('-');
  for (word i = 0; i < length; i++) printf("%02x", bytes[i]);
  putchar('\n');
}

static unsigned char *keep(const char *digits) {
  size_t length = strlen(digits) / 2;
  unsigned char *bytes = calloc(length + 1, 1);
  for (size_t i = 0; i < length; i++) {
    unsigned value;
    sscanf(digits + 2 * i, "%2x", &value);
    bytes[i] = (unsigned char)value;
  }
  return bytes;
}

/** These must be in the program for its own list of symbols, where musl has them in the loader. */
static word find(const char *name) {
  if (strcmp(name, "dlopen") == 0) return (word)dlopen;
  if (strcmp(name, "dlsym") == 0) return (word)dlsym;
  if (strcmp(name, "lfind") == 0) return (word)lfind;
  return (word)dlsym(RTLD_DEFAULT, name);
}

int main(void) {
  while (fgets(line, sizeof line, stdin)) {
    char *command = strtok(line, " \n");
    char *first = strtok(NULL, " \n");
    if (!command || !first) return 2;
    if (strcmp(command, "symbol") == 0) printf("%lx\n", find(first));
    else if (strcmp(command, "put") == 0) printf("%lx\n", (word)keep(first));
    else if (strcmp(command, "get") == 0) show((void *)strtoul(first, 0, 16), strtoul(strtok(NULL, " \n"), 0, 16));
    else if (strcmp(command, "text") == 0) {
      const char *text = (const char *)strtoul(first, 0, 16);
      show((const unsigned char *)text, strlen(text));
    } else {
      word a[6] = {0};
      char *argument;
      for (int i = 0; i < 6 && (argument = strtok(NULL, " \n")); i++) a[i] = strtoul(argument, 0, 16);
      printf("%lx\n", ((function)strtoul(first, 0, 16))(a[0], a[1], a[2], a[3], a[4], a[5]));
    }
    fflush(stdout);
  }
  return 0;
}
