// A library that must not be unmapped: a thread that runs for ever, thread-local storage with a destructor in every thread
// that touches it, and a handler at exit.
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

static volatile int ticks;
static volatile int destroyed;
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static __thread int touched;

static void *tick(void *unused) {
  (void)unused;
  struct timespec pause = {0, 1000000};
  for (;;) {
    nanosleep(&pause, 0);
    ticks++;
  }
  return 0;
}

static void destroy(void *value) {
  destroyed++;
  free(value);
}

static void make_key(void) { pthread_key_create(&key, destroy); }

int resident_start_thread(void) {
  pthread_t thread;
  return pthread_create(&thread, 0, tick, 0) == 0 ? pthread_detach(thread) : -1;
}

int resident_touch_local(void) {
  pthread_once(&once, make_key);
  if (!pthread_getspecific(key)) pthread_setspecific(key, malloc(16));
  return ++touched;
}

int resident_ticks(void) { return ticks; }
int resident_destroyed(void) { return destroyed; }
