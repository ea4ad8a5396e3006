// flags: --library libparentheses.so.1
// Declarators in parentheses that are not needed, behind types of the header's own and behind C's.
#include <stddef.h>
extern size_t (first), *second;
size_t (measure)(const char *text);
size_t (apply)(size_t (count), size_t (size_t));
extern size_t (sizes)[3];
typedef size_t (alias);
alias (forward)(alias (value));
int plain(alias);
struct node {
  size_t (width), (*height), depth;
  size_t (list)[3];
  alias (bits) : 3;
  struct node (*(next));
  alias (left), (right);
  const alias (top);
  alias const (bottom);
};
int use(struct node (*node));
