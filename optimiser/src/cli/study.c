/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/predict.h"
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
    study->validate = sets->validate;
    study->test = sets->test;
    study->fitter = xp_objective_fitter(study->objective);
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
  return high;
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
  return low;
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
  const xp_data *train = study->train, *validate = study->validate;
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
  if (validate && strcmp(train->sha256, validate->sha256) == 0)
    xp_report_message(&study->report, "warning: %s and %s hold the same data: the loss says nothing about others",
                      train->path, validate->path);
}

static void warn_of_search(xp_study *study) {
  const xp_config *config = study->config;
  int trials = (int)config->trials.value, initial = (int)config->initial.value;
  if (!study->validate || xp_space_count(config->space) == 0) return;
  if (initial == 0) initial = xp_search_settings_default(config->space).proposal.initial;
  if (trials <= initial)
    xp_report_message(&study->report,
                      "note: the initial design has %d points, so that none of %d trials learns from another", initial,
                      trials);
}

void xp_study_warn(xp_study *study) {
  warn_of_model(study);
  warn_of_data(study);
  warn_of_search(study);
}

static void print_tables(const xp_study *study, const xp_card *card) {
  printf("\nfitted to: %s\n", study->train->path);
  xp_error_table_print(card->train_errors, study->train, stdout);
  if (study->validate) {
    const xp_errors *all = &card->validate_errors->all;
    double alpha = study->config->alpha.value;
    printf("\nvalidated on: %s\n", study->validate->path);
    xp_error_table_print(card->validate_errors, study->validate, stdout);
    printf("\nloss %.6g (alpha %g, energy %.6g, force %.6g)\n", xp_errors_loss(all, alpha), alpha,
           xp_errors_energy_loss(all), xp_errors_force_loss(all));
  }
  if (!study->test) return;
  printf("\ntested on: %s\n", study->test->path);
  xp_error_table_print(card->test_errors, study->test, stdout);
}

/* NAME.parity-ROLE.csv in the output folder. */
static xp_status errors_with_parity(xp_study *study, const xp_plan *plan, const xp_data *data, const char *role,
                                    xp_error_table *table, xp_error *error) {
  char name[XP_FOLDER_PATH], path[XP_FOLDER_PATH];
  snprintf(name, sizeof name, "%.1000s.parity-%s.csv", study->config->name, role);
  xp_status status = xp_folder_join(path, study->config->output, name, error);
  if (status != XP_OK) return status;
  return xp_validation_errors(plan, data, study->threads, &study->report, path, table, error);
}

xp_status xp_study_write(xp_study *study, const xp_call *call, const xp_outcome *outcome, xp_error *error) {
  xp_error_table train = {0}, validate = {0}, test = {0};
  xp_plan *plan = NULL;
  xp_card card = {.config = study->config,
                  .command = call->line,
                  .values = outcome->values,
                  .result = outcome->result,
                  .train = study->train,
                  .validate = study->validate,
                  .test = study->test,
                  .train_errors = &train,
                  .validate_errors = &validate,
                  .test_errors = &test,
                  .trial = outcome->trial,
                  .trials = outcome->trials,
                  .failed_trials = outcome->failed_trials,
                  .us_per_atom = NAN};
  if (xp_parallel_rank() != 0) return XP_OK; /* the first process writes */
  xp_status status = xp_fit_result_plan(outcome->result, &plan, error);
  if (status == XP_OK) status = xp_folder_make(study->config->output, error);
  if (status == XP_OK) status = errors_with_parity(study, plan, study->train, "train", &train, error);
  if (status == XP_OK && study->validate)
    status = errors_with_parity(study, plan, study->validate, "validate", &validate, error);
  if (status == XP_OK && study->test) status = errors_with_parity(study, plan, study->test, "test", &test, error);
  if (status == XP_OK) status = xp_predict_cost(plan, study->train, &card.us_per_atom, error);
  card.seconds = xp_report_clock() - outcome->start;
  if (status == XP_OK) status = xp_card_write(&card, error);
  if (status == XP_OK && !outcome->measured) print_tables(study, &card);
  if (status == XP_OK && outcome->measured)
    *outcome->measured = (xp_measured){.validate = validate.all, .us_per_atom = card.us_per_atom};
  if (status == XP_OK) {
    char names[2][XP_FOLDER_PATH];
    xp_card_files(study->config, outcome->result, names);
    xp_report_message(&study->report, "written: %s/%s, %s, card.json (%.1f s, %.0f MB at most)", study->config->output,
                      names[0], names[1], card.seconds, xp_report_peak_memory());
  }
  xp_plan_free(plan);
  xp_error_table_clear(&train);
  xp_error_table_clear(&validate);
  xp_error_table_clear(&test);
  return status;
}
