/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/objective.h"

#include <stdlib.h>

#include "objective/validation.h"

struct xp_objective {
  const xp_config *config;
  xp_report *report;
  int threads;
  xp_sets sets;
  xp_fitter *fitter;
};

xp_status xp_objective_new(xp_objective **objective, const xp_config *config, int threads, xp_report *report,
                           xp_error *error) {
  *objective = NULL;
  xp_objective *o = calloc(1, sizeof *o);
  if (!o) return xp_error_memory(error, "the objective");
  o->config = config;
  o->report = report;
  o->threads = threads;
  xp_status status = xp_sets_read(&o->sets, config, error);
  if (status == XP_OK) {
    xp_fit_request request = {config, o->sets.train, o->sets.validate, threads, report};
    status = xp_fitter_new(&o->fitter, &request, error);
  }
  if (status == XP_OK)
    *objective = o;
  else
    xp_objective_free(o);
  return status;
}

void xp_objective_free(xp_objective *o) {
  if (!o) return;
  xp_fitter_free(o->fitter);
  xp_sets_clear(&o->sets);
  free(o);
}

static xp_status add_metrics(xp_trial *trial, const xp_fit_result *fit, const xp_errors *errors, xp_error *error) {
  const struct {
    const char *name;
    double value;
  } metrics[] = {{"energy_rmse_mev_per_atom", xp_errors_energy_rmse(errors)},
                 {"energy_mae_mev_per_atom", xp_errors_energy_mae(errors)},
                 {"force_rmse_ev_per_ang", xp_errors_force_rmse(errors)},
                 {"force_mae_ev_per_ang", xp_errors_force_mae(errors)},
                 {"energy_loss", xp_errors_energy_loss(errors)},
                 {"force_loss", xp_errors_force_loss(errors)},
                 {"train_energy_rmse_mev_per_atom", 1000.0 * xp_fit_result_energy_rmse(fit)},
                 {"train_force_rmse_ev_per_ang", xp_fit_result_force_rmse(fit)},
                 {"rank", fit->ace.basis ? fit->ace.parameters : fit->snap.solution.rank}};
  xp_status status = XP_OK;
  for (size_t m = 0; m < sizeof metrics / sizeof *metrics && status == XP_OK; ++m)
    status = xp_trial_add_metric(trial, metrics[m].name, metrics[m].value, error);
  return status;
}

static xp_status fit_and_validate(xp_objective *o, const xp_task *task, xp_trial *trial, xp_error *error) {
  xp_fit_result fit = {0};
  xp_plan *plan = NULL;
  xp_error_table table = {0};
  xp_status status = xp_fitter_run(o->fitter, task->values, NULL, NULL, &fit, error);
  if (status == XP_OK) status = xp_fit_result_plan(&fit, &plan, error);
  if (status == XP_OK)
    status = xp_validation_errors(plan, o->sets.validate, o->threads, o->report, NULL, &table, error);
  if (status == XP_OK) {
    trial->loss = xp_errors_loss(&table.all, o->config->alpha.value);
    status = add_metrics(trial, &fit, &table.all, error);
  }
  xp_error_table_clear(&table);
  xp_plan_free(plan);
  xp_fit_result_clear(&fit);
  return status;
}

/* What a point cannot be fitted for is a result of the trial; what the machine refused is the end. */
static bool is_fatal(xp_status status) {
  return status == XP_ERROR_IO || status == XP_ERROR_MEMORY;
}

xp_status xp_objective_run(xp_objective *o, const xp_task *task, xp_trial *result, xp_error *error) {
  xp_status status = fit_and_validate(o, task, result, error);
  if (status == XP_OK || is_fatal(status)) return status;
  xp_trial_fail(result, "%s", error->message);
  xp_error_clear(error);
  return XP_OK;
}

xp_status xp_objective_print_fingerprint(const xp_objective *o, FILE *stream, xp_error *error) {
  fprintf(stream, "%s %s\n", o->sets.train->sha256, o->sets.validate ? o->sets.validate->sha256 : "");
  return xp_config_print_fingerprint(o->config, stream, error);
}

const xp_sets *xp_objective_sets(const xp_objective *o) {
  return &o->sets;
}

xp_fitter *xp_objective_fitter(xp_objective *o) {
  return o->fitter;
}
