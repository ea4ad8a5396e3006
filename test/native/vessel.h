/* The header of the test library `vessel`, as of 1.2. One program is to run on 1.0, 1.1, 1.2, refuse 2.0, and do without it. */
#ifndef VESSEL_H
#define VESSEL_H

#include <stddef.h>
#include <stdint.h>

#define VESSEL_NAME_SIZE 16

typedef void *vessel_t;
struct vessel_item;
typedef int (*vessel_each_cb)(uint64_t index, const struct vessel_item *item, void *user);

enum vessel_kind { VESSEL_TANK = 1, VESSEL_PIPE, VESSEL_HUGE = 0x7fffffff };

struct vessel_item {
  char name[VESSEL_NAME_SIZE];
  uint64_t weight;
  enum vessel_kind kind;
  unsigned int fragile : 1;
  unsigned int floor : 7;
  double position[3];
  const char *label;
};

/* since 1.0 */
const char *vessel_version(void);
int vessel_open(const char *name, vessel_t *out);
int vessel_put(vessel_t vessel, const struct vessel_item *item);
int vessel_get(vessel_t vessel, size_t index, struct vessel_item *item);
uint64_t vessel_weight(vessel_t vessel);
int vessel_each(vessel_t vessel, vessel_each_cb callback, void *user);
void vessel_close(vessel_t vessel);
int vessel_retired(vessel_t vessel); /* gone in 2.0 */

/* since 1.1 */
int vessel_stats(vessel_t vessel, size_t *count, uint64_t *weight, double *mean);

/* since 1.2 */
int vessel_rename(vessel_t vessel, const char *name);
int vessel_get_name(vessel_t vessel, char *buffer, size_t size);

#endif
