/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A two-element potential of all radial types and different numbers of densities, converted here from coupled functions
 * (ace.md sections 7 and 13.4): printed energies and forces of the three inner cutoffs, and rotational invariance. */
#include <math.h>

#include "ace_testing.h"
#include "coupled_functions.h"

enum { C, SI, RANK_MAX = 5 };

typedef struct coupled {
  int centre, rank;
  int mus[RANK_MAX], ns[RANK_MAX], ls[RANK_MAX], lint[RANK_MAX];
  double c[2];
} coupled;

static const coupled functions[] = {
    {C, 1, {C}, {1}, {0}, {0}, {-0.9}},
    {C, 1, {C}, {3}, {0}, {0}, {0.4}},
    {C, 2, {C, C}, {1, 1}, {1, 1}, {0}, {0.35}},
    {C, 2, {C, C}, {1, 2}, {2, 2}, {0}, {-0.2}},
    {C, 3, {C, C, C}, {1, 1, 2}, {1, 1, 2}, {2}, {0.15}},
    {C, 4, {C, C, C, C}, {1, 1, 1, 1}, {1, 1, 1, 1}, {0, 0}, {0.05}},
    {C, 1, {SI}, {1}, {0}, {0}, {-0.7}},
    {C, 2, {C, SI}, {1, 1}, {1, 1}, {0}, {0.25}},
    {C, 3, {C, SI, SI}, {1, 1, 2}, {0, 2, 2}, {2}, {-0.12}},
    {C, 4, {C, C, SI, SI}, {1, 1, 1, 1}, {1, 1, 2, 2}, {0, 0}, {0.06}},
    {C, 4, {C, C, SI, SI}, {1, 1, 1, 1}, {1, 1, 2, 2}, {2, 2}, {-0.04}},
    {SI, 1, {C}, {2}, {0}, {0}, {-0.5, 0.3}},
    {SI, 2, {C, SI}, {1, 2}, {2, 2}, {0}, {0.11, -0.2}},
    {SI, 3, {C, SI, SI}, {2, 1, 1}, {2, 1, 1}, {1}, {0.08, 0.1}},
    {SI, 1, {SI}, {1}, {0}, {0}, {-0.6, 0.9}},
    {SI, 1, {SI}, {2}, {0}, {0}, {0.2, 0.1}},
    {SI, 2, {SI, SI}, {2, 2}, {2, 2}, {0}, {0.13, -0.07}},
    {SI, 5, {SI, SI, SI, SI, SI}, {1, 1, 1, 1, 1}, {0, 1, 1, 1, 1}, {1, 2, 1}, {0.03, 0.02}}};

static void convert(xp_ace_model *model, const coupled *f) {
  coupled_function converted = {.centre = f->centre, .rank = f->rank, .nlints = 1};
  memcpy(converted.mus, f->mus, sizeof f->mus);
  memcpy(converted.ns, f->ns, sizeof f->ns);
  memcpy(converted.ls, f->ls, sizeof f->ls);
  memcpy(converted.lint[0], f->lint, sizeof f->lint);
  memcpy(converted.c[0], f->c, sizeof f->c);
  coupled_append(model, &converted);
}

static void set_bond(xp_ace_bond *bond, xp_ace_inner_type inner, xp_ace_radial_type radial, const char *name,
                     double lambda, double rcut, double rin, double din, double s) {
  *bond = (xp_ace_bond){.nradmax = 2,
                        .lmax = 2,
                        .nradbasemax = 3,
                        .radbase = radial,
                        .radbasename = strdup(name),
                        .radparameters = malloc(sizeof lambda),
                        .nradparameters = 1,
                        .radcoefficients = malloc(18 * sizeof(double)),
                        .prehc = inner == XP_ACE_INNER_ZBL ? 1.0 : 20.0,
                        .lambdahc = inner == XP_ACE_INNER_ZBL ? 1.0 : 1.5,
                        .rcut = rcut,
                        .dcut = 0.5,
                        .rcut_in = rin,
                        .dcut_in = din,
                        .inner_cutoff_type = inner};
  assert_true(bond->radparameters && bond->radcoefficients);
  bond->radparameters[0] = lambda;
  for (int n = 0; n < 2; ++n)
    for (int l = 0; l < 3; ++l)
      for (int k = 0; k < 3; ++k)
        bond->radcoefficients[(n * 3 + l) * 3 + k] = n == k ? 1.0 : round(1e6 * s * (n + 1) * (l + 1) / (k + 2)) * 1e-6;
}

static void set_embedding(xp_ace_embedding *embedding, int ndensity, xp_ace_embedding_type type, double exponent) {
  const double parameters[4] = {1.0, 1.0, 0.8, exponent};
  *embedding =
      (xp_ace_embedding){.ndensity = ndensity, .npoti = type, .rho_core_cutoff = 0.25, .drho_core_cutoff = 0.2};
  embedding->fs_parameters = malloc(sizeof parameters);
  assert_non_null(embedding->fs_parameters);
  memcpy(embedding->fs_parameters, parameters, sizeof parameters);
}

static xp_ace_model *make_model(xp_ace_inner_type inner) {
  xp_error error = {0};
  xp_ace_model *model = NULL;
  xp_assert_ok(xp_ace_model_new(&model, 2, &error), &error);
  model->delta_spline_bins = 0.001;
  strcpy(model->elements[C], "C");
  strcpy(model->elements[SI], "Si");
  set_embedding(&model->embeddings[C], 1, XP_ACE_FINNIS_SINCLAIR, 1.0);
  set_embedding(&model->embeddings[SI], 2, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 0.5);
  set_bond(xp_ace_model_bond(model, C, C), inner, XP_ACE_CHEB_EXP_COS, "ChebExpCos", 3.0, 4.0, 1.9, 0.5, 0.1);
  set_bond(xp_ace_model_bond(model, SI, SI), inner, XP_ACE_SBESSEL, "SBessel", 1.0, 5.0, 2.0, 0.4, 0.07);
  set_bond(xp_ace_model_bond(model, C, SI), inner, XP_ACE_CHEB_POW, "ChebPow", 2.0, 4.5, 1.8, 0.4, -0.05);
  set_bond(xp_ace_model_bond(model, SI, C), inner, XP_ACE_CHEB_POW, "ChebPow", 2.0, 4.5, 1.8, 0.4, -0.05);
  for (size_t f = 0; f < sizeof functions / sizeof *functions; ++f) convert(model, &functions[f]);
  return model;
}

static const double cluster[4][3] = {{0, 0, 0}, {1.5, 0.7, -0.4}, {-0.3, 1.35, 0.95}, {0.2, -1.1, 2.0}};
static const int cluster_species[4] = {C, SI, C, SI};

typedef struct printed_values {
  xp_ace_inner_type inner;
  double energy, local[4], fade[4], forces[4][3];
} printed_values;

static const printed_values printed[] = {
    {XP_ACE_INNER_DISTANCE,
     -1.93851460010509,
     {-0.739312073439494, -0.330512225394901, -0.61961963174524, -0.249070669525453},
     {0.999955510831, 1, 1, 1},
     {{-0.441027772964, -6.427322924094, -3.133487241971},
      {1.480617876177, 0.981904003522, -0.369401650105},
      {-0.888937087417, 5.119708053424, 3.769037436733},
      {-0.150653015796, 0.325710867148, -0.266148544657}}},
    {XP_ACE_INNER_DENSITY,
     -1.02791148466792,
     {0.167283309405069, -0.214706033599105, -0.73307019218743, -0.247418568286455},
     {0.0407686710059, 0.867742964720, 0.834427042781, 1},
     {{-2.919626460303, -8.538442549340, -3.311920307772},
      {4.268082210574, 2.162607819327, -1.150220599874},
      {-1.241685586610, 6.180498978972, 4.534943601101},
      {-0.106770163662, 0.195335751041, -0.072802693455}}},
    {XP_ACE_INNER_ZBL,
     0.0799171410132403,
     {0.48432797129214, -0.141991971713896, -0.0133481890395517, -0.249070669525453},
     {0.603379793432, 0.904080462145, 0.603379793432, 1},
     {{-2.292124391810, -24.175779490301, -12.972692984383},
      {7.077652091911, 3.321377409345, -2.031317424227},
      {-4.696292974685, 20.880854767475, 14.849669117859},
      {-0.089234725416, -0.026452686519, 0.154341290751}}}};

static void check_printed(const ace_engine *engine, const xp_structure *structure, const printed_values *values,
                          bool reference) {
  ace_result result = ace_engine_run(engine, structure, reference);
  xp_assert_close(result.energy, values->energy, 2e-9);
  for (int i = 0; i < 4; ++i) {
    xp_assert_close(result.local[i], values->local[i], 2e-9);
    xp_assert_close(1.0 - result.core_factor[i], values->fade[i], 2e-9);
    for (int d = 0; d < 3; ++d) xp_assert_close(result.forces[i][d], values->forces[i][d], 2e-7);
  }
  ace_result_free(&result);
}

static void test_printed(void **state) {
  (void)state;
  const char *const elements[] = {"C", "Si"};
  xp_structure *structure = ace_test_cluster(4, cluster, cluster_species, elements);
  for (size_t i = 0; i < sizeof printed / sizeof *printed; ++i) {
    ace_engine engine;
    xp_ace_model *model = make_model(printed[i].inner);
    ace_engine_open(&engine, model, elements, 2);
    check_printed(&engine, structure, &printed[i], true);
    check_printed(&engine, structure, &printed[i], false);
    ace_engine_close(&engine);
    xp_ace_model_free(model);
  }
  xp_structure_free(structure);
}

/* Energies do not change when the cluster is turned; forces turn with it. */
static void test_rotation(void **state) {
  (void)state;
  const double turn[3][3] = {{0.36, 0.48, -0.8}, {-0.8, 0.6, 0.0}, {0.48, 0.64, 0.6}};
  const char *const elements[] = {"C", "Si"};
  double turned[4][3] = {{0}};
  for (int i = 0; i < 4; ++i)
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b) turned[i][a] += turn[a][b] * cluster[i][b];
  xp_ace_model *model = make_model(XP_ACE_INNER_DISTANCE);
  ace_engine engine;
  ace_engine_open(&engine, model, elements, 2);
  xp_structure *structure = ace_test_cluster(4, (const double(*)[3])turned, cluster_species, elements);
  ace_result result = ace_engine_run(&engine, structure, false);
  xp_assert_close(result.energy, printed[0].energy, 2e-9);
  for (int i = 0; i < 4; ++i)
    for (int a = 0; a < 3; ++a) {
      double expected = 0.0;
      for (int b = 0; b < 3; ++b) expected += turn[a][b] * printed[0].forces[i][b];
      xp_assert_close(result.forces[i][a], expected, 2e-7);
    }
  ace_result_free(&result);
  xp_structure_free(structure);
  ace_engine_close(&engine);
  xp_ace_model_free(model);
}

/* Printed couplings of the half basis. */
static void test_couplings(void **state) {
  (void)state;
  const int l3[] = {1, 1, 2}, l4[] = {1, 1, 1, 1}, lint[] = {2, 2};
  const int m3[2][3] = {{1, 1, -2}, {1, 0, -1}}, m4[2][4] = {{1, 1, -1, -1}, {1, -1, 1, -1}};
  xp_coupling_tree three = xp_coupling_tree_of(3), four = xp_coupling_tree_of(4);
  xp_assert_close(2.0 * xp_coupling_coefficient(&three, l3, lint, m3[0]), 0.894427191, 1e-9);
  xp_assert_close(2.0 * xp_coupling_coefficient(&three, l3, lint, m3[1]), -0.632455532034, 1e-11);
  xp_assert_close(2.0 * xp_coupling_coefficient(&four, l4, lint, m4[0]), 0.894427191, 1e-9);
  xp_assert_close(2.0 * xp_coupling_coefficient(&four, l4, lint, m4[1]), 0.1490711985, 1e-10);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_couplings), cmocka_unit_test(test_printed),
                                     cmocka_unit_test(test_rotation)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
