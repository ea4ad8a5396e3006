#define ERAS_VERSION "2.0"
#define ERAS_LIMIT 20
#define ERAS_NAME "new"
#define ERAS_SUPPORTS_FLUSH 1
typedef struct eras eras_t;
typedef void (*eras_done)(eras_t *e, long result, const void *before, const void *after, void *data);
enum eras_mode { ERAS_READ, ERAS_WRITE, ERAS_APPEND };
struct eras_sense { int key; void *details; };
struct eras_task {
  int status;
  int flags;
  unsigned long residual;
  unsigned char *data;
  struct eras_sense sense;
};
struct eras_reply {
  struct eras_sense sense;
  int extra;
};
struct eras_point { int x, y; int z; };
struct eras_ops {
  int (*open)(eras_t *e, long flags);
  int (*close)(eras_t *e);
};
const char *eras_version(void);
eras_t *eras_open(const char *name, enum eras_mode mode);
int eras_truncate(eras_t *e, long length, struct eras_point *before, struct eras_point *after);
int eras_read_async(eras_t *e, unsigned long size, eras_done done, void *data);
int eras_seek(eras_t *e, long offset);
int eras_task_status(struct eras_task *task);
int eras_flaky(eras_t *e);
int eras_write(eras_t *e, const void *bytes, unsigned long size);
int eras_flush(eras_t *e);
int eras_flush_all(void);
int eras_rotate(eras_t *e, double angle);
struct eras_point eras_center(eras_t *e);
int eras_register(const struct eras_ops *ops);
extern int eras_debug;
