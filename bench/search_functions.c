/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search_functions.h"

#include <math.h>
#include <string.h>

static const xp_place nowhere = {0};

static double square(double x) {
  return x * x;
}

/* ---- Branin (Dixon, Szego 1978) ---- */

static xp_status branin_fill(xp_space *space, xp_error *error) {
  xp_status status = xp_space_add_real(space, "x", -5.0, 10.0, false, nowhere, error);
  return status == XP_OK ? xp_space_add_real(space, "y", 0.0, 15.0, false, nowhere, error) : status;
}

static double branin(const double *v) {
  double parabola = v[1] - 5.1 / (4.0 * M_PI * M_PI) * square(v[0]) + 5.0 / M_PI * v[0] - 6.0;
  return square(parabola) + 10.0 * (1.0 - 1.0 / (8.0 * M_PI)) * cos(v[0]) + 10.0;
}

/* ---- Hartmann in six dimensions (Dixon, Szego 1978) ---- */

enum { HARTMANN_DIMS = 6, HARTMANN_WELLS = 4 };

static xp_status hartmann_fill(xp_space *space, xp_error *error) {
  static const char *const names[HARTMANN_DIMS] = {"a", "b", "c", "d", "e", "f"};
  xp_status status = XP_OK;
  for (int i = 0; i < HARTMANN_DIMS && status == XP_OK; ++i)
    status = xp_space_add_real(space, names[i], 0.0, 1.0, false, nowhere, error);
  return status;
}

static double hartmann(const double *v) {
  static const double depth[HARTMANN_WELLS] = {1.0, 1.2, 3.0, 3.2};
  static const double curvature[HARTMANN_WELLS][HARTMANN_DIMS] = {
      {10, 3, 17, 3.5, 1.7, 8}, {0.05, 10, 17, 0.1, 8, 14}, {3, 3.5, 1.7, 10, 17, 8}, {17, 8, 0.05, 10, 0.1, 14}};
  static const double centre[HARTMANN_WELLS][HARTMANN_DIMS] = {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                                                               {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                                                               {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                                                               {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
  double sum = 0.0;
  for (int i = 0; i < HARTMANN_WELLS; ++i) {
    double exponent = 0.0;
    for (int j = 0; j < HARTMANN_DIMS; ++j) exponent += curvature[i][j] * square(v[j] - centre[i][j]);
    sum -= depth[i] * exp(-exponent);
  }
  return sum;
}

/* ---- mixed: two reals, one over six decades, two integers and a choice. The best cutoff depends on the choice, the best
 * scale on the cutoff, and the integers on each other; along the cutoff there are wells beside the deepest one. The
 * quadratic forms are positive definite, so 0 is the minimum, at basis B, cutoff 5.1, scale 0.85, weight 10^-1.3, 7 and 4.
 * ---- */

static xp_status mixed_fill(xp_space *space, xp_error *error) {
  static const char *const bases[] = {"A", "B", "C", "D"};
  xp_status status = xp_space_add_real(space, "cutoff", 3.0, 7.0, false, nowhere, error);
  if (status == XP_OK) status = xp_space_add_real(space, "scale", 0.5, 1.5, false, nowhere, error);
  if (status == XP_OK) status = xp_space_add_real(space, "weight", 1e-4, 1e2, true, nowhere, error);
  if (status == XP_OK) status = xp_space_add_integer(space, "order", 1.0, 12.0, false, nowhere, error);
  if (status == XP_OK) status = xp_space_add_integer(space, "degree", 2.0, 8.0, false, nowhere, error);
  if (status == XP_OK) status = xp_space_add_choice(space, "basis", bases, 4, nowhere, error);
  return status;
}

static double mixed(const double *v) {
  static const double base[] = {0.5, 0.0, 0.15, 0.3}, best_cutoff[] = {4.0, 5.1, 5.8, 4.6};
  int basis = (int)v[5];
  double cutoff = v[0] - best_cutoff[basis], order = v[3] - 7.0, degree = v[4] - 4.0;
  double sum = base[basis] + 0.3 * square(cutoff) + 0.2 * (1.0 - cos(2.0 * M_PI * cutoff));
  sum += 2.0 * square(v[1] - 0.85 - 0.05 * cutoff) + 0.15 * square(log10(v[2]) + 1.3);
  return sum + 0.04 * square(order) + 0.05 * square(degree) + 0.02 * order * degree;
}

/* ---- noisy: two choices and two reals; the best reals depend on the choices. 0 at basis C, pairs Y, (0.7, 0.35). ---- */

static xp_status noisy_fill(xp_space *space, xp_error *error) {
  static const char *const bases[] = {"A", "B", "C", "D", "E"}, *const pairs[] = {"X", "Y", "Z"};
  xp_status status = xp_space_add_choice(space, "basis", bases, 5, nowhere, error);
  if (status == XP_OK) status = xp_space_add_choice(space, "pairs", pairs, 3, nowhere, error);
  if (status == XP_OK) status = xp_space_add_real(space, "cutoff", 0.0, 1.0, false, nowhere, error);
  if (status == XP_OK) status = xp_space_add_real(space, "scale", 0.0, 1.0, false, nowhere, error);
  return status;
}

static double noisy(const double *v) {
  static const double base[] = {0.6, 0.2, 0.0, 0.4, 0.1}, best_cutoff[] = {0.2, 0.5, 0.7, 0.9, 0.4};
  static const double pair[] = {0.3, 0.0, 0.15}, best_scale[] = {0.6, 0.35, 0.8};
  int basis = (int)v[0], pairs = (int)v[1];
  return base[basis] + pair[pairs] + 2.0 * square(v[2] - best_cutoff[basis]) + square(v[3] - best_scale[pairs]);
}

/* ---- all ---- */

static const xp_function FUNCTIONS[] = {
    {"noisy", noisy_fill, noisy, 0.0, 0.05},
    {"mixed", mixed_fill, mixed, 0.0, 0.0},
    {"branin", branin_fill, branin, 0.39788735772973816, 0.0},
    {"hartmann", hartmann_fill, hartmann, -3.3223680114155147, 0.0},
};
enum { FUNCTION_COUNT = sizeof FUNCTIONS / sizeof *FUNCTIONS };

const xp_function *xp_function_at(int index) {
  return index < FUNCTION_COUNT ? &FUNCTIONS[index] : NULL;
}

const xp_function *xp_function_find(const char *name) {
  for (int i = 0; i < FUNCTION_COUNT; ++i)
    if (!strcmp(FUNCTIONS[i].name, name)) return &FUNCTIONS[i];
  return NULL;
}
