// flags: --library libspelling.so.1
// Identifiers with universal character names, hidden functions, floating constants between two floats, integers that no type holds.
int caf\u00e9(int na\u00efve);
int hidden(int) __attribute__((visibility("hidden")));
#define BETWEEN 1.00000005960464477540f
#define HEXADECIMAL 0x1.000001000000001p0f
#define LARGEST 3.4028235677973365e+38f
#define FROM_INTEGER (float)(1LL << 62 | 1LL << 38 | 1)
// The arms of a conditional are pointers.
#define EITHER (1 ? "a" : "bcd")
#define POINTER_SIZE sizeof(1 ? "abcd" : "")
struct flags {
  enum { LOW, HIGH } level : 3;
  _Bool set : 1;
};
int use(struct flags *flags);
