/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "objective/validation.h"
#include "parallel/parallel.h"
#include "report/card.h"
#include "report/folder.h"
#include "scheduler/scheduler.h"

xp_status xp_study_open(xp_study *study, const xp_call *call, xp_error *error) {
  xp_config *config = NULL;
  *study = (xp_study){0};
  xp_status status = xp_call_config(call, &config, error);
  return status == XP_OK ? xp_study_open_config(study, call, config, error) : status;
}

xp_status xp_study_open_config(xp_study *study, const xp_call *call, xp_config *config, xp_error *error) {
  bool quiet = xp_call_value(call, "--quiet") != NULL || xp_parallel_rank() != 0;
  *study = (xp_study){.config = config, .report = xp_report_standard(quiet), .threads = xp_fit_threads(config)};
  xp_status status = xp_objective_new(&study->objective, config, study->threads, &study->report, error);
  if (status == XP_OK) {
    const xp_sets *sets = xp_objective_sets(study->objective);
    study->train = sets->train;
    study->judged = sets->judged;
    study->test = sets->test;
    study->fitter = xp_objective_fitter(study->objective);
    study->external = xp_objective_external(study->objective);
  }
  if (status != XP_OK) xp_study_close(study);
  return status;
}

void xp_study_close(xp_study *study) {
  xp_objective_free(study->objective);
  xp_config_free(study->config);
  *study = (xp_study){0};
}

static double highest(const xp_parameter *parameter, const xp_space *space) {
  double high = parameter->dimension >= 0 && !parameter->choices ? xp_space_range(space, parameter->dimension)->high
                                                                 : parameter->value;
  for (int c = 0; c < parameter->nchoices; ++c) high = fmax(high, parameter->choices[c]);
  return xp_parameter_conditional(parameter) ? fmax(high, parameter->value) : high;
}

static void warn_of_model(xp_study *study) {
  const xp_config *config = study->config;
  if (highest(&config->rfac0, config->space) > 1.0)
    xp_report_message(&study->report,
                      "warning: with rfac0 above 1 the energy of a SNAP potential jumps at some distance");
  if (highest(&config->rmin0, config->space) > 0.0)
    xp_report_message(&study->report,
                      "warning: with rmin0 above 0 the energy jumps where a neighbour comes closer than that");
}

static double lowest(const xp_parameter *parameter, const xp_space *space) {
  double low = parameter->dimension >= 0 && !parameter->choices ? xp_space_range(space, parameter->dimension)->low
                                                                : parameter->value;
  for (int c = 0; c < parameter->nchoices; ++c) low = c == 0 ? parameter->choices[c] : fmin(low, parameter->choices[c]);
  return xp_parameter_conditional(parameter) ? fmin(low, parameter->value) : low;
}

/* Whether the energies, forces and virials of the data may count in the fit. */
typedef struct labels_wanted {
  bool energies, forces, virials;
} labels_wanted;

static labels_wanted wanted_by_snap(const xp_config *config) {
  const xp_group_weights *group = &config->groups[0];
  return (labels_wanted){highest(&group->eweight, config->space) > 0.0, highest(&group->fweight, config->space) > 0.0,
                         highest(&group->vweight, config->space) > 0.0};
}

/* kappa shares the loss out between energies and forces; weights of groups are relative. */
static labels_wanted wanted_by_ace(const xp_config *config) {
  bool automatic = config->kappa.word >= 0;
  labels_wanted wanted = {automatic, automatic, highest(&config->virial_weight, config->space) > 0.0};
  for (int k = 0; k < config->kappa.count; ++k) {
    wanted.energies |= lowest(&config->kappa.values[k], config->space) < 1.0;
    wanted.forces |= highest(&config->kappa.values[k], config->space) > 0.0;
  }
  return wanted;
}

static labels_wanted find_wanted(const xp_config *config) {
  bool linear = xp_config_may_be(config, XP_FIT_SNAP) || xp_config_may_be(config, XP_FIT_QSNAP);
  labels_wanted snap = {false, false, false}, ace = {false, false, false};
  if (linear) snap = wanted_by_snap(config);
  if (xp_config_may_be(config, XP_FIT_ACE)) ace = wanted_by_ace(config);
  return (labels_wanted){snap.energies || ace.energies, snap.forces || ace.forces, snap.virials || ace.virials};
}

/* Virials that nothing weighs are easily forgotten: SNAP's weight and ACE's are different keys, and both are 0 at first. */
static bool forgets_virials(const xp_config *config, const xp_data *train, bool wanted) {
  bool given = false;
  for (int g = 0; g < config->ngroups; ++g) given |= config->groups[g].vweight.given;
  return train->nvirials > 0 && !wanted && given && xp_config_may_be(config, XP_FIT_ACE);
}

static bool has_element(const xp_data *data, const char *symbol) {
  for (int e = 0; e < data->nelements; ++e)
    if (strcmp(data->elements[e], symbol) == 0) return true;
  return false;
}

static void warn_of_data(xp_study *study) {
  const xp_config *config = study->config;
  const xp_data *train = study->train, *judged = study->judged;
  labels_wanted wanted = find_wanted(config);
  const struct {
    const char *name;
    int count;
    bool wanted;
  } labels[] = {{"an energy", train->nenergies, wanted.energies},
                {"forces", train->nforces, wanted.forces},
                {"a virial", train->nvirials, wanted.virials}};
  for (int e = 0; e < config->nelements; ++e)
    if (!has_element(train, config->elements[e]))
      xp_report_message(&study->report, "warning: no structure of %s has %s: its coefficients will be zero",
                        train->path, config->elements[e]);
  for (int l = 0; l < 3; ++l)
    if (labels[l].count == 0 && labels[l].wanted)
      xp_report_message(&study->report, "note: no structure of %s has %s", train->path, labels[l].name);
  if (forgets_virials(config, train, wanted.virials))
    xp_report_message(&study->report, "note: vweight acts only with fit.virial_weight above 0: virials are not used");
  if (judged && judged != train && strcmp(train->sha256, judged->sha256) == 0)
    xp_report_message(&study->report, "warning: %s and %s hold the same data: the loss says nothing about others",
                      train->path, judged->path);
}

static void warn_of_search(xp_study *study) {
  const xp_config *config = study->config;
  int trials = (int)config->trials.value, initial = (int)config->initial.value;
  if (!study->judged || xp_space_count(config->space) == 0) return;
  if (initial == 0) initial = xp_search_settings_default(config->space).proposal.initial;
  if (trials <= initial)
    xp_report_message(&study->report,
                      "note: the initial design has %d points, so that none of %d trials learns from another", initial,
                      trials);
}

void xp_study_warn(xp_study *study) {
  if (!study->external) {
    warn_of_model(study);
    warn_of_data(study);
  }
  warn_of_search(study);
}

/* Metrics of the loss that no table of errors has. */
static const struct {
  const char *metric, *words;
} shown[] = {{"energy_loss", "energy"},
             {"force_loss", "force"},
             {"virial_loss", "virial"},
             {"fold_spread", "standard deviation over the folds"},
             {"survival", "share of runs that survived"}};

static void print_loss(const xp_study *study, const xp_card *card) {
  const xp_config *config = study->config;
  const xp_trial *assessed = card->assessed;
  printf("\nloss %.6g (", assessed->loss);
  if (config->expression || config->command)
    printf("loss.%s", config->expression ? "expression" : "command");
  else
    printf("alpha %g", card->alpha);
  for (int m = 0; m < assessed->nmetrics; ++m) {
    const char *name = assessed->metrics[m].name;
    if (strcmp(name, "virial_loss") == 0 && config->loss_virial_weight.value == 0.0) continue;
    for (size_t s = 0; s < sizeof shown / sizeof *shown; ++s)
      if (strcmp(name, shown[s].metric) == 0) printf(", %s %.6g", shown[s].words, assessed->metrics[m].value);
  }
  printf(")\n");
}

static void print_validation(const xp_study *study, const xp_card *card) {
  const xp_config *config = study->config;
  printf("\nvalidated on: %s", study->judged->path);
  if (config->folds.value > 0.0) printf(", %g folds", config->folds.value);
  if (config->holdout.value > 0.0) printf(", %d structures held out", study->judged->set->nstructures);
  printf("\n");
  xp_error_table_print(card->validate_errors, study->judged, stdout);
  if (card->assessed) print_loss(study, card);
}

static void print_tables(const xp_study *study, const xp_card *card) {
  printf("\nfitted to: %s\n", study->train->path);
  xp_error_table_print(card->train_errors, study->train, stdout);
  if (study->judged) print_validation(study, card);
  if (!study->test) return;
  printf("\ntested on: %s\n", study->test->path);
  xp_error_table_print(card->test_errors, study->test, stdout);
}

/* NAME.parity-ROLE.csv in the output folder. */
static xp_status parity_path(const xp_study *study, const char *role, char path[XP_FOLDER_PATH], xp_error *error) {
  char name[XP_FOLDER_PATH];
  snprintf(name, sizeof name, "%.1000s.parity-%s.csv", study->config->name, role);
  return xp_folder_join(path, study->config->output, name, error);
}

static xp_status errors_with_parity(xp_study *study, const xp_plan *plan, const xp_data *data, const char *role,
                                    xp_error_table *table, xp_error *error) {
  char path[XP_FOLDER_PATH];
  xp_status status = parity_path(study, role, path, error);
  if (status != XP_OK) return status;
  return xp_validation_errors(plan, data, study->threads, &study->report, path, table, error);
}

/* A loss that cannot be found is no reason to lose a potential. All processes take part. */
static xp_status assess(xp_study *study, const xp_outcome *outcome, xp_assessment *assessment, xp_trial *trial,
                        bool *assessed, xp_error *error) {
  char path[XP_FOLDER_PATH];
  xp_task task = {outcome->trial, outcome->values, 1.0, study->config->output};
  *assessment = (xp_assessment){.fit = outcome->result, .parity = path};
  xp_status status = parity_path(study, "validate", path, error);
  if (status == XP_OK) status = xp_objective_assess(study->objective, &task, assessment, trial, error);
  *assessed = status == XP_OK;
  if (status == XP_OK || status == XP_ERROR_IO || status == XP_ERROR_MEMORY || !assessment->table.groups) return status;
  xp_report_message(&study->report, "warning: there is no loss: %s", error->message);
  xp_error_clear(error);
  return XP_OK;
}

static xp_status measure_rest(xp_study *study, const xp_outcome *outcome, xp_card *card, xp_error_table *train,
                              xp_error_table *test, xp_error *error) {
  xp_plan *plan = NULL;
  xp_status status = xp_fit_result_plan(outcome->result, &plan, error);
  if (status == XP_OK) status = errors_with_parity(study, plan, study->train, "train", train, error);
  if (status == XP_OK && study->test) status = errors_with_parity(study, plan, study->test, "test", test, error);
  if (status == XP_OK) status = xp_objective_cost(study->objective, plan, &card->us_per_atom, &card->cost_cell, error);
  xp_plan_free(plan);
  return status;
}

/* What the first process does. */
static xp_status write_all(xp_study *study, const xp_outcome *outcome, xp_card *card, xp_error *error) {
  xp_error_table train = {0}, test = {0};
  card->train_errors = &train;
  card->test_errors = &test;
  xp_status status = measure_rest(study, outcome, card, &train, &test, error);
  card->seconds = xp_report_clock() - outcome->start;
  if (status == XP_OK) status = xp_card_write(card, error);
  if (status == XP_OK) {
    char names[2][XP_FOLDER_PATH];
    if (!outcome->assessed) print_tables(study, card);
    if (outcome->us_per_atom) *outcome->us_per_atom = card->us_per_atom;
    xp_card_files(study->config, outcome->result, names);
    bool active = card->final && (int)study->config->active_set.value != XP_ACTIVE_NONE;
    xp_report_message(&study->report, "written: %s/%s, %s, %s%scard.json (%.1f s, %.0f MB at most)",
                      study->config->output, names[0], names[1], active ? study->config->name : "",
                      active ? ".asi, " : "", card->seconds, xp_report_peak_memory());
  }
  xp_error_table_clear(&train);
  xp_error_table_clear(&test);
  return status;
}

xp_status xp_study_write(xp_study *study, const xp_call *call, const xp_outcome *outcome, xp_error *error) {
  const xp_sets *sets = xp_objective_sets(study->objective);
  xp_assessment assessment = {0};
  xp_trial trial = {0};
  bool assessed = false;
  xp_status status = xp_folder_make(study->config->output, error);
  if (status == XP_OK && study->judged) status = assess(study, outcome, &assessment, &trial, &assessed, error);
  xp_card card = {.config = study->config,
                  .command = call->line,
                  .values = outcome->values,
                  .result = outcome->result,
                  .train = study->train,
                  .judged = sets->judged,
                  .test = sets->test,
                  .held = sets->held,
                  .validate_errors = &assessment.table,
                  .assessed = assessed ? &trial : NULL,
                  .alpha = xp_objective_form(study->objective)->alpha,
                  .trial = outcome->trial,
                  .trials = outcome->trials,
                  .failed_trials = outcome->failed_trials,
                  .final = !outcome->assessed,
                  .threads = study->threads,
                  .report = &study->report,
                  .us_per_atom = NAN};
  if (status == XP_OK && xp_parallel_rank() == 0) status = write_all(study, outcome, &card, error);
  if (outcome->assessed) {
    *outcome->assessed = trial;
    trial = (xp_trial){0};
  }
  xp_error_table_clear(&assessment.table);
  xp_trial_clear(&trial);
  return status;
}
