/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>

#include "testing/testing.h"

/* natoms Si atoms at zero in a periodic cube. */
static xp_structure *cube(int natoms, double edge) {
  xp_error error = {0};
  xp_structure *structure = NULL;
  xp_assert_ok(xp_structure_new(&structure, natoms, &error), &error);
  for (int v = 0; v < 3; ++v) {
    structure->periodic[v] = true;
    structure->cell[v][v] = edge;
  }
  for (int i = 0; i < natoms; ++i) strcpy(structure->symbols[i], "Si");
  return structure;
}

static void assert_refused(const xp_structure *structure, const char *text) {
  xp_error error = {0};
  assert_int_equal(xp_structure_check(structure, &error), XP_ERROR_RANGE);
  assert_int_equal(error.status, XP_ERROR_RANGE);
  xp_assert_message(&error, text);
}

static void assert_accepted(const xp_structure *structure) {
  xp_error error = {0};
  xp_assert_ok(xp_structure_check(structure, &error), &error);
}

static void a_new_structure_is_empty(void **state) {
  (void)state;
  xp_structure *structure = cube(2, 3.0);
  assert_string_equal(structure->config_type, "");
  assert_null(structure->forces);
  assert_false(structure->has_energy);
  assert_true(structure->positions[1][2] == 0.0);
  xp_structure_free(structure);
  xp_structure_free(NULL);
  xp_error error = {0};
  assert_int_equal(xp_structure_new(&structure, 0, &error), XP_ERROR_RANGE);
  assert_null(structure);
}

static void a_copy_is_deep(void **state) {
  (void)state;
  xp_error error = {0};
  xp_structure *structure = cube(2, 3.0), *copy = NULL;
  structure->forces = calloc(2, sizeof *structure->forces);
  structure->local_energy = calloc(2, sizeof *structure->local_energy);
  structure->force_weight = calloc(2, sizeof *structure->force_weight);
  structure->notes = calloc(1, sizeof *structure->notes);
  assert_true(structure->forces && structure->local_energy && structure->force_weight && structure->notes);
  structure->nnotes = 1;
  structure->notes[0] = (xp_note){strdup("key"), strdup("value")};
  structure->file = strdup("f.xyz");
  structure->line = 7;
  structure->forces[1][2] = 5.0;
  structure->local_energy[1] = 6.0;
  structure->force_weight[1] = 7.0;
  structure->positions[1][0] = 1.5;
  xp_assert_ok(xp_structure_copy(&copy, structure, &error), &error);
  xp_structure_free(structure);
  assert_int_equal(copy->natoms, 2);
  assert_true(copy->forces[1][2] == 5.0 && copy->local_energy[1] == 6.0 && copy->positions[1][0] == 1.5);
  assert_true(copy->force_weight[1] == 7.0);
  assert_string_equal(copy->symbols[1], "Si");
  assert_string_equal(copy->notes[0].value, "value");
  assert_string_equal(copy->file, "f.xyz");
  assert_int_equal(copy->line, 7);
  assert_true(copy->periodic[2] && copy->cell[2][2] == 3.0);
  xp_structure_free(copy);
}

static void volumes_have_no_sign(void **state) {
  (void)state;
  xp_structure *structure = cube(1, 2.0);
  structure->cell[2][0] = 1.7;
  xp_assert_close(xp_structure_volume(structure), 8.0, 1e-14);
  structure->cell[0][0] = -2.0;
  xp_assert_close(xp_structure_volume(structure), 8.0, 1e-14);
  xp_structure_free(structure);
}

static void small_and_skewed_cells_are_fine(void **state) {
  (void)state;
  xp_structure *structure = cube(1, 2.0); /* far smaller than any cutoff */
  assert_accepted(structure);
  structure->cell[0][0] = -2.0; /* left-handed */
  assert_accepted(structure);
  for (int d = 0; d < 3; ++d) structure->cell[2][d] += 5.0 * structure->cell[0][d] - 7.0 * structure->cell[1][d];
  assert_accepted(structure);
  structure->positions[0][1] = -1234.5; /* far outside */
  assert_accepted(structure);
  xp_structure_free(structure);
}

static void atoms_on_top_of_each_other(void **state) {
  (void)state;
  xp_structure *structure = cube(3, 4.0);
  structure->positions[1][0] = 2.0;
  structure->positions[2][1] = 0.009;
  structure->file = strdup("data.xyz");
  structure->line = 12;
  assert_refused(structure, "data.xyz:12: atoms 1 (Si) and 3 (Si) are 0.009 Angstrom apart");
  structure->positions[2][1] = 0.011;
  assert_accepted(structure);
  structure->positions[2][1] = 0.0;
  assert_refused(structure, "are 0 Angstrom apart");
  structure->positions[2][1] = 3.995; /* an image */
  assert_refused(structure, "0.005 Angstrom apart");
  structure->positions[2][1] = -40.0; /* an image ten cells away */
  assert_refused(structure, "atoms 1 (Si) and 3 (Si)");
  structure->periodic[1] = false;
  assert_accepted(structure);
  xp_structure_free(structure);
}

static void an_atom_on_its_own_image(void **state) {
  (void)state;
  xp_structure *structure = cube(1, 3.0);
  structure->cell[1][1] = 0.005;
  assert_refused(structure, "own image");
  structure->cell[1][1] = 3.0;
  for (int d = 0; d < 3; ++d) structure->cell[1][d] = 2.0 * structure->cell[0][d] + (d == 2 ? 0.004 : 0.0);
  structure->cell[2][1] = 3.0; /* a - 2 b is short although no vector is */
  assert_refused(structure, "own image");
  xp_structure_free(structure);
}

static void vectors_without_a_volume(void **state) {
  (void)state;
  xp_structure *structure = cube(1, 3.0);
  memcpy(structure->cell[1], structure->cell[0], sizeof structure->cell[0]);
  assert_refused(structure, "do not span a volume");
  structure->periodic[1] = false; /* then it does not matter */
  assert_accepted(structure);
  memset(structure->cell[0], 0, sizeof structure->cell[0]);
  assert_refused(structure, "cell vector a is zero");
  structure->cell[0][0] = NAN;
  assert_refused(structure, "cell vector a has the component nan");
  structure->cell[0][0] = 1e30;
  assert_refused(structure, "cell vector a has the component 1e+30");
  xp_structure_free(structure);
}

static void numbers_must_be_finite(void **state) {
  (void)state;
  xp_structure *structure = cube(2, 4.0);
  structure->positions[1][0] = 2.0;
  structure->positions[1][1] = NAN;
  assert_refused(structure, "atom 2 (Si) has the coordinate nan");
  structure->positions[1][1] = 1e9;
  assert_refused(structure, "atom 2 (Si) has the coordinate 1e+09");
  structure->positions[1][1] = 0.0;
  structure->has_energy = true;
  structure->energy = INFINITY;
  assert_refused(structure, "the energy is inf");
  structure->energy = 0.0;
  structure->has_virial = true;
  structure->virial[1][2] = NAN;
  assert_refused(structure, "the virial has the component nan");
  structure->virial[1][2] = 0.0;
  structure->forces = calloc(2, sizeof *structure->forces);
  structure->local_energy = calloc(2, sizeof *structure->local_energy);
  assert_true(structure->forces && structure->local_energy);
  structure->forces[1][0] = -INFINITY;
  assert_refused(structure, "atom 2 (Si) has the force component -inf");
  structure->forces[1][0] = 0.0;
  structure->local_energy[0] = NAN;
  assert_refused(structure, "atom 1 (Si) has the local energy nan");
  structure->local_energy[0] = 0.0;
  structure->force_weight = calloc(2, sizeof *structure->force_weight);
  assert_non_null(structure->force_weight);
  structure->force_weight[1] = -1.0;
  assert_refused(structure, "atom 2 (Si) has the force weight -1");
  structure->force_weight[1] = 1.0;
  assert_accepted(structure);
  xp_structure_free(structure);
}

static void isolated_atoms_need_no_cell(void **state) {
  (void)state;
  xp_structure *structure = cube(1, 0.0);
  for (int v = 0; v < 3; ++v) structure->periodic[v] = false;
  assert_accepted(structure);
  xp_structure_free(structure);
}

static void a_dataset_owns_its_structures(void **state) {
  (void)state;
  xp_error error = {0};
  xp_dataset *dataset = NULL;
  xp_assert_ok(xp_dataset_new(&dataset, &error), &error);
  for (int i = 0; i < 200; ++i) xp_assert_ok(xp_dataset_append(dataset, cube(1, i + 1.0), &error), &error);
  assert_int_equal(dataset->nstructures, 200);
  for (int i = 0; i < 200; ++i) assert_true(dataset->structures[i]->cell[0][0] == i + 1.0);
  xp_dataset_free(dataset);
  xp_dataset_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_structure_is_empty),    cmocka_unit_test(a_copy_is_deep),
      cmocka_unit_test(volumes_have_no_sign),        cmocka_unit_test(small_and_skewed_cells_are_fine),
      cmocka_unit_test(atoms_on_top_of_each_other),  cmocka_unit_test(an_atom_on_its_own_image),
      cmocka_unit_test(vectors_without_a_volume),    cmocka_unit_test(numbers_must_be_finite),
      cmocka_unit_test(isolated_atoms_need_no_cell), cmocka_unit_test(a_dataset_owns_its_structures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
