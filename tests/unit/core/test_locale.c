/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that writes numbers with a comma reads and writes the same files. */
#include <locale.h>

#include "testing/temporary.h"
#include "testing/testing.h"
#include "xpot/ace.h"
#include "xpot/ace_basis.h"
#include "xpot/extxyz.h"
#include "xpot/potential.h"
#include "xpot/snap.h"

static char *folder;

static void shell(const char *format) {
  char command[256];
  snprintf(command, sizeof command, format, folder);
  if (system(command) != 0) fprintf(stderr, "failed: %s\n", command);
}

/* Most machines have no such locale ready: one is compiled into a folder of its own where the system can. */
static int set_up(void **state) {
  (void)state;
  folder = xp_test_folder_new("/tmp");
  shell("localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >/dev/null 2>&1");
  return setenv("LOCPATH", folder, 1);
}

static int tear_down(void **state) {
  (void)state;
  shell("rm -rf %s/de_DE.UTF-8");
  xp_test_folder_remove(folder);
  return 0;
}

static void use_comma(void) {
  char text[8];
  if (!setlocale(LC_ALL, "de_DE.UTF-8")) skip();
  snprintf(text, sizeof text, "%.1f", 0.5);
  assert_string_equal(text, "0,5");
}

static const char *path_of(const char *name) {
  return xp_test_in_folder(folder, name);
}

static void test_structures(void **state) {
  (void)state;
  const char text[] =
      "1\nLattice=\"2.5 0 0 0 2.5 0 0 0 2.5\" Properties=species:S:1:pos:R:3 energy=-1.25\nSi 0 0.5 0\n";
  xp_bytes bytes = {0};
  xp_dataset *set, *again;
  xp_error error = {0};
  use_comma();
  xp_assert_ok(xp_bytes_copy(&bytes, "text", text, strlen(text), &error), &error);
  xp_assert_ok(xp_extxyz_parse(&set, &bytes, NULL, &error), &error);
  xp_assert_ok(xp_extxyz_write(path_of("set.xyz"), set, &error), &error);
  xp_assert_ok(xp_extxyz_read(&again, path_of("set.xyz"), NULL, &error), &error);
  xp_assert_close(again->structures[0]->energy, -1.25, 0.0);
  xp_assert_close(again->structures[0]->cell[2][2], 2.5, 0.0);
  xp_assert_close(again->structures[0]->positions[0][1], 0.5, 0.0);
  xp_dataset_free(set);
  xp_dataset_free(again);
  xp_bytes_free(&bytes);
  assert_string_equal(localeconv()->decimal_point, ",");
}

static void read_seeds(xp_potential **potential, const char *first, const char *second, xp_error *error) {
  char *paths[2] = {xp_test_source(first), second ? xp_test_source(second) : NULL};
  xp_assert_ok(xp_potential_read(potential, (const char *const *)paths, second ? 2 : 1, error), error);
  free(paths[0]);
  free(paths[1]);
}

static void test_snap(void **state) {
  (void)state;
  xp_potential *potential, *again;
  xp_error error = {0};
  use_comma();
  read_seeds(&potential, "tests/fuzz/seeds/tiny.snapcoeff", "tests/fuzz/seeds/tiny.snapparam", &error);
  const char *paths[2] = {path_of("a.snapcoeff"), path_of("a.snapparam")};
  xp_assert_ok(xp_snap_write(potential->snap, paths[0], paths[1], NULL, &error), &error);
  setlocale(LC_ALL, "C");
  xp_assert_ok(xp_potential_read(&again, paths, 2, &error), &error);
  xp_assert_close(again->snap->parameters.rcutfac, potential->snap->parameters.rcutfac, 0.0);
  for (int c = 0; c < again->snap->ncoeff; ++c)
    xp_assert_close(again->snap->elements[0].coefficients[c], potential->snap->elements[0].coefficients[c], 0.0);
  xp_potential_free(potential);
  xp_potential_free(again);
}

static void test_ace(void **state) {
  (void)state;
  xp_potential *potential, *again, *old;
  xp_error error = {0};
  use_comma();
  read_seeds(&potential, "tests/fuzz/seeds/tiny.yace", NULL, &error);
  read_seeds(&old, "tests/fuzz/seeds/tiny.ace", NULL, &error);
  const char *path = path_of("a.yace");
  xp_assert_ok(xp_ace_write_yace(potential->ace, path, &error), &error);
  setlocale(LC_ALL, "C");
  xp_assert_ok(xp_potential_read(&again, &path, 1, &error), &error);
  xp_assert_close(again->ace->bonds[0].rcut, potential->ace->bonds[0].rcut, 0.0);
  xp_potential_free(potential);
  xp_potential_free(again);
  xp_potential_free(old);
}

static void test_basis(void **state) {
  (void)state;
  xp_error error = {0};
  xp_ace_basis *basis, *again;
  xp_bytes bytes = {0}, written = {0};
  char *seed = xp_test_source("tests/fuzz/seeds/tiny.yaml");
  const char *path = path_of("a.yaml");
  use_comma();
  xp_assert_ok(xp_bytes_read(&bytes, seed, &error), &error);
  xp_assert_ok(xp_ace_basis_parse(&basis, &bytes, &error), &error);
  xp_assert_ok(xp_ace_basis_write(basis, path, &error), &error);
  setlocale(LC_ALL, "C");
  xp_assert_ok(xp_bytes_read(&written, path, &error), &error);
  xp_assert_ok(xp_ace_basis_parse(&again, &written, &error), &error);
  xp_assert_close(again->e0[0], -1.5, 0.0);
  xp_assert_close(again->bonds[0].radcoefficients[1], 0.05, 0.0);
  xp_ace_basis_free(basis);
  xp_ace_basis_free(again);
  xp_bytes_free(&bytes);
  xp_bytes_free(&written);
  free(seed);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_structures), cmocka_unit_test(test_snap),
                                     cmocka_unit_test(test_ace), cmocka_unit_test(test_basis)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
