// flags: --library librecords.so.1
// Layouts: nesting, anonymous members, bit-fields, packing, alignment, arrays.
#include <stdint.h>

enum { ROWS = 3 };
#define NAME_SIZE (4 * 4)

struct plain {
  char letter;
  short number;
  int value;
  long wide;
  char name[NAME_SIZE];
};

struct nested {
  struct plain first;
  struct {
    int x, y;
  } point;
  union {
    int integer;
    double real;
    const char *text;
  };
  struct plain *next;
  uint16_t table[ROWS][2];
  struct plain rows[ROWS];
  void (*hook)(struct nested *self);
};

struct bits {
  unsigned a : 3;
  int b : 5;
  unsigned : 4;
  unsigned long long c : 40;
  unsigned : 0;
  _Bool d : 1;
  uint8_t e : 7, f : 2;
};

struct __attribute__((packed)) tight {
  char a;
  int b;
  unsigned c : 3;
  unsigned long d : 30;
};

#pragma pack(push, 2)
struct packed_by_pragma {
  char a;
  int b;
  double c;
};
#pragma pack(pop)

struct aligned_member {
  char a;
  int b __attribute__((aligned(32)));
  _Alignas(8) char c;
};

typedef struct {
  long size;
  unsigned char data[];
} flexible_t;

typedef union {
  uint32_t word;
  uint8_t bytes[4];
} word_t;

struct odd_types {
  long double extended;
  float ratio;
  int *pointer;
  const char *label;
};

struct hidden;

int take(struct nested *nested, struct bits *bits, struct tight *tight, struct packed_by_pragma *packed,
         struct aligned_member *aligned, flexible_t *flexible, word_t word, struct odd_types *odd, struct hidden *hidden);
