#define ERAS_VERSION "1.0"
#define ERAS_LIMIT 10
#define ERAS_NAME "old"
typedef struct eras eras_t;
typedef void (*eras_done)(eras_t *e, int result, void *data);
enum eras_mode { ERAS_READ, ERAS_WRITE };
struct eras_sense { int key; };
struct eras_task {
  int status;
  int residual;
  unsigned char *data;
};
struct eras_reply {
  struct eras_sense sense;
  int extra;
};
struct eras_point { int x, y; };
struct eras_ops {
  int (*open)(eras_t *e, int flags);
};
const char *eras_version(void);
eras_t *eras_open(const char *name, enum eras_mode mode);
int eras_truncate(eras_t *e, long length);
int eras_read_async(eras_t *e, unsigned long size, eras_done done, void *data);
int eras_seek(eras_t *e, int offset);
int eras_task_status(struct eras_task *task);
int eras_legacy(eras_t *e);
int eras_flaky(eras_t *e);
int eras_write(eras_t *e, void *bytes, unsigned long size);
struct eras_point eras_center(eras_t *e);
int eras_register(const struct eras_ops *ops);
extern int eras_debug;
