/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/objective.h"

#include <math.h>
#include <stdlib.h>

#include "config/words.h"
#include "data/predict.h"
#include "objective/cost_cell.h"
#include "objective/score.h"
#include "objective/survival.h"
#include "objective/validation.h"
#include "parallel/parallel.h"
#include "report/parity.h"

struct xp_objective {
  const xp_config *config;
  xp_report *report;
  int threads;
  xp_sets sets;
  xp_fitter *fitter;     /* NULL when another code makes the fits */
  xp_external *external; /* NULL unless it does */
  xp_cost_cell cost;
  xp_loss_form form; /* this and the following only with validation */
  xp_metrics metrics;
  xp_score *score;
  xp_survival *survival; /* NULL: off */
};

static xp_status open_judgement(xp_objective *o, xp_error *error) {
  bool survival = o->config->survival_runs.value > 0.0;
  o->form = xp_loss_form_of(o->config, o->sets.judged);
  xp_status status = xp_metrics_new(&o->metrics, o->sets.judged, o->sets.nfolds > 0, survival, error);
  if (status == XP_OK) status = xp_score_new(&o->score, o->config, &o->metrics, error);
  if (status == XP_OK && survival && xp_parallel_rank() == 0)
    status = xp_survival_new(&o->survival, o->config, o->sets.train, error);
  return survival ? xp_parallel_agree(status, error) : status;
}

/* What another code's potentials are judged on; NULL: its own numbers are the result. */
static const xp_data *judged_outside(const xp_objective *o) {
  bool predicts = o->config->external_predictions || o->config->external_potential;
  return predicts ? o->sets.judged : NULL;
}

/* Nothing is known of fits that another code makes but their predictions, and what it says itself. */
static xp_status open_external(xp_objective *o, xp_error *error) {
  static const char *const inside[] = {"train_energy_rmse_mev_per_atom", "train_force_rmse_ev_per_ang", "rank"};
  const xp_external_input *input = &o->config->external;
  const xp_data *judged = judged_outside(o);
  xp_external_request request = {o->config, judged, o->threads, o->report};
  xp_status status = xp_external_new(&o->external, &request, error);
  if (status == XP_OK && judged) o->form = xp_loss_form_of(o->config, judged);
  if (status == XP_OK) status = xp_metrics_new(&o->metrics, judged, false, false, error);
  for (size_t i = 0; i < sizeof inside / sizeof *inside && status == XP_OK && judged; ++i)
    o->metrics.recorded[xp_metrics_find(&o->metrics, inside[i])] = false;
  for (int m = 0; m < input->nmetrics && status == XP_OK; ++m) {
    if (xp_metrics_find(&o->metrics, input->metrics[m].name) >= 0)
      return xp_error_at(error, input->metrics[m].place,
                         "metrics: \"%s\" is a metric of every trial with predictions; give another name",
                         input->metrics[m].name);
    status = xp_metrics_add_read(&o->metrics, input->metrics[m].name, m, error);
  }
  return status == XP_OK ? xp_score_new(&o->score, o->config, &o->metrics, error) : status;
}

static xp_status open_fitter(xp_objective *o, xp_error *error) {
  xp_fit_request request = {o->config, o->sets.train, o->sets.validate, o->threads, o->report};
  xp_status status = xp_fitter_new(&o->fitter, &request, error);
  if (status == XP_OK) status = xp_cost_cell_new(&o->cost, o->config, o->sets.train, error);
  return status == XP_OK && o->sets.judged ? open_judgement(o, error) : status;
}

xp_status xp_objective_new(xp_objective **objective, const xp_config *config, int threads, xp_report *report,
                           xp_error *error) {
  *objective = NULL;
  xp_objective *o = calloc(1, sizeof *o);
  if (!o) return xp_error_memory(error, "the objective");
  o->config = config;
  o->report = report;
  o->threads = threads;
  xp_status status = xp_sets_read(&o->sets, config, error);
  bool external = xp_config_may_be(config, XP_FIT_EXTERNAL);
  if (status == XP_OK) status = external ? open_external(o, error) : open_fitter(o, error);
  if (status == XP_OK)
    *objective = o;
  else
    xp_objective_free(o);
  return status;
}

void xp_objective_free(xp_objective *o) {
  if (!o) return;
  xp_survival_free(o->survival);
  xp_score_free(o->score);
  xp_metrics_clear(&o->metrics);
  xp_cost_cell_clear(&o->cost);
  xp_fitter_free(o->fitter);
  xp_external_free(o->external);
  xp_sets_clear(&o->sets);
  free(o);
}

xp_status xp_objective_record(xp_objective *o, const char *metric, xp_place place, xp_error *error) {
  int index = xp_metrics_find(&o->metrics, metric);
  if (index >= 0) {
    o->metrics.recorded[index] = true;
    return XP_OK;
  }
  char advice[512];
  xp_word_advice(metric, (const char *const *)o->metrics.names, o->metrics.count, advice, sizeof advice);
  return xp_error_at(error, place, "\"%s\" is not a metric of trials%s", metric, advice);
}

/* Whether trials record a metric; false, too, when the input's trials cannot have it. */
static bool is_recorded(const xp_objective *o, const char *metric) {
  int index = xp_metrics_find(&o->metrics, metric);
  return index >= 0 && o->metrics.recorded[index];
}

static xp_status find_cost(const xp_objective *o, const xp_fit_result *fit, double *us_per_atom, xp_error *error) {
  xp_plan *plan = NULL;
  const char *cell;
  xp_status status = xp_fit_result_plan(fit, &plan, error);
  if (status == XP_OK) status = xp_objective_cost(o, plan, us_per_atom, &cell, error);
  xp_plan_free(plan);
  return status;
}

/* What differs between processes, or is not to be done twice, is done by the first process. */
static xp_status measure_outside(const xp_objective *o, const xp_task *task, const xp_fit_result *fit,
                                 xp_measured *measured, xp_error *error) {
  bool cost = is_recorded(o, XP_METRIC_COST), survival = is_recorded(o, XP_METRIC_SURVIVAL);
  double shared[2] = {NAN, NAN};
  xp_status status = XP_OK;
  if (!cost && !survival) return XP_OK;
  if (cost && xp_parallel_rank() == 0) status = find_cost(o, fit, &shared[0], error);
  if (status == XP_OK && o->survival)
    status = xp_survival_run(o->survival, fit, task->number, task->folder, &shared[1], error);
  status = xp_parallel_agree(status, error);
  if (status == XP_OK) status = xp_parallel_share(shared, 2, error);
  measured->us_per_atom = shared[0];
  measured->survival = shared[1];
  return status;
}

static xp_status find_loss(const xp_objective *o, const xp_task *task, const double *numbers, double *loss,
                           xp_error *error) {
  xp_score_request request = {task->number, task->values, task->folder, &o->metrics, numbers};
  xp_status status = XP_OK;
  if (xp_parallel_rank() == 0) status = xp_score_find(o->score, &request, loss, error);
  status = xp_parallel_agree(status, error);
  return status == XP_OK ? xp_parallel_share(loss, 1, error) : status;
}

static xp_status record(const xp_objective *o, const xp_task *task, const xp_measured *measured, xp_trial *result,
                        xp_error *error) {
  double *numbers = calloc((size_t)o->metrics.count, sizeof *numbers);
  if (!numbers) return xp_error_memory(error, "the metrics of a trial");
  for (int m = 0; m < o->metrics.count; ++m) numbers[m] = xp_metrics_value(&o->metrics, m, measured);
  xp_status status = find_loss(o, task, numbers, &result->loss, error);
  for (int m = 0; m < o->metrics.count && status == XP_OK; ++m)
    if (o->metrics.recorded[m]) status = xp_trial_add_metric(result, o->metrics.names[m], numbers[m], error);
  free(numbers);
  return status;
}

static xp_status assess_external(xp_objective *o, const xp_task *task, xp_assessment *assessment, xp_trial *result,
                                 xp_error *error) {
  const xp_data *judged = judged_outside(o);
  xp_external_result made;
  xp_measured measured = {0};
  xp_status status = assessment->made
                         ? xp_external_read(o->external, task->number, &made, error)
                         : xp_external_run(o->external, task->number, task->values, task->fidelity, &made, error);
  if (status == XP_OK && made.predicted)
    status = xp_validation_measure(&o->form, judged, made.predicted, &measured, error);
  if (status == XP_OK && made.predicted && assessment->parity)
    status = xp_parity_write(assessment->parity, judged, made.predicted, error);
  measured.read = made.numbers;
  if (status == XP_OK) status = record(o, task, &measured, result, error);
  assessment->table = measured.table;
  measured.table = (xp_error_table){0};
  xp_measured_clear(&measured);
  xp_external_result_clear(&made);
  return status;
}

xp_status xp_objective_assess(xp_objective *o, const xp_task *task, xp_assessment *assessment, xp_trial *result,
                              xp_error *error) {
  const xp_data *judged = o->sets.judged;
  xp_validation validation = {o->config, &o->sets, &o->form, o->fitter, o->threads, o->report};
  xp_validated validated;
  xp_measured measured;
  if (o->external) return assess_external(o, task, assessment, result, error);
  xp_status status =
      xp_validation_run(&validation, task->values, task->fidelity, assessment->fit, &validated, &measured, error);
  const xp_fit_result *fit = assessment->fit ? assessment->fit : &validated.fit;
  if (status == XP_OK && assessment->parity && xp_parallel_rank() == 0)
    status = xp_parity_write(assessment->parity, judged, validated.predicted, error);
  status = xp_parallel_agree(status, error);
  if (status == XP_OK) status = measure_outside(o, task, fit, &measured, error);
  if (status == XP_OK) status = record(o, task, &measured, result, error);
  assessment->table = measured.table;
  measured.table = (xp_error_table){0};
  xp_measured_clear(&measured);
  xp_validated_clear(&validated, judged->set->nstructures);
  return status;
}

/* What a point cannot be fitted for is a result of the trial; what the machine refused is the end. */
static bool is_fatal(xp_status status) {
  return status == XP_ERROR_IO || status == XP_ERROR_MEMORY;
}

xp_status xp_objective_run(xp_objective *o, const xp_task *task, xp_trial *result, xp_error *error) {
  xp_assessment assessment = {0};
  xp_status status = xp_objective_assess(o, task, &assessment, result, error);
  xp_error_table_clear(&assessment.table);
  if (status == XP_OK || is_fatal(status)) return status;
  xp_trial_fail(result, "%s", error->message);
  xp_error_clear(error);
  return XP_OK;
}

xp_status xp_objective_print_fingerprint(const xp_objective *o, FILE *stream, xp_error *error) {
  fprintf(stream, "%s %s\n", o->sets.train ? o->sets.train->sha256 : "", o->sets.judged ? o->sets.judged->sha256 : "");
  if (o->sets.kind == XP_VALIDATION_FOLDS || o->survival) fprintf(stream, "seed %.17g\n", o->config->seed.value);
  if (is_recorded(o, XP_METRIC_COST)) fprintf(stream, "cost %s\n", o->cost.sha256);
  if (o->survival) fprintf(stream, "survival %s\n", xp_survival_checksum(o->survival));
  return xp_config_print_fingerprint(o->config, stream, error);
}

xp_status xp_objective_cost(const xp_objective *o, const xp_plan *plan, double *us_per_atom, const char **cell,
                            xp_error *error) {
  *cell = o->cost.name;
  return xp_predict_cost(plan, &o->cost.structure, 1, us_per_atom, error);
}

const xp_sets *xp_objective_sets(const xp_objective *o) {
  return &o->sets;
}

xp_fitter *xp_objective_fitter(xp_objective *o) {
  return o->fitter;
}

xp_external *xp_objective_external(xp_objective *o) {
  return o->external;
}

const xp_loss_form *xp_objective_form(const xp_objective *o) {
  return &o->form;
}
