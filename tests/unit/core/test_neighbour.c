/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>

#include "testing/testing.h"
#include "xpot/neighbour.h"

enum { BRUTE_FORCE_LIMIT = 60 };

static double dot(const double a[3], const double b[3]) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Height of the cell along v: the part of that vector orthogonal to the other periodic ones (Gram-Schmidt). */
static double height(const xp_structure *structure, int v) {
  double basis[3][3];
  int count = 0;
  for (int k = 1; k <= 3; ++k) {
    int w = (v + k) % 3; /* v itself last */
    if (!structure->periodic[w]) continue;
    memcpy(basis[count], structure->cell[w], sizeof basis[count]);
    for (int b = 0; b < count; ++b) {
      double share = dot(basis[count], basis[b]) / dot(basis[b], basis[b]);
      for (int d = 0; d < 3; ++d) basis[count][d] -= share * basis[b][d];
    }
    ++count;
  }
  return sqrt(dot(basis[count - 1], basis[count - 1]));
}

/* Cells to look through on each side; false when that is too many for brute force. */
static bool find_ranges(const xp_structure *structure, double cutoff, int range[3]) {
  double spread = 0.0;
  for (int i = 0; i < structure->natoms; ++i)
    spread = fmax(spread, 2.0 * sqrt(dot(structure->positions[i], structure->positions[i])));
  for (int v = 0; v < 3; ++v) {
    double cells = structure->periodic[v] ? ceil((cutoff + spread) / height(structure, v)) : 0.0;
    if (!(cells <= BRUTE_FORCE_LIMIT)) return false;
    range[v] = (int)cells;
  }
  return true;
}

typedef struct neighbour {
  int centre, index;
  double displacement[3];
} neighbour;

static int compare(const void *left, const void *right) {
  const neighbour *a = left, *b = right;
  if (a->centre != b->centre) return a->centre - b->centre;
  if (a->index != b->index) return a->index - b->index;
  for (int d = 0; d < 3; ++d)
    if (fabs(a->displacement[d] - b->displacement[d]) > 1e-7) return a->displacement[d] < b->displacement[d] ? -1 : 1;
  return 0;
}

/* Every image of every pair, one by one. */
static neighbour *brute_force(const xp_structure *structure, double cutoff, const int range[3], size_t *count) {
  size_t capacity = 1000;
  neighbour *found = malloc(capacity * sizeof *found);
  assert_non_null(found);
  *count = 0;
  int cells[3] = {2 * range[0] + 1, 2 * range[1] + 1, 2 * range[2] + 1};
  for (int i = 0; i < structure->natoms; ++i)
    for (int j = 0; j < structure->natoms; ++j)
      for (int c = 0; c < cells[0] * cells[1] * cells[2]; ++c) {
        int shift[3] = {c % cells[0] - range[0], c / cells[0] % cells[1] - range[1],
                        c / cells[0] / cells[1] - range[2]};
        neighbour n = {.centre = i, .index = j};
        for (int d = 0; d < 3; ++d) {
          n.displacement[d] = structure->positions[j][d] - structure->positions[i][d];
          for (int v = 0; v < 3; ++v) n.displacement[d] += shift[v] * structure->cell[v][d];
        }
        double distance = sqrt(dot(n.displacement, n.displacement));
        if (distance < 1e-9 || distance >= cutoff) continue;
        if (*count == capacity) {
          capacity *= 2;
          found = realloc(found, capacity * sizeof *found);
          assert_non_null(found);
        }
        found[(*count)++] = n;
      }
  qsort(found, *count, sizeof *found, compare);
  return found;
}

static neighbour *flatten(const xp_neighbour_list *list, size_t *count) {
  *count = list->first[list->natoms];
  neighbour *found = calloc(*count + 1, sizeof *found);
  assert_non_null(found);
  for (int i = 0; i < list->natoms; ++i)
    for (size_t k = list->first[i]; k < list->first[i + 1]; ++k) {
      found[k] = (neighbour){.centre = i, .index = list->index[k]};
      memcpy(found[k].displacement, list->displacements[k], sizeof found[k].displacement);
      assert_int_equal(list->neighbour_species[k], list->species[list->index[k]]);
    }
  qsort(found, *count, sizeof *found, compare);
  return found;
}

/* True when the structure was small enough to be compared. */
static bool compare_with_brute_force(const xp_structure *structure, double cutoff) {
  xp_error error = {0};
  xp_neighbour_list *list = NULL;
  int range[3], *species = calloc((size_t)structure->natoms, sizeof *species);
  assert_non_null(species);
  bool possible =
      find_ranges(structure, cutoff, range) && (2.0 * range[0] + 1) * (2.0 * range[1] + 1) * (2.0 * range[2] + 1) < 3e5;
  if (possible) {
    for (int i = 0; i < structure->natoms; ++i) species[i] = i % 3;
    xp_assert_ok(xp_neighbour_list_new(&list, structure, species, cutoff, &error), &error);
    size_t expected_count, count;
    neighbour *expected = brute_force(structure, cutoff, range, &expected_count), *found = flatten(list, &count);
    assert_int_equal(count, expected_count);
    for (size_t k = 0; k < count; ++k)
      if (compare(&found[k], &expected[k]) != 0) fail_msg("neighbour %zu differs", k);
    free(expected);
    free(found);
    xp_neighbour_list_free(list);
  }
  free(species);
  return possible;
}

static xp_structure *random_structure(xp_test_random *random, int kind) {
  xp_error error = {0};
  xp_structure *structure = NULL;
  int natoms = 1 + xp_test_integer(random, 6);
  double edge = kind % 3 ? 2.0 : 7.0;
  xp_assert_ok(xp_structure_new(&structure, natoms, &error), &error);
  for (int v = 0; v < 3; ++v) {
    structure->periodic[v] = kind >> v & 1;
    for (int d = 0; d < 3; ++d) structure->cell[v][d] = xp_test_uniform(random, -edge, edge);
  }
  for (int i = 0; i < natoms; ++i)
    for (int d = 0; d < 3; ++d) structure->positions[i][d] = xp_test_uniform(random, -6.0, 6.0);
  return structure;
}

static void random_cells_of_every_periodicity(void **state) {
  (void)state;
  xp_test_random random = {20};
  int compared = 0;
  for (int kind = 0; kind < 800; ++kind) {
    xp_structure *structure = random_structure(&random, kind);
    compared += compare_with_brute_force(structure, xp_test_uniform(&random, 0.5, 5.0));
    xp_structure_free(structure);
  }
  assert_true(compared > 500);
}

/* The same lattice through vectors that are sums of many others must give the same neighbours. */
static void strongly_skewed_cells(void **state) {
  (void)state;
  xp_error error = {0};
  xp_test_random random = {21};
  const char *const symbols[] = {"Si"};
  int species[20] = {0};
  for (int sample = 0; sample < 50; ++sample) {
    xp_structure *structure = xp_test_structure(&random, 20, 8.0, 1.2, symbols, 1);
    xp_neighbour_list *plain = NULL, *skewed = NULL;
    xp_assert_ok(xp_neighbour_list_new(&plain, structure, species, 5.0, &error), &error);
    for (int step = 0; step < 4; ++step) {
      int v = xp_test_integer(&random, 3), w = (v + 1 + xp_test_integer(&random, 2)) % 3;
      int n = xp_test_integer(&random, 11) - 5;
      for (int d = 0; d < 3; ++d) structure->cell[v][d] += n * structure->cell[w][d];
    }
    xp_assert_ok(xp_neighbour_list_new(&skewed, structure, species, 5.0, &error), &error);
    size_t expected_count, count;
    neighbour *expected = flatten(plain, &expected_count), *found = flatten(skewed, &count);
    assert_int_equal(count, expected_count);
    for (size_t k = 0; k < count; ++k) assert_int_equal(compare(&found[k], &expected[k]), 0);
    free(expected);
    free(found);
    xp_neighbour_list_free(plain);
    xp_neighbour_list_free(skewed);
    xp_structure_free(structure);
  }
}

static void many_bins(void **state) {
  (void)state;
  xp_test_random random = {22};
  const char *const symbols[] = {"Si", "C"};
  xp_structure *crystal = xp_test_structure(&random, 300, 18.0, 1.5, symbols, 2);
  assert_true(compare_with_brute_force(crystal, 2.9));
  xp_structure_free(crystal);
  xp_structure *cluster = xp_test_structure(&random, 400, 0.0, 1.5, symbols, 2);
  assert_true(compare_with_brute_force(cluster, 2.5));
  xp_structure_free(cluster);
}

/* Lists are the evaluator's input: their order decides the last digits of every sum. */
static void the_order_is_by_centre_index_and_image(void **state) {
  (void)state;
  xp_error error = {0};
  xp_test_random random = {23};
  const char *const symbols[] = {"Si"};
  int species[60] = {0};
  xp_structure *structure = xp_test_structure(&random, 60, 9.0, 1.2, symbols, 1);
  xp_neighbour_list *list = NULL;
  xp_assert_ok(xp_neighbour_list_new(&list, structure, species, 6.0, &error), &error);
  for (int i = 0; i < list->natoms; ++i)
    for (size_t k = list->first[i] + 1; k < list->first[i + 1]; ++k) {
      assert_true(list->index[k] >= list->index[k - 1]);
      if (list->index[k] == list->index[k - 1]) assert_true(list->displacements[k][0] >= list->displacements[k - 1][0]);
    }
  xp_neighbour_list_free(list);
  xp_structure_free(structure);
}

/* Newton's third law must hold to the last bit: sums over pairs cancel exactly. */
static void pairs_are_exact_opposites(void **state) {
  (void)state;
  xp_error error = {0};
  xp_test_random random = {24};
  const char *const symbols[] = {"Si"};
  int species[30] = {0};
  xp_structure *structure = xp_test_structure(&random, 30, 6.5, 1.1, symbols, 1);
  xp_neighbour_list *list = NULL;
  xp_assert_ok(xp_neighbour_list_new(&list, structure, species, 5.5, &error), &error);
  for (int i = 0; i < list->natoms; ++i)
    for (size_t k = list->first[i]; k < list->first[i + 1]; ++k) {
      int j = list->index[k];
      bool found = false;
      for (size_t m = list->first[j]; m < list->first[j + 1] && !found; ++m)
        found = list->index[m] == i && list->displacements[m][0] == -list->displacements[k][0] &&
                list->displacements[m][1] == -list->displacements[k][1] &&
                list->displacements[m][2] == -list->displacements[k][2];
      assert_true(found);
    }
  xp_neighbour_list_free(list);
  xp_structure_free(structure);
}

static void an_atom_sees_its_own_images(void **state) {
  (void)state;
  xp_error error = {0};
  xp_structure *structure = NULL;
  xp_neighbour_list *list = NULL;
  int species[1] = {4};
  xp_assert_ok(xp_structure_new(&structure, 1, &error), &error);
  for (int v = 0; v < 3; ++v) {
    structure->periodic[v] = true;
    structure->cell[v][v] = 2.0;
  }
  xp_assert_ok(xp_neighbour_list_new(&list, structure, species, 2.0, &error), &error);
  assert_int_equal(list->first[1], 0); /* the six at exactly the cutoff are outside */
  xp_neighbour_list_free(list);
  xp_assert_ok(xp_neighbour_list_new(&list, structure, species, 2.829, &error), &error);
  assert_int_equal(list->first[1], 18);
  xp_neighbourhoods view = xp_neighbour_list_view(list);
  assert_int_equal(view.natoms, 1);
  assert_int_equal(view.species[0], 4);
  assert_int_equal(view.neighbour_species[17], 4);
  assert_ptr_equal(view.displacements, list->displacements);
  xp_neighbour_list_free(list);
  structure->periodic[2] = false;
  xp_assert_ok(xp_neighbour_list_new(&list, structure, species, 2.829, &error), &error);
  assert_int_equal(list->first[1], 8);
  xp_neighbour_list_free(list);
  xp_neighbour_list_free(NULL);
  xp_structure_free(structure);
}

static void bad_input_is_refused(void **state) {
  (void)state;
  xp_error error = {0};
  xp_structure *structure = NULL;
  xp_neighbour_list *list = NULL;
  int species[1] = {0};
  xp_assert_ok(xp_structure_new(&structure, 1, &error), &error);
  assert_int_equal(xp_neighbour_list_new(&list, structure, species, 0.0, &error), XP_ERROR_RANGE);
  assert_int_equal(xp_neighbour_list_new(&list, structure, species, NAN, &error), XP_ERROR_RANGE);
  xp_assert_message(&error, "cutoff is nan");
  structure->periodic[0] = true;
  assert_int_equal(xp_neighbour_list_new(&list, structure, species, 3.0, &error), XP_ERROR_RANGE);
  structure->cell[0][0] = 0.02;
  structure->cell[1][1] = structure->cell[2][2] = 0.02;
  structure->periodic[1] = structure->periodic[2] = true;
  assert_int_equal(xp_neighbour_list_new(&list, structure, species, 30.0, &error), XP_ERROR_RANGE);
  xp_assert_message(&error, "so small");
  structure->positions[0][0] = NAN;
  assert_int_equal(xp_neighbour_list_new(&list, structure, species, 3.0, &error), XP_ERROR_RANGE);
  assert_null(list);
  xp_structure_free(structure);
}

/* Two atoms a million Angstrom apart must not ask for a million bins. */
static void sparse_clusters_need_little_memory(void **state) {
  (void)state;
  xp_error error = {0};
  xp_structure *structure = NULL;
  xp_neighbour_list *list = NULL;
  int species[3] = {0};
  xp_assert_ok(xp_structure_new(&structure, 3, &error), &error);
  structure->positions[1][0] = 1e6;
  structure->positions[2][0] = 1e6 + 2.0;
  structure->positions[2][1] = -1e7;
  structure->positions[1][1] = -1e7;
  xp_assert_ok(xp_neighbour_list_new(&list, structure, species, 3.0, &error), &error);
  assert_int_equal(list->first[1], 0);
  assert_int_equal(list->first[3], 2);
  xp_neighbour_list_free(list);
  xp_structure_free(structure);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_cells_of_every_periodicity),
      cmocka_unit_test(strongly_skewed_cells),
      cmocka_unit_test(many_bins),
      cmocka_unit_test(the_order_is_by_centre_index_and_image),
      cmocka_unit_test(pairs_are_exact_opposites),
      cmocka_unit_test(an_atom_sees_its_own_images),
      cmocka_unit_test(bad_input_is_refused),
      cmocka_unit_test(sparse_clusters_need_little_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
