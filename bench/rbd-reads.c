// The reads of rbd-reads.mjs in C: an image in, and for each line of standard input a round of reads, whose times in nanoseconds per
// read go out as a line of JSON. Follows <rbd/librbd.h>.
//   rbd-reads CONF POOL IMAGE SEQUENTIAL DEEP

#include <rados/librados.h>
#include <rbd/librbd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK = 4096, DEPTH = 64 };

static rbd_image_t image;
static uint64_t blocks;

static void check(const char *what, long result) {
  if (result >= 0) return;
  fprintf(stderr, "rbd-reads: %s: %s\n", what, strerror((int)-result));
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/** The block that read number i asks for: spread over the image, the same in both programs. */
static uint64_t place(uint64_t i) { return (i * 40503 % blocks) * BLOCK; }

static rbd_completion_t submit(uint64_t i, char *buffer) {
  rbd_completion_t completion;
  check("rbd_aio_create_completion", rbd_aio_create_completion(NULL, NULL, &completion));
  check("rbd_aio_read", rbd_aio_read(image, place(i), BLOCK, buffer, completion));
  return completion;
}

static void finish(rbd_completion_t completion) {
  check("rbd_aio_wait_for_complete", rbd_aio_wait_for_complete(completion));
  if (rbd_aio_get_return_value(completion) != BLOCK) check("rbd_aio_read", -5);
  rbd_aio_release(completion);
}

/** One read after the other. */
static double sequential(long reads, char *buffer) {
  double start = now();
  for (long i = 0; i < reads; i++) finish(submit((uint64_t)i, buffer));
  return (now() - start) / (double)reads;
}

/** Always DEPTH under way: the oldest is waited for, and its place taken by the next. */
static double deep(long reads, char *buffers) {
  rbd_completion_t under_way[DEPTH];
  double start = now();
  for (long i = 0; i < reads + DEPTH; i++) {
    long slot = i % DEPTH;
    if (i >= DEPTH) finish(under_way[slot]);
    if (i < reads) under_way[slot] = submit((uint64_t)i, buffers + slot * BLOCK);
  }
  return (now() - start) / (double)reads;
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: rbd-reads CONF POOL IMAGE SEQUENTIAL DEEP\n");
    return 2;
  }
  long reads = atol(argv[4]), deep_reads = atol(argv[5]);
  rados_t cluster;
  rados_ioctx_t pool;
  uint64_t size;
  check("rados_create", rados_create(&cluster, "admin"));
  check("rados_conf_read_file", rados_conf_read_file(cluster, argv[1]));
  check("rados_connect", rados_connect(cluster));
  check("rados_ioctx_create", rados_ioctx_create(cluster, argv[2], &pool));
  check("rbd_open_read_only", rbd_open_read_only(pool, argv[3], &image, NULL));
  check("rbd_get_size", rbd_get_size(image, &size));
  blocks = size / BLOCK;
  char *buffers = malloc((size_t)BLOCK * DEPTH);
  if (!buffers) return 1;
  sequential(reads / 10 + 1, buffers);
  deep(deep_reads / 10 + 1, buffers);
  while (getchar() == '\n') {
    double one = sequential(reads, buffers);
    printf("{\"sequential\":%.0f,\"deep\":%.0f}\n", one, deep(deep_reads, buffers));
    fflush(stdout);
  }
  free(buffers);
  check("rbd_close", rbd_close(image));
  rados_ioctx_destroy(pool);
  rados_shutdown(cluster);
  return 0;
}
