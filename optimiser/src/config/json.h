/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A JSON file as a cJSON tree that knows where each value stands in its file. */
#ifndef XPOT_OPTIMISER_JSON_H
#define XPOT_OPTIMISER_JSON_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "xpot/error.h"
#include "xpot/file.h"

typedef struct xp_json xp_json;

/* Parses bytes (borrowed: they must outlive the document). Text that is not JSON, a key used twice in one object and a number
 * that is not finite are errors with their place. */
xp_status xp_json_parse(xp_json **json, const xp_bytes *bytes, xp_error *error);

/* NULL is allowed. */
void xp_json_free(xp_json *json);

const cJSON *xp_json_root(const xp_json *json);

/* The same, to change it: what is added has no place. */
cJSON *xp_json_edit(xp_json *json);

/* Where a value (its key, for the member of an object) begins. */
xp_place xp_json_place(const xp_json *json, const cJSON *item);

/* The text of a plain value: "ace", "4.5", "true"; false for any other, and where text[size] is too short. */
bool xp_json_text(const cJSON *item, char *text, int size);

/* "a number", "text", ...: what the value is, for messages. */
const char *xp_json_kind(const cJSON *item);

#endif
