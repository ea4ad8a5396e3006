// flags: --library libsizes.so.1
// Constant expressions inside declarations, with types of several words.
#include <stdint.h>

typedef struct { unsigned long v[1024 / (8 * sizeof(unsigned long int))]; } bit_set;
struct sizes {
  unsigned char a[sizeof(unsigned long)];
  unsigned char b[sizeof(long double)];
  unsigned char c[(unsigned char)300];
  unsigned char d[_Alignof(long long int) + sizeof(const unsigned short)];
  unsigned char e[sizeof(struct plain_pair *) * sizeof(bit_set)];
  unsigned long long int f : sizeof(unsigned int) * 8;
};
struct plain_pair { int left; int right; };
enum size_numbers { SIZE_LONG = sizeof(unsigned long), SIZE_MAX_BYTE = (unsigned char)-1, SIZE_PAIR = sizeof(struct plain_pair) };

int any_length(int n, int values[n], double matrix[n][3]);
int take_sizes(bit_set *set, struct sizes *sizes, enum size_numbers number);
