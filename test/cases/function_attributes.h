// flags: --library libfunction_attributes.so.1
// Attributes of functions reach what a typedef stands for, and one pointer further, as GCC has it.
typedef void (*handler_t)(int code);
typedef handler_t renamed_t;
typedef const handler_t const_t;
typedef void plain_t(int code);
typedef handler_t last_t __attribute__((noreturn));
typedef int (*other_machine_t)(int) __attribute__((ms_abi));
struct holds { handler_t last __attribute__((noreturn)); handler_t *inside __attribute__((noreturn)); };

handler_t set_handler(void *context, handler_t /* handler */ __attribute__((noreturn)));
void set_renamed(renamed_t handler __attribute__((noreturn)), const_t other __attribute__((noreturn)));
void set_plain(plain_t handler __attribute__((noreturn)), plain_t *other __attribute__((__noreturn__)));
void set_inside(void (**handlers)(int) __attribute__((noreturn)), handler_t *others __attribute__((noreturn)));
void set_last(last_t handler __attribute__((noreturn)), struct holds *holds);
void set_unused(handler_t handler __attribute__((unused)));
void set_other(handler_t handler __attribute__((ms_abi)));
int set_others(other_machine_t handler);
long wide_unnamed(int __attribute__((mode(DI))), int *__attribute__((unused)), unsigned __attribute__((mode(QI))));
plain_t leave __attribute__((noreturn));
