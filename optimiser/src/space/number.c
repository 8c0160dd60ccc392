/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "space/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Digits that any double survives, and digits that may already do. */
enum { FEWEST_DIGITS = 15, EXACT_DIGITS = 17 };

void xp_number_format(double number, char text[XP_NUMBER_SIZE]) {
  if (!isfinite(number)) {
    snprintf(text, XP_NUMBER_SIZE, "null");
    return;
  }
  for (int digits = FEWEST_DIGITS; digits <= EXACT_DIGITS; ++digits) {
    snprintf(text, XP_NUMBER_SIZE, "%.*g", digits, number);
    if (strtod(text, NULL) == number) return;
  }
}

bool xp_number_add(cJSON *object, const char *key, double number) {
  char text[XP_NUMBER_SIZE];
  xp_number_format(number, text);
  return cJSON_AddRawToObject(object, key, text);
}
