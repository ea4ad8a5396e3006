/* Runs a program and tells what it took. In: a file for the answer, then the program and its arguments.
 * Out: wall-clock nanoseconds and the peak of its resident memory in KiB (getrusage(2), wait4(2)), in the file; its exit status. */

#define _DEFAULT_SOURCE
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3) return 125;
  struct timespec from, to;
  struct rusage usage;
  int status;
  clock_gettime(CLOCK_MONOTONIC, &from);
  pid_t child = fork();
  if (child < 0) return 125;
  if (child == 0) {
    execvp(argv[2], argv + 2);
    _exit(127);
  }
  if (wait4(child, &status, 0, &usage) != child) return 125;
  clock_gettime(CLOCK_MONOTONIC, &to);
  FILE *answer = fopen(argv[1], "w");
  if (!answer) return 125;
  long long nanoseconds = (to.tv_sec - from.tv_sec) * 1000000000LL + (to.tv_nsec - from.tv_nsec);
  fprintf(answer, "%lld %ld\n", nanoseconds, usage.ru_maxrss);
  fclose(answer);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
