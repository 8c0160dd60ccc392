/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers in files have a point. A program around this library may have chosen a locale with a comma, which strtod and
 * printf would follow. */
#ifndef XPOT_LOCALE_H
#define XPOT_LOCALE_H

#include <locale.h>

typedef struct xp_locale {
  locale_t plain, before; /* plain 0: nothing was changed */
} xp_locale;

/* The C locale for this thread alone; leave gives back the one before. */
xp_locale xp_locale_enter(void);
void xp_locale_leave(xp_locale *locale);

/* First line of a function that reads or writes a file: the C locale until it returns. */
#define XP_LOCALE_PLAIN __attribute__((cleanup(xp_locale_leave))) xp_locale locale_here = xp_locale_enter()

#endif
