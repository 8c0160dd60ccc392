/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/validation.h"

#include <math.h>
#include <stdlib.h>

#include "data/predict.h"
#include "objective/split.h"
#include "report/parity.h"

#define MEV 1000.0

/* A point in the making. */
typedef struct making {
  const xp_validation *v;
  const double *values;
  xp_fit_subset subset;
  bool *part; /* [train->nstructures] what the fidelity leaves to fit to; NULL: all; owned */
  int nfits;
  double energy_square, force_square; /* sums over fits of the squares of training errors */
  int rank;                           /* largest of the fits */
} making;

/* A part of the structures makes a fit of SNAP cheap, a part of the iterations one of ACE. */
static xp_status set_fidelity(making *r, double fidelity, xp_error *error) {
  const xp_config *config = r->v->config;
  r->subset.iterations = fidelity;
  if (fidelity >= 1.0 || (xp_fit_kind)xp_parameter_at(&config->kind, r->values) == XP_FIT_ACE) return XP_OK;
  r->part = calloc((size_t)r->v->sets->train->set->nstructures, sizeof *r->part);
  if (!r->part) return xp_error_memory(error, "a part of the data");
  r->subset.use = r->part;
  return xp_split_share(r->part, r->v->sets->train, fidelity, (uint64_t)config->seed.value, error);
}

static void note_fit(making *r, const xp_fit_result *fit) {
  double energy = xp_fit_result_energy_rmse(fit), force = xp_fit_result_force_rmse(fit);
  int rank = fit->ace.basis ? fit->ace.parameters : fit->snap.solution.rank;
  r->energy_square += energy * energy;
  r->force_square += force * force;
  if (rank > r->rank) r->rank = rank;
  ++r->nfits;
}

static xp_status predict(const making *r, const xp_fit_result *fit, const xp_data *data, xp_structure **predicted,
                         xp_error *error) {
  xp_plan *plan = NULL;
  xp_status status = xp_fit_result_plan(fit, &plan, error);
  if (status == XP_OK) status = xp_predict(plan, data, r->v->threads, r->v->report, predicted, error);
  xp_report_end(r->v->report);
  xp_plan_free(plan);
  return status;
}

static xp_status run_whole(making *r, const xp_fit_result *given, xp_validated *validated, xp_error *error) {
  xp_status status = XP_OK;
  if (!given) status = xp_fitter_run(r->v->fitter, r->values, &r->subset, NULL, &validated->fit, error);
  const xp_fit_result *fit = given ? given : &validated->fit;
  if (status != XP_OK) return status;
  note_fit(r, fit);
  return predict(r, fit, r->v->sets->judged, validated->predicted, error);
}

/* Predictions of one fold's structures, put where the whole set has them. */
static xp_status predict_fold(const making *r, int fold, const xp_fit_result *fit, xp_structure **predicted,
                              xp_error *error) {
  const xp_sets *sets = r->v->sets;
  const xp_data *members = sets->fold_members[fold];
  xp_structure **some = calloc((size_t)members->set->nstructures, sizeof *some);
  if (!some) return xp_error_memory(error, "the predictions");
  xp_status status = predict(r, fit, members, some, error);
  for (int s = 0, m = 0; s < sets->train->set->nstructures && status == XP_OK; ++s)
    if (sets->fold[s] == fold) predicted[s] = some[m++];
  free(some);
  return status;
}

static xp_status run_folds(making *r, xp_validated *validated, xp_error *error) {
  xp_status status = XP_OK;
  r->subset.fold = r->v->sets->fold;
  r->subset.nfolds = r->v->sets->nfolds;
  for (int f = 0; f < r->subset.nfolds && status == XP_OK; ++f) {
    xp_fit_result fit = {0};
    r->subset.left_out = f;
    status = xp_fitter_run(r->v->fitter, r->values, &r->subset, NULL, &fit, error);
    if (status == XP_OK) {
      note_fit(r, &fit);
      status = predict_fold(r, f, &fit, validated->predicted, error);
    }
    if (status == XP_OK && f == 0)
      validated->fit = fit;
    else
      xp_fit_result_clear(&fit);
  }
  return status;
}

/* Sample standard deviation. */
static double spread(const double *losses, int n) {
  double mean = 0.0, square = 0.0;
  for (int i = 0; i < n; ++i) mean += losses[i] / n;
  for (int i = 0; i < n; ++i) square += (losses[i] - mean) * (losses[i] - mean);
  return sqrt(square / (n - 1));
}

static xp_status find_spread(const xp_validation *v, xp_structure *const *predicted, double *result, xp_error *error) {
  const xp_sets *sets = v->sets;
  xp_loss_sums *sums = calloc((size_t)sets->nfolds, sizeof *sums);
  double *losses = calloc((size_t)sets->nfolds, sizeof *losses);
  for (int s = 0; s < sets->train->set->nstructures && sums && losses; ++s)
    xp_loss_add(&sums[sets->fold[s]], v->form, sets->train->set->structures[s], predicted[s]);
  for (int f = 0; f < sets->nfolds && sums && losses; ++f) losses[f] = xp_loss_total(v->form, &sums[f]);
  bool ok = sums && losses;
  if (ok) *result = spread(losses, sets->nfolds);
  free(sums);
  free(losses);
  return ok ? XP_OK : xp_error_memory(error, "the losses of the folds");
}

xp_status xp_validation_measure(const xp_loss_form *form, const xp_data *data, xp_structure *const *predicted,
                                xp_measured *measured, xp_error *error) {
  *measured = (xp_measured){.form = form,
                            .fold_spread = NAN,
                            .train_energy_rmse = NAN,
                            .train_force_rmse = NAN,
                            .rank = NAN,
                            .us_per_atom = NAN,
                            .survival = NAN};
  measured->group_sums = calloc((size_t)data->ngroups, sizeof *measured->group_sums);
  if (!measured->group_sums) return xp_error_memory(error, "the losses of groups");
  for (int s = 0; s < data->set->nstructures; ++s)
    xp_loss_add(&measured->group_sums[data->group[s]], form, data->set->structures[s], predicted[s]);
  for (int g = 0; g < data->ngroups; ++g) xp_loss_join(&measured->sums, &measured->group_sums[g]);
  return xp_error_table_new(&measured->table, data, predicted, error);
}

static xp_status measure(const making *r, xp_structure *const *predicted, xp_measured *measured, xp_error *error) {
  xp_status status = xp_validation_measure(r->v->form, r->v->sets->judged, predicted, measured, error);
  measured->train_energy_rmse = MEV * sqrt(r->energy_square / r->nfits);
  measured->train_force_rmse = sqrt(r->force_square / r->nfits);
  measured->rank = r->rank;
  if (status == XP_OK && r->v->sets->nfolds) status = find_spread(r->v, predicted, &measured->fold_spread, error);
  return status;
}

xp_status xp_validation_run(const xp_validation *v, const double *values, double fidelity, const xp_fit_result *given,
                            xp_validated *validated, xp_measured *measured, xp_error *error) {
  making r = {.v = v, .values = values, .subset = xp_fit_subset_all()};
  *validated = (xp_validated){0};
  *measured = (xp_measured){0};
  validated->predicted = calloc((size_t)v->sets->judged->set->nstructures, sizeof(xp_structure *));
  if (!validated->predicted) return xp_error_memory(error, "the predictions");
  xp_status status = set_fidelity(&r, fidelity, error);
  if (status == XP_OK)
    status = v->sets->nfolds ? run_folds(&r, validated, error) : run_whole(&r, given, validated, error);
  if (status == XP_OK) status = measure(&r, validated->predicted, measured, error);
  free(r.part);
  return status;
}

void xp_validated_clear(xp_validated *validated, int nstructures) {
  if (validated->predicted) xp_predict_clear(validated->predicted, nstructures);
  free(validated->predicted);
  xp_fit_result_clear(&validated->fit);
  *validated = (xp_validated){0};
}

xp_status xp_validation_errors(const xp_plan *plan, const xp_data *data, int threads, xp_report *report,
                               const char *parity, xp_error_table *table, xp_error *error) {
  int n = data->set->nstructures;
  xp_structure **predicted = calloc((size_t)n, sizeof *predicted);
  if (!predicted) return xp_error_memory(error, "the predictions");
  xp_status status = xp_predict(plan, data, threads, report, predicted, error);
  if (status == XP_OK && parity) status = xp_parity_write(parity, data, predicted, error);
  if (status == XP_OK) status = xp_error_table_new(table, data, predicted, error);
  xp_report_end(report);
  xp_predict_clear(predicted, n);
  free(predicted);
  return status;
}
