/* Translated messages. Source: gettext(3). */
#ifndef _LIBINTL_H
#define _LIBINTL_H
#ifndef __linux__
#error "only Linux has this header"
#endif
#include <dlshim/features.h>
char *gettext(const char *);
char *dgettext(const char *, const char *);
char *dcgettext(const char *, const char *, int);
char *ngettext(const char *, const char *, unsigned long);
char *dngettext(const char *, const char *, const char *, unsigned long);
char *textdomain(const char *);
char *bindtextdomain(const char *, const char *);
char *bind_textdomain_codeset(const char *, const char *);
#endif
