// The test library `vessel`: VERSION is 100 for 1.0, 101 for 1.1 and so on, and decides which functions are there.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vessel.h"

struct vessel {
  char name[32];
  size_t count;
  struct vessel_item items[8];
};

const char *vessel_version(void) {
  static char text[16];
  snprintf(text, sizeof text, "%d.%d.0", VERSION / 100, VERSION % 100);
  return text;
}

int vessel_open(const char *name, vessel_t *out) {
  struct vessel *v = calloc(1, sizeof *v);
  if (!v || strlen(name) >= sizeof v->name) {
    free(v);
    return -22;
  }
  strcpy(v->name, name);
  *out = v;
  return 0;
}

int vessel_put(vessel_t vessel, const struct vessel_item *item) {
  struct vessel *v = vessel;
  if (v->count == 8) return -28;
  v->items[v->count] = *item;
  v->items[v->count].label = "kept by vessel";
  return (int)v->count++;
}

int vessel_get(vessel_t vessel, size_t index, struct vessel_item *item) {
  struct vessel *v = vessel;
  if (index >= v->count) return -34;
  *item = v->items[index];
  return 0;
}

uint64_t vessel_weight(vessel_t vessel) {
  struct vessel *v = vessel;
  uint64_t sum = 0;
  for (size_t i = 0; i < v->count; i++) sum += v->items[i].weight;
  return sum;
}

int vessel_each(vessel_t vessel, vessel_each_cb callback, void *user) {
  struct vessel *v = vessel;
  int sum = 0;
  for (size_t i = 0; i < v->count; i++) sum += callback(i, &v->items[i], user);
  return sum;
}

void vessel_close(vessel_t vessel) { free(vessel); }

#if VERSION < 200
int vessel_retired(vessel_t vessel) { return vessel != NULL; }
#endif

#if VERSION >= 101
int vessel_stats(vessel_t vessel, size_t *count, uint64_t *weight, double *mean) {
  struct vessel *v = vessel;
  *count = v->count;
  *weight = vessel_weight(vessel);
  *mean = v->count ? (double)*weight / (double)v->count : 0;
  return 0;
}
#endif

#if VERSION >= 102
int vessel_rename(vessel_t vessel, const char *name) {
  struct vessel *v = vessel;
  snprintf(v->name, sizeof v->name, "%s", name);
  return 0;
}

int vessel_get_name(vessel_t vessel, char *buffer, size_t size) {
  struct vessel *v = vessel;
  return snprintf(buffer, size, "%s", v->name);
}
#endif
