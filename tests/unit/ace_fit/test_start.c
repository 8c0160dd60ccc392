/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a fit begins: energies of free atoms from isolated atoms and from compositions. */
#include <math.h>

#include "ace/start.h"
#include "testing/temporary.h"
#include "testing/testing.h"

static const xp_symbol elements[] = {"Ge", "Sb", "Te"};

enum { NELEMENTS = 3 };

static const double CUTOFF = 5.0;

typedef struct energies {
  double e0[NELEMENTS];
  bool fixed[NELEMENTS];
} energies;

static energies find(const char *frames, const double *given, bool constant) {
  energies found;
  xp_error error = {0};
  xp_data *data = NULL;
  char *path = xp_test_file_new(frames, strlen(frames));
  xp_assert_ok(xp_data_read(&data, path, NULL, &error), &error);
  xp_test_file_remove(path);
  xp_assert_ok(xp_ace_start_energies(found.e0, found.fixed, data, elements, NELEMENTS, given, constant, CUTOFF, &error),
               &error);
  xp_data_free(data);
  return found;
}

static void check(const energies *found, const double *e0, const bool *fixed) {
  for (int e = 0; e < NELEMENTS; ++e) {
    xp_assert_close(found->e0[e], e0[e], 1e-12);
    assert_int_equal(found->fixed[e], fixed[e]);
  }
}

/* Te2 has -6, Sb Te2 has -10; Ge does not occur. */
#define PAIRS "2\nenergy=-6\nTe 0 0 0\nTe 3 0 0\n3\nenergy=-10\nSb 0 0 0\nTe 3 0 0\nTe 0 3 0\n"
#define BOX "Lattice=\"20 0 0 0 20 0 0 0 20\" "

static void test_compositions(void **state) {
  (void)state;
  const double e0[] = {0.0, -4.0, -3.0};
  const bool fixed[] = {false, false, false};
  energies found = find(PAIRS, NULL, true);
  check(&found, e0, fixed);
}

/* An atom without a cell, and one alone in a large box. */
static void test_free_atoms(void **state) {
  (void)state;
  const double e0[] = {-0.25, -0.5, -3.0};
  const bool fixed[] = {true, true, false};
  energies found = find("1\nenergy=-0.5\nSb 0 0 0\n" PAIRS "1\n" BOX "energy=-0.25\nGe 1 2 3\n", NULL, true);
  xp_assert_close(found.e0[0], e0[0], 1e-15);
  xp_assert_close(found.e0[1], e0[1], 1e-15);
  for (int e = 0; e < NELEMENTS; ++e) assert_int_equal(found.fixed[e], fixed[e]);
  assert_true(isfinite(found.e0[2]));
}

/* An atom that sees its own images is not free, nor is one without an energy. */
static void test_not_free(void **state) {
  (void)state;
  const bool fixed[] = {false, false, false};
  energies found =
      find(PAIRS "1\nLattice=\"3 0 0 0 3 0 0 0 3\" energy=-4\nSb 0 0 0\n1\nconfig_type=x\nTe 0 0 0\n", NULL, true);
  const double e0[] = {0.0, -4.0, -3.0};
  check(&found, e0, fixed);
}

static void test_given(void **state) {
  (void)state;
  const double given[] = {-1.0, -2.0, -3.5}, with_atom[] = {-1.0, -0.5, -3.5};
  const bool free_atom[] = {false, true, false}, all[] = {true, true, true};
  energies found = find(PAIRS "1\nenergy=-0.5\nSb 0 0 0\n", given, true);
  check(&found, with_atom, free_atom);
  found = find(PAIRS "1\nenergy=-0.5\nSb 0 0 0\n", given, false);
  check(&found, given, all);
}

/* Forces alone say nothing of energies. */
static void test_no_energies(void **state) {
  (void)state;
  const double e0[] = {0.0, 0.0, 0.0};
  const bool fixed[] = {false, false, false};
  energies found = find("1\nProperties=species:S:1:pos:R:3:forces:R:3\nSb 0 0 0 0 0 0\n", NULL, true);
  check(&found, e0, fixed);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_compositions), cmocka_unit_test(test_free_atoms),
                                     cmocka_unit_test(test_not_free), cmocka_unit_test(test_given),
                                     cmocka_unit_test(test_no_energies)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
