/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the plan says of the cost of a model so small that operations can be counted by hand, and of larger ones. */
#include <math.h>

#include "coupled_functions.h"
#include "kernel/kernel.h"

enum { NRADBASE = 4 }; /* of ace_testing's models */

static const coupled_function scalar = {0, 2, {0, 0}, {1, 1}, {0, 0}, 1, {{0}}, {{0.3, 0.1}}};
static const coupled_function vector = {0, 2, {0, 0}, {1, 2}, {1, 1}, 1, {{0}}, {{-0.2, 0.4}}};

static xp_ace_model *empty_model(int ndensity) {
  ace_options options = {1, XP_ACE_SBESSEL, XP_ACE_INNER_DENSITY, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, ndensity, 3};
  xp_ace_model *model = ace_test_model(&options);
  coupled_clear_functions(model);
  return model;
}

static xp_plan_facts facts_of(const xp_ace_model *model, xp_precision precision) {
  ace_engine engine;
  ace_engine_open_precision(&engine, model, ace_test_elements, model->nelements, precision);
  xp_plan_facts facts = xp_ace_plan_describe(engine.plan, 0);
  ace_engine_close(&engine);
  return facts;
}

/* The facts of a model of one or both functions. */
static xp_plan_facts facts_with(bool with_scalar, bool with_vector, int ndensity, xp_precision precision) {
  xp_ace_model *model = empty_model(ndensity);
  if (with_scalar) coupled_append(model, &scalar);
  if (with_vector) coupled_append(model, &vector);
  xp_plan_facts facts = facts_of(model, precision);
  xp_ace_model_free(model);
  return facts;
}

static void check_methods(const xp_plan_facts *facts, double coupled, double shared, double plain) {
  assert_int_equal(facts->nmethods, 3);
  assert_string_equal(facts->methods[0].name, "coupled pairs");
  assert_string_equal(facts->methods[1].name, "shared products");
  assert_string_equal(facts->methods[2].name, "plain products");
  xp_assert_close(facts->methods[0].operations, coupled, 0.0);
  xp_assert_close(facts->methods[1].operations, shared, 0.0);
  xp_assert_close(facts->methods[2].operations, plain, 0.0);
}

/* A component of a dot product of two nodes takes three multiply-adds, one for the energy and one for the adjoint of each
 * node; a density takes one there and one back: 6 (2l + 1) + 4 P.
 * As products, l = 0 has one term and l = 1 has two, (0, 0) and (1, -1). A complex factor that others share takes a
 * multiplication or four and four additions: 8 for both adjoints and 6 P for the sums of a density. By itself, a product of
 * two takes 6, its two adjoints 4 each, a density 4. */
static void test_products(void **state) {
  (void)state;
  xp_plan_facts one = facts_with(true, false, 1, XP_PRECISION_DOUBLE);
  xp_plan_facts three = facts_with(false, true, 1, XP_PRECISION_DOUBLE);
  xp_plan_facts both = facts_with(true, true, 1, XP_PRECISION_DOUBLE);
  xp_plan_facts densities = facts_with(true, true, 2, XP_PRECISION_DOUBLE);
  check_methods(&one, 6 + 4, 8 + 6, 6 + 8 + 4);
  check_methods(&three, 18 + 4, 2 * (8 + 6), 2 * (6 + 8 + 4));
  check_methods(&both, 10 + 22, 14 + 28, 18 + 36);
  check_methods(&densities, 14 + 26, 20 + 40, 22 + 44);
}

/* Radial columns (n, l): (1, 0), (1, 1), (2, 1), with 1 + 3 + 3 components, over (l, m) = (0, 0), (1, 0), (1, 1). */
static void test_neighbours(void **state) {
  (void)state;
  xp_plan_facts facts = facts_with(true, true, 1, XP_PRECISION_DOUBLE);
  double tables = (NRADBASE + 1) * 2 * 12; /* value and derivative of the basis and the core from six rows */
  double columns = 2 * NRADBASE * 3, harmonics = 3 * 2 * 12, base = 2 * 7;
  double gradient = 2 * NRADBASE * (1 + 3) + 2 * 7 + 6 * (1 + 3);
  xp_assert_close(facts.neighbour_operations, tables + columns + harmonics + base + gradient, 0.0);
  xp_assert_close(facts.fixed_operations, 2 * NRADBASE * 7 + 4 * NRADBASE, 0.0);
}

static void test_bytes(void **state) {
  (void)state;
  xp_plan_facts facts = facts_with(true, true, 1, XP_PRECISION_DOUBLE);
  size_t node = 3 * 8 * sizeof(double); /* basis and core, padded; value and two derivatives */
  assert_int_equal(facts.table_bytes % node, 0);
  assert_true(facts.table_bytes > 400 * node); /* a bin every 0.01 Angstrom from 0.5 to 5 */
  size_t matrix = 4 * NRADBASE * sizeof(double), density = NRADBASE * sizeof(double);
  assert_true(facts.stream_bytes >= matrix + density + 2 * sizeof(double));
  assert_true(facts.stream_bytes < matrix + density + 200);
  assert_true(facts.atom_bytes >= 2 * 7 * sizeof(double));                /* values and adjoints */
  assert_true(facts.neighbour_bytes >= (3 + 5 + 4 + 7) * sizeof(double)); /* R, g', Y, vectors */
  assert_true(facts.atom_bytes < 100 * sizeof(double));
  assert_true(facts.neighbour_bytes < 60 * sizeof(double));
}

static void test_precision(void **state) {
  (void)state;
  static const int lanes[] = {0, 2, 2, 4, 8};
  for (int level = XP_KERNEL_BASE; level <= XP_KERNEL_V4; ++level) {
    xp_kernel_limit(level);
    if (xp_kernel_level() != level) continue;
    xp_plan_facts exact = facts_with(true, true, 1, XP_PRECISION_DOUBLE);
    xp_plan_facts mixed = facts_with(true, true, 1, XP_PRECISION_MIXED);
    assert_int_equal(exact.lanes, lanes[level]);
    assert_int_equal(mixed.lanes, 2 * lanes[level]);
    assert_int_equal(exact.atom_bytes, 2 * mixed.atom_bytes);
    assert_true(mixed.stream_bytes < exact.stream_bytes);
    assert_true(mixed.neighbour_bytes < exact.neighbour_bytes);
    assert_int_equal(mixed.table_bytes, exact.table_bytes); /* tables are of doubles */
    xp_assert_close(mixed.methods[0].operations, exact.methods[0].operations, 0.0);
  }
}

/* The first method is the cheapest, for functions that are not invariant too. */
static void test_cheapest(void **state) {
  (void)state;
  for (int nelements = 1; nelements <= 3; ++nelements) {
    ace_options options = {nelements, XP_ACE_CHEB_POW, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR, 1, 12};
    xp_ace_model *model = ace_test_model(&options);
    xp_plan_facts facts = facts_of(model, XP_PRECISION_DOUBLE);
    assert_int_equal(facts.nmethods, 3);
    for (int k = 1; k < facts.nmethods; ++k) assert_true(facts.methods[0].operations <= facts.methods[k].operations);
    xp_ace_model_free(model);
  }
}

/* No function: nothing to multiply, no method but those of nothing. */
static void test_empty(void **state) {
  (void)state;
  xp_plan_facts facts = facts_with(false, false, 1, XP_PRECISION_DOUBLE);
  for (int k = 0; k < facts.nmethods; ++k) xp_assert_close(facts.methods[k].operations, 0.0, 0.0);
  assert_true(facts.neighbour_operations > 0.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_products), cmocka_unit_test(test_neighbours),
                                     cmocka_unit_test(test_bytes),    cmocka_unit_test(test_precision),
                                     cmocka_unit_test(test_cheapest), cmocka_unit_test(test_empty)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
