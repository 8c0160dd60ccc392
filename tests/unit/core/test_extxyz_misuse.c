/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extended XYZ that is wrong: one sentence with file, line and column. */
#include "testing/testing.h"
#include "xpot/extxyz.h"

#define CUBE "Lattice=\"2 0 0 0 2 0 0 0 2\" "

static xp_status parse(const char *text, const xp_extxyz_keys *keys, xp_error *error) {
  xp_bytes bytes;
  xp_dataset *dataset = NULL;
  xp_error_clear(error);
  xp_assert_ok(xp_bytes_copy(&bytes, "t.xyz", text, strlen(text), error), error);
  xp_status status = xp_extxyz_parse(&dataset, &bytes, keys, error);
  xp_bytes_free(&bytes);
  assert_true((status == XP_OK) == (dataset != NULL));
  xp_dataset_free(dataset);
  return status;
}

static void every_mistake_has_its_place(void **state) {
  (void)state;
  static const struct {
    const char *text, *place, *sentence;
  } cases[] = {
      {"", "t.xyz:1: ", "no frames"},
      {"\n \n", "t.xyz:1: ", "no frames"},
      {"0\n\n", "t.xyz:1: ", "frame is empty"},
      {"-1\n\n", "t.xyz:1: ", "number of atoms"},
      {"two\n\nH 0 0 0\n", "t.xyz:1: ", "found 'two'"},
      {"1 2\n\nH 0 0 0\n", "t.xyz:1: ", "found '1 2'"},
      {"1.5\n\nH 0 0 0\n", "t.xyz:1: ", "found '1.5'"},
      {"99999999999999999999\n\nH 0 0 0\n", "t.xyz:1: ", "number of atoms"},
      {"2000000000\n\nH 0 0 0\n", "t.xyz:1: ", "cut short"},
      {"1", "t.xyz:1: ", "ends after the number of atoms"},
      {"2\n\nH 0 0 0\n", "t.xyz:3: ", "ends after 1 of the 2 atoms"},
      {"1\n\nH 0 0 0\nH 1 1 1\n", "t.xyz:4: ", "number of atoms"},
      {"2\n\nH 0 0 0\n1\n\nH 0 0 0\n", "t.xyz:4:1: ", "element symbol"},
      {"1\n\nH 0 0\n", "t.xyz:3: ", "expected 4 columns for atom 1"},
      {"1\n\nH 0 0 0 0\n", "t.xyz:3:9: ", "found more"},
      {"1\n\nH 0 0 zero\n", "t.xyz:3:7: ", "found 'zero'"},
      {"1\n\nH 0 0 1e400\n", "t.xyz:3:7: ", "found '1e400'"},
      {"1\n\nH nan 0 0\n", "t.xyz:3:3: ", "found 'nan'"},
      {"1\n\nH 0 inf 0\n", "t.xyz:3:5: ", "found 'inf'"},
      {"1\n\nH 0 0 1,5\n", "t.xyz:3:7: ", "found '1,5'"},
      {"1\n\n14 0 0 0\n", "t.xyz:3:1: ", "element symbol"},
      {"1\n\nAbcdefgh 0 0 0\n", "t.xyz:3:1: ", "at most 7 letters"},
      {"1\nProperties=Z:I:1:pos:R:3\n0 0 0 0\n", "t.xyz:3:1: ", "atomic number"},
      {"1\nProperties=species:S:1\nH\n", "t.xyz:2:1: ", "no positions"},
      {"1\nProperties=pos:R:3\n0 0 0\n", "t.xyz:2:1: ", "no species"},
      {"1\nProperties=species:S:1:pos:R\nH 0 0 0\n", "t.xyz:2:1: ", "name:type:columns"},
      {"1\nProperties=species:S:1:pos:R:0\nH 0 0 0\n", "t.xyz:2:1: ", "name:type:columns"},
      {"1\nProperties=species:S:1:pos:R:3:x:Q:1\nH 0 0 0 1\n", "t.xyz:2:1: ", "name:type:columns"},
      {"1\nProperties=species:S:1:pos:R:2\nH 0 0\n", "t.xyz:2:1: ", "'pos' has type R and 2 columns"},
      {"1\nProperties=species:S:1:pos:I:3\nH 0 0 0\n", "t.xyz:2:1: ", "'pos' has type I"},
      {"1\na=1 energy=zero\nH 0 0 0\n", "t.xyz:2:5: ", "'zero'"},
      {"1\nenergy=nan\nH 0 0 0\n", "t.xyz:2:1: ", "finite number"},
      {"1\nenergy=1e400\nH 0 0 0\n", "t.xyz:2:1: ", "finite number"},
      {"1\nenergy=\nH 0 0 0\n", "t.xyz:2:1: ", "no value"},
      {"1\nenergy=\"1 2\"\nH 0 0 0\n", "t.xyz:2:1: ", "more than 1 numbers"},
      {"1\nenergy=1 energy=2\nH 0 0 0\n", "t.xyz:2:10: ", "given twice"},
      {"1\nenergy=1 =2\nH 0 0 0\n", "t.xyz:2:10: ", "expected a key"},
      {"1\nLattice=\"1 0 0 0 1 0 0 0\"\nH 0 0 0\n", "t.xyz:2:1: ", "8 numbers, expected 9"},
      {"1\nLattice=\"1 0 0 0 1 0 0 0 1 0\"\nH 0 0 0\n", "t.xyz:2:1: ", "more than 9 numbers"},
      {"1\nLattice=\"1 0 0 0 1 0 0 0 1\nH 0 0 0\n", "t.xyz:2:9: ", "not closed"},
      {"1\nLattice=[1 0 0\nH 0 0 0\n", "t.xyz:2:9: ", "not closed"},
      {"1\n" CUBE "virial=\"1 2 3\"\nH 0 0 0\n", "t.xyz:2:29: ", "3 numbers, expected 9"},
      {"1\nstress=\"1 1 1 0 0 0\"\nH 0 0 0\n", "t.xyz:2:1: ", "needs a Lattice"},
      {"1\n" CUBE "pbc=\"T T\"\nH 0 0 0\n", "t.xyz:2:29: ", "three of T and F"},
      {"1\n" CUBE "pbc=\"T T T T\"\nH 0 0 0\n", "t.xyz:2:29: ", "three of T and F"},
      {"1\n" CUBE "pbc=\"T maybe T\"\nH 0 0 0\n", "t.xyz:2:29: ", "three of T and F"},
      {"1\npbc=\"T T T\"\nH 0 0 0\n", "t.xyz:2:1: ", "no Lattice"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    xp_error error = {0};
    if (parse(cases[i].text, NULL, &error) != XP_ERROR_INPUT) fail_msg("accepted: %s", cases[i].text);
    xp_assert_message(&error, cases[i].sentence);
    if (strncmp(error.message, cases[i].place, strlen(cases[i].place)) != 0)
      fail_msg("expected the place %s, found: %s", cases[i].place, error.message);
  }
}

static void structures_are_checked(void **state) {
  (void)state;
  xp_error error = {0};
  assert_int_equal(parse("2\n" CUBE "\nH 0 0 0\nH 2 0 0.001\n", NULL, &error), XP_ERROR_RANGE);
  xp_assert_message(&error, "t.xyz:1: atoms 1 (H) and 2 (H) are 0.001 Angstrom apart");
  assert_int_equal(parse("1\nLattice=\"1 0 0 2 0 0 0 0 1\"\nH 0 0 0\n", NULL, &error), XP_ERROR_RANGE);
  xp_assert_message(&error, "t.xyz:1: ");
  assert_int_equal(parse("1\n" CUBE "\nH 0 0 0\n", NULL, &error), XP_OK); /* smaller than any cutoff: fine */
}

static void keys_by_name_must_be_there(void **state) {
  (void)state;
  const char *text = "1\n" CUBE "energy=1\nH 0 0 0\n";
  xp_error error = {0};
  assert_int_equal(parse(text, &(xp_extxyz_keys){.energy = "E"}, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "t.xyz:2: the energy was asked for under the key 'E'");
  assert_int_equal(parse(text, &(xp_extxyz_keys){.forces = "F"}, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "'F'");
  assert_int_equal(parse(text, &(xp_extxyz_keys){.virial = "V"}, &error), XP_ERROR_INPUT);
  assert_int_equal(parse(text, &(xp_extxyz_keys){.stress = "S"}, &error), XP_ERROR_INPUT);
  assert_int_equal(parse(text, &(xp_extxyz_keys){.config_type = "C"}, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "'C'");
}

/* Cut at any byte: an error, or the whole frames that are left. Never anything else. */
static void a_file_cut_anywhere(void **state) {
  (void)state;
  xp_error error = {0};
  xp_bytes whole;
  char *path = xp_test_source("tests/fuzz/seeds/tiny.xyz");
  xp_assert_ok(xp_bytes_read(&whole, path, &error), &error);
  free(path);
  int refused = 0;
  for (size_t size = 0; size < whole.size; ++size) {
    xp_bytes cut;
    xp_dataset *dataset = NULL;
    xp_error_clear(&error);
    xp_assert_ok(xp_bytes_copy(&cut, "cut.xyz", whole.data, size, &error), &error);
    xp_status status = xp_extxyz_parse(&dataset, &cut, NULL, &error);
    if (status == XP_OK) {
      assert_in_range(dataset->nstructures, 1, 2);
    } else {
      ++refused;
      xp_assert_message(&error, "cut.xyz:");
      assert_null(strchr(error.message, '\n'));
    }
    xp_dataset_free(dataset);
    xp_bytes_free(&cut);
  }
  xp_bytes_free(&whole);
  assert_true(refused > 500); /* nearly all cuts fall inside a frame */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_mistake_has_its_place),
      cmocka_unit_test(structures_are_checked),
      cmocka_unit_test(keys_by_name_must_be_there),
      cmocka_unit_test(a_file_cut_anywhere),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
