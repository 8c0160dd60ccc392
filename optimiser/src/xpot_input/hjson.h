/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HJSON (hjson.github.io): JSON with comments, optional commas, and keys and text without quotes, as XPOT's inputs are written. */
#ifndef XPOT_OPTIMISER_HJSON_H
#define XPOT_OPTIMISER_HJSON_H

#include <cjson/cJSON.h>

#include "xpot/error.h"
#include "xpot/file.h"

/* Parses a whole file. Of a key that is used twice the last value counts. The caller frees root with cJSON_Delete. */
xp_status xp_hjson_parse(cJSON **root, const xp_bytes *bytes, xp_error *error);

#endif
