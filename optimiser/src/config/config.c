/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "config/change.h"
#include "config/starts.h"
#include "config/words.h"

/* Keys at the top that are neither options nor sections. */
static const char *const top_keys[] = {"elements", "constraints", "starts", "$schema"};
enum { TOP_KEYS = sizeof top_keys / sizeof *top_keys };

static bool is_top_key(const char *key) {
  bool found = false;
  for (int i = 0; i < TOP_KEYS; ++i) found |= strcmp(key, top_keys[i]) == 0;
  return found;
}

static xp_status unknown(const xp_reader *r, const cJSON *item, const char *section, xp_error *error) {
  const char *names[XP_WORDS_MOST];
  int n = 0;
  for (int i = 0; i < xp_noptions; ++i)
    if (strcmp(xp_options[i].section, section) == 0 && n < XP_WORDS_MOST) names[n++] = xp_options[i].name;
  for (int i = 1; i < xp_nsections && !section[0]; ++i) names[n++] = xp_sections[i].name;
  for (int i = 0; i < TOP_KEYS && !section[0]; ++i) names[n++] = top_keys[i];
  char advice[512];
  xp_word_advice(item->string, names, n, advice, sizeof advice);
  return xp_error_at(error, xp_json_place(r->json, item), "unknown key \"%s\"%s%s%s", item->string,
                     section[0] ? " in " : "", section, advice);
}

static xp_status need_object(const xp_reader *r, const cJSON *item, const char *what, xp_error *error) {
  if (cJSON_IsObject(item)) return XP_OK;
  return xp_error_at(error, xp_json_place(r->json, item), "%s: expected an object, found %s", what, xp_json_kind(item));
}

static int find_element(const xp_config *config, const char *symbol) {
  for (int i = 0; i < config->nelements; ++i)
    if (strcmp(config->elements[i], symbol) == 0) return i;
  return -1;
}

static void note_place(const xp_reader *r, xp_config *config, const cJSON *item, const char *section) {
  bool data = strcmp(section, "data") == 0;
  xp_place place = xp_json_place(r->json, item);
  place.file = config->path;
  if (data && strcmp(item->string, "train") == 0) config->train_place = place;
  if (data && strcmp(item->string, "validate") == 0) config->validate_place = place;
  if (data && strcmp(item->string, "test") == 0) config->test_place = place;
  if (strcmp(section, "external") != 0) return;
  if (strcmp(item->string, "command") == 0) config->external.command_place = place;
  if (strcmp(item->string, "evaluate") == 0) config->external.evaluate_place = place;
}

static xp_status parse_section(const xp_reader *r, xp_config *config, int section, const cJSON *object,
                               xp_error *error) {
  const xp_section *s = &xp_sections[section];
  xp_status status = need_object(r, object, s->name, error);
  for (const cJSON *item = object->child; item && status == XP_OK; item = item->next) {
    const xp_option *option = xp_option_find(s->name, item->string, 0);
    if (!option && s->keys == XP_KEYS_NAMES) return unknown(r, item, s->name, error);
    note_place(r, config, item, s->name);
    if (!option && s->keys == XP_KEYS_FREE)
      status = xp_external_input_parse(&config->external, s->name, r, item, error);
    else
      status = option ? xp_value_parse(option, s->name, config, r, item, error)
                      : xp_map_parse(&config->maps[section], s, r, item, error);
  }
  return status;
}

/* Weights a group does not give are those of the default group. */
static xp_status complete_groups(xp_config *config, xp_error *error) {
  int section = xp_section_find("weights");
  const xp_map *map = &config->maps[section];
  const xp_entry *standard = xp_map_find(map, "default");
  config->groups = calloc((size_t)map->count + 1, sizeof *config->groups);
  if (!config->groups) return xp_error_memory(error, "the weights");
  xp_group_weights *first = &config->groups[config->ngroups++];
  memcpy(first, map->standard, sizeof *first);
  xp_map_override(&xp_sections[section], standard, first);
  first->name = "default";
  if (standard) first->place = standard->place;
  for (int e = 0; e < map->count; ++e) {
    if (&map->entries[e] == standard) continue;
    xp_group_weights *group = &config->groups[config->ngroups++];
    *group = *first;
    xp_map_override(&xp_sections[section], &map->entries[e], group);
    group->name = map->entries[e].name;
    group->place = map->entries[e].place;
  }
  return XP_OK;
}

/* What atoms of extended XYZ can be called, and what can stand in a potential file. */
static bool is_symbol(const char *text) {
  size_t size = strlen(text);
  for (size_t i = 0; i < size; ++i)
    if (!isalpha((unsigned char)text[i]) && (i == 0 || (!isdigit((unsigned char)text[i]) && text[i] != '_')))
      return false;
  return size > 0 && size < XP_SYMBOL_SIZE;
}

static xp_status parse_elements(const xp_reader *r, xp_config *config, xp_error *error) {
  const cJSON *root = xp_json_root(r->json);
  const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "elements");
  if (!list || !cJSON_IsArray(list) || !list->child)
    return xp_error_at(error, xp_json_place(r->json, list ? list : root),
                       "expected \"elements\": a list of element symbols, found %s",
                       !list                 ? "none"
                       : cJSON_IsArray(list) ? "an empty one"
                                             : xp_json_kind(list));
  config->elements = calloc((size_t)cJSON_GetArraySize(list), sizeof *config->elements);
  if (!config->elements) return xp_error_memory(error, "the elements");
  for (const cJSON *item = list->child; item; item = item->next) {
    if (!cJSON_IsString(item) || !is_symbol(item->valuestring))
      return xp_error_at(error, xp_json_place(r->json, item), "elements: expected an element symbol, found %s",
                         cJSON_IsString(item) ? item->valuestring : xp_json_kind(item));
    if (find_element(config, item->valuestring) >= 0)
      return xp_error_at(error, xp_json_place(r->json, item), "elements: %s is listed twice", item->valuestring);
    strcpy(config->elements[config->nelements++], item->valuestring);
  }
  return XP_OK;
}

/* A section whose keys all have an object of options. */
static bool is_map(const xp_section *section) {
  return section->keys == XP_KEYS_GROUPS || section->keys == XP_KEYS_BLOCKS;
}

static xp_status set_standards(xp_config *config, xp_error *error) {
  xp_status status = XP_OK;
  for (int i = 0; i < xp_noptions && status == XP_OK; ++i)
    if (!(xp_options[i].traits & XP_OPTION_KEYED))
      status = xp_value_standard(&xp_options[i], config, config->nelements, error);
  config->maps = calloc((size_t)xp_nsections, sizeof *config->maps);
  if (!config->maps) return xp_error_memory(error, "the input file");
  for (int s = 0; s < xp_nsections && status == XP_OK; ++s)
    if (is_map(&xp_sections[s])) status = xp_map_new(&config->maps[s], &xp_sections[s], error);
  return status;
}

static xp_status parse_root(const xp_reader *r, xp_config *config, xp_error *error) {
  xp_status status = XP_OK;
  for (const cJSON *item = xp_json_root(r->json)->child; item && status == XP_OK; item = item->next) {
    const xp_option *option = xp_option_find("", item->string, 0);
    int section = xp_section_find(item->string);
    if (option)
      status = xp_value_parse(option, "", config, r, item, error);
    else if (section > 0)
      status = parse_section(r, config, section, item, error);
    else if (!is_top_key(item->string))
      return unknown(r, item, "", error);
  }
  return status;
}

static bool may_be_snap(const xp_config *config) {
  return xp_config_may_be(config, XP_FIT_SNAP) || xp_config_may_be(config, XP_FIT_QSNAP);
}

/* False for options of other kinds of potential. */
static bool acts(const xp_config *config, const xp_option *option) {
  bool external = xp_config_may_be(config, XP_FIT_EXTERNAL);
  static const char *const inside[] = {"weights", "fit", "cost", "survival"};
  bool ours = false;
  for (size_t s = 0; s < sizeof inside / sizeof *inside; ++s) ours |= strcmp(option->section, inside[s]) == 0;
  return !(option->traits & XP_OPTION_SNAP && !may_be_snap(config)) &&
         !(option->traits & XP_OPTION_ACE && !xp_config_may_be(config, XP_FIT_ACE)) &&
         !(option->traits & XP_OPTION_EXTERNAL && !external) && !(ours && external);
}

static const char *kind_of(const xp_option *option) {
  if (option->traits & XP_OPTION_EXTERNAL) return "\"external\"";
  if (option->traits & XP_OPTION_ACE) return "\"ace\"";
  return option->traits & XP_OPTION_SNAP ? "\"snap\" or \"qsnap\"" : "\"snap\", \"qsnap\" or \"ace\"";
}

static xp_status check_kinds(const xp_reader *r, const xp_config *config, xp_error *error) {
  for (int i = 0; i < xp_noptions; ++i) {
    const xp_option *option = &xp_options[i];
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(xp_json_root(r->json), option->section);
    if (!(option->traits & XP_OPTION_KEYED)) item = cJSON_GetObjectItemCaseSensitive(item, option->name);
    if (!item || acts(config, option)) continue;
    return xp_error_at(error, xp_json_place(r->json, item), "%s acts only with potential.kind %s; remove it",
                       item->string, kind_of(option));
  }
  return XP_OK;
}

/* How its results are read, and that it is the only kind: other kinds have other parameters. */
static xp_status check_external(const xp_reader *r, const xp_config *config, xp_error *error) {
  const cJSON *root = xp_json_root(r->json), *section = cJSON_GetObjectItemCaseSensitive(root, "external");
  xp_place place = xp_json_place(r->json, section ? section : root);
  if (!xp_config_may_be(config, XP_FIT_EXTERNAL)) {
    const cJSON *parameters = cJSON_GetObjectItemCaseSensitive(root, "parameters");
    if (!section && !parameters) return XP_OK;
    return xp_error_at(error, xp_json_place(r->json, section ? section : parameters),
                       "%s acts only with potential.kind \"external\"; remove it",
                       (section ? section : parameters)->string);
  }
  if (config->kind.dimension >= 0)
    return xp_error_at(error, place, "potential.kind: \"external\" cannot be one of several choices");
  if (!config->external_command)
    return xp_error_at(error, place, "potential.kind \"external\" needs external.command, the command of the fit");
  if (config->folds.value > 0.0 || config->holdout.value > 0.0)
    return xp_error_at(error, place,
                       "data.folds and data.holdout do not act with potential.kind \"external\"; split the file");
  bool loss = config->expression || config->command;
  for (int m = 0; m < config->external.nmetrics; ++m) loss |= strcmp(config->external.metrics[m].name, "loss") == 0;
  bool predictions = config->external_predictions, potential = config->external_potential;
  if ((predictions && potential) || (!predictions && !potential && !loss))
    return xp_error_at(error, place,
                       "external: expected one of \"predictions\", \"potential\" and a metric \"loss\", to compute the "
                       "loss from");
  if ((predictions || potential) && !config->validate)
    return xp_error_at(error, place, "external: %s are compared with data.validate; give that file",
                       config->external_predictions ? "predictions" : "predictions of the potential");
  return XP_OK;
}

static xp_status check_inner(const xp_config *config, xp_error *error) {
  xp_place place = {config->path, 0, 0};
  bool inner = config->switchinnerflag.dimension >= 0 || config->switchinnerflag.value != 0.0;
  bool sinner = config->sinner[0].given, dinner = config->dinner[0].given;
  if (inner && !(sinner && dinner))
    return xp_error_at(error, place, "switchinnerflag needs both sinner and dinner in \"potential\"");
  if (!inner && (sinner || dinner))
    return xp_error_at(error, place,
                       "sinner and dinner act only with \"switchinnerflag\": true; add it or remove them");
  return XP_OK;
}

/* What acts with repulsion "given" only is no use without. */
static xp_status check_repulsion(const xp_config *config, xp_error *error) {
  const xp_map *bonds = &config->maps[xp_section_find("bonds")];
  bool given = config->repulsion.dimension >= 0 || config->repulsion.value == XP_REPULSION_GIVEN;
  for (int e = 0; e < bonds->count && !given; ++e) {
    const xp_bond_options *values = bonds->entries[e].values;
    if (values->r_in.given || values->delta_in.given || values->core_repulsion.given || values->inner_cutoff_type.given)
      return xp_error_at(error, bonds->entries[e].place,
                         "bonds.%s: r_in, delta_in, core-repulsion and inner_cutoff_type act only with "
                         "potential.repulsion \"given\"; add it or remove them",
                         bonds->entries[e].name);
  }
  return XP_OK;
}

static xp_status check_validation(const xp_config *config, xp_error *error) {
  xp_place place = {config->path, 0, 0};
  bool folds = config->folds.value > 0.0, holdout = config->holdout.value > 0.0;
  if ((config->validate != NULL) + folds + holdout > 1)
    return xp_error_at(error, place, "data: expected one of validate, folds and holdout, found %s",
                       !config->validate ? "folds and holdout"
                       : folds           ? "validate and folds"
                                         : "validate and holdout");
  if (config->folds.value == 1.0)
    return xp_error_at(error, place, "data.folds: expected 0 or at least 2 folds, found 1");
  if (folds && config->patience.value > 0.0)
    return xp_error_at(error, place,
                       "fit.patience watches validation data, which data.folds does not have; set it to 0, or use "
                       "data.validate or data.holdout");
  return XP_OK;
}

static xp_status check_loss(const xp_config *config, xp_error *error) {
  xp_place place = {config->path, 0, 0};
  bool huber = config->loss_error.value == XP_LOSS_HUBER;
  if (config->energy_target.given != config->force_target.given)
    return xp_error_at(error, place, "loss: energy_target and force_target act together; give both or none");
  if (config->energy_target.given && config->alpha.given)
    return xp_error_at(error, place, "loss: alpha follows from energy_target and force_target; remove it, or them");
  if (huber && !(config->loss_huber_energy.given && config->loss_huber_force.given))
    return xp_error_at(error, place, "loss.error \"huber\" needs loss.huber_energy and loss.huber_force");
  if (!huber && (config->loss_huber_energy.given || config->loss_huber_force.given))
    return xp_error_at(error, place, "loss.huber_energy and loss.huber_force act only with loss.error \"huber\"");
  if (config->expression && config->command)
    return xp_error_at(error, place, "loss: expected expression or command, found both");
  return XP_OK;
}

static xp_status check_whole(const xp_reader *r, const xp_config *config, xp_error *error) {
  xp_place place = {config->path, 0, 0};
  if (!config->train && !xp_config_may_be(config, XP_FIT_EXTERNAL))
    return xp_error_at(error, place, "expected \"data\": {\"train\": FILE, ...}, found no file to fit to");
  xp_status status = check_kinds(r, config, error);
  if (status == XP_OK) status = check_external(r, config, error);
  if (status == XP_OK) status = check_inner(config, error);
  if (status == XP_OK) status = check_repulsion(config, error);
  if (status == XP_OK) status = check_validation(config, error);
  if (status == XP_OK) status = check_loss(config, error);
  if (status != XP_OK) return status;
  if (xp_config_may_be(config, XP_FIT_ACE) && config->nelements > XP_ACE_ELEMENTS_MOST)
    return xp_error_at(error, place, "elements: expected at most %d with potential.kind \"ace\", found %d",
                       XP_ACE_ELEMENTS_MOST, config->nelements);
  if (strchr(config->name, '/'))
    return xp_error_at(error, place, "name: expected a file name without \"/\", found \"%s\"", config->name);
  return XP_OK;
}

/* Relative paths of the input start where the input is. */
xp_status xp_config_beside(char **path, const char *input, xp_error *error) {
  const char *slash = strrchr(input, '/');
  if (!*path || **path == '/' || !slash) return XP_OK;
  size_t folder = (size_t)(slash - input) + 1;
  char *joined = malloc(folder + strlen(*path) + 1);
  if (!joined) return xp_error_memory(error, "the input file");
  memcpy(joined, input, folder);
  strcpy(joined + folder, *path);
  if (strcmp(*path, ".") == 0 && folder > 1) joined[folder - 1] = '\0';
  free(*path);
  *path = joined;
  return XP_OK;
}

/* The content of the potential to start from decides the result; its name does not. */
xp_status xp_config_set_initial(xp_config *config, const char *path, xp_error *error) {
  xp_bytes bytes = {0};
  char *copy = strdup(path);
  if (!copy) return xp_error_memory(error, "the command line");
  free(config->initial_potential);
  config->initial_potential = copy;
  xp_status status = xp_bytes_read(&bytes, path, error);
  if (status == XP_OK) xp_bytes_sha256(bytes.data, bytes.size, config->initial_sha256);
  xp_bytes_free(&bytes);
  return status;
}

static xp_status digest_initial(xp_config *config, const xp_json *json, xp_error *error) {
  xp_bytes bytes = {0};
  if (!config->initial_potential) return XP_OK;
  xp_status status = xp_bytes_read(&bytes, config->initial_potential, error);
  if (status == XP_OK) xp_bytes_sha256(bytes.data, bytes.size, config->initial_sha256);
  xp_bytes_free(&bytes);
  if (status != XP_ERROR_IO) return status;
  const cJSON *fit = cJSON_GetObjectItemCaseSensitive(xp_json_root(json), "fit");
  xp_place place = xp_json_place(json, cJSON_GetObjectItemCaseSensitive(fit, "initial_potential"));
  char reason[XP_ERROR_SIZE];
  memcpy(reason, error->message, sizeof reason);
  return xp_error_at(error, place, "%s", reason);
}

static xp_status parse(xp_config *config, const xp_json *json, xp_error *error) {
  xp_reader r = {.json = json, .path = config->path};
  xp_status status = need_object(&r, xp_json_root(json), "the input", error);
  if (status == XP_OK) status = xp_space_new(&config->space, error);
  if (status == XP_OK) status = parse_elements(&r, config, error);
  r.space = config->space;
  r.elements = config->elements;
  r.nelements = config->nelements;
  if (status == XP_OK) status = set_standards(config, error);
  if (status == XP_OK) status = parse_root(&r, config, error);
  if (status == XP_OK) status = xp_constraints_parse(&r, error);
  if (status == XP_OK) status = xp_space_finish(config->space, error);
  if (status == XP_OK) status = xp_starts_parse(&r, &config->starts, &config->nstarts, error);
  if (status == XP_OK) status = complete_groups(config, error);
  if (status == XP_OK) status = check_whole(&r, config, error);
  char **paths[] = {&config->train,
                    &config->validate,
                    &config->test,
                    &config->output,
                    &config->initial_potential,
                    &config->cost_structure,
                    &config->survival_structures,
                    &config->survival_plugin,
                    &config->transfer};
  for (size_t p = 0; p < sizeof paths / sizeof *paths && status == XP_OK; ++p)
    status = xp_config_beside(paths[p], config->path, error);
  if (status == XP_OK) status = digest_initial(config, json, error);
  return status;
}

xp_status xp_config_read(xp_config **config, const char *path, xp_error *error) {
  return xp_config_read_changed(config, path, NULL, 0, error);
}

xp_status xp_config_read_changed(xp_config **config, const char *path, const xp_change *changes, int nchanges,
                                 xp_error *error) {
  *config = NULL;
  xp_bytes bytes = {0};
  xp_json *json = NULL;
  xp_config *new = NULL;
  xp_status status = xp_bytes_read(&bytes, path, error);
  if (status == XP_OK) status = xp_json_parse(&json, &bytes, error);
  if (status == XP_OK) status = xp_changes_make(xp_json_edit(json), changes, nchanges, error);
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
  for (int i = 0; i < xp_noptions; ++i)
    if (!(xp_options[i].traits & XP_OPTION_KEYED)) xp_value_clear(&xp_options[i], config, config->nelements);
  xp_external_input_clear(&config->external);
  for (int s = 0; s < xp_nsections && config->maps; ++s) xp_map_clear(&config->maps[s], &xp_sections[s]);
  free(config->maps);
  free(config->groups);
  free(config->elements);
  free(config->path);
  xp_space_free(config->space);
  free(config->starts);
  free(config);
}

int xp_config_group(const xp_config *config, const char *config_type) {
  for (int g = 1; g < config->ngroups; ++g)
    if (strcmp(config->groups[g].name, config_type) == 0) return g;
  return 0;
}

bool xp_config_may_be(const xp_config *config, xp_fit_kind kind) {
  const xp_parameter *k = &config->kind;
  bool found = (k->dimension < 0 || xp_parameter_conditional(k)) && (int)k->value == (int)kind;
  for (int c = 0; c < k->nchoices; ++c) found |= (int)k->choices[c] == (int)kind;
  return found;
}

static void resolve(const xp_config *config, const char *section, const int *species, int nspecies, void *values) {
  int s = xp_section_find(section);
  xp_map_resolve(&config->maps[s], &xp_sections[s], species, nspecies, values);
}

xp_embedding_options xp_config_embedding(const xp_config *config, int species) {
  xp_embedding_options options;
  resolve(config, "embeddings", &species, 1, &options);
  return options;
}

xp_bond_options xp_config_bond(const xp_config *config, int a, int b) {
  xp_bond_options options;
  int species[2] = {a < b ? a : b, a < b ? b : a};
  resolve(config, "bonds", species, a == b ? 1 : 2, &options);
  return options;
}

xp_function_options xp_config_functions(const xp_config *config, const int *species, int nspecies) {
  xp_function_options options;
  resolve(config, "functions", species, nspecies, &options);
  return options;
}

/* What printing one option of all blocks needs. */
typedef struct block_printer {
  const xp_config *config;
  const xp_option *option;
  FILE *stream;
} block_printer;

static xp_status print_block(void *context, const int *species, int nspecies, xp_error *error) {
  const block_printer *p = context;
  (void)error;
  union {
    xp_embedding_options embedding;
    xp_bond_options bond;
    xp_function_options functions;
  } values;
  resolve(p->config, p->option->section, species, nspecies, &values);
  fprintf(p->stream, ",");
  xp_value_print(p->option, &values, 0, p->stream);
  return XP_OK;
}

static xp_status print_keyed(const xp_config *config, const xp_option *option, FILE *stream, xp_error *error) {
  const xp_section *section = &xp_sections[xp_section_find(option->section)];
  if (section->keys == XP_KEYS_BLOCKS) {
    block_printer printer = {config, option, stream};
    return xp_map_each(section, config->nelements, print_block, &printer, error);
  }
  for (int g = 0; g < config->ngroups; ++g) {
    fprintf(stream, " %s", config->groups[g].name);
    xp_value_print(option, &config->groups[g], 0, stream);
  }
  return XP_OK;
}

xp_status xp_config_print_fingerprint(const xp_config *config, FILE *stream, xp_error *error) {
  xp_status status = XP_OK;
  for (int e = 0; e < config->nelements; ++e) fprintf(stream, "%s ", config->elements[e]);
  for (int i = 0; i < xp_noptions && status == XP_OK; ++i) {
    const xp_option *option = &xp_options[i];
    if (!(option->traits & XP_OPTION_RESULT) || !acts(config, option)) continue;
    fprintf(stream, "\n%s.%s", option->section, option->name);
    if (option->traits & XP_OPTION_KEYED)
      status = print_keyed(config, option, stream, error);
    else
      xp_value_print(option, config, config->nelements, stream);
  }
  xp_external_input_print(&config->external, stream);
  if (config->initial_potential) fprintf(stream, "\n%s", config->initial_sha256);
  return status;
}
