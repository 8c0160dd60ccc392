/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coupled tensors are found again in plain products, and evaluate to the same numbers as these: all patterns of equal and
 * different factors, ranks 2 to 8, sums of couplings, one to three elements, one to five densities, every processor level.
 * What is not invariant is left to plain products. */
#include <math.h>

#include "coupled_functions.h"
#include "kernel/kernel.h"

enum { LMAX = 7, RANK_MAX = 8, NRADIAL = 4, TUPLES_MAX = 20000, ATOMS = 7 };

static const char COUPLED[] = "coupled pairs", PARTLY[] = "coupled pairs, the rest as shared products",
                  SHARED[] = "shared products", PLAIN[] = "plain products";

/* Operations of a method of the atoms of a species, -1: it was not counted. */
static double operations_of(const ace_engine *engine, int species, const char *name) {
  xp_plan_facts facts = xp_ace_plan_describe(engine->plan, species);
  for (int k = 0; k < facts.nmethods; ++k)
    if (strcmp(facts.methods[k].name, name) == 0) return facts.methods[k].operations;
  return -1.0;
}

static bool chosen(const ace_engine *engine, int species, const char *name) {
  return strcmp(xp_ace_plan_describe(engine->plan, species).methods[0].name, name) == 0;
}

/* Energies and forces within 1e-11 of the largest. */
static void compare(const ace_engine *engine, const xp_structure *structure) {
  ace_result kernel = ace_engine_run(engine, structure, false), reference = ace_engine_run(engine, structure, true);
  double energy = 1.0, force = 1.0;
  for (int i = 0; i < structure->natoms; ++i) {
    energy = fmax(energy, fabs(reference.local[i]));
    for (int d = 0; d < 3; ++d) force = fmax(force, fabs(reference.forces[i][d]));
  }
  for (int i = 0; i < structure->natoms; ++i) {
    xp_assert_close(kernel.local[i], reference.local[i], 1e-11 * energy);
    for (int d = 0; d < 3; ++d) xp_assert_close(kernel.forces[i][d], reference.forces[i][d], 1e-11 * force);
  }
  ace_result_free(&kernel);
  ace_result_free(&reference);
}

static void compare_levels(const xp_ace_model *model, uint64_t seed) {
  xp_test_random random = {seed};
  xp_structure *structure = xp_test_structure(&random, ATOMS, 0.0, 1.7, ace_test_elements, model->nelements);
  for (int level = XP_KERNEL_BASE; level <= XP_KERNEL_V4; ++level) {
    xp_kernel_limit(level);
    if (xp_kernel_level() != level) continue; /* not on this processor */
    ace_engine engine;
    ace_engine_open(&engine, model, ace_test_elements, model->nelements);
    compare(&engine, structure);
    ace_engine_close(&engine);
  }
  xp_structure_free(structure);
}

/* Factors of a pattern: class k of factors gets one random (mu, n, l). */
static void draw_factors(xp_test_random *random, coupled_function *f, const int *pattern, int nelements, int lmax) {
  int mu[RANK_MAX], n[RANK_MAX], l[RANK_MAX];
  for (int k = 0; k < f->rank; ++k) {
    mu[k] = xp_test_integer(random, nelements);
    n[k] = 1 + xp_test_integer(random, NRADIAL);
    l[k] = xp_test_integer(random, lmax + 1);
  }
  for (int t = 0; t < f->rank; ++t) {
    f->mus[t] = mu[pattern[t]];
    f->ns[t] = n[pattern[t]];
    f->ls[t] = l[pattern[t]];
  }
}

static int tuples_of(const coupled_function *f) {
  double count = 1.0;
  for (int t = 0; t < f->rank; ++t) count *= 2.0 * f->ls[t] + 1.0;
  return count > TUPLES_MAX ? TUPLES_MAX + 1 : (int)count;
}

/* A few of the couplings there are, with random coefficients that fall with the number of tuples. */
static void draw_couplings(xp_test_random *random, coupled_function *f) {
  enum { LISTED = 64 };
  int lint[LISTED][XP_COUPLING_RANK_MAX], count = coupled_lints(f->ls, f->rank, lint, LISTED);
  f->nlints = count < COUPLED_LINTS_MAX ? count : COUPLED_LINTS_MAX;
  for (int k = 0; k < f->nlints; ++k) {
    int from = (k * count) / f->nlints;
    memcpy(f->lint[k], lint[from], sizeof f->lint[k]);
    for (int p = 0; p < COUPLED_DENSITIES_MAX; ++p)
      f->c[k][p] = xp_test_uniform(random, -1.0, 1.0) * pow(0.25, f->rank - 1);
  }
}

/* A random invariant function of a pattern. */
static coupled_function draw(xp_test_random *random, const int *pattern, int rank, int centre, int nelements) {
  static const int lmax[] = {0, 0, 7, 7, 5, 3, 3, 2, 2};
  for (;;) {
    coupled_function f = {.centre = centre, .rank = rank};
    draw_factors(random, &f, pattern, nelements, lmax[rank]);
    if (tuples_of(&f) > TUPLES_MAX) continue;
    draw_couplings(random, &f);
    if (f.nlints > 0) return f;
  }
}

/* Next restricted growth string: every way of grouping the factors once. */
static bool next_pattern(int *pattern, int rank) {
  for (int t = rank - 1; t > 0; --t) {
    int highest = 0;
    for (int s = 0; s < t; ++s) highest = pattern[s] > highest ? pattern[s] : highest;
    if (pattern[t] > highest) continue;
    pattern[t]++;
    for (int s = t + 1; s < rank; ++s) pattern[s] = 0;
    return true;
  }
  return false;
}

static void add_patterns(xp_test_random *random, xp_ace_model *model, int centre, int rank) {
  int pattern[RANK_MAX] = {0};
  do {
    coupled_function f = draw(random, pattern, rank, centre, model->nelements);
    coupled_append(model, &f);
  } while (next_pattern(pattern, rank));
}

/* Every function was found again, and coupled pairs are what is evaluated. */
static void check_recovered(const xp_ace_model *model, uint64_t seed) {
  ace_engine engine;
  ace_engine_open(&engine, model, ace_test_elements, model->nelements);
  for (int i = 0; i < model->nelements; ++i) {
    assert_true(operations_of(&engine, i, COUPLED) > 0.0);
    assert_true(operations_of(&engine, i, PARTLY) < 0.0);
    assert_true(chosen(&engine, i, COUPLED));
  }
  ace_engine_close(&engine);
  compare_levels(model, seed);
}

static void test_patterns(void **state) {
  (void)state;
  for (int ndensity = 1; ndensity <= 3; ++ndensity) {
    uint64_t seed = 40 + (uint64_t)ndensity;
    int nelements = 4 - ndensity;
    xp_test_random random = {seed};
    xp_ace_model *model = coupled_empty_model(nelements, ndensity, LMAX, seed);
    for (int i = 0; i < nelements; ++i)
      for (int rank = 2; rank <= 5; ++rank) add_patterns(&random, model, i, rank);
    check_recovered(model, seed);
    xp_ace_model_free(model);
  }
}

static void test_densities(void **state) {
  (void)state;
  for (int ndensity = 4; ndensity <= 5; ++ndensity) {
    xp_test_random random = {60 + (uint64_t)ndensity};
    xp_ace_model *model = coupled_empty_model(1, ndensity, LMAX, random.state);
    for (int rank = 2; rank <= 4; ++rank) add_patterns(&random, model, 0, rank);
    check_recovered(model, random.state);
    xp_ace_model_free(model);
  }
}

static void test_high_ranks(void **state) {
  (void)state;
  static const int patterns[][RANK_MAX] = {{0, 0, 0, 0, 0, 0, 0, 0},
                                           {0, 0, 0, 1, 1, 1, 1, 1},
                                           {0, 1, 0, 2, 1, 0, 2, 2},
                                           {0, 1, 2, 3, 4, 5, 6, 7},
                                           {0, 0, 1, 1, 2, 2, 3, 3}};
  for (int rank = 6; rank <= RANK_MAX; ++rank) {
    xp_test_random random = {80 + (uint64_t)rank};
    xp_ace_model *model = coupled_empty_model(1, 2, LMAX, random.state);
    for (size_t k = 0; k < sizeof patterns / sizeof *patterns; ++k) {
      coupled_function f = draw(&random, patterns[k], rank, 0, 1);
      coupled_append(model, &f);
    }
    check_recovered(model, random.state);
    xp_ace_model_free(model);
  }
}

/* The largest l of rank 2 and 3, and odd intermediate momenta of rank 4, by name. */
static const coupled_function named[] = {
    {0, 2, {0, 0}, {1, 1}, {7, 7}, 1, {{0}}, {{0.4}}},
    {0, 2, {0, 0}, {1, 2}, {7, 7}, 1, {{0}}, {{-0.3}}},
    {0, 3, {0, 0, 0}, {1, 2, 3}, {7, 6, 5}, 1, {{5}}, {{0.2}}},
    {0, 3, {0, 0, 0}, {2, 2, 2}, {6, 6, 4}, 1, {{4}}, {{0.2}}},
    {0, 4, {0, 0, 0, 0}, {1, 2, 1, 2}, {1, 1, 1, 1}, 1, {{1, 1}}, {{0.3}}},
    {0, 4, {0, 0, 0, 0}, {1, 2, 3, 4}, {2, 3, 1, 2}, 2, {{1, 1}, {3, 3}}, {{0.3}, {-0.5}}},
    {0, 4, {0, 0, 0, 0}, {1, 1, 2, 2}, {2, 1, 2, 1}, 2, {{1, 1}, {2, 2}}, {{0.3}, {0.1}}}};
enum { NAMED = sizeof named / sizeof *named };

/* With several densities, which make plain products dearer than coupled ones. */
static xp_ace_model *named_model(void) {
  xp_ace_model *model = coupled_empty_model(1, COUPLED_DENSITIES_MAX, LMAX, 7);
  for (int k = 0; k < NAMED; ++k) {
    coupled_function f = named[k];
    for (int i = 0; i < f.nlints; ++i)
      for (int p = 1; p < COUPLED_DENSITIES_MAX; ++p) f.c[i][p] = (1.0 - 0.7 * p + 0.1 * i) * f.c[i][0];
    coupled_append(model, &f);
  }
  return model;
}

static void test_named(void **state) {
  (void)state;
  xp_ace_model *model = named_model();
  check_recovered(model, 3);
  xp_ace_model_free(model);
}

/* Position of the largest coefficient of a function. */
static double *largest_of(const xp_ace_function *f) {
  double *largest = f->ctildes;
  for (int k = 0; k < f->num_ms_combs * f->ndensity; ++k)
    if (fabs(f->ctildes[k]) > fabs(*largest)) largest = &f->ctildes[k];
  return largest;
}

/* A function is invariant to rounding, or not at all. */
static void test_changed(void **state) {
  (void)state;
  for (int k = 0; k < NAMED; ++k)
    for (int large = 0; large < 2; ++large) {
      xp_ace_model *model = named_model();
      *largest_of(&model->functions[0][k]) *= 1.0 + (large ? 1e-9 : 1e-14);
      ace_engine engine;
      ace_engine_open(&engine, model, ace_test_elements, 1);
      assert_true(chosen(&engine, 0, large ? PARTLY : COUPLED));
      assert_true(operations_of(&engine, 0, large ? COUPLED : PARTLY) < 0.0);
      ace_engine_close(&engine);
      compare_levels(model, 5);
      xp_ace_model_free(model);
    }
}

/* Larger changes would be seen in the energy if they were lost. */
static void test_partly(void **state) {
  (void)state;
  xp_ace_model *model = named_model();
  for (int k = 1; k < NAMED; k += 3) *largest_of(&model->functions[0][k]) *= 1.5;
  ace_engine engine;
  ace_engine_open(&engine, model, ace_test_elements, 1);
  assert_true(chosen(&engine, 0, PARTLY));
  ace_engine_close(&engine);
  compare_levels(model, 11);
  xp_ace_model_free(model);
}

/* One product of a high rank and small l: coupling it costs more than multiplying it out. */
static void test_products(void **state) {
  (void)state;
  xp_ace_model *model = coupled_empty_model(1, 1, LMAX, 7);
  coupled_append(model, &named[4]);
  ace_engine engine;
  ace_engine_open(&engine, model, ace_test_elements, 1);
  assert_true(chosen(&engine, 0, SHARED));
  assert_true(operations_of(&engine, 0, SHARED) < operations_of(&engine, 0, COUPLED));
  ace_engine_close(&engine);
  compare_levels(model, 19);
  xp_ace_model_free(model);
}

/* An invariant function and all of its products by themselves: as plain products they share all they have. */
static void test_shared(void **state) {
  (void)state;
  const coupled_function invariant = {0, 2, {0, 0}, {1, 2}, {3, 3}, 1, {{0}}, {{0.4}}};
  xp_ace_model *model = coupled_empty_model(1, 1, LMAX, 9);
  coupled_append(model, &invariant);
  for (int l = 0; l <= 3; ++l) {
    xp_ace_function *f = ace_test_append(model, 0, 2, 1);
    f->mus[0] = f->mus[1] = 0;
    f->ns[0] = 1;
    f->ns[1] = 2;
    f->ls[0] = f->ls[1] = 3;
    f->ms_combs[0] = l;
    f->ms_combs[1] = -l;
    f->ctildes[0] = 0.1 + l;
  }
  ace_engine engine;
  ace_engine_open(&engine, model, ace_test_elements, 1);
  assert_true(chosen(&engine, 0, SHARED));
  assert_true(operations_of(&engine, 0, SHARED) < operations_of(&engine, 0, PARTLY));
  assert_true(operations_of(&engine, 0, SHARED) < operations_of(&engine, 0, PLAIN));
  ace_engine_close(&engine);
  compare_levels(model, 13);
  xp_ace_model_free(model);
}

/* A coupling that equal factors cancel leaves rounding errors as coefficients; beside another it changes nothing. */
static void test_cancelled(void **state) {
  (void)state;
  const coupled_function both = {0, 4, {0, 0, 0, 0}, {1, 1, 2, 3}, {3, 3, 2, 2}, 2, {{1, 1}, {2, 2}}, {{0.7}, {0.4}}};
  const coupled_function one = {0, 4, {0, 0, 0, 0}, {1, 1, 2, 3}, {3, 3, 2, 2}, 1, {{2, 2}}, {{0.4}}};
  double operations[2];
  for (int k = 0; k < 2; ++k) {
    xp_ace_model *model = coupled_empty_model(1, 1, LMAX, 15);
    coupled_append(model, k ? &both : &one);
    ace_engine engine;
    ace_engine_open(&engine, model, ace_test_elements, 1);
    operations[k] = operations_of(&engine, 0, COUPLED);
    ace_engine_close(&engine);
    compare_levels(model, 17);
    xp_ace_model_free(model);
  }
  assert_true(operations[0] > 0.0);
  xp_assert_close(operations[1], operations[0], 0.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_patterns), cmocka_unit_test(test_densities), cmocka_unit_test(test_high_ranks),
      cmocka_unit_test(test_named),    cmocka_unit_test(test_changed),   cmocka_unit_test(test_partly),
      cmocka_unit_test(test_shared),   cmocka_unit_test(test_products),  cmocka_unit_test(test_cancelled)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
