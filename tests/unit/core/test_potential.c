/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which potential some files are, plans for lists of elements, and whole structures through them. */
#include <math.h>
#include <unistd.h>

#include "testing/testing.h"
#include "xpot/extxyz.h"
#include "xpot/potential.h"

#define SEEDS "tests/fuzz/seeds/"

static xp_status read_files(xp_potential **potential, const char *first, const char *second, xp_error *error) {
  char *paths[2] = {xp_test_source(first), second ? xp_test_source(second) : NULL};
  xp_error_clear(error);
  xp_status status = xp_potential_read(potential, (const char *const *)paths, second ? 2 : 1, error);
  free(paths[0]);
  free(paths[1]);
  return status;
}

static xp_potential *potential_of(const char *first, const char *second) {
  xp_error error = {0};
  xp_potential *potential = NULL;
  xp_assert_ok(read_files(&potential, first, second, &error), &error);
  return potential;
}

/* Reads texts under names that say nothing. */
static xp_status parse(const char *first, const char *second, xp_error *error) {
  xp_bytes files[2] = {0};
  xp_potential *potential = NULL;
  xp_error_clear(error);
  xp_assert_ok(xp_bytes_copy(&files[0], "one", first, strlen(first), error), error);
  if (second) xp_assert_ok(xp_bytes_copy(&files[1], "two", second, strlen(second), error), error);
  xp_status status = xp_potential_parse(&potential, files, second ? 2 : 1, error);
  assert_true((status == XP_OK) == (potential != NULL));
  xp_potential_free(potential);
  xp_bytes_free(&files[0]);
  xp_bytes_free(&files[1]);
  return status;
}

static void the_content_says_the_kind(void **state) {
  (void)state;
  xp_potential *potential = potential_of(SEEDS "tiny.yace", NULL);
  assert_int_equal(potential->kind, XP_KIND_ACE);
  assert_int_equal(xp_potential_nelements(potential), 2);
  assert_string_equal(xp_potential_element(potential, 1), "C");
  xp_potential_free(potential);
  potential = potential_of(SEEDS "tiny.ace", NULL);
  assert_int_equal(potential->kind, XP_KIND_ACE);
  assert_string_equal(xp_potential_element(potential, 0), "Cu");
  xp_potential_free(potential);
  for (int order = 0; order < 2; ++order) {
    potential = potential_of(order ? SEEDS "tiny.snapparam" : SEEDS "tiny.snapcoeff",
                             order ? SEEDS "tiny.snapcoeff" : SEEDS "tiny.snapparam");
    assert_int_equal(potential->kind, XP_KIND_SNAP);
    assert_int_equal(xp_potential_nelements(potential), 2);
    assert_string_equal(xp_potential_element(potential, 0), "Si");
    for (int w = 0; w < xp_potential_nwarnings(potential); ++w) assert_non_null(xp_potential_warning(potential, w));
    xp_potential_free(potential);
  }
}

static void wrong_files_are_named(void **state) {
  (void)state;
  xp_error error;
  xp_potential *potential = NULL;
  assert_int_equal(read_files(&potential, SEEDS "tiny.snapcoeff", NULL, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "give its parameter file");
  assert_int_equal(read_files(&potential, SEEDS "tiny.snapparam", NULL, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "give its coefficient file");
  assert_int_equal(read_files(&potential, SEEDS "tiny.snapparam", SEEDS "tiny.snapparam", &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "expected one SNAP coefficient file and one SNAP parameter file");
  assert_int_equal(read_files(&potential, SEEDS "tiny.yace", SEEDS "tiny.snapparam", &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "or one ACE file alone");
  assert_int_equal(read_files(&potential, SEEDS "tiny.xyz", NULL, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "tiny.xyz:1:1: this is no potential known here");
  assert_int_equal(read_files(&potential, "tests", NULL, &error), XP_ERROR_IO);
  xp_assert_message(&error, "directory");
  assert_int_equal(read_files(&potential, SEEDS "tiny.snapcoeff", SEEDS "none", &error), XP_ERROR_IO);
  xp_assert_message(&error, "No such file");
  assert_int_equal(xp_potential_read(&potential, NULL, 0, &error), XP_ERROR_INPUT);
  assert_null(potential);
}

static void texts_that_are_no_potential(void **state) {
  (void)state;
  xp_error error;
  assert_int_equal(parse("", NULL, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "one:1:1: the file is empty");
  assert_int_equal(parse("# nothing\n\n  # but comments\n", NULL, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "the file is empty");
  assert_int_equal(parse("global: {DeltaSplineBins: 0.001}\nspecies:\n  - speciesblock: Si\n", NULL, &error),
                   XP_ERROR_INPUT);
  xp_assert_message(&error, "key \"ndensityi\" is missing");
  assert_int_equal(parse("metadata:\n  user: x\nspecies:\n", NULL, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "key \"global\" is missing");
  assert_int_equal(parse("{\"model\": 1}\n", NULL, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "no potential known here");
  assert_int_equal(parse("rcutfac 4\ntwojmax 2\n", "", &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "two:1:1: the file is empty");
  /* its partner tells what a broken SNAP file should have been: the reader names the line */
  assert_int_equal(parse("1 6\nSi 0.5 1\n1\n2\n3\n4\n5\n6\n", "# x\nrcutfax 4\n", &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "two:2");
  assert_int_equal(parse("rcutfac 4\ntwojmax 2\n", "one 6\nSi 0.5 1\n", &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "two:1");
}

static void yaml_in_several_spellings(void **state) {
  (void)state;
  xp_error error;
  /* recognised as ACE, so that its reader says what is missing */
  static const char *const texts[] = {"elements: [Si]\n",
                                      "---\nelements: [Si]\n",
                                      "E0: [0]\nelements: [Si]\n",
                                      "\xef\xbb\xbf"
                                      "elements: [Si]\n",
                                      "\"elements\": [Si]\n",
                                      "{elements: [Si]}\n"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
    assert_int_equal(parse(texts[i], NULL, &error), XP_ERROR_INPUT);
    assert_null(strstr(error.message, "no potential known here"));
  }
}

static void plans_know_their_elements(void **state) {
  (void)state;
  xp_error error = {0};
  xp_plan *plan = NULL;
  xp_potential *potential = potential_of(SEEDS "tiny.yace", NULL);
  const char *const swapped[] = {"C", "Si"}, *const wrong[] = {"Si", "Ge"}, *const twice[] = {"C", "C"};
  xp_assert_ok(xp_plan_new(&plan, potential, swapped, 2, XP_PRECISION_DOUBLE, &error), &error);
  assert_int_equal(xp_plan_kind(plan), XP_KIND_ACE);
  assert_int_equal(xp_plan_nelements(plan), 2);
  assert_string_equal(xp_plan_element(plan, 0), "C");
  xp_assert_close(xp_plan_cutoff(plan, 0, 0), 4.0, 1e-12);
  xp_assert_close(xp_plan_cutoff(plan, 1, 0), 4.5, 1e-12);
  xp_assert_close(xp_plan_cutoff(plan, 1, 1), 5.0, 1e-12);
  xp_assert_close(xp_plan_cutoff_max(plan), 5.0, 1e-12);
  xp_plan_free(plan);
  assert_int_equal(xp_plan_new(&plan, potential, wrong, 2, XP_PRECISION_DOUBLE, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "no element Ge, it knows Si C");
  assert_null(plan);
  assert_int_equal(xp_plan_new(&plan, potential, twice, 2, XP_PRECISION_DOUBLE, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "C is listed twice");
  assert_int_equal(xp_plan_new(&plan, potential, wrong, 0, XP_PRECISION_DOUBLE, &error), XP_ERROR_INPUT);
  xp_plan_free(NULL);
  xp_workspace_free(NULL);
  xp_potential_free(potential);
}

/* A plan with its workspace, made from a potential that is freed before use. */
typedef struct compiled {
  xp_plan *plan;
  xp_workspace *workspace;
} compiled;

static compiled compile(const char *first, const char *second, const char *const *elements, int nelements) {
  xp_error error = {0};
  compiled c = {0};
  xp_potential *potential = potential_of(first, second);
  xp_assert_ok(xp_plan_new(&c.plan, potential, elements, nelements, XP_PRECISION_DOUBLE, &error), &error);
  xp_potential_free(potential);
  xp_assert_ok(xp_workspace_new(&c.workspace, c.plan, &error), &error);
  return c;
}

static void compiled_free(compiled c) {
  xp_workspace_free(c.workspace);
  xp_plan_free(c.plan);
}

static double energy_of(compiled c, const xp_structure *structure) {
  xp_error error = {0};
  xp_structure *labelled = NULL;
  xp_assert_ok(xp_evaluate_structure(c.plan, c.workspace, structure, &labelled, &error), &error);
  double energy = labelled->energy;
  xp_structure_free(labelled);
  return energy;
}

/* Central differences; the step leaves about nine digits. */
static const double STEP = 1e-5;
static const double TOLERANCE = 1e-6;

static void assert_forces_are_gradients(compiled c, xp_structure *structure, const xp_structure *labelled) {
  for (int k = 0; k < 3 * structure->natoms; ++k) {
    double *x = &structure->positions[k / 3][k % 3], old = *x;
    *x = old + STEP;
    double up = energy_of(c, structure);
    *x = old - STEP;
    double down = energy_of(c, structure);
    *x = old;
    double force = labelled->forces[k / 3][k % 3];
    xp_assert_close(force, -(up - down) / (2.0 * STEP), TOLERANCE * fmax(1.0, fabs(force)));
  }
}

/* Strain e_vd: every vector r becomes r + r_v e_vd in direction d; virial = -dE/de. */
static void strain(xp_structure *structure, int v, int d, double size) {
  for (int i = 0; i < structure->natoms; ++i) structure->positions[i][d] += size * structure->positions[i][v];
  for (int k = 0; k < 3; ++k) structure->cell[k][d] += size * structure->cell[k][v];
}

static double strained_energy(compiled c, const xp_structure *structure, int v, int d, double size) {
  xp_error error = {0};
  xp_structure *copy = NULL;
  xp_assert_ok(xp_structure_copy(&copy, structure, &error), &error);
  strain(copy, v, d, size);
  double energy = energy_of(c, copy);
  xp_structure_free(copy);
  return energy;
}

static void assert_virial_is_strain_derivative(compiled c, const xp_structure *structure,
                                               const xp_structure *labelled) {
  for (int k = 0; k < 9; ++k) {
    int v = k / 3, d = k % 3;
    double difference = strained_energy(c, structure, v, d, STEP) - strained_energy(c, structure, v, d, -STEP);
    double virial = labelled->virial[v][d];
    xp_assert_close(virial, -difference / (2.0 * STEP), TOLERANCE * fmax(1.0, fabs(virial)));
  }
}

/* Random crystals in small skewed cells (an atom sees its own images) and clusters. */
static void check_labels(compiled c, const char *const *elements, int nelements) {
  xp_error error = {0};
  xp_test_random random = {41};
  for (int sample = 0; sample < 4; ++sample) {
    xp_structure *structure = xp_test_structure(&random, 4, sample % 2 ? 0.0 : 4.2, 1.5, elements, nelements),
                 *labelled = NULL;
    xp_assert_ok(xp_evaluate_structure(c.plan, c.workspace, structure, &labelled, &error), &error);
    double sum = 0.0, force[3] = {0.0, 0.0, 0.0};
    for (int i = 0; i < labelled->natoms; ++i) {
      sum += labelled->local_energy[i];
      for (int d = 0; d < 3; ++d) force[d] += labelled->forces[i][d];
    }
    assert_true(labelled->has_energy && labelled->has_virial);
    xp_assert_close(labelled->energy, sum, 1e-12);
    for (int d = 0; d < 3; ++d) xp_assert_close(force[d], 0.0, 1e-10);
    assert_forces_are_gradients(c, structure, labelled);
    assert_virial_is_strain_derivative(c, structure, labelled);
    xp_structure_free(labelled);
    xp_structure_free(structure);
  }
}

static void labels_of_an_ace_structure(void **state) {
  (void)state;
  const char *const elements[] = {"C", "Si"};
  compiled c = compile(SEEDS "tiny.yace", NULL, elements, 2);
  check_labels(c, elements, 2);
  compiled_free(c);
}

static void labels_of_a_legacy_ace_structure(void **state) {
  (void)state;
  const char *const elements[] = {"Cu"};
  compiled c = compile(SEEDS "tiny.ace", NULL, elements, 1);
  check_labels(c, elements, 1);
  compiled_free(c);
}

static void labels_of_a_snap_structure(void **state) {
  (void)state;
  const char *const elements[] = {"Si", "C"};
  compiled c = compile(SEEDS "tiny.snapcoeff", SEEDS "tiny.snapparam", elements, 2);
  check_labels(c, elements, 2);
  compiled_free(c);
}

static void isolated_atoms_have_their_own_energy(void **state) {
  (void)state;
  xp_error error = {0};
  const char *const elements[] = {"C", "Si"};
  compiled c = compile(SEEDS "tiny.yace", NULL, elements, 2);
  xp_structure *structure = NULL, *labelled = NULL;
  xp_assert_ok(xp_structure_new(&structure, 2, &error), &error);
  strcpy(structure->symbols[0], "Si");
  strcpy(structure->symbols[1], "C");
  structure->positions[1][0] = 30.0;
  xp_assert_ok(xp_evaluate_structure(c.plan, c.workspace, structure, &labelled, &error), &error);
  xp_assert_close(labelled->local_energy[0], -0.5, 1e-14); /* E0 */
  xp_assert_close(labelled->local_energy[1], 0.25, 1e-14);
  xp_assert_close(labelled->forces[0][0], 0.0, 0.0);
  xp_structure_free(labelled);
  strcpy(structure->symbols[1], "Ge");
  structure->file = strdup("s.xyz");
  structure->line = 3;
  assert_int_equal(xp_evaluate_structure(c.plan, c.workspace, structure, &labelled, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "s.xyz:3: atom 2 is Ge");
  assert_null(labelled);
  xp_structure_free(structure);
  compiled_free(c);
}

/* A process of a parallel run may have none. */
static void no_atoms_are_no_work(void **state) {
  (void)state;
  xp_error error = {0};
  const char *const elements[] = {"Si", "C"};
  const size_t first[] = {0};
  double energy = 7.0, gradient[1][3] = {{7.0, 7.0, 7.0}};
  xp_neighbourhoods none = {.natoms = 0, .first = first};
  xp_evaluation out = {.energy = &energy, .gradient = gradient};
  for (int kind = 0; kind < 2; ++kind) {
    compiled c = kind ? compile(SEEDS "tiny.yace", NULL, elements, 2)
                      : compile(SEEDS "tiny.snapcoeff", SEEDS "tiny.snapparam", elements, 2);
    xp_assert_ok(xp_evaluate(c.plan, c.workspace, &none, &out, &error), &error);
    xp_assert_close(energy, 7.0, 0.0);
    xp_assert_close(gradient[0][0], 7.0, 0.0);
    compiled_free(c);
  }
}

static void old_labels_do_not_survive(void **state) {
  (void)state;
  xp_error error = {0};
  xp_bytes bytes;
  xp_dataset *set = NULL;
  const char *const elements[] = {"Si", "C"};
  const char *text =
      "2\nLattice=\"9 0 0 0 9 0 0 0 9\" energy=5 free_energy=6 virial=\"1 1 1 0 0 0\" stress=\"1 1 1 0 0 0\" "
      "id=7 Properties=species:S:1:pos:R:3:forces:R:3\nSi 0 0 0 1 1 1\nC 2 0 0 2 2 2\n";
  xp_assert_ok(xp_bytes_copy(&bytes, "t.xyz", text, strlen(text), &error), &error);
  xp_assert_ok(xp_extxyz_parse(&set, &bytes, NULL, &error), &error);
  xp_bytes_free(&bytes);
  compiled c = compile(SEEDS "tiny.snapcoeff", SEEDS "tiny.snapparam", elements, 2);
  xp_structure *labelled = NULL;
  xp_assert_ok(xp_evaluate_structure(c.plan, c.workspace, set->structures[0], &labelled, &error), &error);
  assert_int_equal(labelled->nnotes, 1); /* free_energy and stress belonged to the old labels */
  assert_string_equal(labelled->notes[0].key, "id");
  assert_true(labelled->energy != 5.0 && fabs(labelled->forces[0][1]) < 1e-12);
  xp_structure_free(labelled);
  xp_dataset_free(set);
  compiled_free(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_content_says_the_kind),
      cmocka_unit_test(wrong_files_are_named),
      cmocka_unit_test(texts_that_are_no_potential),
      cmocka_unit_test(yaml_in_several_spellings),
      cmocka_unit_test(plans_know_their_elements),
      cmocka_unit_test(labels_of_an_ace_structure),
      cmocka_unit_test(labels_of_a_legacy_ace_structure),
      cmocka_unit_test(labels_of_a_snap_structure),
      cmocka_unit_test(isolated_atoms_have_their_own_energy),
      cmocka_unit_test(old_labels_do_not_survive),
      cmocka_unit_test(no_atoms_are_no_work),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
