/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hand example with numbers from pair_style snap's definition, and counts. */
#include "cases.h"
#include "reference/snap_reference.h"
#include "snap/snap_coupling.h"
#include "snap/snap_tables.h"

#define NEIGHBOURS 3
#define COMPONENTS 14

static const double displacements[NEIGHBOURS][3] = {{1.2, 0.3, -0.5}, {-0.7, 1.1, 0.4}, {0.2, -0.9, 1.3}};
static const double weights[NEIGHBOURS] = {1.0, 0.8, 1.3};
static const double expected_b[COMPONENTS] = {
    18.18194901587962, 8.28214857319207,  1.48596967219209,  4.43794766900823, 2.54209361627316,
    -0.28892408098691, 1.18180328550915,  22.24420506545535, 8.66937105956362, 1.57887094975588,
    10.01290880971200, 31.02547975834937, 4.31201802741382,  13.22573084737661};
static const double expected_energy = 33.23071321227472;
static const double expected_gradient[NEIGHBOURS][3] = {{-16.08896208642490, -3.71768943750069, 8.13584173064516},
                                                        {7.51355302058638, -10.11525763501456, -3.16340845533262},
                                                        {-2.18740402283468, 13.93715148879701, -18.85559486872552}};

/* One centre, each neighbour an element of its own because weights go with elements. */
static const int species[1] = {0};
static const int neighbour_species[NEIGHBOURS] = {0, 1, 2};
static const size_t first[2] = {0, NEIGHBOURS};
static const xp_neighbourhoods neighbourhoods = {1, species, first, neighbour_species, displacements};

static xp_snap_model *hand_model(void) {
  xp_error error = {0};
  xp_snap_model *model = NULL;
  xp_assert_ok(xp_snap_model_new(&model, NEIGHBOURS, 1 + COMPONENTS, &error), &error);
  model->parameters.rcutfac = 3.0;
  model->parameters.twojmax = 4;
  model->parameters.bzeroflag = false;
  for (int i = 0; i < NEIGHBOURS; ++i) {
    snprintf(model->elements[i].symbol, XP_SYMBOL_SIZE, "%s", snap_symbols[i]);
    model->elements[i].wj = weights[i];
    for (int k = 1; k <= COMPONENTS; ++k) model->elements[i].coefficients[k] = 1.0 / k;
  }
  return model;
}

static void the_reference_gives_the_hand_example(void **state) {
  (void)state;
  xp_error error = {0};
  xp_snap_model *model = hand_model();
  double energy, gradient[NEIGHBOURS][3], b[COMPONENTS];
  xp_evaluation out = {.energy = &energy, .gradient = gradient};
  xp_assert_ok(xp_reference_snap(model, snap_symbols, NEIGHBOURS, &neighbourhoods, &out, &error), &error);
  xp_assert_ok(xp_reference_snap_bispectrum(model, snap_symbols, NEIGHBOURS, &neighbourhoods, b, &error), &error);
  xp_assert_close(energy, expected_energy, 1e-12);
  for (int k = 0; k < COMPONENTS; ++k) xp_assert_close(b[k], expected_b[k], 1e-12);
  for (int i = 0; i < NEIGHBOURS; ++i)
    for (int d = 0; d < 3; ++d) xp_assert_close(gradient[i][d], expected_gradient[i][d], 1e-12);
  xp_snap_model_free(model);
}

static void the_kernel_gives_the_hand_example(void **state) {
  (void)state;
  xp_snap_model *model = hand_model();
  snap_scene scene = {.view = neighbourhoods, .nneighbours = NEIGHBOURS};
  snap_run run = snap_run_new(model, NEIGHBOURS, &scene);
  snap_run_evaluate(&run, &neighbourhoods);
  xp_assert_close(run.energy[0], expected_energy, 1e-12);
  for (int i = 0; i < NEIGHBOURS; ++i)
    for (int d = 0; d < 3; ++d) xp_assert_close(run.gradient[i][d], expected_gradient[i][d], 1e-12);
  snap_run_free(&run);
  xp_snap_model_free(model);
}

static void the_descriptors_give_the_hand_example(void **state) {
  (void)state;
  xp_error error = {0};
  xp_snap_basis *basis = NULL;
  xp_snap_scratch *scratch = NULL;
  xp_snap_model *model = hand_model();
  double radelem[NEIGHBOURS] = {0.5, 0.5, 0.5}, b[COMPONENTS];
  xp_assert_ok(xp_snap_basis_new(&basis, &model->parameters, radelem, weights, NEIGHBOURS, &error), &error);
  xp_assert_ok(xp_snap_scratch_new(&scratch, basis, &error), &error);
  assert_int_equal(xp_snap_basis_size(basis), COMPONENTS);
  xp_assert_close(xp_snap_basis_cutoff(basis), 3.0, 1e-15);
  xp_assert_ok(xp_snap_describe(basis, scratch, &neighbourhoods, b, NULL, &error), &error);
  for (int k = 0; k < COMPONENTS; ++k) xp_assert_close(b[k], expected_b[k], 1e-12);
  xp_snap_scratch_free(scratch);
  xp_snap_basis_free(basis);
  xp_snap_model_free(model);
}

static void clebsch_gordan_coefficients(void **state) {
  (void)state;
  xp_assert_close(xp_snap_clebsch_gordan(1, 0, 1, 1, 2), 0.707106781186547, 1e-14);
  xp_assert_close(xp_snap_clebsch_gordan(2, 1, 2, 1, 4), 0.816496580927726, 1e-14);
  xp_assert_close(xp_snap_clebsch_gordan(2, 0, 2, 2, 0), 0.577350269189626, 1e-14);
  xp_assert_close(xp_snap_clebsch_gordan(2, 1, 2, 1, 0), -0.577350269189626, 1e-14);
  xp_assert_close(xp_snap_clebsch_gordan(1, 0, 1, 1, 0), -0.707106781186548, 1e-14);
  assert_true(xp_snap_clebsch_gordan(2, 2, 2, 2, 2) == 0.0);
}

/* Rows and columns of the coupling matrix are orthonormal up to the largest twojmax. */
static void clebsch_gordan_orthogonality(void **state) {
  (void)state;
  for (int j1 = 0; j1 <= XP_SNAP_TWOJMAX_LIMIT; j1 += 7)
    for (int j2 = 0; j2 <= j1; ++j2)
      for (int m1 = 0; m1 <= j1; ++m1)
        for (int m2 = 0; m2 <= j2; ++m2) {
          double sum = 0.0;
          for (int j = j1 - j2; j <= j1 + j2; j += 2) {
            double c = xp_snap_clebsch_gordan(j1, m1, j2, m2, j);
            sum += c * c;
          }
          xp_assert_close(sum, 1.0, 1e-9);
        }
}

static void numbers_of_components(void **state) {
  (void)state;
  static const int counts[] = {1, 2, 5, 8, 14, 20, 30, 40, 55, 70, 91, 112, 140, 168, 204};
  xp_error error = {0};
  for (int twojmax = 0; twojmax <= XP_SNAP_TWOJMAX_LIMIT; ++twojmax) {
    int(*triples)[3] = NULL;
    assert_int_equal(xp_snap_nbispectrum(twojmax), counts[twojmax]);
    xp_assert_ok(xp_snap_triples_new(&triples, twojmax, &error), &error);
    assert_int_equal(triples[counts[twojmax] - 1][0], twojmax);
    assert_int_equal(triples[counts[twojmax] - 1][2], twojmax);
    free(triples);
  }
  xp_snap_parameters p;
  xp_snap_parameters_default(&p);
  p.twojmax = 8;
  assert_int_equal(xp_snap_ncoeff(&p, 3), 56);
  p.quadraticflag = true;
  assert_int_equal(xp_snap_ncoeff(&p, 3), 1596);
  p.quadraticflag = false;
  p.chemflag = true;
  p.twojmax = 6;
  assert_int_equal(xp_snap_ncoeff(&p, 2), 241);
  assert_int_equal(xp_snap_ncoeff(&p, 1000000), INT32_MAX);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_reference_gives_the_hand_example),  cmocka_unit_test(the_kernel_gives_the_hand_example),
      cmocka_unit_test(the_descriptors_give_the_hand_example), cmocka_unit_test(clebsch_gordan_coefficients),
      cmocka_unit_test(clebsch_gordan_orthogonality),          cmocka_unit_test(numbers_of_components),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
