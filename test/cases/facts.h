// flags: --library libfacts.so.1
// One fact of each kind that verify asserts; test/generator/verify.test.ts changes each of them.
#include <stddef.h>
#include <stdint.h>

enum shade { DARK = 1, LIGHT = 7 };
typedef long distance_t;
typedef void (*quit_t)(int) __attribute__((noreturn));

struct parcel {
  char label;
  int weight;
  unsigned fragile : 1;
  unsigned floor : 6;
  signed shelf : 9;
  double price;
};

struct crate {
  char label;
  short weight;
  int volume;
};

struct {
  uint16_t low, high;
} extern unnamed;

typedef struct {
  int inside;
} *behind_t;

extern int stock;

#define COUNT 12
#define BIG 0xffffffffu
#define RATE 0.1f
#define ROUND 2.5L
#define NOWHERE (-0.0)
#define TITLE "parcels \"fragile\"\t\303\251"
#define NAME "parcel\0service"
#define WIDE L"w\u00efde"
#define BESIDE u"pair \U0001F600"
#define FULL U"\U0001F600"
#define CAST ((const unsigned char *)"cast")
#define PLACE ((size_t)&((struct parcel *)0)->price)

int send(struct parcel *parcel, unsigned copies);
int log_all(const char *format, ...);
void on_quit(quit_t quit, void (*last)(char *restrict *words) __attribute__((noreturn)));
behind_t behind(enum shade shade);
int local_tag(struct declared_here *here);
