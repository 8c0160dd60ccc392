/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The three expressions by which XPOT's inputs give ranges; they are read, never run. */
#ifndef XPOT_OPTIMISER_SKOPT_H
#define XPOT_OPTIMISER_SKOPT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "xpot/error.h"

/* True for text that is to be a range. */
bool xp_skopt_detect(const char *text);

/* skopt.space.Real(3, 6) -> {"min": 3, "max": 6}; Integer the same with "whole": true; prior='log-uniform' -> "scale": "log";
 * Categorical(['a', 'b']) -> {"choices": ["a", "b"]}. path: where it stands, for the message. */
xp_status xp_skopt_parse(cJSON **range, const char *text, const char *path, xp_error *error);

#endif
