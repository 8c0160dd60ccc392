/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mixed against double precision: close, by bounds in units of the rounding of float32, and not equal. */
#include <math.h>

#include "cases.h"
#include "kernel/kernel.h"

/* Half a unit in the last place of float32. */
static const double ROUNDING = 0x1p-24;

/* An energy or a pair's gradient is a sum of products of three sums over neighbours; with terms of either sign that are
 * larger than the sum, tens of roundings of the largest value remain. */
static const double LARGEST = 64.0;

static double largest(const double *values, size_t count) {
  double result = 1.0;
  for (size_t i = 0; i < count; ++i) result = fmax(result, fabs(values[i]));
  return result;
}

/* Largest difference in roundings of the largest value. */
static double roundings(const double *mixed, const double *exact, size_t count) {
  double scale = ROUNDING * largest(exact, count), result = 0.0;
  for (size_t i = 0; i < count; ++i) {
    assert_true(isfinite(mixed[i]));
    result = fmax(result, fabs(mixed[i] - exact[i]) / scale);
  }
  return result;
}

/* Whether anything was rounded at all. */
static bool compare_case(const snap_case *which, uint64_t seed) {
  xp_test_random random = {seed};
  xp_snap_model *model = snap_case_model(which, &random);
  snap_scene scene = snap_scene_random(&random, 21, 0.0, 1.5, which->nelements, snap_model_cutoff(model));
  snap_run exact = snap_run_new(model, which->nelements, &scene);
  snap_run mixed = snap_run_precision(model, snap_symbols, which->nelements, &scene, XP_PRECISION_MIXED);
  snap_run_evaluate(&exact, &scene.view);
  snap_run_evaluate(&mixed, &scene.view);
  double energy = roundings(mixed.energy, exact.energy, (size_t)scene.view.natoms);
  double gradient = roundings(mixed.gradient[0], exact.gradient[0], 3 * scene.nneighbours);
  print_message("%s: energies %.1f, gradients %.1f roundings\n", which->name, energy, gradient);
  assert_true(energy < LARGEST);
  assert_true(gradient < LARGEST);
  snap_run_free(&exact);
  snap_run_free(&mixed);
  snap_scene_free(&scene);
  xp_snap_model_free(model);
  return gradient > 0.0;
}

static void compare_level(int level) {
  if (level > xp_kernel_level()) {
    print_message("skipped: this processor has no instructions of level %d\n", level);
    skip();
  }
  xp_kernel_limit(level);
  for (int c = 0; c < snap_ncases; ++c)
    assert_true(compare_case(&snap_cases[c], 700 + (uint64_t)c) || snap_cases[c].twojmax == 0);
}

static int no_limit(void **state) {
  (void)state;
  xp_kernel_limit(XP_KERNEL_V4);
  return 0;
}

static void base_kernel(void **state) {
  (void)state;
  compare_level(XP_KERNEL_BASE);
}
static void avx2_kernel(void **state) {
  (void)state;
  compare_level(XP_KERNEL_V3);
}
static void avx512_kernel(void **state) {
  (void)state;
  compare_level(XP_KERNEL_V4);
}

/* Forces in a periodic liquid, where contributions of pairs cancel: roundings of the RMS force. */
static void forces_in_liquids(void **state) {
  (void)state;
  static const double LARGEST_RMS = 32.0;
  const snap_case cases[] = {
      {.name = "linear", .twojmax = 8, .nelements = 1},
      {.name = "quadratic", .twojmax = 8, .nelements = 1, .quadratic = true},
      {.name = "two elements", .twojmax = 8, .nelements = 2},
      {.name = "chem", .twojmax = 6, .nelements = 2, .chem = true, .bnorm = true, .wselfall = true},
      {.name = "twojmax 14", .twojmax = 14, .nelements = 1},
  };
  for (size_t c = 0; c < sizeof cases / sizeof *cases; ++c) {
    xp_test_random random = {60 + c};
    xp_snap_model *model = snap_case_model(&cases[c], &random);
    xp_structure *liquid = xp_test_structure(&random, 32, 8.0, 1.6, snap_symbols, cases[c].nelements);
    snap_deviation d = snap_mixed_deviation(model, liquid);
    print_message("%s: RMS force %g, differs by %g eV/Angstrom\n", cases[c].name, d.force_scale, d.force);
    assert_true(d.force_scale > 1e-3 && d.force > 0.0);
    assert_true(d.force < LARGEST_RMS * ROUNDING * d.force_scale);
    assert_true(d.energy < LARGEST * ROUNDING * fmax(1.0, d.energy_scale));
    xp_structure_free(liquid);
    xp_snap_model_free(model);
  }
}

/* A lattice, whose neighbours lie on the axes and where all forces cancel, has no forces to speak of, and atoms that see
 * nothing have the exact constant. */
static void perfect_crystal_and_isolated_atom(void **state) {
  (void)state;
  xp_test_random random = {3};
  const snap_case which = {.twojmax = 8, .nelements = 1, .quadratic = true};
  xp_snap_model *model = snap_case_model(&which, &random);
  const double a = 2.0, displacements[6][3] = {{a, 0, 0}, {-a, 0, 0}, {0, a, 0}, {0, -a, 0}, {0, 0, a}, {0, 0, -a}};
  const size_t first[] = {0, 6, 6};
  const int species[2] = {0}, neighbour_species[6] = {0};
  const snap_scene scene = {.view = {2, species, first, neighbour_species, displacements}, .nneighbours = 6};
  snap_run run = snap_run_precision(model, snap_symbols, 1, &scene, XP_PRECISION_MIXED);
  snap_run_evaluate(&run, &scene.view);
  double scale = largest(run.gradient[0], 18);
  for (int d = 0; d < 3; ++d) {
    double total = 0.0;
    for (int k = 0; k < 6; ++k) total += run.gradient[k][d];
    xp_assert_close(total, 0.0, LARGEST * ROUNDING * scale);
  }
  xp_assert_close(run.energy[1], model->elements[0].coefficients[0], LARGEST * ROUNDING);
  snap_run_free(&run);
  xp_snap_model_free(model);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(base_kernel, no_limit),    cmocka_unit_test_teardown(avx2_kernel, no_limit),
      cmocka_unit_test_teardown(avx512_kernel, no_limit),  cmocka_unit_test(forces_in_liquids),
      cmocka_unit_test(perfect_crystal_and_isolated_atom),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
