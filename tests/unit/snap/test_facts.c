/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan says of its cost, against counts by hand and by brute force from the definition of Z. */
#include <stdlib.h>

#include "cases.h"
#include "kernel/kernel.h"

static xp_plan_facts facts_of(const snap_case *which, xp_precision precision) {
  xp_error error = {0};
  xp_test_random random = {1};
  xp_snap_plan *plan = NULL;
  xp_snap_model *model = snap_case_model(which, &random);
  xp_assert_ok(xp_snap_plan_new(&plan, model, snap_symbols, which->nelements, precision, &error), &error);
  xp_plan_facts facts = xp_snap_plan_describe(plan, which->nelements - 1);
  xp_snap_plan_free(plan);
  xp_snap_model_free(model);
  return facts;
}

static void the_smallest_model(void **state) {
  (void)state;
  const snap_case linear = {.twojmax = 0, .nelements = 1}, quadratic = {.nelements = 1, .quadratic = true};
  xp_plan_facts f = facts_of(&linear, XP_PRECISION_DOUBLE);
  assert_int_equal(f.nmethods, 2);
  /* One complex product, six operations, times one real coefficient, added up: four. */
  xp_assert_close(f.methods[0].operations, 10.0, 0.0);
  /* The same, added to the adjoint with a factor that is a product. */
  xp_assert_close(f.methods[1].operations, 16.0, 0.0);
  /* Real and imaginary part of the one entry from two moments each, both ways, and one term of the energy. */
  xp_assert_close(f.fixed_operations, 20.0, 0.0);
  f = facts_of(&quadratic, XP_PRECISION_DOUBLE);
  assert_int_equal(f.nmethods, 1);
  /* B, one square coefficient, the rest of energy and its derivative. */
  xp_assert_close(f.methods[0].operations, 16.0 + 4.0 + 2.0 + 4.0, 0.0);
  xp_assert_close(f.fixed_operations, 16.0, 0.0);
}

/* Outputs have projections tb < 0, or tb = 0 and ta <= 0. */
static int levels(int twojmax, int low, int high, int tb, int ta) {
  int count = 0;
  for (int j = low; j <= high && j <= twojmax; j += 2) count += abs(tb) <= j && abs(ta) <= j;
  return count;
}

/* Operations of all products of entries of U^j1 and U^j2, of equal levels in one order; folded: for all levels that their
 * projections belong to, otherwise for those that j1 and j2 couple to. */
static double brute_force(int twojmax, bool folded) {
  double operations = 0.0;
  for (int j1 = 0; j1 <= twojmax; ++j1)
    for (int j2 = 0; j2 <= j1; ++j2)
      for (int left = 0; left < (j1 + 1) * (j1 + 1); ++left)
        for (int right = j1 == j2 ? left : 0; right < (j2 + 1) * (j2 + 1); ++right) {
          int tb = 2 * (left / (j1 + 1) + right / (j2 + 1)) - j1 - j2;
          int ta = 2 * (left % (j1 + 1) + right % (j2 + 1)) - j1 - j2;
          if (tb > 0 || (tb == 0 && ta > 0)) continue;
          int coupled = levels(twojmax, j1 - j2, j1 + j2, tb, ta),
              all = levels(twojmax, (j1 + j2) % 2, twojmax, tb, ta);
          if (coupled > 0) operations += 6.0 + 4.0 * (folded ? all : coupled);
        }
  return operations;
}

static void products_are_those_of_the_definition(void **state) {
  (void)state;
  /* Up to 10 no list is split for having more outputs than a segment. */
  for (int twojmax = 1; twojmax <= 10; ++twojmax) {
    const snap_case linear = {.twojmax = twojmax, .nelements = 1};
    xp_plan_facts f = facts_of(&linear, XP_PRECISION_DOUBLE);
    xp_assert_close(f.methods[0].operations, brute_force(twojmax, true), 0.0);
    assert_true(f.methods[1].operations > brute_force(twojmax, false));
  }
  const snap_case largest = {.twojmax = 14, .nelements = 1};
  xp_plan_facts f = facts_of(&largest, XP_PRECISION_DOUBLE);
  assert_true(f.methods[0].operations > brute_force(14, true));
  assert_true(f.methods[0].operations < 1.2 * brute_force(14, true));
}

static void costs_grow_with_the_model(void **state) {
  (void)state;
  xp_plan_facts previous = {0};
  for (int twojmax = 0; twojmax <= 14; ++twojmax) {
    const snap_case which = {.twojmax = twojmax, .nelements = 1, .quadratic = true};
    xp_plan_facts f = facts_of(&which, XP_PRECISION_DOUBLE);
    assert_true(f.methods[0].operations > previous.methods[0].operations);
    assert_true(f.neighbour_operations > previous.neighbour_operations);
    assert_true(f.fixed_operations > previous.fixed_operations);
    assert_true(f.table_bytes > previous.table_bytes);
    assert_true(f.stream_bytes > previous.stream_bytes);
    assert_true(f.atom_bytes > previous.atom_bytes);
    previous = f;
  }
  /* snap.md section 17: 140 complex numbers of U at twojmax 6, and as many of Y, for each label. */
  const snap_case one = {.twojmax = 6, .nelements = 2}, chem = {.twojmax = 6, .nelements = 2, .chem = true};
  xp_plan_facts plain = facts_of(&one, XP_PRECISION_DOUBLE), labels = facts_of(&chem, XP_PRECISION_DOUBLE);
  assert_true(plain.atom_bytes >= 2 * 2 * 140 * sizeof(double));
  assert_true(labels.atom_bytes > 2 * plain.atom_bytes);
  assert_true(labels.methods[0].operations > 4.0 * plain.methods[1].operations);
  xp_assert_close(labels.neighbour_operations, plain.neighbour_operations, 0.0);
}

static int no_limit(void **state) {
  (void)state;
  xp_kernel_limit(XP_KERNEL_V4);
  return 0;
}

static void lanes_and_bytes_follow_precision_and_processor(void **state) {
  (void)state;
  const snap_case which = {.twojmax = 8, .nelements = 1};
  const int levels_of[] = {XP_KERNEL_BASE, XP_KERNEL_V2, XP_KERNEL_V3, XP_KERNEL_V4}, lanes[] = {2, 2, 4, 8};
  for (int k = 0; k < 4; ++k) {
    xp_kernel_limit(levels_of[k]);
    if (xp_kernel_level() < levels_of[k]) break;
    xp_plan_facts exact = facts_of(&which, XP_PRECISION_DOUBLE), mixed = facts_of(&which, XP_PRECISION_MIXED);
    assert_int_equal(exact.lanes, lanes[k]);
    assert_int_equal(mixed.lanes, 2 * lanes[k]);
    assert_true(mixed.stream_bytes < exact.stream_bytes);
    assert_true(mixed.atom_bytes < exact.atom_bytes);
    xp_assert_close(mixed.methods[0].operations, exact.methods[0].operations, 0.0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_smallest_model),
      cmocka_unit_test(products_are_those_of_the_definition),
      cmocka_unit_test(costs_grow_with_the_model),
      cmocka_unit_test_teardown(lanes_and_bytes_follow_precision_and_processor, no_limit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
