/* The older name of poll.h. Source: poll(2). */
#include <poll.h>
