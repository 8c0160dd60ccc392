/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/merit.h"
#include "search/process.h"
#include "search/random.h"
#include "search/targets.h"

/* A metric known of fewer trials has no process of its own. */
enum { KNOWN_AT_LEAST = 2 };

/* The reference of the area lies so far behind the worst of the front, in parts of the front's extent (1 standard deviation
 * where that is 0). */
static const double REFERENCE_MARGIN = 0.1;

bool xp_model_possible(const xp_history *history) {
  for (int i = 0; i < history->count; ++i)
    if (history->observations[i].state == XP_OBSERVED_OK) return true;
  return false;
}

/* ---- data of the processes ---- */

/* What the processes of a model share, and room for the targets of one. */
typedef struct inputs {
  double *coords; /* [count][width] */
  bool *nominal;  /* [width] */
  bool *pending;  /* [count] */
  double *raw;    /* [count] */
  double *targets;
} inputs;

static bool any_low_fidelity(const xp_history *history) {
  for (int i = 0; i < history->count; ++i)
    if (history->observations[i].fidelity < 1.0) return true;
  return false;
}

static void inputs_clear(inputs *in) {
  free(in->coords);
  free(in->nominal);
  free(in->pending);
  free(in->raw);
  free(in->targets);
}

static void fill_inputs(const xp_model *m, inputs *in) {
  const xp_history *h = m->history;
  size_t width = (size_t)m->width, ndims = (size_t)m->ndims;
  for (int d = 0; d < m->ndims; ++d) in->nominal[d] = xp_space_range(h->space, d)->kind == XP_RANGE_CHOICE;
  for (int i = 0; i < h->count; ++i) {
    memcpy(in->coords + (size_t)i * width, h->coords + (size_t)i * ndims, ndims * sizeof *in->coords);
    if (m->width > m->ndims) in->coords[(size_t)i * width + ndims] = -log10(h->observations[i].fidelity);
    in->pending[i] = h->observations[i].state == XP_OBSERVED_PENDING;
  }
}

static xp_status inputs_new(inputs *in, const xp_model *m, xp_error *error) {
  size_t n = (size_t)m->history->count, width = (size_t)m->width;
  *in = (inputs){.coords = calloc(n * width, sizeof *in->coords),
                 .nominal = calloc(width, sizeof *in->nominal),
                 .pending = calloc(n, sizeof *in->pending),
                 .raw = calloc(n, sizeof *in->raw),
                 .targets = calloc(n, sizeof *in->targets)};
  if (!in->coords || !in->nominal || !in->pending || !in->raw || !in->targets)
    return xp_error_memory(error, "the model of the search");
  fill_inputs(m, in);
  return XP_OK;
}

static xp_status add_process(xp_model *m, const inputs *in, xp_error *error) {
  const xp_history *h = m->history;
  xp_process_data data = {.count = h->count,
                          .ndims = m->width,
                          .coords = in->coords,
                          .nominal = in->nominal,
                          .pending = in->pending,
                          .targets = in->targets};
  data.kernel = m->kernel;
  int output = m->noutputs;
  xp_status status = xp_process_new(&m->processes[output], &data, m->fitted + (size_t)output * (size_t)h->count, error);
  if (status == XP_OK) ++m->noutputs;
  return status;
}

/* Pending trials count as unknown here; failed ones are as bad as the worst. */
static xp_status add_objective(xp_model *m, inputs *in, bool second, xp_error *error) {
  const xp_history *h = m->history;
  int n = 0;
  for (int i = 0; i < h->count; ++i) {
    const xp_observation *o = &h->observations[i];
    if (o->state == XP_OBSERVED_PENDING) continue;
    in->raw[n++] = o->state != XP_OBSERVED_OK ? NAN : second ? o->second : o->loss;
  }
  xp_status status = xp_targets_make(n, m->design, in->raw, in->targets, error);
  for (int i = h->count - 1; status == XP_OK && i >= 0; --i) in->targets[i] = in->pending[i] ? NAN : in->targets[--n];
  if (status == XP_OK) status = add_process(m, in, error);
  if (status == XP_OK) ++m->nobjectives;
  return status;
}

static xp_status add_limit(xp_model *m, inputs *in, int limit, xp_error *error) {
  const xp_history *h = m->history;
  int known = 0;
  for (int i = 0; i < h->count; ++i) {
    const xp_observation *o = &h->observations[i];
    in->raw[i] = o->state == XP_OBSERVED_OK ? o->limits[limit] : NAN;
    known += isfinite(in->raw[i]);
  }
  if (known < KNOWN_AT_LEAST) return XP_OK;
  xp_status status = xp_targets_limit(h->count, in->raw, in->targets, &m->bounds[m->noutputs], error);
  return status == XP_OK ? add_process(m, in, error) : status;
}

static xp_status add_processes(xp_model *m, const xp_proposal_settings *settings, xp_error *error) {
  inputs in;
  xp_status status = inputs_new(&in, m, error);
  if (status == XP_OK) status = add_objective(m, &in, false, error);
  if (status == XP_OK && settings->second) status = add_objective(m, &in, true, error);
  for (int limit = 0; status == XP_OK && limit < m->history->nlimits; ++limit) status = add_limit(m, &in, limit, error);
  inputs_clear(&in);
  return status;
}

/* ---- the best so far ---- */

/* Of a pending trial the model says whether its limits hold. */
static bool limits_hold(const xp_model *m, int trial) {
  const xp_observation *o = &m->history->observations[trial];
  if (o->state == XP_OBSERVED_OK) {
    for (int k = 0; k < m->history->nlimits; ++k)
      if (!(o->limits[k] <= 0.0)) return false;
    return true;
  }
  for (int k = m->nobjectives; k < m->noutputs; ++k)
    if (!(m->fitted[(size_t)k * (size_t)m->history->count + (size_t)trial] <= m->bounds[k])) return false;
  return o->state == XP_OBSERVED_PENDING;
}

/* While no trial had full fidelity, the most faithful ones stand for it. */
static void find_feasible(xp_model *m) {
  double highest = 0.0;
  m->best = INFINITY;
  for (int i = 0; i < m->history->count; ++i)
    if (limits_hold(m, i)) highest = fmax(highest, m->history->observations[i].fidelity);
  for (int i = 0; i < m->history->count; ++i) {
    m->feasible[i] = m->history->observations[i].fidelity >= highest && limits_hold(m, i);
    if (m->feasible[i]) m->best = fmin(m->best, m->fitted[i]);
  }
}

static double reference(double best, double worst) {
  double extent = worst > best ? worst - best : 1.0;
  return worst + REFERENCE_MARGIN * extent;
}

static xp_status find_front(xp_model *m, xp_error *error) {
  int n = m->history->count, count = 0;
  double *first = m->front_work, *second = m->front_work + n;
  int *indices = malloc(((size_t)n + 1) * sizeof *indices);
  if (!indices) return xp_error_memory(error, "the best trials of the search");
  for (int i = 0; i < n; ++i) {
    first[i] = m->feasible[i] ? m->fitted[i] : NAN;
    second[i] = m->fitted[n + i];
  }
  count = xp_pareto_front(n, first, second, indices);
  for (int i = 0; i < count; ++i) { /* through the fitted means: the indices are in no order of place */
    first[i] = m->fitted[indices[i]];
    second[i] = m->fitted[n + indices[i]];
  }
  m->front = (xp_pareto){.count = count, .first = first, .second = second};
  if (count > 0) {
    m->front.reference[0] = reference(first[0], first[count - 1]);
    m->front.reference[1] = reference(second[count - 1], second[0]);
  }
  free(indices);
  return XP_OK;
}

/* ---- the model ---- */

void xp_model_free(xp_model *m) {
  if (!m) return;
  for (int k = 0; m->processes && k < m->noutputs; ++k) xp_gp_free(m->processes[k]);
  free(m->processes);
  free(m->fitted);
  free(m->bounds);
  free(m->feasible);
  free(m->coords);
  free(m->work);
  free(m->front_work);
  free(m);
}

static xp_status allocate(xp_model *m, xp_error *error) {
  size_t outputs = 2 + (size_t)m->history->nlimits, n = (size_t)m->history->count, width = (size_t)m->width;
  m->processes = calloc(outputs, sizeof *m->processes);
  m->fitted = calloc(outputs * n, sizeof *m->fitted);
  m->bounds = calloc(outputs, sizeof *m->bounds);
  m->feasible = calloc(n, sizeof *m->feasible);
  m->coords = calloc(width, sizeof *m->coords);
  m->work = calloc(4 * outputs + 2 * width, sizeof *m->work);
  m->front_work = calloc(2 * n, sizeof *m->front_work);
  if (m->processes && m->fitted && m->bounds && m->feasible && m->coords && m->work && m->front_work) return XP_OK;
  return xp_error_memory(error, "the model of the search");
}

xp_status xp_model_new(xp_model **model, const xp_proposal_settings *settings, const xp_history *history,
                       xp_error *error) {
  *model = NULL;
  xp_model *m = calloc(1, sizeof *m);
  if (!m) return xp_error_memory(error, "the model of the search");
  *m = (xp_model){.history = history,
                  .ndims = history->ndims,
                  .width = history->ndims + (settings->fidelity && any_low_fidelity(history)),
                  .kernel = settings->kernel,
                  .design = settings->nstarts + settings->initial,
                  .acquisition = settings->acquisition,
                  .xi = history->count % 2 ? settings->xi : 0.0,
                  .kappa = settings->kappa};
  xp_status status = allocate(m, error);
  if (status == XP_OK) status = add_processes(m, settings, error);
  if (status == XP_OK) find_feasible(m);
  if (status == XP_OK && m->nobjectives == 2) status = find_front(m, error);
  if (status == XP_OK)
    *model = m;
  else
    xp_model_free(m);
  return status;
}

double xp_model_merit(xp_model *m, const double *coords, double *gradient) {
  int n = m->noutputs;
  double *means = m->work, *deviations = means + n, *by_means = deviations + n, *by_deviations = by_means + n;
  double *slopes = by_deviations + n; /* of mean and deviation, [2][width] */
  memcpy(m->coords, coords, (size_t)m->ndims * sizeof *coords);
  if (!gradient) {
    for (int k = 0; k < n; ++k) xp_gp_predict(m->processes[k], m->coords, &means[k], &deviations[k], NULL, NULL);
    return xp_merit_value(m, means, deviations, NULL, NULL);
  }
  /* The derivatives need all predictions first, so each process is asked twice; only those with more than one output pay. */
  for (int k = 0; n > 1 && k < n; ++k) xp_gp_predict(m->processes[k], m->coords, &means[k], &deviations[k], NULL, NULL);
  double value = 0.0;
  for (int d = 0; d < m->ndims; ++d) gradient[d] = 0.0;
  for (int k = 0; k < n; ++k) {
    xp_gp_predict(m->processes[k], m->coords, &means[k], &deviations[k], slopes, slopes + m->width);
    if (k == 0) value = xp_merit_value(m, means, deviations, by_means, by_deviations);
    for (int d = 0; d < m->ndims; ++d) gradient[d] += by_means[k] * slopes[d] + by_deviations[k] * slopes[m->width + d];
  }
  return value;
}

double *xp_model_widen(const xp_model *m, int count, const double *coords) {
  double *wide = calloc((size_t)count * (size_t)m->width, sizeof *wide);
  for (int i = 0; wide && i < count; ++i)
    memcpy(wide + (size_t)i * (size_t)m->width, coords + (size_t)i * (size_t)m->ndims, (size_t)m->ndims * sizeof *wide);
  return wide;
}

xp_status xp_model_merits(xp_model *m, int count, const double *coords, double *merits, xp_error *error) {
  size_t c = (size_t)count, n = (size_t)m->noutputs;
  double *wide = xp_model_widen(m, count, coords), *means = malloc(2 * n * c * sizeof *means);
  xp_status status = wide && means ? XP_OK : xp_error_memory(error, "the predictions of the model");
  for (size_t k = 0; status == XP_OK && k < n; ++k)
    status = xp_gp_predict_many(m->processes[k], count, wide, means + k * c, means + (n + k) * c, error);
  for (size_t i = 0; status == XP_OK && i < c; ++i) {
    for (size_t k = 0; k < 2 * n; ++k) m->work[k] = means[k * c + i];
    merits[i] = xp_merit_value(m, m->work, m->work + n, NULL, NULL);
  }
  free(means);
  free(wide);
  return status;
}

/* ---- around which trials to look ---- */

/* Puts a trial that breaks a limit behind all that do not. */
static const double LIMIT_PENALTY = 1e6;

/* How many trials within the limits are no worse than this one in both objectives; a fraction that is different in every
 * model breaks ties, so that each part of the front has its turn. */
static double count_better(const xp_model *m, int trial) {
  int n = m->history->count;
  const double *first = m->fitted, *second = m->fitted + n;
  xp_random random = xp_random_start((uint64_t)n, (uint64_t)trial);
  double better = xp_random_uniform(&random);
  for (int i = 0; i < n; ++i)
    better += i != trial && m->feasible[i] && first[i] <= first[trial] && second[i] <= second[trial];
  return better;
}

void xp_model_rank(const xp_model *m, double *keys) {
  size_t n = (size_t)m->history->count;
  for (int i = 0; i < m->history->count; ++i) {
    keys[i] = NAN;
    if (m->history->observations[i].state != XP_OBSERVED_OK) continue;
    double excess = 0.0;
    for (int k = m->nobjectives; k < m->noutputs; ++k)
      excess += fmax(0.0, m->fitted[(size_t)k * n + (size_t)i] - m->bounds[k]); /* fmax passes over NaN */
    keys[i] = m->nobjectives == 2 ? count_better(m, i) : m->fitted[i];
    if (excess > 0.0) keys[i] += LIMIT_PENALTY * (1.0 + excess);
  }
}
