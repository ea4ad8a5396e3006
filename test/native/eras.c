// The library of test/cases/eras in the version that HEADER is of; OLD is for those before 1.2.

#include HEADER
#include <stdlib.h>

struct eras {
  int opened;
};

int eras_debug = 7;

const char *eras_version(void) { return ERAS_VERSION; }

eras_t *eras_open(const char *name, enum eras_mode mode) {
  eras_t *e = malloc(sizeof *e);
  e->opened = name != NULL && mode == ERAS_READ;
  return e;
}

int eras_task_status(struct eras_task *task) { return task->status + (int)task->residual + task->data[0]; }

struct eras_point eras_center(eras_t *e) {
  struct eras_point center = {e->opened, 2,
#ifdef WIDE
                              3
#endif
  };
  return center;
}

#ifdef OLD
int eras_seek(eras_t *e, int offset) { return e->opened + offset / 1000; }
int eras_write(eras_t *e, void *bytes, unsigned long size) { return e->opened + *(char *)bytes + (int)size; }
int eras_truncate(eras_t *e, long length) { return e->opened + (int)length; }
int eras_legacy(eras_t *e) { return e->opened; }
int eras_read_async(eras_t *e, unsigned long size, eras_done done, void *data) {
  done(e, (int)size, data);
  return 3;
}
#else
int eras_seek(eras_t *e, long offset) { return e->opened + (int)(offset / 1000); }
int eras_write(eras_t *e, const void *bytes, unsigned long size) { return e->opened + *(const char *)bytes + (int)size; }
int eras_truncate(eras_t *e, long length, struct eras_point *before, struct eras_point *after) {
  before->x = (int)length;
  after->y = (int)length + 1;
  return e->opened;
}
int eras_read_async(eras_t *e, unsigned long size, eras_done done, void *data) {
  done(e, (long)size, NULL, NULL, data);
  return 5;
}
#endif

int eras_register(const struct eras_ops *ops) { return ops->open(NULL, 3); }

#ifdef FLAKY
int eras_flaky(eras_t *e) { return e->opened; }
#endif
#ifdef ERAS_SUPPORTS_FLUSH
int eras_flush(eras_t *e) { return e->opened; }
int eras_flush_all(void) { return 1; }
#endif
#ifdef WIDE
int eras_rotate(eras_t *e, double angle) { return e->opened + (int)angle; }
#endif
