// A library in several versions, -DVERSION=100 to 104, whose records and signatures are not the same in all of them. -DTOLD="…": what it
// says that it is. -DPROXY: it has a symbol that dates the layout of 1.2. -DBACKPORT: it has what came with 1.4, whatever it is.

#include <stdint.h>

#ifndef VERSION
#define VERSION 100
#endif

#if VERSION < 102
struct task {
  int32_t status;
  int32_t residual;
  const char *name;
};
typedef int32_t number;
#elif VERSION < 103
struct task {
  int32_t status;
  const char *name;
  uint64_t residual;
  int32_t flags;
};
typedef int64_t number;
#else
struct task {
  int32_t status;
  int32_t kind;
  uint64_t residual;
  const char *name;
  int64_t extra[2];
};
typedef int64_t number;
#endif

struct pair {
  int32_t head;
  struct task task;
  int32_t tail;
};

struct trio {
  struct task tasks[2];
  int32_t end;
};

struct plain {
  int32_t one;
  int32_t two;
};

#define STRING(x) #x
#define TEXT(x) STRING(x)

void task_fill(struct task *task, int32_t status) {
  *task = (struct task){.status = status, .residual = 1000 + VERSION, .name = "v" TEXT(VERSION)};
#if VERSION == 102
  task->flags = 5;
#elif VERSION > 102
  task->kind = 3;
  task->extra[1] = 11;
#endif
}

struct task task_default = {.status = 42, .residual = VERSION, .name = "default"};

int32_t task_size(void) { return sizeof(struct task); }
int64_t task_sum(struct task task) { return task.status + (int64_t)task.residual; }

struct task task_make(int32_t status) {
  struct task task;
  task_fill(&task, status);
  return task;
}

int64_t task_visit(int64_t (*visit)(struct task task)) { return visit(task_make(8)); }
number task_notify(number (*notify)(number what)) { return notify((number)-2); }
number task_scale(number x, number y) { return x * y; }

void pair_fill(struct pair *pair) {
  pair->head = 1;
  task_fill(&pair->task, 2);
  pair->tail = 3;
}

void trio_fill(struct trio *trio) {
  task_fill(&trio->tasks[0], 4);
  task_fill(&trio->tasks[1], 5);
  trio->end = 6;
}

void plain_fill(struct plain *plain) { *plain = (struct plain){1, 2}; }

#if VERSION < 102
int32_t task_resize(struct task *task, int32_t size) { return task->status + size; }
#else
int32_t task_resize(struct task *task, int32_t size, int32_t flags) { return task->status + size + 100 * flags; }
#endif

#if VERSION >= 101
int32_t task_added(void) { return 101; }
int32_t task_added_too(void) { return 101; }
#endif
#if VERSION >= 102 && defined PROXY
int32_t task_proxy(void) { return 102; }
#endif
#if VERSION >= 104 || defined BACKPORT
int32_t task_newest(void) { return 104; }
#endif
#ifdef ABOUT
const struct about {
  int32_t age;
  const char *version;
#if VERSION >= 103
  int64_t more[4];
#endif
} *task_about(int32_t age) {
  static const struct about about = {.age = 1, .version = ABOUT};
  return age == 1 ? &about : 0;
}
#endif
#ifdef TOLD
static int32_t calls;
const char *task_version(void) {
  calls++;
  return TOLD;
}
int32_t task_version_calls(void) { return calls; }
#endif
