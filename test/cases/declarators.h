// flags: --library libdeclarators.so.1
// Every shape of declarator that a function table has to carry.
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

typedef void *case_handle_t;
typedef struct case_context case_context;
typedef int (*case_compare_t)(const void *left, const void *right);
typedef int case_callback_t(uint64_t offset, size_t length, void *user);
typedef case_handle_t case_alias_t;
typedef uint64_t case_id_t;

void nothing(void);
int unprototyped();
int (parenthesised)(int value);
signed char small(signed char a, unsigned char b, short c, unsigned short d);
unsigned long long int wide(long unsigned int a, long long b, int64_t c, case_id_t d);
bool flags(bool a, _Bool b, float c, double d);
const char *text(const char *in, char *out, size_t length, unsigned char *bytes);
int open_handle(const char *name, case_handle_t *out, case_alias_t alias);
case_context *make_context(const char *const *names, char **list, const char **strings, size_t *count);
void use_context(case_context *context, const uint32_t *in, int16_t inout[4], double matrix[][3]);
int each(case_context *context, case_callback_t *callback, case_compare_t compare, void *user);
int inline_callback(int (*callback)(const char *name, int (*nested)(int)), void *);
void (*returns_function(int which))(int signal);
int (*(*returns_nested(void))(int))(char);
int variadic(const char *format, ...);
int reserved(int default_, int in, int delete, int function, int this);
