/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mixed against double precision: every radial type, inner cutoff and embedding, coupled tensors and plain products, at
 * every processor level; neighbourhoods at the edge of what there is. */
#include <math.h>

#include "coupled_functions.h"
#include "kernel/kernel.h"

/* Half a unit in the last place of float32. */
static const double ROUNDING = 0x1p-24;

/* Energies and forces are sums of products of up to five sums over neighbours, with terms of either sign. Compared with
 * the largest of the structure they are off by tens of roundings, 1e-5 of it at most. */
static const double TOLERANCE = 1e-5;

/* FinnisSinclair takes roots of densities: where one comes near zero the slope of its root is steep, and the rounding of
 * the density is multiplied. Energies are not concerned. */
static const double ROOT_FORCE_TOLERANCE = 1e-3;

static double largest_of(const double *values, int count) {
  double largest = 1e-3; /* eV, eV/Angstrom: below that nobody looks at relative errors */
  for (int i = 0; i < count; ++i) largest = fmax(largest, fabs(values[i]));
  return largest;
}

static double difference_of(const double *mixed, const double *exact, int count) {
  double scale = largest_of(exact, count), difference = 0.0;
  for (int i = 0; i < count; ++i) {
    assert_true(isfinite(mixed[i]));
    difference = fmax(difference, fabs(mixed[i] - exact[i]) / scale);
  }
  return difference;
}

/* The largest differences seen. */
typedef struct differences {
  double energy, force;
} differences;

static double force_tolerance(const xp_ace_model *model) {
  bool roots = false;
  for (int i = 0; i < model->nelements; ++i)
    roots = roots || (model->embeddings[i].npoti == XP_ACE_FINNIS_SINCLAIR && model->embeddings[i].ndensity > 1);
  return roots ? ROOT_FORCE_TOLERANCE : TOLERANCE;
}

static void compare(differences *worst, const xp_ace_model *model, const xp_structure *structure, const char *what) {
  ace_engine exact, mixed;
  ace_engine_open(&exact, model, ace_test_elements, model->nelements);
  ace_engine_open_precision(&mixed, model, ace_test_elements, model->nelements, XP_PRECISION_MIXED);
  ace_result a = ace_engine_run(&exact, structure, false), b = ace_engine_run(&mixed, structure, false);
  double energy = difference_of(b.local, a.local, structure->natoms);
  double force = difference_of(b.forces[0], a.forces[0], 3 * structure->natoms);
  for (int i = 0; i < structure->natoms; ++i) xp_assert_close(b.core_factor[i], a.core_factor[i], TOLERANCE);
  if (!(energy <= TOLERANCE && force <= force_tolerance(model)))
    fail_msg("%s: energies differ by %.1e of the largest, forces by %.1e", what, energy, force);
  worst->energy = fmax(worst->energy, energy);
  worst->force = fmax(worst->force, force);
  ace_result_free(&a);
  ace_result_free(&b);
  ace_engine_close(&exact);
  ace_engine_close(&mixed);
}

static void report(const char *what, const differences *worst) {
  print_message("%s: energies within %.1f, forces within %.1f roundings of the largest\n", what,
                worst->energy / ROUNDING, worst->force / ROUNDING);
  assert_true(worst->force > 0.01 * ROUNDING); /* something was rounded */
}

static void compare_options(differences *worst, const ace_options *options) {
  xp_test_random random = {options->seed + 31};
  xp_ace_model *model = ace_test_model(options);
  xp_structure *cluster = xp_test_structure(&random, 13, 0.0, 1.8, ace_test_elements, options->nelements);
  xp_structure *cell = xp_test_structure(&random, 5, 4.3, 1.9, ace_test_elements, options->nelements);
  compare(worst, model, cluster, ace_test_name(options));
  compare(worst, model, cell, ace_test_name(options));
  xp_structure_free(cluster);
  xp_structure_free(cell);
  xp_ace_model_free(model);
}

static void compare_combinations(differences worst[2], int nelements, int ndensity) {
  for (int radial = XP_ACE_CHEB_EXP_COS; radial <= XP_ACE_ZERO; ++radial)
    for (int inner = XP_ACE_INNER_DENSITY; inner <= XP_ACE_INNER_ZBL; ++inner)
      for (int embedding = 0; embedding < 2; ++embedding) {
        if (radial == XP_ACE_ACEJL && inner != XP_ACE_INNER_DENSITY) continue;
        ace_options options = {nelements,
                               (xp_ace_radial_type)radial,
                               (xp_ace_inner_type)inner,
                               (xp_ace_embedding_type)embedding,
                               ndensity,
                               (uint64_t)(500 + radial * 100 + inner * 10 + embedding)};
        compare_options(&worst[embedding], &options);
      }
}

/* Runs a check at every level of this processor. */
static void at_levels(void (*check)(void)) {
  for (int level = XP_KERNEL_BASE; level <= XP_KERNEL_V4; ++level) {
    xp_kernel_limit(level);
    if (xp_kernel_level() == level) check();
  }
}

static void check_combinations(void) {
  differences worst[2] = {{0}}; /* of each embedding */
  compare_combinations(worst, 1, 1);
  compare_combinations(worst, 1, 5);
  compare_combinations(worst, 2, 2);
  compare_combinations(worst, 3, 1);
  for (int e = 0; e < 2; ++e) report(xp_ace_embedding_name((xp_ace_embedding_type)e), &worst[e]);
}

static void test_combinations(void **state) {
  (void)state;
  at_levels(check_combinations);
}

static void check_chosen(const xp_ace_model *model, const char *method) {
  ace_engine engine;
  ace_engine_open_precision(&engine, model, ace_test_elements, 1, XP_PRECISION_MIXED);
  assert_string_equal(xp_ace_plan_describe(engine.plan, 0).methods[0].name, method);
  ace_engine_close(&engine);
}

static void check_coupled(void) {
  differences worst = {0};
  xp_test_random random = {71};
  xp_ace_model *model = coupled_empty_model(1, 2, 3, 70);
  coupled_append_examples(model);
  check_chosen(model, "coupled pairs");
  for (int k = 0; k < 4; ++k) {
    xp_structure *structure = xp_test_structure(&random, 17, 0.0, 1.9, ace_test_elements, 1);
    compare(&worst, model, structure, "coupled functions");
    xp_structure_free(structure);
  }
  report("coupled functions", &worst);
  xp_ace_model_free(model);
}

static void test_coupled(void **state) {
  (void)state;
  at_levels(check_coupled);
}

static void compare_positions(differences *worst, const xp_ace_model *model, int natoms, const double (*positions)[3],
                              const char *what) {
  const int species[8] = {0, 1, 0, 1, 1, 0, 0, 1};
  xp_structure *structure = ace_test_cluster(natoms, positions, species, ace_test_elements);
  compare(worst, model, structure, what);
  xp_structure_free(structure);
}

/* None, one, in line, in a plane, just inside and at a cutoff, in the core. */
static void compare_edges(differences *worst, const xp_ace_model *model, const char *what) {
  double cutoff = xp_ace_model_bond(model, 0, 1)->rcut;
  const double one[1][3] = {{0.3, 0.1, 0.2}}, pair[2][3] = {{0, 0, 0}, {0, 0, -2.2}};
  const double line[5][3] = {{0, 0, 0}, {0, 0, 2.1}, {0, 0, 4.2}, {0, 0, 6.3}, {0, 0, 8.4}};
  const double plane[4][3] = {{0, 0, 0}, {2.2, 0, 0}, {0, 2.2, 0}, {2.2, 2.2, 0}};
  const double at[3][3] = {{0, 0, 0}, {0, 0, cutoff}, {2.0, 0.3, 0.4}};
  const double inside[3][3] = {{0, 0, 0}, {0, 0, nextafter(cutoff, 0.0)}, {2.0, 0.3, 0.4}};
  const double core[3][3] = {{0, 0, 0}, {0.6, 0, 0.8}, {2.3, 0, -0.4}};
  compare_positions(worst, model, 1, one, what);
  compare_positions(worst, model, 2, pair, what);
  compare_positions(worst, model, 5, line, what);
  compare_positions(worst, model, 4, plane, what);
  compare_positions(worst, model, 3, at, what);
  compare_positions(worst, model, 3, inside, what);
  compare_positions(worst, model, 3, core, what);
}

/* One pair at a distance; returns what the evaluation returned. */
static xp_status evaluate_pair(const xp_ace_model *model, const double displacement[3], xp_precision precision,
                               xp_error *error) {
  const size_t first[] = {0, 1};
  const int species[] = {0}, neighbour_species[] = {1};
  xp_neighbourhoods view = {1, species, first, neighbour_species, (const double(*)[3])displacement};
  double energy, gradient[1][3];
  xp_evaluation out = {&energy, gradient, NULL};
  ace_engine engine;
  ace_engine_open_precision(&engine, model, ace_test_elements, 2, precision);
  xp_status status = xp_ace_evaluate(engine.plan, engine.workspace, &view, &out, error);
  ace_engine_close(&engine);
  return status;
}

/* Both precisions refuse the same with the same sentence. */
static void compare_refusals(const xp_ace_model *model) {
  const double displacements[][3] = {{0.0, 0.0, 0.0}, {NAN, 1.0, 1.0}, {1e-40, 0.0, 0.0}, {0.0, 0.0005, 0.0}};
  int count = model->bonds[0].acejl ? 2 : 4; /* ACE.jl's functions have no smallest distance */
  for (int k = 0; k < count; ++k) {
    xp_error exact = {0}, mixed = {0};
    assert_int_equal(evaluate_pair(model, displacements[k], XP_PRECISION_DOUBLE, &exact), XP_ERROR_RANGE);
    assert_int_equal(evaluate_pair(model, displacements[k], XP_PRECISION_MIXED, &mixed), XP_ERROR_RANGE);
    assert_string_equal(mixed.message, exact.message);
  }
}

static void check_edges(void) {
  static const xp_ace_radial_type radials[] = {XP_ACE_SBESSEL, XP_ACE_CHEB_LINEAR, XP_ACE_ACEJL};
  differences worst = {0};
  for (int k = 0; k < 3; ++k)
    for (int inner = XP_ACE_INNER_DENSITY; inner <= XP_ACE_INNER_ZBL; ++inner) {
      if (radials[k] == XP_ACE_ACEJL && inner != XP_ACE_INNER_DENSITY) continue;
      ace_options options = {2, radials[k], (xp_ace_inner_type)inner, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 2, 4};
      xp_ace_model *model = ace_test_model(&options);
      compare_edges(&worst, model, ace_test_name(&options));
      compare_refusals(model);
      xp_ace_model_free(model);
    }
  report("edges", &worst);
}

static void test_edges(void **state) {
  (void)state;
  at_levels(check_edges);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_combinations), cmocka_unit_test(test_coupled),
                                     cmocka_unit_test(test_edges)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
