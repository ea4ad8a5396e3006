// flags: --library libgnu_only.so.1
// compilers: gcc
// What GCC takes and Clang 14 does not: attributes of C23, its own floating types, conversion by name.

[[deprecated("since " "C23")]] int old(void);
[[nodiscard]] int kept([[maybe_unused]] int x);
[[gnu::cold, gnu::alias_name]] int seldom(void);
struct [[deprecated]] attributed {
  [[deprecated]] int x;
};
_Float32 narrow(_Float64 a, _Float32x b);
_Float64x wide(void);
struct floats {
  _Float32 a;
  _Float64 b;
  _Float32x c;
};
_Decimal64 decimal(_Decimal32 x);
__float80 extended(void);
_Float128 quad(void);
__auto_type deduced = 5;
static inline int unnamed(int, char *) { return 0; }

#define NARROW 1.5F32
#define WIDE 0.1F64x
#define QUAD 1.0F128
#define DECIMAL 1.0DF
#define IMAGINARY 2.0i
