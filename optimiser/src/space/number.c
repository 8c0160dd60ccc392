/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "space/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Digits that any double survives, and digits that may already do. */
enum { FEWEST_DIGITS = 15, EXACT_DIGITS = 17 };

void xp_number_format(double number, char text[XP_NUMBER_SIZE]) {
  char digits[XP_NUMBER_SIZE] = "null";
  for (int count = FEWEST_DIGITS; isfinite(number) && count <= EXACT_DIGITS; ++count) {
    snprintf(digits, sizeof digits, "%.*g", count, number);
    if (strtod(digits, NULL) == number) break;
  }
  memcpy(text, digits, sizeof digits);
}

bool xp_number_add(cJSON *object, const char *key, double number) {
  char text[XP_NUMBER_SIZE];
  xp_number_format(number, text);
  return cJSON_AddRawToObject(object, key, text);
}
