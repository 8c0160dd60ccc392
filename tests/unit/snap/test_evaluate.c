/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel of every processor level against the reference, for every feature and for degenerate neighbourhoods. */
#include "cases.h"
#include "kernel/kernel.h"
#include "reference/snap_reference.h"

static const double TOLERANCE = 1e-11;

static void compare_case(const snap_case *which, uint64_t seed) {
  xp_test_random random = {seed};
  xp_snap_model *model = snap_case_model(which, &random);
  double cutoff = snap_model_cutoff(model);
  int natoms = which->twojmax > 8 ? 4 : 11;
  snap_scene cluster = snap_scene_random(&random, natoms, 0.0, 1.3, which->nelements, cutoff);
  snap_compare(model, which->nelements, &cluster, TOLERANCE);
  snap_scene_free(&cluster);
  if (which->twojmax <= 6) {
    /* A cell smaller than the cutoff: atoms see their own images. */
    snap_scene crystal = snap_scene_random(&random, 3, 3.0, 1.2, which->nelements, cutoff + 0.4);
    snap_compare(model, which->nelements, &crystal, TOLERANCE);
    snap_scene_free(&crystal);
  }
  xp_snap_model_free(model);
}

static void compare_level(int level) {
  if (level > xp_kernel_level()) {
    print_message("skipped: this processor has no instructions of level %d\n", level);
    skip();
  }
  xp_kernel_limit(level);
  for (int c = 0; c < snap_ncases; ++c) {
    print_message("%s\n", snap_cases[c].name);
    compare_case(&snap_cases[c], 40 + (uint64_t)c);
  }
}

static int no_limit(void **state) {
  (void)state;
  xp_kernel_limit(XP_KERNEL_V4);
  return 0;
}

static void base_kernel_agrees_with_the_reference(void **state) {
  (void)state;
  compare_level(XP_KERNEL_BASE);
}
static void avx2_kernel_agrees_with_the_reference(void **state) {
  (void)state;
  compare_level(XP_KERNEL_V3);
}
static void avx512_kernel_agrees_with_the_reference(void **state) {
  (void)state;
  compare_level(XP_KERNEL_V4);
}

/* Neighbours of one centre by hand: nowhere, alone, in line, on the axes, at and beyond the cutoff, on the centre. */
static void degenerate_neighbourhoods(void **state) {
  (void)state;
  static const double rcut = SNAP_RCUTFAC;
  const double displacements[][3] = {
      {0.0, 0.0, 1.5},                                              /* along the polar axis */
      {1.1, 0.0, 0.0},   {2.2, 0.0, 0.0},         {-1.1, 0.0, 0.0}, /* collinear */
      {rcut, 0.0, 0.0},  {0.0, rcut - 1e-9, 0.0},                   /* at and just inside the cutoff */
      {0.0, 0.0, 5.0},                                              /* beyond */
      {0.0, 0.0, 1e-11}, {1.0, 1.0, 1.0},                           /* on the centre, and one besides */
  };
  const size_t first[] = {0, 0, 1, 4, 6, 7, 9};
  const int natoms = 6, species[6] = {0}, neighbour_species[9] = {0};
  const xp_neighbourhoods view = {natoms, species, first, neighbour_species, displacements};
  snap_scene scene = {.view = view, .nneighbours = 9};
  for (int c = 0; c < snap_ncases; ++c) {
    if (snap_cases[c].nelements != 1) continue;
    xp_test_random random = {7};
    xp_snap_model *model = snap_case_model(&snap_cases[c], &random);
    snap_compare(model, 1, &scene, TOLERANCE);
    snap_run run = snap_run_new(model, 1, &scene);
    snap_run_evaluate(&run, &view);
    xp_assert_close(run.energy[4], run.energy[0], 1e-13); /* beyond the cutoff is nowhere */
    for (int d = 0; d < 3; ++d) {
      assert_true(run.gradient[4][d] == 0.0);
      assert_true(run.gradient[6][d] == 0.0);
      assert_true(run.gradient[7][d] == 0.0);
    }
    snap_run_free(&run);
    xp_snap_model_free(model);
  }
}

/* An isolated atom has the constant energy, whatever its coefficients, when bzeroflag is 1 and no foreign label has a self
 * term. */
static void isolated_atom(void **state) {
  (void)state;
  for (int c = 0; c < snap_ncases; ++c) {
    const snap_case *which = &snap_cases[c];
    if (which->no_bzero) continue;
    xp_test_random random = {11};
    xp_snap_model *model = snap_case_model(which, &random);
    const size_t first[] = {0, 0};
    const int species[] = {which->nelements - 1};
    const xp_neighbourhoods view = {1, species, first, NULL, NULL};
    snap_scene scene = {.view = view};
    snap_run run = snap_run_new(model, which->nelements, &scene);
    snap_run_evaluate(&run, &view);
    xp_assert_close(run.energy[0], model->elements[which->nelements - 1].coefficients[0], 1e-12);
    snap_run_free(&run);
    xp_snap_model_free(model);
  }
}

/* An atom's result does not depend on the atoms it shares vectors with, and NULL outputs are not touched. */
static void batches_do_not_mix(void **state) {
  (void)state;
  xp_error error = {0};
  xp_test_random random = {5};
  const snap_case which = {.twojmax = 4, .nelements = 2, .quadratic = true};
  xp_snap_model *model = snap_case_model(&which, &random);
  snap_scene scene = snap_scene_random(&random, 19, 0.0, 1.4, 2, snap_model_cutoff(model));
  snap_run all = snap_run_new(model, 2, &scene), one = snap_run_new(model, 2, &scene);
  double core[19];
  memset(core, 0x55, sizeof core);
  xp_evaluation out = {.energy = all.energy, .gradient = all.gradient, .core_factor = core};
  xp_assert_ok(xp_snap_evaluate(all.plan, all.workspace, &scene.view, &out, &error), &error);
  for (int i = 0; i < 19; ++i) {
    const size_t first[] = {0, scene.view.first[i + 1] - scene.view.first[i]};
    const xp_neighbourhoods view = {1, scene.view.species + i, first,
                                    scene.view.neighbour_species + scene.view.first[i],
                                    scene.view.displacements + scene.view.first[i]};
    snap_run_evaluate(&one, &view);
    assert_true(core[i] == 0.0);
    assert_true(one.energy[0] == all.energy[i]);
    assert_memory_equal(one.gradient, all.gradient + scene.view.first[i], first[1] * sizeof *one.gradient);
    out = (xp_evaluation){.energy = one.energy + 1};
    xp_assert_ok(xp_snap_evaluate(one.plan, one.workspace, &view, &out, &error), &error);
    assert_true(one.energy[1] == all.energy[i]);
    out = (xp_evaluation){0};
    xp_assert_ok(xp_snap_evaluate(one.plan, one.workspace, &view, &out, &error), &error);
  }
  snap_run_free(&all);
  snap_run_free(&one);
  snap_scene_free(&scene);
  xp_snap_model_free(model);
}

static void plans_refuse_wrong_elements(void **state) {
  (void)state;
  xp_error error = {0};
  xp_test_random random = {3};
  xp_snap_plan *plan = NULL;
  const snap_case chem = {.twojmax = 2, .nelements = 2, .chem = true, .inner = true};
  xp_snap_model *model = snap_case_model(&chem, &random);
  const char *const unknown[] = {"Ge", "Xx"}, *const twice[] = {"Ge", "Ge"}, *const swapped[] = {"Sb", "Ge"};
  assert_int_equal(xp_snap_plan_new(&plan, model, unknown, 2, XP_PRECISION_DOUBLE, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "Xx");
  assert_int_equal(xp_snap_plan_new(&plan, model, twice, 2, XP_PRECISION_DOUBLE, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "listed twice");
  assert_int_equal(xp_snap_plan_new(&plan, model, swapped, 1, XP_PRECISION_DOUBLE, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "chemflag 1 needs all 2 elements");
  assert_int_equal(xp_snap_plan_new(&plan, model, swapped, 0, XP_PRECISION_DOUBLE, &error), XP_ERROR_INPUT);
  assert_null(plan);
  xp_assert_ok(xp_snap_plan_new(&plan, model, swapped, 2, XP_PRECISION_DOUBLE, &error), &error);
  xp_assert_close(xp_snap_plan_cutoff(plan, 0, 0), 2.0 * 0.54 * SNAP_RCUTFAC, 1e-14);
  xp_assert_close(xp_snap_plan_cutoff(plan, 0, 1), 1.04 * SNAP_RCUTFAC, 1e-14);
  xp_snap_plan_free(plan);
  model->parameters.ninner = 1;
  assert_int_equal(xp_snap_plan_new(&plan, model, swapped, 2, XP_PRECISION_DOUBLE, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "sinner and dinner have 1 values");
  xp_snap_model_free(model);
  xp_snap_plan_free(NULL);
  xp_snap_workspace_free(NULL);
}

/* A part of the elements, in another order than in the file. */
static void elements_in_another_order(void **state) {
  (void)state;
  xp_error error = {0};
  xp_test_random random = {13};
  const snap_case which = {.twojmax = 4, .nelements = 3};
  xp_snap_model *model = snap_case_model(&which, &random);
  snap_scene scene = snap_scene_random(&random, 6, 0.0, 1.4, 2, snap_model_cutoff(model));
  const char *const elements[] = {"Te", "Ge"};
  xp_snap_plan *plan = NULL;
  xp_snap_workspace *workspace = NULL;
  double energy[6], expected[6];
  xp_evaluation out = {.energy = energy}, reference = {.energy = expected};
  xp_assert_ok(xp_snap_plan_new(&plan, model, elements, 2, XP_PRECISION_DOUBLE, &error), &error);
  xp_assert_ok(xp_snap_workspace_new(&workspace, plan, &error), &error);
  xp_assert_ok(xp_snap_evaluate(plan, workspace, &scene.view, &out, &error), &error);
  xp_assert_ok(xp_reference_snap(model, elements, 2, &scene.view, &reference, &error), &error);
  for (int i = 0; i < 6; ++i) xp_assert_close(energy[i], expected[i], 1e-11);
  xp_snap_workspace_free(workspace);
  xp_snap_plan_free(plan);
  snap_scene_free(&scene);
  xp_snap_model_free(model);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(base_kernel_agrees_with_the_reference, no_limit),
      cmocka_unit_test_teardown(avx2_kernel_agrees_with_the_reference, no_limit),
      cmocka_unit_test_teardown(avx512_kernel_agrees_with_the_reference, no_limit),
      cmocka_unit_test(degenerate_neighbourhoods),
      cmocka_unit_test(isolated_atom),
      cmocka_unit_test(batches_do_not_mix),
      cmocka_unit_test(plans_refuse_wrong_elements),
      cmocka_unit_test(elements_in_another_order),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
