/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/card.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "active/active.h"
#include "report/folder.h"
#include "report/report.h"
#include "space/number.h"

static void add_date(cJSON *card) {
  char text[32];
  time_t now = time(NULL);
  struct tm utc;
  if (gmtime_r(&now, &utc) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc))
    cJSON_AddStringToObject(card, "date", text);
}

/* Parts of a file are told by the checksum of the file and data.holdout. */
static void add_data(cJSON *parent, const char *role, const xp_data *data, const xp_data *file) {
  cJSON *object = cJSON_AddObjectToObject(parent, role);
  cJSON_AddStringToObject(object, "file", data->path);
  cJSON_AddStringToObject(object, "sha256", file ? file->sha256 : data->sha256);
  cJSON_AddNumberToObject(object, "structures", data->set->nstructures);
  cJSON_AddNumberToObject(object, "atoms", data->natoms);
}

static void add_validation(cJSON *parent, const xp_config *config) {
  if (config->folds.value == 0.0 && config->holdout.value == 0.0) return;
  cJSON *object = cJSON_AddObjectToObject(parent, "validation");
  if (config->folds.value > 0.0)
    cJSON_AddNumberToObject(object, "folds", config->folds.value);
  else
    cJSON_AddNumberToObject(object, "holdout", config->holdout.value);
  cJSON_AddNumberToObject(object, "seed", config->seed.value);
}

static void add_range_values(cJSON *parent, const xp_config *config, const double *values) {
  cJSON *object = cJSON_AddObjectToObject(parent, "hyperparameters");
  for (int d = 0; d < xp_space_count(config->space) && values; ++d) {
    const xp_range *range = xp_space_range(config->space, d);
    if (!xp_space_active(config->space, values, d)) continue;
    if (range->choices)
      cJSON_AddStringToObject(object, range->name, range->choices[(int)values[d]]);
    else
      cJSON_AddNumberToObject(object, range->name, values[d]);
  }
}

static void add_snap_fit(cJSON *fit, const xp_solution *solution) {
  cJSON_AddNumberToObject(fit, "coefficients", solution->columns);
  cJSON_AddNumberToObject(fit, "rank", solution->rank);
  cJSON_AddNumberToObject(fit, "condition", solution->condition);
  cJSON_AddNumberToObject(fit, "energy_rows", (double)solution->rows[XP_ROW_ENERGY]);
  cJSON_AddNumberToObject(fit, "force_rows", (double)solution->rows[XP_ROW_FORCE]);
  cJSON_AddNumberToObject(fit, "virial_rows", (double)solution->rows[XP_ROW_VIRIAL]);
}

/* Functions of an element in all and by rank. */
static void add_functions(cJSON *parent, const xp_ace_basis *basis, int element) {
  int ranks[XP_ACE_BASIS_RANK_MAX] = {0};
  cJSON *object = cJSON_AddObjectToObject(parent, basis->elements[element]);
  for (int f = 0; f < basis->nfunctions[element]; ++f) ranks[basis->functions[element][f].rank - 1]++;
  cJSON_AddNumberToObject(object, "all", basis->nfunctions[element]);
  cJSON_AddItemToObject(object, "by_rank", cJSON_CreateIntArray(ranks, XP_ACE_BASIS_RANK_MAX));
}

static void add_ace_fit(cJSON *fit, const xp_ace_result *result) {
  const xp_ace_basis *basis = result->basis;
  cJSON *functions = cJSON_AddObjectToObject(fit, "functions"), *energies = cJSON_CreateObject();
  for (int e = 0; e < basis->nelements; ++e) {
    add_functions(functions, basis, e);
    cJSON_AddNumberToObject(energies, basis->elements[e], basis->e0[e]);
  }
  cJSON_AddItemToObject(fit, "e0", energies);
  cJSON_AddNumberToObject(fit, "parameters", result->parameters);
  cJSON_AddNumberToObject(fit, "iterations", result->iterations);
  cJSON_AddNumberToObject(fit, "training_loss", result->train.total);
  cJSON_AddStringToObject(fit, "inner_cutoff_type",
                          basis->bonds[0].inner_cutoff_type == XP_ACE_INNER_ZBL        ? "zbl"
                          : basis->bonds[0].inner_cutoff_type == XP_ACE_INNER_DISTANCE ? "distance"
                                                                                       : "density");
}

static void add_fit(cJSON *parent, const xp_card *card) {
  cJSON *fit = cJSON_AddObjectToObject(parent, "fit");
  if (card->result->ace.basis)
    add_ace_fit(fit, &card->result->ace);
  else
    add_snap_fit(fit, &card->result->snap.solution);
}

/* value and the metrics of a trial; a loss of the user's own has no alpha. */
static void add_loss(cJSON *parent, const xp_card *card) {
  const xp_config *config = card->config;
  const xp_trial *assessed = card->assessed;
  cJSON *loss = cJSON_AddObjectToObject(parent, "loss");
  if (config->expression)
    cJSON_AddStringToObject(loss, "expression", config->expression);
  else if (config->command)
    cJSON_AddStringToObject(loss, "command", config->command);
  else
    cJSON_AddNumberToObject(loss, "alpha", card->alpha);
  cJSON_AddNumberToObject(loss, "value", assessed->loss);
  for (int m = 0; m < assessed->nmetrics; ++m)
    xp_number_add(loss, assessed->metrics[m].name, assessed->metrics[m].value);
}

static void add_cost(cJSON *parent, const xp_card *card) {
  cJSON *cost = cJSON_AddObjectToObject(parent, "cost");
  cJSON_AddNumberToObject(cost, "seconds", card->seconds);
  cJSON_AddNumberToObject(cost, "peak_memory_mb", xp_report_peak_memory());
  if (isnan(card->us_per_atom)) return;
  cJSON_AddNumberToObject(cost, "evaluation_us_per_atom", card->us_per_atom);
  cJSON_AddStringToObject(cost, "evaluation_cell", card->cost_cell);
}

static void add_search(cJSON *parent, const xp_card *card) {
  if (card->trial == 0) return;
  cJSON *search = cJSON_AddObjectToObject(parent, "search");
  cJSON_AddNumberToObject(search, "best_trial", card->trial);
  cJSON_AddNumberToObject(search, "trials", card->trials);
  cJSON_AddNumberToObject(search, "failed_trials", card->failed_trials);
  cJSON_AddNumberToObject(search, "seed", card->config->seed.value);
}

/* Of the set that was written. */
static void add_active_set(cJSON *card, const char *form, const xp_active_summary *summary) {
  cJSON *object = cJSON_AddObjectToObject(card, "active_set");
  cJSON_AddStringToObject(object, "form", form);
  for (int e = 0; e < summary->nelements; ++e) {
    const xp_active_element *element = &summary->elements[e];
    cJSON *own = cJSON_AddObjectToObject(object, element->symbol);
    cJSON_AddNumberToObject(own, "descriptors", element->descriptors);
    cJSON_AddNumberToObject(own, "atoms", (double)element->atoms);
    cJSON_AddNumberToObject(own, "unexplored", element->unexplored);
    cJSON_AddNumberToObject(own, "largest_gamma", element->largest);
  }
}

static xp_status add_file(cJSON *files, const char *path, const char *name, xp_error *error) {
  xp_bytes bytes = {0};
  char digest[65];
  xp_status status = xp_bytes_read(&bytes, path, error);
  if (status == XP_OK) {
    xp_bytes_sha256(bytes.data, bytes.size, digest);
    cJSON_AddStringToObject(files, name, digest);
  }
  xp_bytes_free(&bytes);
  return status;
}

int xp_card_files(const xp_config *config, const xp_fit_result *result, char names[2][XP_FOLDER_PATH]) {
  bool ace = result->ace.basis != NULL;
  snprintf(names[0], XP_FOLDER_PATH, "%s.%s", config->name, ace ? "yaml" : "snapcoeff");
  snprintf(names[1], XP_FOLDER_PATH, "%s.%s", config->name, ace ? "yace" : "snapparam");
  return 2;
}

/* The files are read again: a fitted potential has no B basis, and they are what the set belongs to. */
static xp_status write_active_set(const xp_card *card, const char *const *paths, int npaths, cJSON *root, cJSON *files,
                                  xp_error *error) {
  const xp_config *config = card->config;
  bool full = (int)config->active_set.value == XP_ACTIVE_FULL;
  char name[XP_FOLDER_PATH], path[XP_FOLDER_PATH];
  xp_potential *potential = NULL;
  xp_active_set *set = NULL;
  xp_active_summary summary = {0};
  snprintf(name, sizeof name, "%.1000s.asi", config->name);
  xp_status status = xp_folder_join(path, config->output, name, error);
  if (status == XP_OK) status = xp_potential_read(&potential, paths, npaths, error);
  xp_active_request request = {.potential = potential,
                               .data = card->train,
                               .form = full ? XP_GRADE_FULL : XP_GRADE_LINEAR,
                               .memory = 1e9 * config->memory.value,
                               .threads = card->threads,
                               .report = card->report};
  if (status == XP_OK) status = xp_active_make(&set, &summary, &request, error);
  if (status == XP_OK) status = xp_active_set_write(set, path, error);
  if (status == XP_OK) status = add_file(files, path, name, error);
  if (status == XP_OK) {
    add_active_set(root, full ? "full" : "linear", &summary);
    xp_active_summary_warn(&summary, card->report);
  }
  xp_active_summary_clear(&summary);
  xp_active_set_free(set);
  xp_potential_free(potential);
  return status;
}

/* unset: why there is no active set; the potential and its card are worth keeping without. */
static xp_status write_potential(const xp_card *card, cJSON *root, cJSON *files, xp_error *unset, xp_error *error) {
  const xp_fit_result *result = card->result;
  char names[2][XP_FOLDER_PATH], paths[2][XP_FOLDER_PATH], header[1024];
  const char *const written[2] = {paths[0], paths[1]};
  int n = xp_card_files(card->config, result, names);
  xp_status status = XP_OK;
  for (int i = 0; i < n && status == XP_OK; ++i)
    status = xp_folder_join(paths[i], card->config->output, names[i], error);
  snprintf(header, sizeof header, "Fitted by xpot-opt %s to %.300s (SHA-256 %s); see card.json", XPOT_VERSION,
           card->train->path, card->held ? card->held->sha256 : card->train->sha256);
  if (status == XP_OK && result->ace.basis) {
    status = xp_ace_basis_write(result->ace.basis, paths[0], error);
    if (status == XP_OK) status = xp_ace_write_yace(result->potential.ace, paths[1], error);
  } else if (status == XP_OK) {
    status = xp_snap_write(result->potential.snap, paths[0], paths[1], header, error);
  }
  for (int i = 0; i < n && status == XP_OK; ++i) status = add_file(files, paths[i], names[i], error);
  if (status == XP_OK && card->final && (int)card->config->active_set.value != XP_ACTIVE_NONE)
    write_active_set(card, written, result->ace.basis ? 1 : n, root, files, unset);
  return status;
}

/* A member that could not be added for lack of memory is missing; cJSON frees what was made for it. */
xp_status xp_card_write(const xp_card *card, xp_error *error) {
  cJSON *root = cJSON_CreateObject();
  if (!root) return xp_error_memory(error, "the card");
  cJSON_AddStringToObject(root, "program", "xpot-opt " XPOT_VERSION);
  cJSON_AddStringToObject(root, "command", card->command);
  add_date(root);
  cJSON *input = cJSON_AddObjectToObject(root, "input");
  cJSON_AddStringToObject(input, "file", card->config->path);
  cJSON_AddStringToObject(input, "sha256", card->config->sha256);
  cJSON *data = cJSON_AddObjectToObject(root, "data");
  add_data(data, "train", card->train, card->held);
  if (card->judged && card->judged != card->train) add_data(data, "validate", card->judged, card->held);
  if (card->test) add_data(data, "test", card->test, NULL);
  add_validation(data, card->config);
  cJSON *files = cJSON_AddObjectToObject(root, "files_sha256");
  xp_error unset = {0};
  xp_status status = write_potential(card, root, files, &unset, error);
  add_range_values(root, card->config, card->values);
  add_fit(root, card);
  add_search(root, card);
  cJSON *errors = cJSON_AddObjectToObject(root, "errors");
  cJSON_AddItemToObject(errors, "train", xp_error_table_json(card->train_errors, card->train));
  if (card->judged) cJSON_AddItemToObject(errors, "validate", xp_error_table_json(card->validate_errors, card->judged));
  if (card->test) cJSON_AddItemToObject(errors, "test", xp_error_table_json(card->test_errors, card->test));
  if (card->assessed) add_loss(root, card);
  add_cost(root, card);
  char path[XP_FOLDER_PATH];
  if (status == XP_OK) status = xp_folder_join(path, card->config->output, "card.json", error);
  if (status != XP_OK)
    cJSON_Delete(root);
  else
    status = xp_json_write(root, path, error);
  if (status != XP_OK || unset.status == XP_OK) return status;
  return xp_error_set(error, unset.status,
                      "%s (the potential and card.json are written, the active set is not: xpot-opt active makes it)",
                      unset.message);
}

xp_status xp_json_write(cJSON *document, const char *path, xp_error *error) {
  char *text = document ? cJSON_Print(document) : NULL;
  cJSON_Delete(document);
  if (!text) return xp_error_memory(error, "a JSON document");
  xp_output *output = NULL;
  xp_status status = XP_OK;
  if (strcmp(path, "-") == 0) {
    printf("%s\n", text);
  } else if ((status = xp_output_open(&output, path, error)) == XP_OK) {
    fprintf(xp_output_stream(output), "%s\n", text);
    status = xp_output_commit(output, error);
  }
  free(text);
  return status;
}
