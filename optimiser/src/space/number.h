/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_OPTIMISER_NUMBER_H
#define XPOT_OPTIMISER_NUMBER_H

#include <stdbool.h>

#include <cjson/cJSON.h>

/* Room for any number and its zero byte. */
#define XP_NUMBER_SIZE 32

/* The text with the fewest digits (15, 16 or 17) that reads back as exactly this number; "null" when it is not finite. */
void xp_number_format(double number, char text[XP_NUMBER_SIZE]);

/* Adds the number to a JSON object, in that text; false: out of memory. */
bool xp_number_add(cJSON *object, const char *key, double number);

#endif
