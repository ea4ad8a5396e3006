// flags: --library libcollisions.so.1
// Names that would meet: parameters, constants, members, anonymous enumerations and records of one line.
enum { ONE_LINE_A = 1, ONE_LINE_B }; enum { ONE_LINE_C = 5, ONE_LINE_D };
enum { records, records_ };
#define Number 10
#define INFINITE (1.0 / 0.0)
struct outer { struct { int b; }; struct { double a; } anonymous0; };
typedef void nothing;
struct itself { struct itself *next; };

int unnamed_and_named(int, int arg0);
int rest_and_more(const char *rest, ...);
int underscored(int this, int this_);
int new(int x);
int get(int x);
nothing takes_nothing(nothing);
int offset_sized(char (*table)[__builtin_offsetof(struct outer, anonymous0)], int grid[static 4][2]);
int from_outer(struct outer *outer, struct itself *itself);
