/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "config/words.h"

/* What parsing carries around. */
typedef struct reader {
  xp_config *config;
  const xp_json *json;
} reader;

#define MOST_KEYS 64

static xp_status unknown(const reader *r, const cJSON *item, const char *section, xp_error *error) {
  const char *names[MOST_KEYS];
  int n = 0;
  for (int i = 0; i < xp_noptions; ++i)
    if (strcmp(xp_options[i].section, section) == 0 && n < MOST_KEYS) names[n++] = xp_options[i].name;
  for (int i = 1; i < xp_nsections && !section[0]; ++i) names[n++] = xp_sections[i].name;
  if (!section[0]) names[n++] = "elements";
  char advice[512];
  xp_word_advice(item->string, names, n, advice, sizeof advice);
  return xp_error_at(error, xp_json_place(r->json, item), "unknown key \"%s\"%s%s%s", item->string,
                     section[0] ? " in " : "", section, advice);
}

static xp_status need_object(const reader *r, const cJSON *item, const char *what, xp_error *error) {
  if (cJSON_IsObject(item)) return XP_OK;
  return xp_error_at(error, xp_json_place(r->json, item), "%s: expected an object, found %s", what, xp_json_kind(item));
}

static xp_status parse_text(const reader *r, const xp_option *option, char **text, const cJSON *item, xp_error *error) {
  if (!cJSON_IsString(item) || !item->valuestring[0])
    return xp_error_at(error, xp_json_place(r->json, item), "%s: expected text, found %s", option->name,
                       cJSON_IsString(item) ? "none" : xp_json_kind(item));
  free(*text);
  *text = strdup(item->valuestring);
  return *text ? XP_OK : xp_error_memory(error, "the input file");
}

static xp_status copy_parameter(xp_parameter *copy, const xp_parameter *parameter, xp_error *error) {
  *copy = *parameter;
  if (!parameter->choices) return XP_OK;
  size_t size = (size_t)parameter->nchoices * sizeof *copy->choices;
  copy->choices = malloc(size);
  if (!copy->choices) return xp_error_memory(error, "a list of choices");
  memcpy(copy->choices, parameter->choices, size);
  return XP_OK;
}

static int find_element(const xp_config *config, const char *symbol) {
  for (int i = 0; i < config->nelements; ++i)
    if (strcmp(config->elements[i], symbol) == 0) return i;
  return -1;
}

static xp_status unknown_element(const reader *r, const xp_option *option, const cJSON *item, xp_error *error) {
  const char *names[MOST_KEYS];
  int n = 0;
  for (; n < r->config->nelements && n < MOST_KEYS; ++n) names[n] = r->config->elements[n];
  char advice[512];
  xp_word_advice(item->string, names, n, advice, sizeof advice);
  return xp_error_at(error, xp_json_place(r->json, item), "%s: \"%s\" is not in \"elements\"%s", option->name,
                     item->string, advice);
}

static xp_status parse_element_map(const reader *r, const xp_option *option, xp_parameter *values, const cJSON *item,
                                   xp_error *error) {
  for (const cJSON *child = item->child; child; child = child->next) {
    int e = find_element(r->config, child->string);
    if (e < 0) return unknown_element(r, option, child, error);
    char name[128];
    snprintf(name, sizeof name, "%s%s%s.%s", option->section, option->section[0] ? "." : "", option->name,
             child->string);
    xp_parameter_clear(&values[e]);
    xp_status status = xp_parameter_parse(&values[e], option, name, r->json, child, r->config->space, error);
    if (status != XP_OK) return status;
  }
  for (int e = 0; e < r->config->nelements && !option->standard[0]; ++e)
    if (!cJSON_GetObjectItemCaseSensitive(item, r->config->elements[e]))
      return xp_error_at(error, xp_json_place(r->json, item), "%s: there is no value for %s", option->name,
                         r->config->elements[e]);
  return XP_OK;
}

/* An object that is a range has one of its keys. */
static bool is_element_map(const cJSON *item) {
  return cJSON_IsObject(item) && !cJSON_GetObjectItemCaseSensitive(item, "min") &&
         !cJSON_GetObjectItemCaseSensitive(item, "max") && !cJSON_GetObjectItemCaseSensitive(item, "choices");
}

static xp_status parse_elements_value(const reader *r, const xp_option *option, xp_parameter *values, const cJSON *item,
                                      xp_error *error) {
  if (is_element_map(item)) return parse_element_map(r, option, values, item, error);
  char name[128];
  snprintf(name, sizeof name, "%s%s%s", option->section, option->section[0] ? "." : "", option->name);
  xp_parameter_clear(&values[0]);
  xp_status status = xp_parameter_parse(&values[0], option, name, r->json, item, r->config->space, error);
  for (int e = 1; e < r->config->nelements && status == XP_OK; ++e) {
    xp_parameter_clear(&values[e]);
    status = copy_parameter(&values[e], &values[0], error);
  }
  return status;
}

/* prefix: of the dimension's name, "weights.Elastic". base: what option->offset counts from. */
static xp_status parse_option(const reader *r, const xp_option *option, const char *prefix, void *base,
                              const cJSON *item, xp_error *error) {
  char *member = (char *)base + option->offset;
  if (option->type == XP_OPTION_TEXT) return parse_text(r, option, (char **)member, item, error);
  if (option->traits & XP_OPTION_PER_ELEMENT)
    return parse_elements_value(r, option, *(xp_parameter **)member, item, error);
  char name[256];
  snprintf(name, sizeof name, "%s%s%s", prefix, prefix[0] ? "." : "", option->name);
  xp_parameter_clear((xp_parameter *)member);
  return xp_parameter_parse((xp_parameter *)member, option, name, r->json, item, r->config->space, error);
}

static void note_place(const reader *r, const cJSON *item, const char *section) {
  bool data = strcmp(section, "data") == 0;
  xp_place place = xp_json_place(r->json, item);
  place.file = r->config->path;
  if (data && strcmp(item->string, "train") == 0) r->config->train_place = place;
  if (data && strcmp(item->string, "validate") == 0) r->config->validate_place = place;
  r->config->has_sinner |= strcmp(item->string, "sinner") == 0;
  r->config->has_dinner |= strcmp(item->string, "dinner") == 0;
}

static xp_status parse_section(const reader *r, const char *section, const cJSON *object, xp_error *error) {
  xp_status status = need_object(r, object, section, error);
  for (const cJSON *item = object->child; item && status == XP_OK; item = item->next) {
    const xp_option *option = xp_option_find(section, item->string);
    if (!option) return unknown(r, item, section, error);
    note_place(r, item, section);
    status = parse_option(r, option, section, r->config, item, error);
  }
  return status;
}

static xp_status parse_group(const reader *r, xp_group_weights *group, const cJSON *object, xp_error *error) {
  xp_status status = need_object(r, object, object->string, error);
  char prefix[160];
  snprintf(prefix, sizeof prefix, "weights.%s", object->string);
  for (const cJSON *item = object->child; item && status == XP_OK; item = item->next) {
    const xp_option *option = xp_option_find("weights", item->string);
    if (!option) return unknown(r, item, "weights", error);
    status = parse_option(r, option, prefix, group, item, error);
  }
  return status;
}

static xp_parameter *group_member(xp_group_weights *group, const xp_option *option) {
  return (xp_parameter *)((char *)group + option->offset);
}

/* Weights a group does not give are those of the default group. */
static xp_status complete_group(xp_group_weights *group, const cJSON *given, xp_group_weights *standard,
                                xp_error *error) {
  xp_status status = XP_OK;
  for (int i = 0; i < xp_noptions && status == XP_OK; ++i) {
    const xp_option *option = &xp_options[i];
    if (strcmp(option->section, "weights") != 0 || cJSON_GetObjectItemCaseSensitive(given, option->name)) continue;
    xp_parameter_clear(group_member(group, option));
    status = copy_parameter(group_member(group, option), group_member(standard, option), error);
  }
  return status;
}

static xp_status new_group(xp_group_weights *group, const char *name, xp_error *error) {
  for (int i = 0; i < xp_noptions; ++i)
    if (strcmp(xp_options[i].section, "weights") == 0)
      *group_member(group, &xp_options[i]) = xp_parameter_standard(&xp_options[i]);
  group->name = strdup(name);
  return group->name ? XP_OK : xp_error_memory(error, "the weights");
}

static xp_status parse_weights(const reader *r, const cJSON *object, xp_error *error) {
  xp_config *config = r->config;
  xp_status status = need_object(r, object, "weights", error);
  if (status != XP_OK) return status;
  xp_group_weights *more = realloc(config->groups, (size_t)(cJSON_GetArraySize(object) + 1) * sizeof *config->groups);
  if (!more) return xp_error_memory(error, "the weights");
  config->groups = more;
  for (const cJSON *item = object->child; item && status == XP_OK; item = item->next) {
    xp_group_weights *group = &config->groups[0];
    if (strcmp(item->string, "default") != 0) {
      group = &config->groups[config->ngroups++];
      *group = (xp_group_weights){0};
      status = new_group(group, item->string, error);
    }
    group->place = xp_json_place(r->json, item);
    group->place.file = config->path;
    if (status == XP_OK) status = parse_group(r, group, item, error);
  }
  for (int g = 1; g < config->ngroups && status == XP_OK; ++g)
    status = complete_group(&config->groups[g], cJSON_GetObjectItemCaseSensitive(object, config->groups[g].name),
                            &config->groups[0], error);
  return status;
}

/* What atoms of extended XYZ can be called, and what can stand in a potential file. */
static bool is_symbol(const char *text) {
  size_t size = strlen(text);
  for (size_t i = 0; i < size; ++i)
    if (!isalpha((unsigned char)text[i]) && (i == 0 || (!isdigit((unsigned char)text[i]) && text[i] != '_')))
      return false;
  return size > 0 && size < XP_SYMBOL_SIZE;
}

static xp_status parse_elements(const reader *r, xp_error *error) {
  const cJSON *root = xp_json_root(r->json);
  const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "elements");
  if (!list || !cJSON_IsArray(list) || !list->child)
    return xp_error_at(error, xp_json_place(r->json, list ? list : root),
                       "expected \"elements\": a list of element symbols, found %s",
                       !list                 ? "none"
                       : cJSON_IsArray(list) ? "an empty one"
                                             : xp_json_kind(list));
  r->config->elements = calloc((size_t)cJSON_GetArraySize(list), sizeof *r->config->elements);
  if (!r->config->elements) return xp_error_memory(error, "the elements");
  for (const cJSON *item = list->child; item; item = item->next) {
    if (!cJSON_IsString(item) || !is_symbol(item->valuestring))
      return xp_error_at(error, xp_json_place(r->json, item), "elements: expected an element symbol, found %s",
                         cJSON_IsString(item) ? item->valuestring : xp_json_kind(item));
    if (find_element(r->config, item->valuestring) >= 0)
      return xp_error_at(error, xp_json_place(r->json, item), "elements: %s is listed twice", item->valuestring);
    strcpy(r->config->elements[r->config->nelements++], item->valuestring);
  }
  return XP_OK;
}

static xp_status set_standards(xp_config *config, xp_error *error) {
  for (int i = 0; i < xp_noptions; ++i) {
    const xp_option *option = &xp_options[i];
    char *member = (char *)config + option->offset;
    if (strcmp(option->section, "weights") == 0) continue;
    if (option->type == XP_OPTION_TEXT) {
      if (!option->standard[0]) continue;
      char *text = strdup(option->standard + 1); /* between its quotes */
      if (!text) return xp_error_memory(error, "the input file");
      text[strlen(text) - 1] = '\0';
      *(char **)member = text;
    } else if (option->traits & XP_OPTION_PER_ELEMENT) {
      xp_parameter *values = calloc((size_t)config->nelements, sizeof *values);
      *(xp_parameter **)member = values;
      if (!values) return xp_error_memory(error, "the input file");
      for (int e = 0; e < config->nelements; ++e) values[e] = xp_parameter_standard(option);
    } else
      *(xp_parameter *)member = xp_parameter_standard(option);
  }
  config->groups = calloc(1, sizeof *config->groups);
  if (!config->groups) return xp_error_memory(error, "the weights");
  config->ngroups = 1;
  return new_group(config->groups, "default", error);
}

static xp_status parse_root(const reader *r, xp_error *error) {
  xp_status status = XP_OK;
  for (const cJSON *item = xp_json_root(r->json)->child; item && status == XP_OK; item = item->next) {
    const xp_option *option = xp_option_find("", item->string);
    bool section = false;
    for (int s = 1; s < xp_nsections; ++s) section |= strcmp(item->string, xp_sections[s].name) == 0;
    if (option)
      status = parse_option(r, option, "", r->config, item, error);
    else if (strcmp(item->string, "weights") == 0)
      status = parse_weights(r, item, error);
    else if (section)
      status = parse_section(r, item->string, item, error);
    else if (strcmp(item->string, "elements") != 0 && strcmp(item->string, "$schema") != 0)
      return unknown(r, item, "", error);
  }
  return status;
}

static xp_status check_whole(const reader *r, xp_error *error) {
  const xp_config *config = r->config;
  xp_place place = {config->path, 0, 0};
  bool inner = config->switchinnerflag.dimension >= 0 || config->switchinnerflag.value != 0.0;
  if (!config->train)
    return xp_error_at(error, place, "expected \"data\": {\"train\": FILE, ...}, found no file to fit to");
  if (inner && !(config->has_sinner && config->has_dinner))
    return xp_error_at(error, place, "switchinnerflag needs both sinner and dinner in \"potential\"");
  if (!inner && (config->has_sinner || config->has_dinner))
    return xp_error_at(error, place,
                       "sinner and dinner act only with \"switchinnerflag\": true; add it or remove them");
  if (strchr(config->name, '/'))
    return xp_error_at(error, place, "name: expected a file name without \"/\", found \"%s\"", config->name);
  return XP_OK;
}

/* Relative paths of the input start where the input is. */
static xp_status beside(char **path, const char *input, xp_error *error) {
  const char *slash = strrchr(input, '/');
  if (!*path || **path == '/' || !slash) return XP_OK;
  size_t folder = (size_t)(slash - input) + 1;
  char *joined = malloc(folder + strlen(*path) + 1);
  if (!joined) return xp_error_memory(error, "the input file");
  memcpy(joined, input, folder);
  strcpy(joined + folder, *path);
  free(*path);
  *path = joined;
  return XP_OK;
}

static xp_status parse(xp_config *config, const xp_json *json, xp_error *error) {
  reader r = {config, json};
  xp_status status = need_object(&r, xp_json_root(json), "the input", error);
  if (status == XP_OK) status = xp_space_new(&config->space, error);
  if (status == XP_OK) status = parse_elements(&r, error);
  if (status == XP_OK) status = set_standards(config, error);
  if (status == XP_OK) status = parse_root(&r, error);
  if (status == XP_OK) status = check_whole(&r, error);
  if (status == XP_OK) status = beside(&config->train, config->path, error);
  if (status == XP_OK) status = beside(&config->validate, config->path, error);
  if (status == XP_OK) status = beside(&config->output, config->path, error);
  return status;
}

xp_status xp_config_read(xp_config **config, const char *path, xp_error *error) {
  *config = NULL;
  xp_bytes bytes = {0};
  xp_json *json = NULL;
  xp_config *new = NULL;
  xp_status status = xp_bytes_read(&bytes, path, error);
  if (status == XP_OK) status = xp_json_parse(&json, &bytes, error);
  if (status == XP_OK) {
    new = calloc(1, sizeof *new);
    if (!new || !(new->path = strdup(path))) status = xp_error_memory(error, "the input file");
  }
  if (status == XP_OK) {
    xp_bytes_sha256(bytes.data, bytes.size, new->sha256);
    status = parse(new, json, error);
  }
  xp_json_free(json);
  xp_bytes_free(&bytes);
  if (status == XP_OK)
    *config = new;
  else
    xp_config_free(new);
  return status;
}

void xp_config_free(xp_config *config) {
  if (!config) return;
  for (int i = 0; i < xp_noptions; ++i) {
    const xp_option *option = &xp_options[i];
    char *member = (char *)config + option->offset;
    if (strcmp(option->section, "weights") == 0) {
      for (int g = 0; g < config->ngroups; ++g) xp_parameter_clear(group_member(&config->groups[g], option));
    } else if (option->type == XP_OPTION_TEXT) {
      free(*(char **)member);
    } else if (option->traits & XP_OPTION_PER_ELEMENT) {
      xp_parameter *values = *(xp_parameter **)member;
      for (int e = 0; e < config->nelements && values; ++e) xp_parameter_clear(&values[e]);
      free(values);
    } else
      xp_parameter_clear((xp_parameter *)member);
  }
  for (int g = 0; g < config->ngroups; ++g) free(config->groups[g].name);
  free(config->groups);
  free(config->elements);
  free(config->path);
  xp_space_free(config->space);
  free(config);
}

int xp_config_group(const xp_config *config, const char *config_type) {
  for (int g = 1; g < config->ngroups; ++g)
    if (strcmp(config->groups[g].name, config_type) == 0) return g;
  return 0;
}

static void print_parameter(const xp_option *option, const xp_parameter *parameter, FILE *stream) {
  char text[64];
  xp_parameter_format(option, parameter->value, text, sizeof text);
  if (parameter->dimension < 0)
    fprintf(stream, " %s", text);
  else
    fprintf(stream, " #%d", parameter->dimension);
}

void xp_config_print_fingerprint(const xp_config *config, FILE *stream) {
  for (int e = 0; e < config->nelements; ++e) fprintf(stream, "%s ", config->elements[e]);
  for (int i = 0; i < xp_noptions; ++i) {
    const xp_option *option = &xp_options[i];
    const char *member = (const char *)config + option->offset;
    if (!(option->traits & XP_OPTION_RESULT)) continue;
    fprintf(stream, "\n%s.%s", option->section, option->name);
    if (strcmp(option->section, "weights") == 0) {
      for (int g = 0; g < config->ngroups; ++g) {
        fprintf(stream, " %s", config->groups[g].name);
        print_parameter(option, group_member(&config->groups[g], option), stream);
      }
    } else if (option->type == XP_OPTION_TEXT) {
      fprintf(stream, " %s", *(char *const *)member ? *(char *const *)member : "");
    } else if (option->traits & XP_OPTION_PER_ELEMENT) {
      for (int e = 0; e < config->nelements; ++e) print_parameter(option, &(*(xp_parameter *const *)member)[e], stream);
    } else
      print_parameter(option, (const xp_parameter *)member, stream);
  }
}
