/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/choice.h"
#include "cli/flags.h"
#include "cli/study.h"
#include "config/change.h"
#include "config/words.h"
#include "parallel/parallel.h"
#include "report/ablation.h"
#include "search/random.h"

static const xp_flag flags[] = {XP_FLAG_TRIAL, XP_FLAG_STAGES, XP_FLAG_OUTPUT, XP_FLAG_THREADS, XP_FLAG_QUIET, {0}};

#define GROUPS "groups."

/* A study of variations: what all rows share. */
typedef struct ablation {
  const xp_call *call;
  xp_choice choice;
  xp_ablation rows, before; /* of this run and, as far as they were done, of earlier ones */
  char folder[XP_FOLDER_PATH];
} ablation;

/* ---- rows ---- */

/* The end of a value in a list: a comma outside brackets, braces and quotes, or the end. */
static const char *value_end(const char *text) {
  int depth = 0;
  bool quoted = false;
  for (; *text && (depth > 0 || quoted || *text != ','); ++text) {
    if (*text == '"') quoted = !quoted;
    depth += (*text == '[' || *text == '{') - (*text == ']' || *text == '}');
  }
  return text;
}

static xp_status bad_argument(const char *argument, xp_error *error) {
  return xp_error_set(error, XP_ERROR_INPUT,
                      "expected KEY=VALUE,VALUE,... such as potential.twojmax=6,4 or groups.Liquid=0.5,0, found \"%s\"",
                      argument);
}

/* "KEY=V1,V2" to a row for each value. */
static xp_status add_rows(xp_ablation *rows, const char *argument, xp_error *error) {
  const char *equals = strchr(argument, '=');
  if (!equals || equals == argument || !equals[1]) return bad_argument(argument, error);
  xp_status status = XP_OK;
  for (const char *value = equals + 1, *end; status == XP_OK; value = end + 1) {
    end = value_end(value);
    char *key = strndup(argument, (size_t)(equals - argument)), *text = strndup(value, (size_t)(end - value));
    if (!key || !text)
      status = xp_error_memory(error, "the ablation study");
    else
      status = text[0] ? xp_ablation_add(rows, key, text, error) : bad_argument(argument, error);
    free(key);
    free(text);
    if (!*end) break;
  }
  return status;
}

/* Name of the group a row drops structures of; NULL: it changes an option, or nothing. */
static const char *group_of(const xp_ablation_row *row) {
  return strncmp(row->change, GROUPS, strlen(GROUPS)) == 0 ? row->change + strlen(GROUPS) : NULL;
}

static xp_status read_row_config(const ablation *a, const xp_ablation_row *row, xp_config **config, xp_error *error) {
  xp_change change = {row->change, row->value};
  return xp_call_config_changed(a->call, &change, row->change[0] && !group_of(row), config, error);
}

/* ---- checks, before anything is fitted ---- */

static xp_status check_reference(const ablation *a, const xp_config *config, xp_error *error) {
  xp_place place = {config->path, 0, 0};
  xp_validation_kind kind = xp_validation_kind_of(config);
  if (kind == XP_VALIDATION_NONE)
    return xp_error_at(error, place,
                       "an ablation study needs data.validate, a file of structures apart from those fitted to, "
                       "data.holdout or data.folds");
  for (int r = 0; r < a->rows.count && kind == XP_VALIDATION_FOLDS; ++r)
    if (group_of(&a->rows.rows[r]))
      return xp_error_at(error, place,
                         "%s: groups cannot be dropped with data.folds; use data.validate or data.holdout",
                         a->rows.rows[r].change);
  if (a->choice.past) return xp_choice_check(&a->choice, config, error);
  if (xp_space_count(config->space) == 0) return XP_OK;
  return xp_error_at(error, place, "%s is a range: give it a value, or take those of a trial with --trial",
                     xp_space_range(config->space, 0)->name);
}

static xp_status check_share(const xp_ablation_row *row, xp_error *error) {
  char *end;
  double share = strtod(row->value, &end);
  if (end != row->value && !*end && share >= 0.0 && share < 1.0) return XP_OK;
  return xp_error_set(error, XP_ERROR_INPUT, "%s: expected the share to keep, from 0 to below 1, found \"%s\"",
                      row->change, row->value);
}

/* Text of all that an input means. Caller frees; NULL: out of memory. */
static char *meaning(const xp_config *config, xp_error *error) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  xp_status status = stream ? xp_config_print_fingerprint(config, stream, error) : XP_ERROR_MEMORY;
  if (stream && fclose(stream) != 0) status = XP_ERROR_MEMORY;
  if (status == XP_OK) return text;
  free(text);
  return NULL;
}

/* A change that is none, of what no option of the model is or of what another key overrides, is a mistake. */
static xp_status check_effect(const xp_ablation_row *row, const xp_config *reference, const xp_config *config,
                              xp_error *error) {
  char *before = meaning(reference, error), *behind = meaning(config, error);
  xp_status status = before && behind ? XP_OK : xp_error_memory(error, "the ablation study");
  if (status == XP_OK && strcmp(before, behind) == 0)
    status = xp_error_set(error, XP_ERROR_INPUT,
                          "%s=%s changes no result: the input says the same, or says otherwise for single elements",
                          row->change, row->value);
  free(before);
  free(behind);
  return status;
}

static xp_status check_row(const ablation *a, const xp_ablation_row *row, const xp_config *reference, xp_error *error) {
  if (group_of(row)) return check_share(row, error);
  xp_config *config = NULL;
  double *values = NULL;
  xp_status status = read_row_config(a, row, &config, error);
  if (status == XP_OK) status = check_effect(row, reference, config, error);
  if (status == XP_OK) status = xp_choice_values(&a->choice, config, &values, error);
  free(values);
  xp_config_free(config);
  return status;
}

static xp_status find_folder(ablation *a, const char *output, xp_error *error) {
  if (!xp_call_value(a->call, "--output")) return xp_folder_join(a->folder, output, "ablation", error);
  if (snprintf(a->folder, sizeof a->folder, "%s", output) < (int)sizeof a->folder) return XP_OK;
  return xp_error_set(error, XP_ERROR_INPUT, "%s: the name of the folder is too long", output);
}

/* Checks all rows and finds the folder. */
static xp_status check(ablation *a, xp_error *error) {
  xp_config *reference = NULL;
  xp_status status = read_row_config(a, &a->rows.rows[0], &reference, error);
  if (status == XP_OK) status = check_reference(a, reference, error);
  for (int r = 1; r < a->rows.count && status == XP_OK; ++r) status = check_row(a, &a->rows.rows[r], reference, error);
  if (status == XP_OK) status = xp_choice_output(&a->choice, a->call, "", reference, error);
  if (status == XP_OK) status = find_folder(a, reference->output, error);
  xp_config_free(reference);
  return status;
}

/* ---- structures ---- */

/* A place in a random order, the same whatever share is kept: the fewer are among the more. */
static double rank_of(const xp_config *config, int structure) {
  xp_random random = xp_random_start((uint64_t)config->seed.value, (uint64_t)structure);
  return xp_random_uniform(&random);
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static int find_group(const xp_data *data, const char *name) {
  int g = data->ngroups - 1;
  while (g >= 0 && strcmp(data->groups[g], name) != 0) --g;
  return g;
}

static xp_status unknown_group(const xp_data *data, const char *name, xp_error *error) {
  const char *names[XP_WORDS_MOST];
  char advice[512];
  int n = 0;
  for (; n < data->ngroups && n < XP_WORDS_MOST; ++n) names[n] = data->groups[n];
  xp_word_advice(name, names, n, advice, sizeof advice);
  return xp_error_at(error, (xp_place){data->path, 0, 0}, "no structure is of config_type \"%s\"%s", name, advice);
}

/* Clears use where a structure of group g is behind the share that is kept. ranks[nstructures]: workspace. */
static void drop_structures(const xp_study *study, int g, double share, double *ranks, bool *use) {
  const xp_data *data = study->train;
  int members = 0;
  for (int s = 0; s < data->set->nstructures; ++s)
    if (data->group[s] == g) ranks[members++] = rank_of(study->config, s);
  qsort(ranks, (size_t)members, sizeof *ranks, ascending);
  int kept = (int)lround(share * members);
  for (int s = 0; s < data->set->nstructures; ++s)
    use[s] = data->group[s] != g || (kept > 0 && rank_of(study->config, s) <= ranks[kept - 1]);
}

/* use[nstructures] without the structures that the row drops; stays NULL when it drops none. Caller frees. */
static xp_status find_structures(const xp_study *study, const xp_ablation_row *row, bool **use, xp_error *error) {
  const xp_data *data = study->train;
  const char *name = group_of(row);
  *use = NULL;
  if (!name) return XP_OK;
  double *ranks = calloc((size_t)data->set->nstructures, sizeof *ranks);
  *use = calloc((size_t)data->set->nstructures, sizeof **use);
  if (ranks && *use) drop_structures(study, find_group(data, name), strtod(row->value, NULL), ranks, *use);
  xp_status status = ranks && *use ? XP_OK : xp_error_memory(error, "the ablation study");
  free(ranks);
  return status;
}

/* ---- fits ---- */

static void print_values(const xp_config *config, const double *values, FILE *stream) {
  for (int d = 0; values && d < xp_space_count(config->space); ++d)
    fprintf(stream, "\n%s %.17g", xp_space_range(config->space, d)->name, values[d]);
}

/* Checksum of all that decides the result of a row. */
static xp_status find_checksum(const xp_study *study, const double *values, const bool *use, char digest[65],
                               xp_error *error) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (!stream) return xp_error_memory(error, "the ablation study");
  xp_status status = xp_objective_print_fingerprint(study->objective, stream, error);
  print_values(study->config, values, stream);
  for (int s = 0; use && s < study->train->set->nstructures; ++s)
    if (!use[s]) fprintf(stream, "\nwithout %d", s);
  if (fclose(stream) != 0 && status == XP_OK) status = xp_error_memory(error, "the ablation study");
  if (status == XP_OK) xp_bytes_sha256(text, size, digest);
  free(text);
  return status;
}

static void take_numbers(xp_ablation_row *row, const xp_trial *assessed, double us_per_atom) {
  row->numbers[XP_ABLATION_LOSS] = assessed->nmetrics > 0 ? assessed->loss : NAN;
  row->numbers[XP_ABLATION_COST] = us_per_atom;
  for (int n = 0; n < XP_ABLATION_NUMBERS; ++n)
    for (int m = 0; m < assessed->nmetrics && n != XP_ABLATION_COST; ++m)
      if (strcmp(assessed->metrics[m].name, xp_ablation_name(n)) == 0) row->numbers[n] = assessed->metrics[m].value;
}

/* Fits and writes the potential of a row into the output folder of its study. */
static xp_status fit_row(const ablation *a, xp_ablation_row *row, xp_study *study, const double *values,
                         const bool *use, xp_error *error) {
  xp_fit_subset subset = xp_fit_subset_all();
  xp_fit_result result = {0};
  xp_trial assessed = {0};
  double us_per_atom = NAN;
  xp_data *selected = NULL;
  double start = xp_report_clock();
  subset.use = use;
  xp_status status = xp_folder_make(study->config->output, error);
  if (status == XP_OK) status = xp_fitter_run(study->fitter, values, &subset, study->config->output, &result, error);
  if (status == XP_OK) status = xp_fit_subset_select(&selected, &subset, study->train, error);
  if (status == XP_OK) {
    if (selected) study->train = selected; /* the card tells of what was fitted to */
    xp_outcome outcome = {.result = &result,
                          .values = values,
                          .start = start,
                          .trial = a->choice.trial,
                          .trials = a->choice.trials,
                          .failed_trials = a->choice.failed,
                          .assessed = &assessed,
                          .us_per_atom = &us_per_atom};
    status = xp_study_write(study, a->call, &outcome, error);
  }
  if (status == XP_OK) take_numbers(row, &assessed, us_per_atom);
  if (status == XP_OK) status = xp_fitter_finish(study->fitter, study->config->output, error);
  xp_trial_clear(&assessed);
  xp_data_free_selection(selected);
  xp_fit_result_clear(&result);
  return status;
}

/* A model that cannot be fitted is a result, too; what the machine refused is the end. */
static xp_status record_failure(xp_ablation_row *row, xp_status status, xp_error *error) {
  if (status == XP_OK || status == XP_ERROR_IO || status == XP_ERROR_MEMORY) return status;
  row->failed = strdup(error->message);
  if (!row->failed) return xp_error_memory(error, "the ablation study");
  xp_error_clear(error);
  return XP_OK;
}

/* A folder of its own in that of the study: "reference", "potential.twojmax=4". */
static xp_status set_row_folder(const ablation *a, const xp_ablation_row *row, xp_config *config, xp_error *error) {
  char name[256], path[XP_FOLDER_PATH];
  if (row->change[0])
    snprintf(name, sizeof name, "%s=%s", row->change, row->value);
  else
    snprintf(name, sizeof name, "reference");
  for (char *c = name; *c; ++c)
    if (strchr("/ \"'[]{},:*?", *c)) *c = '_';
  xp_status status = xp_folder_join(path, a->folder, name, error);
  if (status != XP_OK) return status;
  free(config->output);
  config->output = strdup(path);
  return config->output ? XP_OK : xp_error_memory(error, "the ablation study");
}

/* Groups are known when the data of the first row are read: nothing has been fitted yet. */
static xp_status check_groups(const ablation *a, const xp_study *study, xp_error *error) {
  for (int r = 0; r < a->rows.count; ++r) {
    const char *name = group_of(&a->rows.rows[r]);
    if (name && find_group(study->train, name) < 0) return unknown_group(study->train, name, error);
  }
  return XP_OK;
}

static xp_status work_on_row(ablation *a, xp_ablation_row *row, xp_study *study, xp_error *error) {
  double *values = NULL;
  bool *use = NULL;
  char checksum[65];
  xp_status status = check_groups(a, study, error);
  if (status == XP_OK) status = set_row_folder(a, row, study->config, error);
  if (status == XP_OK) status = xp_choice_values(&a->choice, study->config, &values, error);
  if (status == XP_OK) status = find_structures(study, row, &use, error);
  if (status == XP_OK) status = find_checksum(study, values, use, checksum, error);
  const xp_ablation_row *done = status == XP_OK ? xp_ablation_find(&a->before, checksum) : NULL;
  if (done) {
    status = xp_ablation_copy_result(row, done, error);
  } else if (status == XP_OK) {
    xp_report_message(&study->report, "%s %s", row->change[0] ? row->change : "reference", row->value);
    status = record_failure(row, fit_row(a, row, study, values, use, error), error);
    if (status == XP_OK) memcpy(row->checksum, checksum, sizeof checksum);
  }
  free(use);
  free(values);
  return status;
}

static xp_status do_row(ablation *a, xp_ablation_row *row, xp_error *error) {
  xp_config *config = NULL;
  xp_study study = {0};
  xp_status status = read_row_config(a, row, &config, error);
  if (status == XP_OK) status = xp_study_open_config(&study, a->call, config, error);
  if (status == XP_OK) status = work_on_row(a, row, &study, error);
  xp_study_close(&study);
  if (status == XP_OK && xp_parallel_rank() == 0) status = xp_ablation_write(&a->rows, &a->before, a->folder, error);
  return status;
}

/* ---- the command ---- */

static xp_status conduct(ablation *a, xp_error *error) {
  xp_status status = xp_ablation_add(&a->rows, "", "", error);
  for (int i = 1; i < a->call->narguments && status == XP_OK; ++i)
    status = add_rows(&a->rows, a->call->arguments[i], error);
  if (status == XP_OK) status = check(a, error);
  if (status == XP_OK) status = xp_ablation_read(&a->before, a->folder, error);
  for (int r = 0; r < a->rows.count && status == XP_OK; ++r) status = do_row(a, &a->rows.rows[r], error);
  if (status == XP_OK && xp_parallel_rank() == 0) {
    xp_ablation_print(&a->rows, stdout);
    printf("\nwritten: %s/ablation.csv and ablation.md, and a folder with the potential of each row\n", a->folder);
  }
  return status;
}

static xp_status run(const xp_call *call, xp_error *error) {
  ablation *a = calloc(1, sizeof *a);
  if (!a) return xp_error_memory(error, "the ablation study");
  a->call = call;
  xp_status status = xp_choice_make(&a->choice, call, error);
  if (status == XP_OK) status = conduct(a, error);
  xp_ablation_clear(&a->rows);
  xp_ablation_clear(&a->before);
  xp_choice_clear(&a->choice);
  free(a);
  return status;
}

const xp_command xp_command_ablate = {
    .name = "ablate",
    .arguments = "INPUT KEY=VALUE,... [KEY=VALUE,... ...] ",
    .summary = "change one thing of a model at a time and say what it costs in errors and time",
    .details =
        "KEY is an option by the name that ranges have, or groups.NAME for the structures of a config_type, whose\n"
        "values are the share that is kept in the training data:\n"
        "  xpot-opt ablate input.json functions.number_of_functions_per_element=1500,750,300 \\\n"
        "      embeddings.ALL.ndensity=2,1 groups.RSS=0.5,0.25,0\n"
        "The first row is the model of the input, or of a trial of a search; each other row differs from it in one\n"
        "value. Fewer densities take their fs_parameters with them. Smaller shares are parts of larger ones.\n"
        "Writes into OUTPUT/ablation (the folder of --output when given)\n"
        "  ablation.csv, ablation.md    errors on the validation data, cost of an evaluation, relative speed\n"
        "  ablation.json                the same, from which the command goes on: rows that are done and whose\n"
        "                               input and data are the same are not fitted again\n"
        "  KEY=VALUE/                   what xpot-opt fit writes, for each row\n",
    .input_help = false,
    .least = 2,
    .most = -1,
    .flags = flags,
    .run = run};
