/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shortest distances of pairs, against all images one by one. */
#include "data/distances.h"

#include <math.h>

#include "testing/testing.h"

static const xp_symbol elements[] = {"Te", "Sb", "Ge"};

static xp_dataset *make_set(void) {
  xp_dataset *set;
  xp_error error = {0};
  xp_assert_ok(xp_dataset_new(&set, &error), &error);
  return set;
}

static void add(xp_dataset *set, xp_structure *structure) {
  xp_error error = {0};
  xp_assert_ok(xp_dataset_append(set, structure, &error), &error);
}

/* One atom in a cell of 2.5 x 4 x 5 Angstrom: its own image. */
static xp_structure *make_image(void) {
  xp_structure *structure;
  xp_error error = {0};
  xp_assert_ok(xp_structure_new(&structure, 1, &error), &error);
  const double edges[] = {2.5, 4.0, 5.0};
  for (int k = 0; k < 3; ++k) {
    structure->cell[k][k] = edges[k];
    structure->periodic[k] = true;
  }
  strcpy(structure->symbols[0], "Sb");
  return structure;
}

/* Two atoms that are near through a face only. */
static xp_structure *make_pair(void) {
  xp_structure *structure;
  xp_error error = {0};
  xp_assert_ok(xp_structure_new(&structure, 2, &error), &error);
  for (int k = 0; k < 3; ++k) {
    structure->cell[k][k] = 8.0;
    structure->periodic[k] = k == 0;
  }
  strcpy(structure->symbols[0], "Sb");
  strcpy(structure->symbols[1], "Te");
  structure->positions[0][0] = 0.5;
  structure->positions[1][0] = 6.9;
  return structure;
}

static void test_by_hand(void **state) {
  (void)state;
  xp_dataset *set = make_set();
  xp_error error = {0};
  double shortest[9];
  add(set, make_image());
  add(set, make_pair());
  xp_assert_ok(xp_distances_find(shortest, set, elements, 3, 5.0, 2, &error), &error);
  xp_assert_close(shortest[4], 2.5, 1e-14);
  xp_assert_close(shortest[1], 1.6, 1e-14);
  xp_assert_close(shortest[3], 1.6, 1e-14);
  assert_true(isinf(shortest[0])); /* Te meets itself at 8 Angstrom only */
  for (int e = 0; e < 3; ++e) assert_true(isinf(shortest[6 + e]));
  xp_assert_ok(xp_distances_find(shortest, set, elements, 3, 9.0, 1, &error), &error);
  xp_assert_close(shortest[0], 8.0, 1e-14);
  assert_int_equal(xp_distances_find(shortest, set, elements + 1, 2, 5.0, 2, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "atom 2 is Te, which is not in \"elements\"");
  xp_dataset_free(set);
}

static int species_of(const char *symbol) {
  int e = 0;
  while (strcmp(elements[e], symbol) != 0) ++e;
  return e;
}

/* All images within REACH cells. */
static void look_at_images(double *shortest, const xp_structure *s, double cutoff) {
  enum { REACH = 3, WIDTH = 2 * REACH + 1 };
  for (int i = 0; i < s->natoms; ++i)
    for (int j = 0; j < s->natoms; ++j)
      for (int image = 0; image < WIDTH * WIDTH * WIDTH; ++image) {
        int n[] = {image % WIDTH - REACH, image / WIDTH % WIDTH - REACH, image / (WIDTH * WIDTH) - REACH};
        double square = 0.0;
        for (int k = 0; k < 3; ++k) {
          double d = s->positions[j][k] - s->positions[i][k];
          for (int v = 0; v < 3; ++v) d += n[v] * s->cell[v][k];
          square += d * d;
        }
        double *pair = &shortest[3 * species_of(s->symbols[i]) + species_of(s->symbols[j])];
        if (square > 0.0 && square < cutoff * cutoff) *pair = fmin(*pair, sqrt(square));
      }
}

static void test_against_images(void **state) {
  (void)state;
  enum { STRUCTURES = 12 };
  static const char *const symbols[] = {"Te", "Sb", "Ge"};
  const double cutoff = 5.0;
  xp_test_random random = {3};
  xp_dataset *set = make_set();
  double shortest[9], expected[9];
  for (int p = 0; p < 9; ++p) expected[p] = INFINITY;
  for (int s = 0; s < STRUCTURES; ++s) {
    xp_structure *structure = xp_test_structure(&random, 4, 5.0, 1.5, symbols, 3);
    look_at_images(expected, structure, cutoff);
    add(set, structure);
  }
  for (int threads = 1; threads <= 3; ++threads) {
    xp_error error = {0};
    xp_assert_ok(xp_distances_find(shortest, set, elements, 3, cutoff, threads, &error), &error);
    for (int p = 0; p < 9; ++p) xp_assert_close(shortest[p], expected[p], 1e-12);
  }
  xp_dataset_free(set);
}

static void test_covalent_radii(void **state) {
  (void)state;
  xp_assert_close(xp_covalent_radius("H"), 0.31, 1e-15);
  xp_assert_close(xp_covalent_radius("C"), 0.76, 1e-15);
  xp_assert_close(xp_covalent_radius("Si"), 1.11, 1e-15);
  xp_assert_close(xp_covalent_radius("Sb"), 1.39, 1e-15);
  xp_assert_close(xp_covalent_radius("Te"), 1.38, 1e-15);
  xp_assert_close(xp_covalent_radius("Ge"), 1.20, 1e-15);
  xp_assert_close(xp_covalent_radius("Au"), 1.36, 1e-15);
  xp_assert_close(xp_covalent_radius("Fr"), 2.60, 1e-15);
  xp_assert_close(xp_covalent_radius("Cm"), 1.69, 1e-15);
  xp_assert_close(xp_covalent_radius("Bk"), 0.0, 0.0);
  xp_assert_close(xp_covalent_radius("X"), 0.0, 0.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_by_hand), cmocka_unit_test(test_against_images),
                                     cmocka_unit_test(test_covalent_radii)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
