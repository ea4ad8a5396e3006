// flags: --library libpacking.so.1
// #pragma pack, packed and aligned together, with bit-fields.
#pragma pack(push, 8)
struct straddles { int x : 20; int y : 20; };
struct packed_and_pack { char z; unsigned long f : 47; void *p; } __attribute__((packed, aligned(4)));
#pragma pack(pop)
#pragma pack(push, 4)
struct capped { char c; double d __attribute__((aligned(16))); };
struct straddles_late { char c; int y : 30; short s; };
#pragma pack(push, label, 1)
struct tightest { char c; long l; };
#pragma pack(pop, label)
struct after_pop { char c; long l; };
#pragma pack()
struct natural { char c; long l; };
enum __attribute__((packed)) tiny { TINY_A, TINY_B = 200 };
typedef enum { SHORT_A = -1, SHORT_B = 300 } __attribute__((packed)) shorter;
struct holds_tiny { enum tiny t; shorter s; char end; };
struct by_alignas { char c; _Alignas(double) char d; _Alignas(32) char e; };
int from_packing(struct straddles *, struct packed_and_pack *, struct capped *, struct straddles_late *, struct tightest *,
                 struct after_pop *, struct natural *, struct holds_tiny *, struct by_alignas *);
typedef int loose_int __attribute__((aligned(2)));
struct aligned_fields { int a : 8; unsigned b : 3 __attribute__((aligned(2))); char c; short : 0 __attribute__((aligned(16))); int d; };
struct loose_units { short c; loose_int x : 17; loose_int y : 30; };
struct stray { int a;; int b; };
int from_units(struct aligned_fields *, struct loose_units *, struct stray *);
