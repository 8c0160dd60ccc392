/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "space/number.h"

typedef struct node {
  const cJSON *item;
  size_t offset; /* of its key, or of the value when it has none */
} node;

struct xp_json {
  cJSON *root;
  const xp_bytes *bytes;
  node *nodes; /* [nnodes], in the order of the text */
  int nnodes;
};

static xp_place place_of(const xp_bytes *bytes, size_t offset) {
  xp_place place = {bytes->name, 1, 1};
  for (size_t i = 0; i < offset && i < bytes->size; ++i) {
    ++place.column;
    if (bytes->data[i] == '\n') {
      ++place.line;
      place.column = 1;
    }
  }
  return place;
}

static int count(const cJSON *item) {
  int total = 1;
  for (const cJSON *child = item->child; child; child = child->next) total += count(child);
  return total;
}

/* The scanners below walk over text that cJSON has accepted: they need no checks of their own. */
static const char *skip_space(const char *text) {
  while ((unsigned char)*text <= ' ') ++text; /* what cJSON takes for white space */
  return text;
}

static const char *skip_string(const char *text) {
  for (++text; *text != '"'; ++text)
    if (*text == '\\') ++text;
  return text + 1;
}

static const char *scan(xp_json *json, const cJSON *item, const char *text);

static const char *scan_children(xp_json *json, const cJSON *item, const char *text) {
  ++text;
  for (const cJSON *child = item->child; child; child = child->next) {
    text = skip_space(scan(json, child, skip_space(text)));
    if (child->next) ++text; /* the comma */
  }
  return skip_space(text) + 1;
}

/* Notes where item stands; text is at its key or value. Returns the end of the value. */
static const char *scan(xp_json *json, const cJSON *item, const char *text) {
  json->nodes[json->nnodes++] = (node){item, (size_t)(text - json->bytes->data)};
  if (item->string) text = skip_space(skip_space(skip_string(text)) + 1);
  if (cJSON_IsObject(item) || cJSON_IsArray(item)) return scan_children(json, item, text);
  if (cJSON_IsString(item)) return skip_string(text);
  return text + strcspn(text, ",]} \t\r\n");
}

static xp_status check(const xp_json *json, const cJSON *item, xp_error *error) {
  if (cJSON_IsNumber(item) && !isfinite(item->valuedouble))
    return xp_error_at(error, xp_json_place(json, item), "expected a finite number, found one that is too large");
  for (const cJSON *child = item->child; child; child = child->next) {
    for (const cJSON *other = item->child; child->string && other != child; other = other->next)
      if (strcmp(other->string, child->string) == 0)
        return xp_error_at(error, xp_json_place(json, child),
                           "the key \"%s\" is here a second time (first in line %ld); remove one", child->string,
                           xp_json_place(json, other).line);
    if (check(json, child, error) != XP_OK) return error ? error->status : XP_ERROR_INPUT;
  }
  return XP_OK;
}

xp_status xp_json_parse(xp_json **json, const xp_bytes *bytes, xp_error *error) {
  *json = NULL;
  const char *end = NULL;
  cJSON *root = cJSON_ParseWithLengthOpts(bytes->data, bytes->size + 1, &end, true);
  if (!root) {
    size_t offset = end ? (size_t)(end - bytes->data) : 0;
    if (offset > bytes->size) offset = bytes->size;
    return xp_error_at(error, place_of(bytes, offset), "expected JSON, found %s; see xpot-opt init --help",
                       offset == bytes->size ? "the end of the file" : "text that is not");
  }
  xp_json *new = calloc(1, sizeof *new);
  node *nodes = calloc((size_t)count(root), sizeof *nodes);
  if (!new || !nodes) {
    free(new);
    free(nodes);
    cJSON_Delete(root);
    return xp_error_memory(error, "the input file");
  }
  *new = (xp_json){root, bytes, nodes, 0};
  const char *byte_order_mark = "\xEF\xBB\xBF";
  size_t start = strncmp(bytes->data, byte_order_mark, 3) == 0 ? 3 : 0;
  scan(new, root, skip_space(bytes->data + start));
  xp_status status = check(new, root, error);
  if (status == XP_OK)
    *json = new;
  else
    xp_json_free(new);
  return status;
}

void xp_json_free(xp_json *json) {
  if (!json) return;
  cJSON_Delete(json->root);
  free(json->nodes);
  free(json);
}

const cJSON *xp_json_root(const xp_json *json) {
  return json->root;
}

cJSON *xp_json_edit(xp_json *json) {
  return json->root;
}

xp_place xp_json_place(const xp_json *json, const cJSON *item) {
  for (int i = 0; i < json->nnodes; ++i)
    if (json->nodes[i].item == item) return place_of(json->bytes, json->nodes[i].offset);
  return (xp_place){json->bytes->name, 0, 0};
}

bool xp_json_text(const cJSON *item, char *text, int size) {
  char number[XP_NUMBER_SIZE];
  const char *found = NULL;
  if (cJSON_IsNumber(item)) {
    xp_number_format(item->valuedouble, number);
    found = number;
  } else if (cJSON_IsBool(item))
    found = cJSON_IsTrue(item) ? "true" : "false";
  else
    found = cJSON_GetStringValue(item);
  return found && snprintf(text, (size_t)size, "%s", found) < size;
}

const char *xp_json_kind(const cJSON *item) {
  if (cJSON_IsNumber(item)) return "a number";
  if (cJSON_IsString(item)) return "text";
  if (cJSON_IsBool(item)) return "true or false";
  if (cJSON_IsArray(item)) return "a list";
  if (cJSON_IsObject(item)) return "an object";
  return "null";
}
