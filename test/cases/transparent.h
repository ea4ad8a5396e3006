// flags: --library libtransparent.so.1
// Types that pass otherwise than they look, and types that no table carries.

typedef union {
  int *integers;
  float *floats;
} either_t __attribute__((transparent_union));
union __attribute__((__transparent_union__)) tagged {
  const char *text;
  const unsigned char *bytes;
};
typedef union {
  double real;
  long whole;
} by_value_t;

void takes_either(either_t e);
int takes_tagged(union tagged t, int flags);
void takes_value(by_value_t v);
void hook(void (*callback)(either_t e, void *data));

typedef int(__attribute__((ms_abi)) * other_callback)(int);
int __attribute__((ms_abi)) other_convention(int a);
struct other_holder {
  int(__attribute__((ms_abi)) * f)(int);
  int x;
};
void use_other(other_callback callback);

typedef float float4 __attribute__((vector_size(16)));
float4 vector(float4 a);
typedef int by_mode __attribute__((mode(V4SI)));
typedef int word __attribute__((mode(__word__)));
typedef unsigned pointer_sized __attribute__((__mode__(__pointer__)));
typedef unsigned wide __attribute__((mode(TI)));
typedef float real __attribute__((mode(DF)));
real modes(word a, pointer_sized b);
wide by_pointer(wide *p);

_Complex double complex_value(void);
_Complex int complex_integer(void);
unsigned __int128 large(void);
struct with_large {
  __int128 x;
  long double y;
};
_Atomic int atomic_object;
void atomic_pointer(_Atomic(int) *p, _Atomic long *q);
struct with_atomic {
  _Atomic(long) a;
  int b;
};
void list(void *, __builtin_va_list);
struct with_list {
  __builtin_va_list ap;
};
