/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extended XYZ that people have: the dialects of its writers, and a lossless way back. */
#include <math.h>

#include "testing/temporary.h"
#include "testing/testing.h"
#include "xpot/extxyz.h"

static xp_dataset *parse_with(const char *text, const xp_extxyz_keys *keys) {
  xp_error error = {0};
  xp_bytes bytes;
  xp_dataset *dataset = NULL;
  xp_assert_ok(xp_bytes_copy(&bytes, "t.xyz", text, strlen(text), &error), &error);
  xp_status status = xp_extxyz_parse(&dataset, &bytes, keys, &error);
  xp_bytes_free(&bytes);
  xp_assert_ok(status, &error);
  return dataset;
}

/* One frame of one C atom at (1, 2, 3) with this comment line. */
static xp_dataset *frame(const char *comment, const xp_extxyz_keys *keys) {
  char text[2000];
  snprintf(text, sizeof text, "1\n%s\nC 1 2 3\n", comment);
  return parse_with(text, keys);
}

#define CUBE "Lattice=\"2 0 0 0 2 0 0 0 2\" "

static void a_frame_of_ase(void **state) {
  (void)state;
  xp_dataset *set =
      parse_with("2\n"
                 "Lattice=\"5.0 0.0 0.0 0.5 6.0 0.0 0.0 0.0 7.0\" Properties=species:S:1:pos:R:3:"
                 "forces:R:3:energies:R:1:w_forces:R:1 energy=-3.5 free_energy=-3.6 stress=\"1 2 3 4 5 6\" "
                 "pbc=\"T F T\"\n"
                 "Ge       0.0 0.5 1.0   0.1 0.2 0.3  -1.5 0.25\n"
                 "Te       2.0 0.5 1.0  -0.1 -0.2 -0.3  -2.0 4\n",
                 NULL);
  assert_int_equal(set->nstructures, 1);
  const xp_structure *s = set->structures[0];
  assert_int_equal(s->natoms, 2);
  assert_string_equal(s->symbols[1], "Te");
  assert_true(s->cell[1][0] == 0.5 && s->cell[1][1] == 6.0 && s->cell[2][2] == 7.0);
  assert_true(s->periodic[0] && !s->periodic[1] && s->periodic[2]);
  assert_true(s->has_energy && s->energy == -3.5);
  assert_true(s->positions[1][0] == 2.0 && s->forces[1][2] == -0.3);
  assert_true(s->local_energy[0] == -1.5 && s->local_energy[1] == -2.0);
  assert_true(s->force_weight[0] == 0.25 && s->force_weight[1] == 4.0);
  /* virial = -stress * volume, Voigt xx yy zz yz xz xy */
  static const double stress[3][3] = {{1, 6, 5}, {6, 2, 4}, {5, 4, 3}};
  assert_true(s->has_virial);
  for (int k = 0; k < 9; ++k) xp_assert_close(s->virial[k / 3][k % 3], -210.0 * stress[k / 3][k % 3], 1e-10);
  assert_string_equal(s->file, "t.xyz");
  assert_int_equal(s->line, 1);
  xp_dataset_free(set);
}

static void a_frame_of_quip(void **state) {
  (void)state;
  xp_dataset *set = parse_with("1\n"
                               "dft_energy=-1.5 dft_virial=\"1 2 3 4 5 6 7 8 9\" config_type=dia "
                               "Properties=species:S:1:pos:R:3:Z:I:1:dft_force:R:3 Lattice=\"2 0 0 0 2 0 0 0 2\"\n"
                               "Si 1.0 2.0 3.0 14 0.5 0.25 0.125\n",
                               NULL);
  const xp_structure *s = set->structures[0];
  assert_true(s->energy == -1.5 && s->forces[0][2] == 0.125);
  assert_true(s->virial[0][1] == 2.0 && s->virial[2][0] == 7.0); /* row by row */
  assert_string_equal(s->config_type, "dia");
  assert_true(s->periodic[0] && s->periodic[1] && s->periodic[2]); /* a cell and no pbc */
  xp_dataset_free(set);
}

static void columns_in_any_order(void **state) {
  (void)state;
  xp_dataset *set = parse_with("1\n"
                               "Properties=forces:R:3:tags:I:2:Z:I:1:move_mask:L:3:pos:R:3\n"
                               "0.1 0.2 0.3 7 8 52 T F T 1 2 3\n",
                               NULL);
  const xp_structure *s = set->structures[0];
  assert_string_equal(s->symbols[0], "Te"); /* from the atomic number */
  assert_true(s->positions[0][2] == 3.0 && s->forces[0][0] == 0.1);
  assert_false(s->periodic[0]);
  xp_dataset_free(set);
}

static void plain_xyz_has_columns_by_default(void **state) {
  (void)state;
  xp_dataset *set = parse_with("1\n\nH 0 0 1e-3\n", NULL);
  assert_true(set->structures[0]->positions[0][2] == 1e-3);
  assert_false(set->structures[0]->has_energy);
  assert_null(set->structures[0]->forces);
  xp_dataset_free(set);
}

static void spellings_of_the_cell(void **state) {
  (void)state;
  static const char *const spellings[] = {
      "Lattice=\"2 0 0 0 3 0 0 0 4\"",     "Lattice='2 0 0 0 3 0 0 0 4'",
      "Lattice={2 0 0 0 3 0 0 0 4}",       "Lattice=[2, 0, 0, 0, 3, 0, 0, 0, 4]",
      "Lattice=[[2,0,0],[0,3,0],[0,0,4]]", "Lattice = \"2.0 0 0\t0 3e0 0 0 0 +4.\"",
      "\"Lattice\"=\"2 0 0 0 3 0 0 0 4\"",
  };
  for (size_t i = 0; i < sizeof spellings / sizeof *spellings; ++i) {
    xp_dataset *set = frame(spellings[i], NULL);
    const xp_structure *s = set->structures[0];
    assert_true(s->cell[0][0] == 2.0 && s->cell[1][1] == 3.0 && s->cell[2][2] == 4.0 && s->periodic[2]);
    xp_dataset_free(set);
  }
}

static void spellings_of_periodicity(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int mask;
  } spellings[] = {
      {"pbc=\"T T F\"", 3},
      {"pbc=[True, True, False]", 3},
      {"pbc=\"[True, True, False]\"", 3},
      {"pbc=\"1 1 0\"", 3},
      {"pbc=\"true true false\"", 3},
      {"pbc=T", 7},
      {"pbc=F", 0},
      {"pbc={F F T}", 4},
      {"pbc=\"FALSE FALSE TRUE\"", 4},
      {"pbc=[1, 0, 1]", 5},
      {"pbc", 7},
      {"", 7},
  };
  for (size_t i = 0; i < sizeof spellings / sizeof *spellings; ++i) {
    char comment[200];
    snprintf(comment, sizeof comment, CUBE "%s", spellings[i].text);
    xp_dataset *set = frame(comment, NULL);
    for (int v = 0; v < 3; ++v) assert_int_equal(set->structures[0]->periodic[v], spellings[i].mask >> v & 1);
    xp_dataset_free(set);
  }
}

static void a_cell_of_zeros_is_no_cell(void **state) {
  (void)state;
  xp_dataset *set = frame("Lattice=\"0 0 0 0 0 0 0 0 0\" pbc=\"F F F\"", NULL);
  assert_false(set->structures[0]->periodic[0]);
  xp_dataset_free(set);
}

static void the_first_known_name_wins(void **state) {
  (void)state;
  xp_dataset *set = frame("REF_energy=1 free_energy=2 energy=3", NULL);
  assert_true(set->structures[0]->energy == 3.0);
  assert_int_equal(set->structures[0]->nnotes, 2); /* the others are kept */
  xp_dataset_free(set);
  set = frame("REF_energy=1 free_energy=2", NULL);
  assert_true(set->structures[0]->energy == 2.0);
  xp_dataset_free(set);
  set = frame(CUBE "stress=\"1 0 0 0 1 0 0 0 1\" virial=\"5 0 0 0 5 0 0 0 5\"", NULL);
  assert_true(set->structures[0]->virial[0][0] == 5.0);
  xp_dataset_free(set);
}

static void keys_by_name(void **state) {
  (void)state;
  xp_extxyz_keys keys = {.energy = "E_mine", .stress = "S_mine", .config_type = "group"};
  xp_dataset *set = frame(CUBE "energy=1 E_mine=2 virial=\"5 5 5 0 0 0\" S_mine=\"1 1 1 0 0 0\" group=\"a b\"", &keys);
  const xp_structure *s = set->structures[0];
  assert_true(s->energy == 2.0 && s->virial[0][0] == -8.0);
  assert_string_equal(s->config_type, "a b");
  xp_dataset_free(set);
  keys = (xp_extxyz_keys){.forces = "F_mine", .virial = "V_mine"};
  set = parse_with("1\n" CUBE "V_mine=\"1 2 3 4 5 6\" Properties=species:S:1:pos:R:3:forces:R:3:F_mine:R:3\n"
                   "C 0 0 0 1 1 1 2 2 2\n",
                   &keys);
  assert_true(set->structures[0]->forces[0][0] == 2.0);
  assert_true(set->structures[0]->virial[1][2] == 4.0 && set->structures[0]->virial[0][1] == 6.0);
  xp_dataset_free(set);
}

static void other_keys_are_notes(void **state) {
  (void)state;
  xp_dataset *set = frame("a=1 done b=\"x \\\"y\\\" \\\\z\" c=[1, [2, 3]] d={4 5} 'e f'=g h=", NULL);
  const xp_structure *s = set->structures[0];
  static const xp_note expected[] = {
      {"a", "1"}, {"done", "T"}, {"b", "x \"y\" \\z"}, {"c", "1, [2, 3]"}, {"d", "4 5"}, {"e f", "g"}, {"h", ""}};
  assert_int_equal(s->nnotes, 7);
  for (int i = 0; i < s->nnotes; ++i) {
    assert_string_equal(s->notes[i].key, expected[i].key);
    assert_string_equal(s->notes[i].value, expected[i].value);
  }
  xp_dataset_free(set);
}

static void tabs_and_windows_line_ends(void **state) {
  (void)state;
  xp_dataset *set = parse_with("  2 \r\nenergy=1\t" CUBE "\r\nC\t0\t0\t0\r\n  C 1 1 1  \r\n\r\n \t\r\n"
                               "1\r\n\r\nH 0 0 0\r\n\r\n\r\n",
                               NULL);
  assert_int_equal(set->nstructures, 2);
  assert_true(set->structures[0]->energy == 1.0 && set->structures[0]->positions[1][2] == 1.0);
  assert_int_equal(set->structures[1]->line, 7);
  xp_dataset_free(set);
}

static void a_missing_last_line_end(void **state) {
  (void)state;
  xp_dataset *set = parse_with("1\n\nH 0 0 0.5", NULL);
  assert_true(set->structures[0]->positions[0][2] == 0.5);
  xp_dataset_free(set);
}

static void assert_same(const xp_structure *a, const xp_structure *b) {
  size_t n = (size_t)a->natoms;
  assert_int_equal(a->natoms, b->natoms);
  assert_memory_equal(a->symbols, b->symbols, n * sizeof *a->symbols);
  assert_memory_equal(a->positions, b->positions, n * sizeof *a->positions);
  assert_memory_equal(a->cell, b->cell, sizeof a->cell);
  assert_memory_equal(a->periodic, b->periodic, sizeof a->periodic);
  assert_true(a->has_energy == b->has_energy && a->energy == b->energy);
  assert_memory_equal(a->virial, b->virial, sizeof a->virial);
  assert_true(!a->forces == !b->forces && !a->local_energy == !b->local_energy);
  assert_true(!a->force_weight == !b->force_weight);
  if (a->forces) assert_memory_equal(a->forces, b->forces, n * sizeof *a->forces);
  if (a->local_energy) assert_memory_equal(a->local_energy, b->local_energy, n * sizeof *a->local_energy);
  if (a->force_weight) assert_memory_equal(a->force_weight, b->force_weight, n * sizeof *a->force_weight);
  assert_string_equal(a->config_type, b->config_type);
  assert_int_equal(a->nnotes, b->nnotes);
  for (int i = 0; i < a->nnotes; ++i) {
    assert_string_equal(a->notes[i].key, b->notes[i].key);
    assert_string_equal(a->notes[i].value, b->notes[i].value);
  }
}

static void assert_round_trip(const xp_dataset *set) {
  xp_error error = {0};
  xp_dataset *again = NULL;
  char *path = xp_test_file_new("", 0);
  xp_assert_ok(xp_extxyz_write(path, set, &error), &error);
  xp_status status = xp_extxyz_read(&again, path, NULL, &error);
  xp_test_file_remove(path);
  xp_assert_ok(status, &error);
  assert_int_equal(again->nstructures, set->nstructures);
  for (int i = 0; i < set->nstructures; ++i) assert_same(set->structures[i], again->structures[i]);
  xp_dataset_free(again);
}

/* Numbers of every size, awkward texts, every combination of labels. */
static void writing_and_reading_loses_nothing(void **state) {
  (void)state;
  xp_error error = {0};
  xp_test_random random = {31};
  const char *const symbols[] = {"Si", "Uuo"};
  xp_dataset *set = NULL;
  xp_assert_ok(xp_dataset_new(&set, &error), &error);
  for (int i = 0; i < 32; ++i) {
    xp_structure *s = xp_test_structure(&random, 5, i & 1 ? 6.0 : 0.0, 1.0, symbols, 2);
    if (i & 2) s->forces = calloc(5, sizeof *s->forces);
    if (i & 4) s->local_energy = calloc(5, sizeof *s->local_energy);
    if (i & 6) s->force_weight = calloc(5, sizeof *s->force_weight);
    s->has_energy = i & 8;
    if (s->has_energy) s->energy = xp_test_uniform(&random, -1.0, 1.0) * pow(10.0, xp_test_integer(&random, 40) - 20);
    s->has_virial = i & 16;
    for (int k = 0; k < 9 && s->has_virial; ++k) s->virial[k / 3][k % 3] = xp_test_uniform(&random, -1e3, 1e3);
    for (int k = 0; k < 15 && s->forces; ++k) s->forces[k / 3][k % 3] = xp_test_uniform(&random, -1.0, 1.0) / 3.0;
    for (int k = 0; k < 5 && s->local_energy; ++k) s->local_energy[k] = xp_test_uniform(&random, -1e-300, 1e-300);
    for (int k = 0; k < 5 && s->force_weight; ++k) s->force_weight[k] = xp_test_uniform(&random, 0.0, 1.0);
    free(s->config_type);
    s->config_type = strdup(i & 1 ? "two words=\"quoted\" \\ and ] { '" : "");
    s->notes = calloc(2, sizeof *s->notes);
    assert_non_null(s->notes);
    s->nnotes = 2;
    s->notes[0] = (xp_note){strdup("key with \"blanks\""), strdup("")};
    s->notes[1] = (xp_note){strdup("list"), strdup("1, [2, 3]")};
    xp_assert_ok(xp_dataset_append(set, s, &error), &error);
  }
  assert_round_trip(set);
  xp_dataset_free(set);
}

static void the_committed_example(void **state) {
  (void)state;
  xp_error error = {0};
  xp_dataset *set = NULL;
  char *path = xp_test_source("tests/fuzz/seeds/tiny.xyz");
  xp_assert_ok(xp_extxyz_read(&set, path, NULL, &error), &error);
  free(path);
  assert_int_equal(set->nstructures, 2);
  assert_round_trip(set);
  xp_dataset_free(set);
}

static void reference_data(void **state) {
  (void)state;
  static const struct {
    const char *path;
    int frames, atoms;
  } files[] = {{"data/mlearn/Si/train.xyz", 214, 13233},
               {"data/mlearn/Ge/test.xyz", 25, 1568},
               {"data/ta/all.xyz", 363, 4224},
               {"data/carbon/high_t_md_test.xyz", 147, 29400},
               {"data/si_castep/rss_relaxations.xyz", 194, 1552},
               {"data/gete/test.xyz", 126, 8064}};
  for (size_t f = 0; f < sizeof files / sizeof *files; ++f) {
    xp_error error = {0};
    xp_dataset *set = NULL;
    char *path = xp_test_shared(files[f].path);
    if (!path) skip();
    xp_assert_ok(xp_extxyz_read(&set, path, NULL, &error), &error);
    free(path);
    int atoms = 0;
    for (int i = 0; i < set->nstructures; ++i) {
      atoms += set->structures[i]->natoms;
      assert_true(set->structures[i]->has_energy && set->structures[i]->forces && *set->structures[i]->config_type);
    }
    assert_int_equal(set->nstructures, files[f].frames);
    assert_int_equal(atoms, files[f].atoms);
    assert_round_trip(set);
    xp_dataset_free(set);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_frame_of_ase),
      cmocka_unit_test(a_frame_of_quip),
      cmocka_unit_test(columns_in_any_order),
      cmocka_unit_test(plain_xyz_has_columns_by_default),
      cmocka_unit_test(spellings_of_the_cell),
      cmocka_unit_test(spellings_of_periodicity),
      cmocka_unit_test(a_cell_of_zeros_is_no_cell),
      cmocka_unit_test(the_first_known_name_wins),
      cmocka_unit_test(keys_by_name),
      cmocka_unit_test(other_keys_are_notes),
      cmocka_unit_test(tabs_and_windows_line_ends),
      cmocka_unit_test(a_missing_last_line_end),
      cmocka_unit_test(writing_and_reading_loses_nothing),
      cmocka_unit_test(the_committed_example),
      cmocka_unit_test(reference_data),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
