/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "locale/locale.h"

xp_locale xp_locale_enter(void) {
  xp_locale locale = {.plain = newlocale(LC_ALL_MASK, "C", (locale_t)0)};
  if (locale.plain) locale.before = uselocale(locale.plain);
  return locale;
}

void xp_locale_leave(xp_locale *locale) {
  if (!locale->plain) return;
  uselocale(locale->before);
  freelocale(locale->plain);
}
