/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/value.h"

#include <stdlib.h>
#include <string.h>

#include "config/words.h"

/* Names of dimensions: section, block and key. */
enum { NAME_SIZE = 256 };

/* Number of parameters of an option and where they are; none for text. */
static int find_parameters(const xp_option *option, const void *base, int nelements, xp_parameter **parameters) {
  char *member = (char *)base + option->offset;
  if (option->type == XP_OPTION_TEXT) return 0;
  if (option->traits & XP_OPTION_LIST) {
    *parameters = ((xp_list *)member)->values;
    return ((xp_list *)member)->count;
  }
  bool map = option->traits & XP_OPTION_PER_ELEMENT;
  *parameters = map ? *(xp_parameter **)member : (xp_parameter *)member;
  return map && *parameters ? nelements : !map;
}

/* ---- standards ---- */

static xp_status standard_text(const xp_option *option, char **text, xp_error *error) {
  if (!option->standard[0]) return XP_OK;
  *text = strdup(option->standard + 1); /* between its quotes */
  if (!*text) return xp_error_memory(error, "the input file");
  (*text)[strlen(*text) - 1] = '\0';
  return XP_OK;
}

static xp_status list_room(xp_list *list, int count, xp_error *error) {
  *list = (xp_list){.count = count, .word = -1, .values = calloc((size_t)count + 1, sizeof *list->values)};
  if (!list->values) return xp_error_memory(error, "the input file");
  for (int i = 0; i < count; ++i) list->values[i].dimension = -1;
  return XP_OK;
}

/* Of the form [1, 2, 3]. */
static xp_status standard_list(const xp_option *option, xp_list *list, xp_error *error) {
  int count = option->standard[0] != '\0';
  for (const char *c = option->standard; *c; ++c) count += *c == ',';
  xp_status status = list_room(list, count, error);
  const char *at = option->standard;
  for (int i = 0; i < count && status == XP_OK; ++i) {
    char *end;
    list->values[i].value = strtod(at + 1, &end); /* behind a bracket or comma */
    at = end;
  }
  return status;
}

xp_status xp_value_standard(const xp_option *option, void *base, int nelements, xp_error *error) {
  char *member = (char *)base + option->offset;
  if (option->type == XP_OPTION_TEXT) return standard_text(option, (char **)member, error);
  if (option->traits & XP_OPTION_LIST) return standard_list(option, (xp_list *)member, error);
  if (option->traits & XP_OPTION_PER_ELEMENT) {
    *(xp_parameter **)member = calloc((size_t)nelements, sizeof(xp_parameter));
    if (!*(xp_parameter **)member) return xp_error_memory(error, "the input file");
  }
  xp_parameter *parameters;
  int count = find_parameters(option, base, nelements, &parameters);
  for (int i = 0; i < count; ++i) parameters[i] = xp_parameter_standard(option);
  return XP_OK;
}

/* ---- reading ---- */

static xp_status parse_text(const xp_reader *r, const xp_option *option, char **text, const cJSON *item,
                            xp_error *error) {
  if (!cJSON_IsString(item) || !item->valuestring[0])
    return xp_error_at(error, xp_json_place(r->json, item), "%s: expected text, found %s", option->name,
                       cJSON_IsString(item) ? "none" : xp_json_kind(item));
  free(*text);
  *text = strdup(item->valuestring);
  return *text ? XP_OK : xp_error_memory(error, "the input file");
}

static xp_status parse_parameter(const xp_reader *r, const xp_option *option, const char *name, xp_parameter *parameter,
                                 const cJSON *item, xp_error *error) {
  xp_parameter_clear(parameter);
  return xp_parameter_parse(parameter, option, name, r->json, item, r->space, error);
}

static xp_status copy_parameter(xp_parameter *copy, const xp_parameter *parameter, xp_error *error) {
  xp_parameter_clear(copy);
  *copy = *parameter;
  if (!parameter->choices) return XP_OK;
  size_t size = (size_t)parameter->nchoices * sizeof *copy->choices;
  copy->choices = malloc(size);
  if (!copy->choices) return xp_error_memory(error, "a list of choices");
  memcpy(copy->choices, parameter->choices, size);
  return XP_OK;
}

static int find_element(const xp_reader *r, const char *symbol) {
  for (int i = 0; i < r->nelements; ++i)
    if (strcmp(r->elements[i], symbol) == 0) return i;
  return -1;
}

static xp_status unknown_element(const xp_reader *r, const xp_option *option, const cJSON *item, xp_error *error) {
  const char *names[XP_WORDS_MOST];
  int n = 0;
  for (; n < r->nelements && n < XP_WORDS_MOST; ++n) names[n] = r->elements[n];
  char advice[512];
  xp_word_advice(item->string, names, n, advice, sizeof advice);
  return xp_error_at(error, xp_json_place(r->json, item), "%s: \"%s\" is not in \"elements\"%s", option->name,
                     item->string, advice);
}

static xp_status parse_element_map(const xp_reader *r, const xp_option *option, const char *name, xp_parameter *values,
                                   const cJSON *item, xp_error *error) {
  for (const cJSON *child = item->child; child; child = child->next) {
    int e = find_element(r, child->string);
    if (e < 0) return unknown_element(r, option, child, error);
    char full[NAME_SIZE + XP_SYMBOL_SIZE + 1];
    snprintf(full, sizeof full, "%s.%s", name, child->string);
    xp_status status = parse_parameter(r, option, full, &values[e], child, error);
    if (status != XP_OK) return status;
  }
  for (int e = 0; e < r->nelements && !option->standard[0]; ++e)
    if (!cJSON_GetObjectItemCaseSensitive(item, r->elements[e]))
      return xp_error_at(error, xp_json_place(r->json, item), "%s: there is no value for %s", option->name,
                         r->elements[e]);
  return XP_OK;
}

static xp_status parse_elements_value(const xp_reader *r, const xp_option *option, const char *name,
                                      xp_parameter *values, const cJSON *item, xp_error *error) {
  if (cJSON_IsObject(item) && !xp_parameter_is_range(item))
    return parse_element_map(r, option, name, values, item, error);
  xp_status status = parse_parameter(r, option, name, &values[0], item, error);
  for (int e = 1; e < r->nelements && status == XP_OK; ++e) status = copy_parameter(&values[e], &values[0], error);
  return status;
}

static void clear_list(xp_list *list) {
  for (int i = 0; i < list->count; ++i) xp_parameter_clear(&list->values[i]);
  free(list->values);
  *list = (xp_list){.word = -1};
}

static xp_status parse_array(const xp_reader *r, const xp_option *option, const char *name, xp_list *list,
                             const cJSON *item, xp_error *error) {
  int count = cJSON_GetArraySize(item), i = 0;
  if (count < 1 || count > XP_LIST_MOST)
    return xp_error_at(error, xp_json_place(r->json, item), "%s: expected a list of 1 to %d values, found %d",
                       option->name, XP_LIST_MOST, count);
  xp_status status = list_room(list, count, error);
  for (const cJSON *child = item->child; child && status == XP_OK; child = child->next, ++i) {
    char full[NAME_SIZE + 16];
    snprintf(full, sizeof full, "%s[%d]", name, i);
    status = parse_parameter(r, option, full, &list->values[i], child, error);
  }
  return status;
}

/* A list, one value for a list of one, or a word. */
static xp_status parse_list(const xp_reader *r, const xp_option *option, const char *name, xp_list *list,
                            const cJSON *item, xp_error *error) {
  int word = cJSON_IsString(item) && option->type != XP_OPTION_WORD ? xp_option_word(option, item->valuestring) : -1;
  xp_status status = XP_OK;
  clear_list(list);
  if (cJSON_IsArray(item))
    status = parse_array(r, option, name, list, item, error);
  else if (word < 0) {
    status = list_room(list, 1, error);
    if (status == XP_OK) status = parse_parameter(r, option, name, &list->values[0], item, error);
  }
  list->word = word;
  list->given = true;
  return status;
}

xp_status xp_value_parse(const xp_option *option, const char *prefix, void *base, const xp_reader *reader,
                         const cJSON *item, xp_error *error) {
  char *member = (char *)base + option->offset;
  char name[NAME_SIZE];
  snprintf(name, sizeof name, "%s%s%s", prefix, prefix[0] ? "." : "", option->name);
  if (option->type == XP_OPTION_TEXT) return parse_text(reader, option, (char **)member, item, error);
  if (option->traits & XP_OPTION_LIST) return parse_list(reader, option, name, (xp_list *)member, item, error);
  if (option->traits & XP_OPTION_PER_ELEMENT)
    return parse_elements_value(reader, option, name, *(xp_parameter **)member, item, error);
  return parse_parameter(reader, option, name, (xp_parameter *)member, item, error);
}

/* ---- the rest ---- */

bool xp_value_given(const xp_option *option, const void *base, int nelements) {
  if (option->traits & XP_OPTION_LIST) return ((const xp_list *)((const char *)base + option->offset))->given;
  xp_parameter *parameters;
  int count = find_parameters(option, base, nelements, &parameters);
  bool given = false;
  for (int i = 0; i < count; ++i) given |= parameters[i].given;
  return given;
}

void xp_value_print(const xp_option *option, const void *base, int nelements, FILE *stream) {
  const char *member = (const char *)base + option->offset;
  if (option->type == XP_OPTION_TEXT) fprintf(stream, " %s", *(char *const *)member ? *(char *const *)member : "");
  if (option->traits & XP_OPTION_LIST && ((const xp_list *)member)->word >= 0)
    fprintf(stream, " %s", option->words[((const xp_list *)member)->word]);
  xp_parameter *parameters;
  int count = find_parameters(option, base, nelements, &parameters);
  for (int i = 0; i < count; ++i) {
    char text[64];
    xp_parameter_format(option, parameters[i].value, text, sizeof text);
    if (parameters[i].dimension < 0)
      fprintf(stream, " %s", text);
    else
      fprintf(stream, " #%d", parameters[i].dimension);
    if (xp_parameter_conditional(&parameters[i])) fprintf(stream, "|%s", text);
  }
}

void xp_value_borrow(const xp_option *option, const void *from, void *to) {
  size_t size = option->type == XP_OPTION_TEXT           ? sizeof(char *)
                : option->traits & XP_OPTION_LIST        ? sizeof(xp_list)
                : option->traits & XP_OPTION_PER_ELEMENT ? sizeof(xp_parameter *)
                                                         : sizeof(xp_parameter);
  memcpy((char *)to + option->offset, (const char *)from + option->offset, size);
}

void xp_value_clear(const xp_option *option, void *base, int nelements) {
  char *member = (char *)base + option->offset;
  if (option->type == XP_OPTION_TEXT) {
    free(*(char **)member);
    *(char **)member = NULL;
    return;
  }
  if (option->traits & XP_OPTION_LIST) {
    clear_list((xp_list *)member);
    return;
  }
  xp_parameter *parameters;
  int count = find_parameters(option, base, nelements, &parameters);
  for (int i = 0; i < count; ++i) xp_parameter_clear(&parameters[i]);
  if (!(option->traits & XP_OPTION_PER_ELEMENT)) return;
  free(*(xp_parameter **)member);
  *(xp_parameter **)member = NULL;
}
