/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/external_input.h"

#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/words.h"

/* Larger than any sensible parameter, and still safe to square. */
#define LIMIT 1e100

/* One more element behind an array; NULL when out of memory. */
static void *append(void **array, int *count, size_t size, xp_error *error) {
  char *more = realloc(*array, (size_t)(*count + 1) * size);
  if (!more) {
    xp_error_memory(error, "the input file");
    return NULL;
  }
  *array = more;
  memset(more + (size_t)*count * size, 0, size);
  return more + (size_t)(*count)++ * size;
}

/* A key or text without '/' at its start or "..": it stays inside the folder of the trial. */
static xp_status check_inside(const xp_reader *r, const cJSON *item, const char *name, xp_error *error) {
  if (name[0] && name[0] != '/' && !strstr(name, "..")) return XP_OK;
  return xp_error_at(error, xp_json_place(r->json, item),
                     "expected the name of a file in the folder of a trial, found \"%s\"", name);
}

static xp_status copy_text(char **copy, const char *text, xp_error *error) {
  *copy = strdup(text);
  return *copy ? XP_OK : xp_error_memory(error, "the input file");
}

/* ---- parameters ---- */

/* Names that placeholders have already. */
static const char *const taken[] = {"train", "validate", "threads", "seed", "trial", "fidelity"};

static xp_status check_name(const xp_reader *r, const xp_external_input *input, const cJSON *item, xp_error *error) {
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
  const char *name = item->string;
  if (!name[0] || name[strspn(name, allowed)])
    return xp_error_at(error, xp_json_place(r->json, item),
                       "parameters: expected a name of letters, digits, \"_\", \".\" and \"-\", found \"%s\"", name);
  for (size_t t = 0; t < sizeof taken / sizeof *taken; ++t)
    if (strcmp(name, taken[t]) == 0)
      return xp_error_at(error, xp_json_place(r->json, item),
                         "parameters: {{%s}} has a meaning of its own; give \"%s\" another name", name, name);
  (void)input;
  return XP_OK;
}

/* The value, or the first of those that stand for it. */
static const cJSON *find_example(const cJSON *item) {
  static const char *const lists[] = {"choices", "ordered"};
  for (size_t l = 0; l < sizeof lists / sizeof *lists; ++l) {
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(item, lists[l]);
    if (cJSON_IsArray(list) && list->child) return list->child;
  }
  return item;
}

/* The words of a choice between texts are its own. */
static xp_status take_words(xp_named_parameter *parameter, const xp_reader *r, const cJSON *first, xp_error *error) {
  int n = 0;
  for (const cJSON *word = first; word; word = word->next) {
    if (!cJSON_IsString(word) || n == XP_OPTION_WORDS)
      return xp_error_at(error, xp_json_place(r->json, word), "%s: expected at most %d choices, all of them text",
                         parameter->name, XP_OPTION_WORDS);
    xp_status status = copy_text(&parameter->words[n], word->valuestring, error);
    if (status != XP_OK) return status;
    parameter->option.words[n] = parameter->words[n];
    ++n;
  }
  parameter->option.high = n - 1;
  return XP_OK;
}

static xp_status parse_parameter(xp_external_input *input, const xp_reader *r, const cJSON *item, xp_error *error) {
  xp_status status = check_name(r, input, item, error);
  if (status != XP_OK) return status;
  xp_named_parameter *parameter = append((void **)&input->parameters, &input->nparameters, sizeof *parameter, error);
  if (!parameter) return XP_ERROR_MEMORY;
  parameter->value.dimension = -1;
  status = copy_text(&parameter->name, item->string, error);
  if (status != XP_OK) return status;
  const cJSON *example = find_example(item);
  parameter->option = (xp_option){.section = "parameters",
                                  .name = parameter->name,
                                  .type = XP_OPTION_REAL,
                                  .traits = XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_FREE,
                                  .unit = "",
                                  .low = -LIMIT,
                                  .high = LIMIT,
                                  .standard = "",
                                  .help = ""};
  if (cJSON_IsBool(example)) {
    parameter->option.type = XP_OPTION_FLAG;
    parameter->option.low = 0.0;
    parameter->option.high = 1.0;
  }
  if (cJSON_IsString(example)) {
    parameter->option.type = XP_OPTION_WORD;
    parameter->option.low = 0.0;
    if (example == item) {
      status = copy_text(&parameter->words[0], item->valuestring, error);
      parameter->option.words[0] = parameter->words[0];
      parameter->option.high = 0.0;
    } else
      status = take_words(parameter, r, example, error);
  }
  if (status != XP_OK) return status;
  char name[256];
  snprintf(name, sizeof name, "parameters.%s", parameter->name);
  return xp_parameter_parse(&parameter->value, &parameter->option, name, r->json, item, r->space, error);
}

/* ---- files ---- */

static xp_status parse_file(xp_external_input *input, const xp_reader *r, const cJSON *item, xp_error *error) {
  if (!cJSON_IsString(item) || !item->valuestring[0])
    return xp_error_at(error, xp_json_place(r->json, item), "%s: expected the path of a template, found %s",
                       item->string, xp_json_kind(item));
  xp_status status = check_inside(r, item, item->string, error);
  if (status != XP_OK) return status;
  xp_template_file *file = append((void **)&input->files, &input->nfiles, sizeof *file, error);
  if (!file) return XP_ERROR_MEMORY;
  status = copy_text(&file->name, item->string, error);
  if (status == XP_OK) status = copy_text(&file->path, item->valuestring, error);
  if (status == XP_OK) status = xp_config_beside(&file->path, r->path, error);
  if (status != XP_OK) return status;
  if (xp_bytes_read(&file->content, file->path, error) == XP_OK) return XP_OK;
  char reason[XP_ERROR_SIZE];
  memcpy(reason, error->message, sizeof reason);
  return xp_error_at(error, xp_json_place(r->json, item), "%s", reason);
}

/* ---- metrics ---- */

static xp_status parse_source(xp_metric_source *source, const xp_reader *r, const cJSON *item, xp_error *error) {
  static const char *const keys[] = {"file", "pattern", "pointer", "column", "where"};
  char **members[] = {&source->file, &source->pattern, &source->pointer, &source->column, &source->where};
  enum { KEYS = sizeof keys / sizeof *keys };
  for (const cJSON *child = item->child; child; child = child->next) {
    int k = 0;
    while (k < KEYS && strcmp(keys[k], child->string) != 0) ++k;
    char advice[256];
    if (k == KEYS) xp_word_advice(child->string, keys, KEYS, advice, sizeof advice);
    if (k == KEYS)
      return xp_error_at(error, xp_json_place(r->json, child), "%s: unknown key \"%s\"%s", source->name, child->string,
                         advice);
    if (!cJSON_IsString(child) || !child->valuestring[0])
      return xp_error_at(error, xp_json_place(r->json, child), "%s: expected text, found %s", child->string,
                         xp_json_kind(child));
    xp_status status = copy_text(members[k], child->valuestring, error);
    if (status != XP_OK) return status;
  }
  int ways = (source->pattern != NULL) + (source->pointer != NULL) + (source->column != NULL);
  bool table = !source->where || (source->column && strchr(source->where, '='));
  if (source->file && ways == 1 && table) return check_inside(r, item, source->file, error);
  return xp_error_at(error, source->place,
                     "%s: expected \"file\" and one of \"pattern\", \"pointer\" and \"column\" (with it, \"where\": "
                     "\"COLUMN=TEXT\")",
                     source->name);
}

static xp_status parse_metric(xp_external_input *input, const xp_reader *r, const cJSON *item, xp_error *error) {
  if (!cJSON_IsObject(item))
    return xp_error_at(error, xp_json_place(r->json, item), "%s: expected an object, found %s", item->string,
                       xp_json_kind(item));
  xp_metric_source *source = append((void **)&input->metrics, &input->nmetrics, sizeof *source, error);
  if (!source) return XP_ERROR_MEMORY;
  source->place = xp_json_place(r->json, item);
  source->place.file = r->path;
  xp_status status = copy_text(&source->name, item->string, error);
  return status == XP_OK ? parse_source(source, r, item, error) : status;
}

/* ---- sections ---- */

static xp_status unknown(const xp_reader *r, const cJSON *item, xp_error *error) {
  const char *names[XP_WORDS_MOST] = {"files", "metrics"};
  int n = 2;
  for (int i = 0; i < xp_noptions && n < XP_WORDS_MOST; ++i)
    if (strcmp(xp_options[i].section, "external") == 0) names[n++] = xp_options[i].name;
  char advice[512];
  xp_word_advice(item->string, names, n, advice, sizeof advice);
  return xp_error_at(error, xp_json_place(r->json, item), "unknown key \"%s\" in external%s", item->string, advice);
}

xp_status xp_external_input_parse(xp_external_input *input, const char *section, const xp_reader *reader,
                                  const cJSON *item, xp_error *error) {
  if (strcmp(section, "parameters") == 0) return parse_parameter(input, reader, item, error);
  bool files = strcmp(item->string, "files") == 0;
  if (!files && strcmp(item->string, "metrics") != 0) return unknown(reader, item, error);
  if (!cJSON_IsObject(item))
    return xp_error_at(error, xp_json_place(reader->json, item), "%s: expected an object, found %s", item->string,
                       xp_json_kind(item));
  xp_status status = XP_OK;
  for (const cJSON *child = item->child; child && status == XP_OK; child = child->next)
    status = files ? parse_file(input, reader, child, error) : parse_metric(input, reader, child, error);
  return status;
}

void xp_external_input_print(const xp_external_input *input, FILE *stream) {
  for (int p = 0; p < input->nparameters; ++p) {
    const xp_named_parameter *parameter = &input->parameters[p];
    fprintf(stream, "\nparameters.%s", parameter->name);
    char text[256];
    xp_parameter_format(&parameter->option, parameter->value.value, text, sizeof text);
    if (parameter->value.dimension < 0)
      fprintf(stream, " %s", text);
    else
      fprintf(stream, " #%d", parameter->value.dimension);
  }
  for (int f = 0; f < input->nfiles; ++f) {
    char digest[65];
    xp_bytes_sha256(input->files[f].content.data, input->files[f].content.size, digest);
    fprintf(stream, "\nfile %s %s", input->files[f].name, digest);
  }
  for (int m = 0; m < input->nmetrics; ++m) {
    const xp_metric_source *s = &input->metrics[m];
    fprintf(stream, "\nmetric %s %s %s %s", s->name, s->file,
            s->pattern   ? s->pattern
            : s->pointer ? s->pointer
                         : s->column,
            s->where ? s->where : "");
  }
}

void xp_external_input_clear(xp_external_input *input) {
  for (int p = 0; p < input->nparameters; ++p) {
    free(input->parameters[p].name);
    for (int w = 0; w < XP_OPTION_WORDS; ++w) free(input->parameters[p].words[w]);
    xp_parameter_clear(&input->parameters[p].value);
  }
  for (int f = 0; f < input->nfiles; ++f) {
    free(input->files[f].name);
    free(input->files[f].path);
    xp_bytes_free(&input->files[f].content);
  }
  for (int m = 0; m < input->nmetrics; ++m) {
    xp_metric_source *s = &input->metrics[m];
    char *texts[] = {s->name, s->file, s->pattern, s->pointer, s->column, s->where};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; ++t) free(texts[t]);
  }
  free(input->parameters);
  free(input->files);
  free(input->metrics);
  *input = (xp_external_input){0};
}
