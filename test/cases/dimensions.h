// flags: --library libdimensions.so.1
// Arrays of what JavaScript has no number for, 64-bit enumerations, records by value that cannot pass, members without a size.
struct wide_arrays { long double reals[3]; __int128 wide[2][3]; char names[2][8]; void *pointers[2][2]; };
enum big { BIG_SMALL = 1, BIG_LARGE = 0x8000000000000000ULL };
struct holds_big { enum big value; };
struct __attribute__((packed)) packed_value { char c; int i; };
struct tail_value { int n; char tail[]; };
struct aligned_value { _Alignas(32) int i; };
struct plain_value { int a; short b[2]; };
struct atomic_member { _Atomic(int) a; };
#define WITH_PARAMETERS(a, b) ((a) << (b))
static const int hidden_number = 3;

enum big get_big(enum big *into);
int by_packed(struct packed_value v);
int by_tail(struct tail_value v);
int by_aligned(struct aligned_value v);
struct plain_value by_plain(struct plain_value v);
int log_to(void (*callback)(const char *format, ...));
int take_arrays(struct wide_arrays *arrays, struct holds_big *big, struct atomic_member *atomic);
