/* SPDX-License-Identifier: GPL-2.0-or-later */
/* B functions as plain products: printed coefficients, the potential T1 of ace.md section 13.4, random bases. */
#include <math.h>

#include "basis/basis.h"
#include "basis/expansion.h"
#include "basis_testing.h"
#include "reference/ace_basis_reference.h"
#include "xpot/potential.h"

enum { RANK_MAX = XP_ACE_BASIS_RANK_MAX };

/* A coefficient of a product. */
typedef struct printed {
  int rank;
  unsigned char ls[RANK_MAX], lint[XP_ACE_LINT_MAX];
  int ms[RANK_MAX];
  double coefficient;
} printed;

static void couplings_have_printed_values(void **state) {
  (void)state;
  static const printed values[] = {{2, {1, 1}, {0}, {0, 0}, -0.57735026919},
                                   {2, {1, 1}, {0}, {1, -1}, 1.15470053838},
                                   {2, {2, 2}, {0}, {0, 0}, 0.4472135955},
                                   {2, {2, 2}, {0}, {1, -1}, -0.894427191},
                                   {2, {2, 2}, {0}, {2, -2}, 0.894427191},
                                   {3, {1, 1, 2}, {2}, {1, 1, -2}, 0.894427191},
                                   {3, {1, 1, 2}, {2}, {1, 0, -1}, -0.632455532034},
                                   {3, {1, 1, 2}, {2}, {0, 1, -1}, -0.632455532034},
                                   {3, {1, 1, 2}, {2}, {1, -1, 0}, 0.36514837167},
                                   {3, {1, 1, 2}, {2}, {0, 0, 0}, 0.36514837167},
                                   {4, {1, 1, 1, 1}, {0, 0}, {0, 0, 0, 0}, 0.333333333333},
                                   {4, {1, 1, 1, 1}, {0, 0}, {1, -1, 1, -1}, 0.666666666667},
                                   {4, {1, 1, 1, 1}, {0, 0}, {1, -1, -1, 1}, 0.666666666667},
                                   {4, {1, 1, 1, 1}, {0, 0}, {0, 0, 1, -1}, -0.666666666667},
                                   {4, {1, 1, 1, 1}, {0, 0}, {1, -1, 0, 0}, -0.666666666667},
                                   {4, {1, 1, 1, 1}, {2, 2}, {1, 1, -1, -1}, 0.894427191},
                                   {4, {1, 1, 1, 1}, {2, 2}, {1, 0, 0, -1}, -0.4472135955},
                                   {4, {1, 1, 1, 1}, {2, 2}, {1, -1, 1, -1}, 0.1490711985}};
  xp_memo cache = {0};
  xp_error error = {0};
  for (size_t v = 0; v < sizeof values / sizeof *values; ++v) {
    xp_ace_tree tree = xp_ace_tree_of(values[v].rank);
    xp_ace_coupler coupler;
    xp_ace_momenta momenta = {0};
    memcpy(momenta.ls, values[v].ls, sizeof momenta.ls);
    memcpy(momenta.lint, values[v].lint, sizeof momenta.lint);
    xp_assert_ok(xp_ace_coupler_set(&coupler, &cache, &tree, &momenta, &error), &error);
    double found = xp_ace_coupler_value(&coupler, xp_ace_tuple_of(values[v].ms, values[v].rank));
    xp_assert_close(found, values[v].coefficient, 1e-12);
  }
  xp_memo_clear(&cache);
}

static xp_ace_basis *parse_t1(const char *inner) {
  xp_bytes bytes = basis_test_t1(inner);
  xp_ace_basis *basis;
  xp_error error = {0};
  xp_assert_ok(xp_ace_basis_parse(&basis, &bytes, &error), &error);
  xp_bytes_free(&bytes);
  return basis;
}

/* The tuples of a C-tilde function and their coefficients. */
typedef struct expected {
  int centre, rank;
  int mus[5], ns[5], ls[5];
  int ntuples, ndensity;
  const int *ms;
  const double *c;
} expected;

static const xp_ace_function *find(const xp_ace_model *model, const expected *e) {
  size_t size = (size_t)e->rank * sizeof(int);
  for (int f = 0; f < model->nfunctions[e->centre]; ++f) {
    const xp_ace_function *function = &model->functions[e->centre][f];
    if (function->rank == e->rank && memcmp(function->mus, e->mus, size) == 0 &&
        memcmp(function->ns, e->ns, size) == 0 && memcmp(function->ls, e->ls, size) == 0)
      return function;
  }
  fail_msg("a function of rank %d is missing", e->rank);
  return NULL;
}

static void t1_expands_into_printed_products(void **state) {
  (void)state;
  const expected all[] = {
      {0,
       3,
       {0, 0, 0},
       {1, 1, 2},
       {1, 1, 2},
       4,
       1,
       (const int[]){-1, 1, 0, 0, 0, 0, 0, 1, -1, 1, 1, -2},
       (const double[]){0.0547722557505, 0.0547722557505, -0.18973665961, 0.13416407865}},
      {0,
       4,
       {0, 0, 0, 0},
       {1, 1, 1, 1},
       {1, 1, 1, 1},
       3,
       1,
       (const int[]){-1, -1, 1, 1, -1, 0, 0, 1, 0, 0, 0, 0},
       (const double[]){0.0666666666667, -0.0666666666667, 0.0166666666667}},
      {0,
       4,
       {0, 0, 1, 1},
       {1, 1, 1, 1},
       {1, 1, 2, 2},
       10,
       1,
       (const int[]){-1, 1, -2, 2, -1, 1, -1, 1, -1, 1, 0,  0, 0, 0, -2, 2, 0, 0, -1, 1,
                     0,  0, 0,  0, 0,  1, -2, 1, 0,  1, -1, 0, 1, 1, -2, 0, 1, 1, -1, -1},
       (const double[]){0.0463533323721, -0.0697749341229, 0.0387910673532, -0.0465982679368, 0.0231766661861,
                        -0.0076847328012, 0.0662462936969, -0.0270449361513, -0.0382473154987, 0.0234216017508}},
      {1,
       5,
       {1, 1, 1, 1, 1},
       {1, 1, 1, 1, 1},
       {0, 1, 1, 1, 1},
       3,
       2,
       (const int[]){0, -1, -1, 1, 1, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0},
       (const double[]){0.03577708764, 0.02385139176, -0.03577708764, -0.02385139176, 0.00894427191, 0.00596284794}}};
  xp_ace_basis *basis = parse_t1("density");
  xp_ace_model *model;
  xp_error error = {0};
  int tuples = 0;
  xp_assert_ok(xp_ace_basis_convert(basis, &model, &error), &error);
  for (int i = 0; i < 2; ++i)
    for (int f = 0; f < model->nfunctions[i]; ++f) tuples += model->functions[i][f].num_ms_combs;
  assert_int_equal(model->nfunctions[0] + model->nfunctions[1], 17);
  assert_int_equal(tuples, 46);
  for (size_t k = 0; k < sizeof all / sizeof *all; ++k) {
    const xp_ace_function *function = find(model, &all[k]);
    assert_int_equal(function->num_ms_combs, all[k].ntuples);
    assert_memory_equal(function->ms_combs, all[k].ms, (size_t)(all[k].ntuples * all[k].rank) * sizeof(int));
    for (int c = 0; c < all[k].ntuples * all[k].ndensity; ++c)
      xp_assert_close(function->ctildes[c], all[k].c[c], 1e-12);
  }
  xp_ace_model_free(model);
  xp_ace_basis_free(basis);
}

static const double cluster_positions[4][3] = {{0, 0, 0}, {1.5, 0.7, -0.4}, {-0.3, 1.35, 0.95}, {0.2, -1.1, 2.0}};
static const int cluster_species[4] = {0, 1, 0, 1};

static xp_structure *t1_cluster(void) {
  xp_structure *structure;
  xp_error error = {0};
  xp_assert_ok(xp_structure_new(&structure, 4, &error), &error);
  for (int i = 0; i < 4; ++i) {
    strcpy(structure->symbols[i], cluster_species[i] ? "Si" : "C");
    memcpy(structure->positions[i], cluster_positions[i], sizeof structure->positions[i]);
  }
  return structure;
}

/* Read as any potential and evaluated by the kernel. */
static void t1_has_printed_energies(void **state) {
  (void)state;
  static const struct {
    const char *inner;
    double total, local[4], forces[4][3];
  } values[] = {{"distance",
                 -1.93851460010509,
                 {-0.739312073439494, -0.330512225394901, -0.61961963174524, -0.249070669525453},
                 {{-0.441027772964, -6.427322924094, -3.133487241971},
                  {1.480617876177, 0.981904003522, -0.369401650105},
                  {-0.888937087417, 5.119708053424, 3.769037436733},
                  {-0.150653015796, 0.325710867148, -0.266148544657}}},
                {"density",
                 -1.02791148466792,
                 {0.167283309405069, -0.214706033599105, -0.73307019218743, -0.247418568286455},
                 {{-2.919626460303, -8.538442549340, -3.311920307772},
                  {4.268082210574, 2.162607819327, -1.150220599874},
                  {-1.241685586610, 6.180498978972, 4.534943601101},
                  {-0.106770163662, 0.195335751041, -0.072802693455}}},
                {"zbl",
                 0.0799171410132403,
                 {0.48432797129214, -0.141991971713896, -0.0133481890395517, -0.249070669525453},
                 {{-2.292124391810, -24.175779490301, -12.972692984383},
                  {7.077652091911, 3.321377409345, -2.031317424227},
                  {-4.696292974685, 20.880854767475, 14.849669117859},
                  {-0.089234725416, -0.026452686519, 0.154341290751}}}};
  static const char *const elements[] = {"C", "Si"};
  for (size_t k = 0; k < sizeof values / sizeof *values; ++k) {
    xp_bytes bytes = basis_test_t1(values[k].inner);
    xp_structure *structure = t1_cluster(), *labelled;
    xp_potential *potential;
    xp_plan *plan;
    xp_workspace *workspace;
    xp_error error = {0};
    xp_assert_ok(xp_potential_parse(&potential, &bytes, 1, &error), &error);
    xp_assert_ok(xp_plan_new(&plan, potential, elements, 2, XP_PRECISION_DOUBLE, &error), &error);
    xp_assert_ok(xp_workspace_new(&workspace, plan, &error), &error);
    xp_assert_ok(xp_evaluate_structure(plan, workspace, structure, &labelled, &error), &error);
    xp_assert_close(labelled->energy, values[k].total, 1e-9);
    for (int i = 0; i < 4; ++i) {
      xp_assert_close(labelled->local_energy[i], values[k].local[i], 1e-9);
      for (int d = 0; d < 3; ++d) xp_assert_close(labelled->forces[i][d], values[k].forces[i][d], 24.2 * 1e-8);
    }
    xp_structure_free(labelled);
    xp_structure_free(structure);
    xp_workspace_free(workspace);
    xp_plan_free(plan);
    xp_potential_free(potential);
    xp_bytes_free(&bytes);
  }
}

/* An isolated cluster as neighbourhoods; caller frees. */
static xp_neighbour_list *list_of(const xp_structure *structure, const int *species) {
  xp_neighbour_list *list;
  xp_error error = {0};
  xp_assert_ok(xp_neighbour_list_new(&list, structure, species, 6.0, &error), &error);
  return list;
}

static double b_value(const xp_ace_basis *basis, const xp_reference_base *base, int centre, int rank, const int *ns,
                      int last_mu, const int *lint) {
  for (int f = 0; f < basis->nfunctions[centre]; ++f) {
    const xp_ace_bfunction *b = &basis->functions[centre][f];
    if (b->rank == rank && memcmp(b->ns, ns, (size_t)rank * sizeof *ns) == 0 && b->mus[rank - 1] == last_mu &&
        (!lint || memcmp(b->lint, lint, (size_t)(rank - 2) * sizeof *lint) == 0))
      return xp_reference_bfunction(base, b);
  }
  fail_msg("a B function of rank %d is missing", rank);
  return 0.0;
}

static void t1_has_printed_b_values(void **state) {
  (void)state;
  static const struct {
    int atom, rank, ns[5], last_mu, lint[3];
    double value;
  } values[] = {{0, 1, {1}, 0, {0}, 0.62518300811},
                {0, 1, {3}, 0, {0}, 0.464625348775},
                {0, 1, {1}, 1, {0}, 0.627257365104},
                {0, 2, {1, 1}, 0, {0}, -0.751495940359},
                {0, 2, {1, 2}, 0, {0}, 0.621398897808},
                {0, 2, {1, 1}, 1, {0}, -0.0355319586491},
                {0, 3, {1, 1, 2}, 0, {2}, 0.437255526511},
                {0, 3, {1, 1, 2}, 1, {2}, 0.354098139142},
                {0, 4, {1, 1, 1, 1}, 0, {0, 0}, 0.564746148376},
                {0, 4, {1, 1, 1, 1}, 1, {0, 0}, -0.147517246542},
                {0, 4, {1, 1, 1, 1}, 1, {2, 2}, -0.0299235871403},
                {1, 1, {2}, 0, {0}, 1.65667241344},
                {1, 1, {1}, 1, {0}, 0.0819667735856},
                {1, 1, {2}, 1, {0}, 0.189470644633},
                {1, 2, {1, 2}, 1, {0}, 0.053515470176},
                {1, 2, {2, 2}, 1, {0}, 0.11650859425},
                {1, 3, {2, 1, 1}, 1, {1}, 0.00662341871458},
                {1, 5, {1, 1, 1, 1, 1}, 1, {1, 2, 1}, 2.22727735876e-05}};
  xp_ace_basis *basis = parse_t1("density");
  xp_ace_model *model;
  xp_error error = {0};
  xp_assert_ok(xp_ace_basis_convert(basis, &model, &error), &error);
  xp_structure *structure = t1_cluster();
  xp_neighbour_list *list = list_of(structure, cluster_species);
  xp_neighbourhoods view = xp_neighbour_list_view(list);
  for (size_t v = 0; v < sizeof values / sizeof *values; ++v) {
    xp_reference_base base;
    assert_true(xp_reference_base_fill(&base, model, &view, values[v].atom));
    double found = b_value(basis, &base, cluster_species[values[v].atom], values[v].rank, values[v].ns,
                           values[v].last_mu, values[v].rank > 2 ? values[v].lint : NULL);
    xp_assert_close(found, values[v].value, 1e-10 + 1e-9 * fabs(values[v].value));
    xp_reference_base_free(&base);
  }
  xp_neighbour_list_free(list);
  xp_structure_free(structure);
  xp_ace_model_free(model);
  xp_ace_basis_free(basis);
}

/* Puts the factors of every second function into another order, as files may: one that the couplings allow. */
static void exchange_factors(xp_ace_basis *basis) {
  for (int i = 0; i < basis->nelements; ++i)
    for (int f = 0; f < basis->nfunctions[i]; f += 2) {
      xp_ace_bfunction *b = &basis->functions[i][f];
      int *lists[] = {b->mus, b->ns, b->ls};
      for (int k = 0; k < 3 && b->rank > 1; ++k) {
        int first = lists[k][0];
        lists[k][0] = lists[k][1];
        lists[k][1] = first;
      }
    }
}

/* Densities of every atom as sums of B functions and of what these expand into. */
static void compare_densities(const xp_ace_basis *basis, const xp_ace_model *model, const xp_neighbourhoods *view) {
  for (int atom = 0; atom < view->natoms; ++atom) {
    int i = view->species[atom];
    xp_reference_base base;
    assert_true(xp_reference_base_fill(&base, model, view, atom));
    for (int p = 0; p < basis->embeddings[i].ndensity; ++p) {
      double b = 0.0, c = 0.0, size = 0.0;
      for (int f = 0; f < basis->nfunctions[i]; ++f) {
        double term = basis->functions[i][f].coefficients[p] * xp_reference_bfunction(&base, &basis->functions[i][f]);
        b += term;
        size += fabs(term);
      }
      for (int f = 0; f < model->nfunctions[i]; ++f) c += xp_reference_cfunction(&base, &model->functions[i][f], p);
      xp_assert_close(c, b, 1e-13 * size);
      assert_true(size > 0.0);
    }
    xp_reference_base_free(&base);
  }
}

/* Ranks 1 to 8, one to three elements. */
static void expansions_are_the_couplings(void **state) {
  (void)state;
  const xp_ace_block_request shapes[] = {
      {.nranks = 8,
       .nradmax = (int[]){4, 3, 2, 2, 1, 1, 1, 1},
       .lmax = (int[]){0, 6, 5, 4, 3, 2, 1, 1},
       .most = -1,
       .grown = -1},
      {.nranks = 6, .nradmax = (int[]){3, 2, 2, 1, 1, 1}, .lmax = (int[]){0, 3, 2, 2, 1, 1}, .most = 150, .grown = -1},
      {.nranks = 6, .nradmax = (int[]){2, 2, 1, 1, 1, 1}, .lmax = (int[]){0, 2, 2, 1, 1, 1}, .most = 60, .grown = -1}};
  for (int n = 1; n <= 3; ++n)
    for (int exchanged = 0; exchanged < 2; ++exchanged) {
      xp_error error = {0};
      xp_test_random random = {(uint64_t)n};
      xp_ace_basis *basis = basis_test_random(n, 2, &shapes[n - 1], (uint64_t)n);
      xp_ace_model *model;
      if (exchanged) exchange_factors(basis);
      xp_assert_ok(xp_ace_basis_convert(basis, &model, &error), &error);
      xp_structure *structure = xp_test_structure(&random, 5, 0.0, 1.2, basis_test_elements, n);
      int species[5];
      for (int a = 0; a < 5; ++a)
        for (int e = 0; e < n; ++e)
          if (strcmp(structure->symbols[a], basis_test_elements[e]) == 0) species[a] = e;
      xp_neighbour_list *list = list_of(structure, species);
      xp_neighbourhoods view = xp_neighbour_list_view(list);
      compare_densities(basis, model, &view);
      print_message("%d elements: %d B functions, %d C-tilde functions\n", n, basis->nfunctions[0],
                    model->nfunctions[0]);
      xp_neighbour_list_free(list);
      xp_structure_free(structure);
      xp_ace_model_free(model);
      xp_ace_basis_free(basis);
    }
}

/* A function that vanishes by symmetry has no products, and does no harm. */
static void vanishing_functions_are_left_out(void **state) {
  (void)state;
  xp_ace_basis *basis = parse_t1("density");
  xp_ace_model *model;
  xp_error error = {0};
  for (int f = 0; f < basis->nfunctions[0]; ++f)
    if (basis->functions[0][f].rank == 4 && basis->functions[0][f].mus[3] == 0)
      basis->functions[0][f].lint[0] = basis->functions[0][f].lint[1] =
          1; /* the cross product of a vector with itself */
  xp_assert_ok(xp_ace_basis_convert(basis, &model, &error), &error);
  assert_int_equal(model->nfunctions[0] + model->nfunctions[1], 16);
  xp_ace_model_free(model);
  xp_ace_basis_free(basis);
}

static void impossible_functions_are_refused(void **state) {
  (void)state;
  xp_ace_basis *basis = parse_t1("density");
  xp_ace_model *model = NULL;
  xp_error error = {0};
  basis->functions[1][basis->nfunctions[1] - 1].lint[1] = 3;
  assert_int_equal(xp_ace_basis_convert(basis, &model, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "do not couple to zero");
  assert_null(model);
  xp_ace_basis_free(basis);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(couplings_have_printed_values),    cmocka_unit_test(t1_expands_into_printed_products),
      cmocka_unit_test(t1_has_printed_energies),          cmocka_unit_test(t1_has_printed_b_values),
      cmocka_unit_test(expansions_are_the_couplings),     cmocka_unit_test(vanishing_functions_are_left_out),
      cmocka_unit_test(impossible_functions_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
