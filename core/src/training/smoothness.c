/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "training/training.h"

/* pacemaker's grid. */
enum { POINTS = 100, ORDERS = 3 };
static const double GRID_START = 1e-10, GRID_END = 1e-5; /* Angstrom, from 0 and before the largest cutoff */

static double part_of(const xp_jet *jet, int order) {
  return order == 0 ? jet->f : order == 1 ? jet->d : jet->s;
}

/* Adds |d^order R| of one radial function at one point times a weight. */
static double add_function(const xp_jet *jets, int nbase, int order, const double *c, double weight, double *gradient) {
  double r = 0.0;
  for (int k = 0; k < nbase; ++k) r += c[k] * part_of(&jets[k], order);
  double sign = r > 0.0 ? weight : r < 0.0 ? -weight : 0.0;
  for (int k = 0; k < nbase && gradient; ++k) gradient[k] += sign * part_of(&jets[k], order);
  return weight * fabs(r);
}

static double add_pair(const xp_training_pair *pair, const double *parameters, const double w[3], double end,
                       int npairs, xp_jet *jets, double *gradient) {
  xp_ace_radial radial = pair->radial; /* without its inner cutoff */
  double step = (end - GRID_START) / (POINTS - 1), sum = 0.0;
  radial.inner = XP_ACE_INNER_DENSITY;
  radial.rcut_in = radial.dcut_in = 0.0;
  int nfunctions = pair->nradmax * (pair->bond_lmax + 1);
  for (int point = 0; point < POINTS; ++point) {
    double x = GRID_START + point * step;
    double weight = step * x * x / (radial.rcut * radial.rcut * npairs);
    xp_ace_radial_evaluate(&radial, x, x, jets + pair->nbase + 1, jets);
    for (int f = 0; f < nfunctions; ++f) {
      int first = pair->first + f * pair->nbase;
      for (int order = 0; order < ORDERS; ++order)
        if (w[order] != 0.0)
          sum += add_function(jets, pair->nbase, order, parameters + first, w[order] * weight,
                              gradient ? gradient + first : NULL);
    }
  }
  return sum;
}

xp_status xp_ace_fit_smoothness(const xp_ace_fit *fit, const double *parameters, const double w[3], double *value,
                                double *gradient, xp_error *error) {
  if (w[0] == 0.0 && w[1] == 0.0 && w[2] == 0.0) return XP_OK;
  int n = fit->nelements;
  xp_jet *jets = malloc((size_t)(fit->nbase_max + fit->nscratch_max + 2) * sizeof *jets);
  if (!jets) return xp_error_memory(error, "the smoothness of radial functions");
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      *value += add_pair(&fit->centres[i].pairs[j], parameters, w, fit->cutoff - GRID_END, n * n, jets, gradient);
  free(jets);
  return XP_OK;
}
