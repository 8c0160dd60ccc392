/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way back from the text of a space. */
#ifndef XPOT_OPTIMISER_SPACE_PARSE_H
#define XPOT_OPTIMISER_SPACE_PARSE_H

#include <cjson/cJSON.h>

#include "space/space.h"

/* The space that xp_space_text wrote as array. Errors begin with place. */
xp_status xp_space_parse(xp_space **space, const cJSON *array, xp_place place, xp_error *error);

/* A value of a dimension as journals write it: a number, or the text of a choice; false when it is neither. Numbers need not
 * be inside the range. */
bool xp_range_parse_value(const xp_range *range, const cJSON *item, double *value);

#endif
