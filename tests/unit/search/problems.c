/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "problems.h"

#include <math.h>
#include <unistd.h>

#include "testing/temporary.h"

static const xp_place nowhere = {0};

static xp_space *space_new(void) {
  xp_error error = {0};
  xp_space *space = NULL;
  xp_assert_ok(xp_space_new(&space, &error), &error);
  return space;
}

static void add_real(xp_space *space, const char *name, double low, double high, bool logarithmic) {
  xp_error error = {0};
  xp_assert_ok(xp_space_add_real(space, name, low, high, logarithmic, nowhere, &error), &error);
}

static void add_choice(xp_space *space, const char *name, int nchoices) {
  static const char *const choices[] = {"SBessel", "ChebExpCos", "ChebPow", "ChebLinear"};
  xp_error error = {0};
  xp_assert_ok(xp_space_add_choice(space, name, choices, nchoices, nowhere, &error), &error);
}

static void add_integer(xp_space *space, const char *name, double low, double high) {
  xp_error error = {0};
  xp_assert_ok(xp_space_add_integer(space, name, low, high, false, nowhere, &error), &error);
}

/* ---- Branin (Dixon, Szego 1978) ---- */

static xp_space *branin_space(void) {
  xp_space *space = space_new();
  add_real(space, "x", -5.0, 10.0, false);
  add_real(space, "y", 0.0, 15.0, false);
  return space;
}

static double branin(const double *v) {
  double parabola = v[1] - 5.1 / (4.0 * M_PI * M_PI) * v[0] * v[0] + 5.0 / M_PI * v[0] - 6.0;
  return parabola * parabola + 10.0 * (1.0 - 1.0 / (8.0 * M_PI)) * cos(v[0]) + 10.0;
}

const xp_problem xp_problem_branin = {"Branin", branin_space, branin, 0.39788735772973816, 40, 6};

/* ---- Hartmann in six dimensions (Dixon, Szego 1978) ---- */

static xp_space *hartmann_space(void) {
  static const char *const names[6] = {"a", "b", "c", "d", "e", "f"};
  xp_space *space = space_new();
  for (int i = 0; i < 6; ++i) add_real(space, names[i], 0.0, 1.0, false);
  return space;
}

static double hartmann(const double *v) {
  static const double alpha[4] = {1.0, 1.2, 3.0, 3.2};
  static const double a[4][6] = {
      {10, 3, 17, 3.5, 1.7, 8}, {0.05, 10, 17, 0.1, 8, 14}, {3, 3.5, 1.7, 10, 17, 8}, {17, 8, 0.05, 10, 0.1, 14}};
  static const double p[4][6] = {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                                 {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                                 {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                                 {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
  double sum = 0.0;
  for (int i = 0; i < 4; ++i) {
    double exponent = 0.0;
    for (int j = 0; j < 6; ++j) exponent += a[i][j] * (v[j] - p[i][j]) * (v[j] - p[i][j]);
    sum -= alpha[i] * exp(-exponent);
  }
  return sum;
}

const xp_problem xp_problem_hartmann = {"Hartmann6", hartmann_space, hartmann, -3.3223680114155147, 70, 14};

/* ---- in the likeness of a fit: cutoff, rfac0, four weights over five decades, an integer and a choice ---- */

static xp_space *fit_space(void) {
  static const char *const weights[4] = {"eweight1", "fweight1", "eweight2", "fweight2"};
  xp_space *space = space_new();
  add_real(space, "rcutfac", 3.0, 6.0, false);
  add_real(space, "rfac0", 0.5, 1.5, false);
  for (int i = 0; i < 4; ++i) add_real(space, weights[i], 0.1, 1e4, true);
  add_integer(space, "twojmax", 2.0, 12.0);
  add_choice(space, "radbase", 3);
  return space;
}

static double fit(const double *v) {
  static const double base[3] = {0.05, 0.02, 0.0};
  double sum = 0.02 + 0.05 * pow(v[0] - 4.7, 2) + 0.3 * pow(v[1] - 0.85, 2) + 0.005 * pow(v[6] - 7.0, 2);
  for (int i = 0; i < 4; ++i) sum += 0.01 * pow(log10(v[2 + i]) - 1.0 - 0.5 * i, 2);
  return sum + base[(int)v[7]];
}

const xp_problem xp_problem_fit = {"fit", fit_space, fit, 0.02, 60, 18};

/* ---- twenty-four points ---- */

static xp_space *tiny_space(void) {
  xp_space *space = space_new();
  add_integer(space, "n", 1.0, 6.0);
  add_choice(space, "radbase", 4);
  return space;
}

static double tiny(const double *v) {
  return pow(v[0] - 4.0, 2) + (v[1] == 2.0 ? 0.0 : 3.0);
}

const xp_problem xp_problem_tiny = {"tiny", tiny_space, tiny, 0.0, 100, 6};

/* ---- running and files ---- */

xp_status xp_problem_evaluate(void *user, int trial, const double *values, xp_trial *result, xp_error *error) {
  const xp_problem *problem = user;
  (void)trial;
  result->loss = problem->function(values);
  return xp_trial_add_metric(result, "half", 0.5 * result->loss, error);
}

xp_search_settings xp_problem_settings(const xp_problem *problem, uint64_t seed) {
  xp_space *space = problem->space();
  xp_search_settings settings = xp_search_settings_default(space);
  xp_space_free(space);
  settings.proposal.initial = problem->initial;
  settings.proposal.seed = seed;
  settings.fingerprint = problem->name;
  settings.stop.trials = problem->trials;
  return settings;
}

char *xp_folder_new(void) {
  const char *parent = getenv("TMPDIR");
  if (!parent)
    parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"; /* in memory, thousands of syncs cost nothing */
  return xp_test_folder_new(parent);
}

char *xp_text_read(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  assert_int_equal(fseek(file, 0, SEEK_END), 0);
  size_t length = (size_t)ftell(file);
  rewind(file);
  char *text = calloc(length + 1, 1);
  assert_non_null(text);
  assert_int_equal(fread(text, 1, length, file), length);
  fclose(file);
  if (size) *size = length;
  return text;
}

void xp_text_write(const char *path, const char *text, size_t size) {
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, size, file), size);
  assert_int_equal(fclose(file), 0);
}
