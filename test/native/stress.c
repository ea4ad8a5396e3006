// What the stress test calls: a pause inside C, a callback inside a call, and a record by value, beside a thread that never ends and
// thread-local storage with a destructor.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct stress_pair {
  double real;
  int whole;
};

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void pause_for(long milliseconds) {
  struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&pause, 0);
}

static void *live(void *unused) {
  for (;;) pause_for(10);
  return unused;
}

static void start(void) {
  pthread_t thread;
  pthread_key_create(&key, free);
  if (pthread_create(&thread, 0, live, 0) == 0) pthread_detach(thread);
}

int stress_touch(int value) {
  pthread_once(&once, start);
  if (!pthread_getspecific(key)) pthread_setspecific(key, malloc(16));
  return value + 1;
}

int stress_wait(int milliseconds) {
  pause_for(milliseconds);
  return milliseconds;
}

int stress_each(int count, int (*visit)(int index)) {
  int sum = 0;
  for (int index = 0; index < count; index++) sum += visit(index);
  return sum;
}

struct stress_pair stress_swap(struct stress_pair pair) { return (struct stress_pair){pair.whole, (int)pair.real}; }

size_t stress_length(const char *text, int *copy) {
  *copy = (int)strlen(text);
  return strlen(text);
}
