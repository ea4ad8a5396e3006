// A library whose constructor takes as many milliseconds as SLOW_MS says, and does not return where that is `ever`; with SLOW_COUNT it
// counts how often it ran, a byte to the file each time.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

__attribute__((constructor)) static void start(void) {
  const char *count = getenv("SLOW_COUNT");
  if (count) {
    FILE *file = fopen(count, "a");
    if (file) {
      fputc('x', file);
      fclose(file);
    }
  }
  const char *text = getenv("SLOW_MS");
  if (text && strcmp(text, "ever") == 0)
    for (;;) pause();
  long milliseconds = text ? atol(text) : 0;
  struct timespec rest = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&rest, 0);
}

int slow_answer(void) { return 42; }
