/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/starts.h"

#include <stdlib.h>
#include <string.h>

#include "config/words.h"

static xp_status find_list(const xp_reader *r, const char *key, const char *what, const cJSON **list, xp_error *error) {
  *list = cJSON_GetObjectItemCaseSensitive(xp_json_root(r->json), key);
  if (!*list || cJSON_IsArray(*list)) return XP_OK;
  return xp_error_at(error, xp_json_place(r->json, *list), "%s: expected a list of %s, found %s", key, what,
                     xp_json_kind(*list));
}

xp_status xp_constraints_parse(const xp_reader *r, xp_error *error) {
  const cJSON *list;
  xp_status status = find_list(r, "constraints", "expressions", &list, error);
  for (const cJSON *item = list ? list->child : NULL; item && status == XP_OK; item = item->next) {
    xp_place place = xp_json_place(r->json, item);
    status = cJSON_IsString(item)
                 ? xp_space_add_constraint(r->space, item->valuestring, place, error)
                 : xp_error_at(error, place, "constraints: expected an expression, \"a < 2 * b\", found %s",
                               xp_json_kind(item));
  }
  return status;
}

static xp_status unknown(const xp_reader *r, const cJSON *item, xp_error *error) {
  const char *names[XP_WORDS_MOST];
  int n = 0;
  for (; n < xp_space_count(r->space) && n < XP_WORDS_MOST; ++n) names[n] = xp_space_range(r->space, n)->name;
  char advice[512];
  xp_word_advice(item->string, names, n, advice, sizeof advice);
  return xp_error_at(error, xp_json_place(r->json, item), "starts: \"%s\" is not the name of a range%s", item->string,
                     advice);
}

static xp_status parse_coordinate(const xp_reader *r, const cJSON *item, double *values, xp_error *error) {
  char text[256];
  int d = xp_space_find(r->space, item->string);
  if (d < 0) return unknown(r, item, error);
  const xp_range *range = xp_space_range(r->space, d);
  bool plain = xp_json_text(item, text, sizeof text);
  if (plain && xp_range_read(range, text, &values[d])) return XP_OK;
  return xp_error_at(error, xp_json_place(r->json, item), "starts: expected a value of the range \"%s\", found %s",
                     range->name, plain ? text : xp_json_kind(item));
}

static xp_status check_active(const xp_reader *r, const cJSON *object, const double *values, xp_error *error) {
  for (const cJSON *item = object->child; item; item = item->next)
    if (!xp_space_active(r->space, values, xp_space_find(r->space, item->string)))
      return xp_error_at(error, xp_json_place(r->json, item),
                         "starts: \"%s\" is not active at this point, by its \"when\" or by potential.kind; remove it",
                         item->string);
  return XP_OK;
}

static xp_status parse_start(const xp_reader *r, const cJSON *object, double *values, xp_error *error) {
  xp_place place = xp_json_place(r->json, object);
  if (!cJSON_IsObject(object))
    return xp_error_at(error, place, "starts: expected an object, {\"potential.rcutfac\": 4.5}, found %s",
                       xp_json_kind(object));
  for (int d = 0; d < xp_space_count(r->space); ++d) values[d] = xp_space_resting(r->space, d);
  xp_status status = XP_OK;
  for (const cJSON *item = object->child; item && status == XP_OK; item = item->next)
    status = parse_coordinate(r, item, values, error);
  if (status == XP_OK) status = check_active(r, object, values, error);
  if (status != XP_OK) return status;
  xp_space_normalise(r->space, values);
  if (xp_space_feasible(r->space, values)) return XP_OK;
  return xp_error_at(error, place, "starts: this point does not fulfil the constraints");
}

xp_status xp_starts_parse(const xp_reader *r, double **starts, int *nstarts, xp_error *error) {
  const cJSON *list;
  xp_status status = find_list(r, "starts", "objects", &list, error);
  if (status != XP_OK || !list) return status;
  size_t ndims = (size_t)xp_space_count(r->space), size = ndims * sizeof **starts;
  *starts = calloc((size_t)cJSON_GetArraySize(list) * ndims + 1, sizeof **starts);
  if (!*starts) return xp_error_memory(error, "the points to start from");
  for (const cJSON *item = list->child; item && status == XP_OK; item = item->next) {
    double *values = *starts + (size_t)*nstarts * ndims;
    status = parse_start(r, item, values, error);
    for (int s = 0; s < *nstarts && status == XP_OK; ++s)
      if (memcmp(*starts + (size_t)s * ndims, values, size) == 0)
        status = xp_error_at(error, xp_json_place(r->json, item),
                             "starts: this point is point %d once more; remove one", s + 1);
    ++*nstarts;
  }
  return status;
}
