/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors are what the energy is made of: coefficients times descriptors, embedded, give the energies that the
 * evaluator gives, and the full form is their derivative by coefficients. */
#include <math.h>

#include "ace/embedding.h"
#include "grade_testing.h"

enum { ATOMS = 19, OPTIONS_MAX = 40, DIFFERENCES = 4 };
static const double CELL = 9.0;

static int species_in_basis(const grade_case *c, int atom) {
  const xp_ace_basis *basis = c->potential->basis;
  int e = 0;
  while (strcmp(basis->elements[e], c->elements[c->view.species[atom]]) != 0) ++e;
  return e;
}

static double density(const xp_ace_basis *basis, int e, int p, const double *row) {
  double rho = 0.0;
  for (int q = 0; q < basis->nfunctions[e]; ++q) rho += basis->functions[e][q].coefficients[p] * row[q];
  return rho;
}

/* Energy of an atom without a core. */
static double ace_energy(const xp_ace_basis *basis, int e, const double *row) {
  const xp_ace_embedding *embedding = &basis->embeddings[e];
  double energy = basis->e0[e];
  for (int p = 0; p < embedding->ndensity; ++p) {
    double f[3];
    xp_ace_embed(embedding->npoti, density(basis, e, p, row), embedding->fs_parameters[2 * p + 1], f);
    energy += embedding->fs_parameters[2 * p] * f[0];
  }
  return energy;
}

static void check_ace(const training_options *options, bool reverse) {
  grade_case c;
  grade_test_open(&c, grade_test_ace(training_basis(options)), reverse, options->seed, ATOMS, CELL);
  grade_rows linear = grade_test_describe(&c, &c.view, XP_GRADE_LINEAR);
  double *energies = grade_test_energies(&c);
  for (int a = 0; a < ATOMS; ++a) {
    int e = species_in_basis(&c, a);
    double expected = ace_energy(c.potential->basis, e, linear.rows + (size_t)a * linear.stride);
    assert_int_equal(linear.counts[c.view.species[a]], c.potential->basis->nfunctions[e]);
    if (!(fabs(energies[a] - expected) <= 1e-10 * fmax(1.0, fabs(expected))))
      fail_msg("%s, atom %d: descriptors give %.15g eV, the evaluator %.15g eV", training_name(options), a, expected,
               energies[a]);
  }
  free(energies);
  free(linear.rows);
  grade_test_close(&c);
}

static void coefficients_of_ace_times_descriptors_are_the_energy(void **state) {
  (void)state;
  training_options options[OPTIONS_MAX];
  int count = training_combinations(options, OPTIONS_MAX);
  for (int o = 0; o < count; ++o)
    if (options[o].inner != XP_ACE_INNER_DENSITY) check_ace(&options[o], o % 2);
}

/* The energy of one atom when one coefficient is another. */
static double shifted_energy(const xp_ace_basis *basis, int e, int q, int p, double shift, const double *row) {
  double *coefficient = &basis->functions[e][q].coefficients[p], kept = *coefficient;
  *coefficient += shift;
  double energy = ace_energy(basis, e, row);
  *coefficient = kept;
  return energy;
}

static void full_ace_is_the_derivative_by_coefficients(void **state) {
  (void)state;
  const training_options options = {3, XP_ACE_SBESSEL, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR, 2, 31};
  grade_case c;
  grade_test_open(&c, grade_test_ace(training_basis(&options)), true, 32, ATOMS, CELL);
  const xp_ace_basis *basis = c.potential->basis;
  grade_rows linear = grade_test_describe(&c, &c.view, XP_GRADE_LINEAR);
  grade_rows full = grade_test_describe(&c, &c.view, XP_GRADE_FULL);
  for (int a = 0; a < ATOMS; ++a) {
    int e = species_in_basis(&c, a), n = basis->nfunctions[e];
    const double *row = linear.rows + (size_t)a * linear.stride, *derivative = full.rows + (size_t)a * full.stride;
    assert_int_equal(full.counts[c.view.species[a]], n * basis->embeddings[e].ndensity);
    for (int p = 0; p < basis->embeddings[e].ndensity; ++p)
      for (int q = 0; q < n; ++q) {
        const double h = 1e-5;
        double slope = (shifted_energy(basis, e, q, p, h, row) - shifted_energy(basis, e, q, p, -h, row)) / (2.0 * h);
        xp_assert_close(derivative[p * n + q], slope, 1e-7 * fmax(1.0, fabs(slope)));
      }
  }
  free(linear.rows);
  free(full.rows);
  grade_test_close(&c);
}

/* The same through the whole evaluator, for a few coefficients: the place of a function is that in the file. */
static void full_ace_predicts_what_the_evaluator_does(void **state) {
  (void)state;
  const training_options options = {
      2, XP_ACE_CHEB_EXP_COS, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 2, 41};
  xp_test_random random = {42};
  grade_case c;
  grade_test_open(&c, grade_test_ace(training_basis(&options)), false, 43, ATOMS, CELL);
  grade_rows full = grade_test_describe(&c, &c.view, XP_GRADE_FULL);
  for (int d = 0; d < DIFFERENCES; ++d) {
    const double h = 1e-4;
    double *energies[2];
    int e = d % 2, q = xp_test_integer(&random, c.potential->basis->nfunctions[e]), p = d / 2;
    for (int sign = 0; sign < 2; ++sign) {
      grade_case moved = c;
      xp_ace_basis *basis = training_basis(&options);
      basis->functions[e][q].coefficients[p] += sign ? h : -h;
      moved.potential = grade_test_ace(basis);
      energies[sign] = grade_test_energies(&moved);
      xp_potential_free(moved.potential);
    }
    for (int a = 0; a < ATOMS; ++a) {
      double slope = (energies[1][a] - energies[0][a]) / (2.0 * h);
      double expected = c.view.species[a] == e
                            ? full.rows[(size_t)a * full.stride + (size_t)(p * c.potential->basis->nfunctions[e] + q)]
                            : 0.0;
      xp_assert_close(slope, expected, 1e-6 * fmax(1.0, fabs(expected)));
    }
    free(energies[0]);
    free(energies[1]);
  }
  free(full.rows);
  grade_test_close(&c);
}

static void check_snap(const snap_case *which, bool reverse, uint64_t seed) {
  xp_test_random random = {seed};
  grade_case c;
  grade_test_open(&c, grade_test_snap(snap_case_model(which, &random)), reverse, seed, ATOMS, CELL);
  const xp_snap_model *model = c.potential->snap;
  grade_rows full = grade_test_describe(&c, &c.view, XP_GRADE_FULL);
  grade_rows linear = grade_test_describe(&c, &c.view, XP_GRADE_LINEAR);
  double *energies = grade_test_energies(&c);
  for (int a = 0; a < ATOMS; ++a) {
    int species = c.view.species[a];
    const double *row = full.rows + (size_t)a * full.stride;
    const double *coefficients = model->elements[reverse ? model->nelements - 1 - species : species].coefficients;
    double expected = 0.0;
    assert_int_equal(full.counts[species], model->ncoeff);
    for (int k = 0; k < model->ncoeff; ++k) expected += coefficients[k] * row[k];
    if (!(fabs(energies[a] - expected) <= 1e-10 * fmax(1.0, fabs(expected))))
      fail_msg("%s, atom %d: descriptors give %.15g eV, the evaluator %.15g eV", which->name, a, expected, energies[a]);
    assert_memory_equal(row, linear.rows + (size_t)a * linear.stride, (size_t)linear.counts[species] * sizeof(double));
  }
  free(energies);
  free(full.rows);
  free(linear.rows);
  grade_test_close(&c);
}

/* Chem-SNAP labels and inner switches follow the order of elements, so only plain models keep their energies when it
 * is reversed. */
static void coefficients_of_snap_times_descriptors_are_the_energy(void **state) {
  (void)state;
  for (int s = 0; s < snap_ncases; ++s) {
    const snap_case *which = &snap_cases[s];
    if (which->rmin0 > 1.0 || which->rfac0 > 1.0) continue; /* sums of large terms that cancel */
    check_snap(which, false, (uint64_t)(600 + s));
    if (!which->chem && !which->inner) check_snap(which, true, (uint64_t)(700 + s));
  }
}

static void assert_same_rows(const grade_case *c, xp_grade_form form, uint64_t seed) {
  xp_test_random random = {seed};
  grade_rows all = grade_test_describe(c, &c->view, form);
  for (int a = 0; a < c->view.natoms; ++a) {
    grade_alone alone;
    grade_test_alone(&alone, &c->view, a, &random);
    grade_rows one = grade_test_describe(c, &alone.view, form);
    assert_memory_equal(one.rows, all.rows + (size_t)a * all.stride,
                        (size_t)all.counts[c->view.species[a]] * sizeof(double));
    free(one.rows);
    grade_test_alone_clear(&alone);
  }
  free(all.rows);
}

static void a_row_depends_on_its_atom_alone(void **state) {
  (void)state;
  const training_options options = {3, XP_ACE_CHEB_POW, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR, 2, 51};
  xp_test_random random = {52};
  grade_case c;
  grade_test_open(&c, grade_test_ace(training_basis(&options)), true, 53, ATOMS, CELL);
  assert_same_rows(&c, XP_GRADE_LINEAR, 54);
  assert_same_rows(&c, XP_GRADE_FULL, 55);
  grade_test_close(&c);
  const snap_case snap = {.name = "batch", .twojmax = 6, .nelements = 2, .quadratic = true};
  grade_test_open(&c, grade_test_snap(snap_case_model(&snap, &random)), false, 56, ATOMS, CELL);
  assert_same_rows(&c, XP_GRADE_FULL, 57);
  grade_test_close(&c);
}

/* An atom by itself, in the middle of a batch of others. */
static void an_atom_without_neighbours_has_descriptors(void **state) {
  (void)state;
  const training_options options = {1, XP_ACE_SBESSEL, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR, 1, 61};
  static const int species[] = {0};
  static const size_t first[] = {0, 0};
  static const int neighbour_species[] = {0};
  static const double displacements[1][3] = {{0}};
  grade_case c;
  grade_test_open(&c, grade_test_ace(training_basis(&options)), false, 62, ATOMS, CELL);
  const xp_neighbourhoods lonely = {1, species, first, neighbour_species, displacements};
  grade_rows rows = grade_test_describe(&c, &lonely, XP_GRADE_LINEAR);
  for (int q = 0; q < rows.counts[0]; ++q) assert_true(rows.rows[q] == 0.0);
  free(rows.rows);
  grade_test_close(&c);
}

static void refuses_what_has_no_basis(void **state) {
  (void)state;
  const training_options options = {1, XP_ACE_SBESSEL, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR, 1, 71};
  static const char *const stranger[] = {"Xe"};
  xp_error error = {0};
  xp_descriptors *descriptors = NULL;
  xp_potential *potential = grade_test_ace(training_basis(&options));
  assert_int_equal(xp_descriptors_new(&descriptors, potential, XP_GRADE_LINEAR, stranger, 1, &error), XP_ERROR_INPUT);
  assert_null(descriptors);
  xp_assert_message(&error, "element Xe is not in the potential");
  xp_ace_basis_free(potential->basis);
  potential->basis = NULL;
  assert_int_equal(xp_descriptors_new(&descriptors, potential, XP_GRADE_LINEAR, training_elements, 1, &error),
                   XP_ERROR_INPUT);
  assert_null(descriptors);
  xp_assert_message(&error, ".yaml");
  xp_potential_free(potential);
}

static void refuses_atoms_in_one_place(void **state) {
  (void)state;
  const training_options options = {1, XP_ACE_SBESSEL, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR, 1, 81};
  xp_error error = {0};
  grade_case c;
  grade_alone alone;
  double row[1000];
  xp_descriptors *descriptors = NULL;
  xp_descriptors_scratch *scratch = NULL;
  grade_test_open(&c, grade_test_ace(training_basis(&options)), false, 82, ATOMS, CELL);
  grade_test_alone(&alone, &c.view, 0, NULL);
  for (int d = 0; d < 3; ++d) alone.displacements[0][d] = 1e-5;
  xp_assert_ok(xp_descriptors_new(&descriptors, c.potential, XP_GRADE_LINEAR, c.elements, 1, &error), &error);
  assert_true(xp_descriptors_count(descriptors, 0) <= 1000);
  xp_assert_ok(xp_descriptors_scratch_new(&scratch, descriptors, &error), &error);
  assert_int_equal(xp_descriptors_evaluate(descriptors, scratch, &alone.view, row, 1000, &error), XP_ERROR_RANGE);
  xp_descriptors_scratch_free(scratch);
  xp_descriptors_free(descriptors);
  grade_test_alone_clear(&alone);
  grade_test_close(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(coefficients_of_ace_times_descriptors_are_the_energy),
      cmocka_unit_test(full_ace_is_the_derivative_by_coefficients),
      cmocka_unit_test(full_ace_predicts_what_the_evaluator_does),
      cmocka_unit_test(coefficients_of_snap_times_descriptors_are_the_energy),
      cmocka_unit_test(a_row_depends_on_its_atom_alone),
      cmocka_unit_test(an_atom_without_neighbours_has_descriptors),
      cmocka_unit_test(refuses_what_has_no_basis),
      cmocka_unit_test(refuses_atoms_in_one_place),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
