/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FitSNAP's tantalum example: its rows, and its coefficients from its rows and weights. */
#include <math.h>

#include "data/data.h"
#include "fit/rows.h"
#include "fit/solve.h"
#include "testing/testing.h"

enum { FRAMES = 363, FORCES = 12672, ROWS = 15213, COLUMNS = 31, WIDTH = 32, HEADER = 128, GROUPS = 5 };

/* The weight groups of the example; all names not listed are in the first. */
static const double weights[GROUPS][XP_ROW_TYPES] = {
    {100.0, 1.0, 1e-8}, {467.0, 1.0, 1e-8}, {1e-8, 1e-8, 1e-4}, {1e-9, 1e-9, 1e-9}, {1.0, 1e-9, 1e-9}};

static int weight_group(const char *name) {
  if (strcmp(name, "Liquid") == 0) return 1;
  if (strcmp(name, "Elastic_BCC") == 0) return 2;
  if (strcmp(name, "Elastic_FCC") == 0) return 3;
  return strncmp(name, "Volume", 6) == 0 ? 4 : 0;
}

typedef struct reference {
  xp_data *data;
  double (*rows)[WIDTH];
} reference;

static int set_up(void **state) {
  char *xyz = xp_test_shared("data/ta/all.xyz"), *npy = xp_test_shared("data/ta/fitsnap_ref/rows.npy");
  xp_error error = {0};
  xp_bytes bytes = {0};
  *state = NULL;
  if (xyz && npy) {
    reference *r = calloc(1, sizeof *r);
    xp_assert_ok(xp_data_read(&r->data, xyz, NULL, &error), &error);
    xp_assert_ok(xp_bytes_read(&bytes, npy, &error), &error);
    assert_int_equal(bytes.size, HEADER + sizeof(double) * ROWS * WIDTH);
    r->rows = malloc(sizeof(double) * ROWS * WIDTH);
    memcpy(r->rows, bytes.data + HEADER, sizeof(double) * ROWS * WIDTH);
    xp_bytes_free(&bytes);
    *state = r;
  }
  free(xyz);
  free(npy);
  return 0;
}

static int tear_down(void **state) {
  reference *r = *state;
  if (!r) return 0;
  xp_data_free(r->data);
  free(r->rows);
  free(r);
  return 0;
}

/* The cells in the file have eight decimals; a compressed cell with curvatures of 100/Angstrom^2 turns that into 1e-6. */
static void compare_row(const double *row, const double *expected, double tolerance) {
  for (int c = 0; c < COLUMNS; ++c) xp_assert_close(row[c], expected[c], tolerance * (1.0 + fabs(expected[c])));
}

static void test_rows(void **state) {
  const reference *r = *state;
  if (!r) skip();
  xp_error error = {0};
  const double radelem = 0.5, wj = 1.0, shift = 0.0;
  xp_snap_parameters parameters;
  xp_snap_parameters_default(&parameters);
  parameters.rcutfac = 4.67637;
  parameters.twojmax = 6;
  parameters.bzeroflag = false;
  xp_snap_basis *basis;
  xp_snap_scratch *snap;
  xp_row_scratch scratch = {0};
  xp_assert_ok(xp_snap_basis_new(&basis, &parameters, &radelem, &wj, 1, &error), &error);
  xp_assert_ok(xp_snap_scratch_new(&snap, basis, &error), &error);
  xp_row_layout layout = xp_row_layout_new(1, xp_snap_basis_size(basis), false, true);
  assert_int_equal(layout.columns, COLUMNS);
  double *numbers = calloc(WIDTH * 400, sizeof *numbers);
  int *species = calloc(200, sizeof *species);
  /* FitSNAP: xx yy zz yz xz xy; rows here: xx yy zz xy xz yz */
  static const int voigt[6] = {0, 1, 2, 5, 4, 3};
  for (int s = 0, force = FRAMES; s < FRAMES; ++s) {
    const xp_structure *structure = r->data->set->structures[s];
    xp_neighbour_list *list;
    xp_rows rows = {numbers, numbers + WIDTH, numbers + WIDTH * (size_t)(1 + 3 * structure->natoms)};
    xp_assert_ok(xp_neighbour_list_new(&list, structure, species, xp_snap_basis_cutoff(basis), &error), &error);
    xp_assert_ok(xp_rows_make(&layout, basis, snap, &scratch, structure, list, &shift, &rows, &error), &error);
    compare_row(rows.energy, r->rows[s], 1e-5);
    for (int i = 0; i < 3 * structure->natoms; ++i) compare_row(rows.force + WIDTH * i, r->rows[force++], 1e-5);
    for (int v = 0; v < 6; ++v)
      for (int c = 0; c < COLUMNS; ++c)
        xp_assert_close(rows.virial[WIDTH * v + c], r->rows[FRAMES + FORCES + 6 * s + voigt[v]][c],
                        1e-5 * XP_ROWS_BAR / xp_structure_volume(structure) * structure->natoms);
    xp_neighbour_list_free(list);
  }
  free(species);
  free(numbers);
  xp_row_scratch_clear(&scratch);
  xp_snap_scratch_free(snap);
  xp_snap_basis_free(basis);
}

static void test_coefficients(void **state) {
  const reference *r = *state;
  if (!r) skip();
  xp_error error = {0};
  xp_factor factors[GROUPS][XP_ROW_TYPES];
  for (int g = 0; g < GROUPS; ++g)
    for (int type = 0; type < XP_ROW_TYPES; ++type) xp_factor_init(&factors[g][type], WIDTH, ROWS);
  for (int s = 0, force = FRAMES; s < FRAMES; ++s) {
    const xp_structure *structure = r->data->set->structures[s];
    xp_factor *to = factors[weight_group(structure->config_type)];
    int n = 3 * structure->natoms;
    xp_assert_ok(xp_factor_add(&to[XP_ROW_ENERGY], r->rows[s], 1, &error), &error);
    xp_assert_ok(xp_factor_add(&to[XP_ROW_FORCE], r->rows[force], n, &error), &error);
    xp_assert_ok(xp_factor_add(&to[XP_ROW_VIRIAL], r->rows[FRAMES + FORCES + 6 * s], 6, &error), &error);
    force += n;
  }
  for (int g = 0; g < GROUPS; ++g)
    for (int type = 0; type < XP_ROW_TYPES; ++type) xp_assert_ok(xp_factor_finish(&factors[g][type], &error), &error);
  xp_design design = {.layout = {.columns = COLUMNS}, .ngroups = GROUPS, .factors = factors};
  xp_solve_request request = {.weights = weights, .rcond = 1e-13, .threads = 1};
  xp_solution solution;
  xp_assert_ok(xp_solve(&solution, &design, &request, &error), &error);

  char *paths[2] = {xp_test_shared("data/ta/fitsnap_ref/Ta_pot.snapcoeff"),
                    xp_test_shared("data/ta/fitsnap_ref/Ta_pot.snapparam")};
  xp_bytes files[2] = {{0}};
  for (int i = 0; i < 2; ++i) xp_assert_ok(xp_bytes_read(&files[i], paths[i], &error), &error);
  xp_snap_model *model;
  xp_assert_ok(xp_snap_parse(&model, &files[0], &files[1], &error), &error);
  for (int c = 0; c < COLUMNS; ++c)
    xp_assert_close(solution.coefficients[c], model->elements[0].coefficients[c],
                    1e-8 * (fabs(solution.coefficients[c]) + 1e-3));
  /* FitSNAP's published errors without weights. */
  xp_assert_close(solution.rmse[XP_ROW_ENERGY], 0.379769, 1e-6);
  xp_assert_close(solution.rmse[XP_ROW_FORCE], 0.160973, 1e-6);
  xp_assert_close(solution.rmse[XP_ROW_VIRIAL], 381744.0, 1.0);
  xp_snap_model_free(model);
  for (int i = 0; i < 2; ++i) {
    xp_bytes_free(&files[i]);
    free(paths[i]);
  }
  for (int g = 0; g < GROUPS; ++g)
    for (int type = 0; type < XP_ROW_TYPES; ++type) xp_factor_clear(&factors[g][type]);
  xp_solution_clear(&solution);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_coefficients)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
