// flags: --library libnames.so.1
// Names that mean something else in TypeScript or JavaScript.
#define yield 1
#define U2028 "\xe2\x80\xa8*/"

typedef struct number { int value; } number;
typedef int string;
typedef struct c { int records; } c;
enum boolean { undefined_, Infinity_ };
struct Array { int length; int constructor; int __proto__; };

int __proto__(int constructor);
int constructor(struct Array *arguments);
int hasOwnProperty(number *delete, string eval, c *typeof_, enum boolean await);
void delete(void);
void valueOf(int *constructor, long (**__proto__), char *toString);
int prototype(int let, int static_, int of);

/* What was declared is behind its name still when that is a macro afterwards. */
typedef unsigned char switch_t;
int pressed(switch_t state);
extern int presses;
#define switch_t bool
#define pressed other_pressed
#define presses (*other_presses())
