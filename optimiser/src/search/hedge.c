/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/hedge.h"

#include <math.h>
#include <stdlib.h>

const xp_acquisition xp_hedge_members[XP_HEDGE_MEMBERS] = {XP_ACQUISITION_EI, XP_ACQUISITION_LCB, XP_ACQUISITION_PI};

/* Smallest variance in parts of the amplitude, against rounding. */
static const double VARIANCE_FLOOR = 1e-14;

/* The predictions at all candidates by the process on the first so many trials, which grows by one trial at a time. */
typedef struct replay {
  int npoints, count;
  double *rows;           /* [count][npoints] of xp_gp_whiten */
  double *means;          /* [count] */
  double *variances;      /* [count] */
  const double *whitened; /* [npoints] */
} replay;

static void grow(replay *r, int point) {
  for (int i = 0; i < r->count; ++i) {
    double entry = r->rows[(size_t)i * (size_t)r->npoints + (size_t)point];
    r->means[i] += entry * r->whitened[point];
    r->variances[i] -= entry * entry;
  }
}

static int nominate(const replay *r, xp_acquisition acquisition, double target, double kappa, double floor) {
  int best = 0;
  double highest = -INFINITY;
  for (int i = 0; i < r->count; ++i) {
    double value =
        xp_acquisition_value(acquisition, target, kappa, r->means[i], sqrt(fmax(r->variances[i], floor)), NULL, NULL);
    if (!(value > highest)) continue;
    highest = value;
    best = i;
  }
  return best;
}

static void replay_all(replay *r, const xp_gp *gp, int initial, double xi, double kappa, double *gains) {
  const double *targets = xp_gp_targets(gp);
  double floor = VARIANCE_FLOOR * xp_gp_amplitude(gp), best = INFINITY;
  for (int i = 0; i < r->count; ++i) r->variances[i] = xp_gp_amplitude(gp);
  for (int point = 0; point < r->npoints; ++point) {
    int nominees[XP_HEDGE_MEMBERS];
    for (int k = 0; point >= initial && k < XP_HEDGE_MEMBERS; ++k)
      nominees[k] = nominate(r, xp_hedge_members[k], best - xi, kappa, floor);
    grow(r, point);
    best = fmin(best, targets[point]);
    for (int k = 0; point >= initial && k < XP_HEDGE_MEMBERS; ++k) gains[k] -= r->means[nominees[k]];
  }
}

xp_status xp_hedge_gains(xp_gp *gp, int initial, double xi, double kappa, int count, const double *coords,
                         double gains[XP_HEDGE_MEMBERS], xp_error *error) {
  size_t n = (size_t)xp_gp_count_points(gp), c = (size_t)count;
  double *work = calloc(c * n + 2 * c, sizeof *work);
  if (!work) return xp_error_memory(error, "the choice of an acquisition");
  replay r = {.npoints = (int)n,
              .count = count,
              .rows = work,
              .means = work + c * n,
              .variances = work + c * n + c,
              .whitened = xp_gp_whitened(gp)};
  xp_gp_whiten(gp, count, coords, r.rows);
  for (int k = 0; k < XP_HEDGE_MEMBERS; ++k) gains[k] = 0.0;
  replay_all(&r, gp, initial > 0 ? initial : 1, xi, kappa, gains);
  free(work);
  return XP_OK;
}

xp_acquisition xp_hedge_draw(const double gains[XP_HEDGE_MEMBERS], xp_random random) {
  double largest = -INFINITY, total = 0.0;
  for (int k = 0; k < XP_HEDGE_MEMBERS; ++k) largest = fmax(largest, gains[k]);
  for (int k = 0; k < XP_HEDGE_MEMBERS; ++k) total += exp(gains[k] - largest);
  double rest = xp_random_uniform(&random) * total;
  for (int k = 0; k < XP_HEDGE_MEMBERS; ++k) {
    rest -= exp(gains[k] - largest);
    if (rest < 0.0) return xp_hedge_members[k];
  }
  return xp_hedge_members[XP_HEDGE_MEMBERS - 1];
}
