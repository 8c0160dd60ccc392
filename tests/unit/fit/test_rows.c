/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows times coefficients are the energy, forces and virial of the potential with these coefficients. */
#include "fit/rows.h"

#include <math.h>

#include "testing/testing.h"
#include "xpot/potential.h"

static const char *const symbols[] = {"Si", "Ge"};
static double inner[] = {0.9, 1.1}, width[] = {0.4, 0.3};

typedef struct setting {
  const char *name;
  int nelements, twojmax;
  bool quadratic, constant, bzero, chem, inner;
} setting;

static const setting settings[] = {
    {"linear", 1, 4, false, true, true, false, false},      {"quadratic", 1, 4, true, true, false, false, false},
    {"two elements", 2, 3, true, true, true, false, false}, {"no constant", 2, 4, false, false, true, false, false},
    {"chem", 2, 2, false, true, true, true, false},         {"chem quadratic", 2, 1, true, true, true, true, false},
    {"inner switch", 2, 3, true, true, true, false, true},
};

static xp_snap_parameters make_parameters(const setting *s) {
  xp_snap_parameters parameters;
  xp_snap_parameters_default(&parameters);
  parameters.rcutfac = 4.0;
  parameters.twojmax = s->twojmax;
  parameters.quadraticflag = s->quadratic;
  parameters.bzeroflag = s->bzero;
  parameters.chemflag = parameters.bnormflag = s->chem;
  parameters.switchinnerflag = s->inner;
  if (s->inner) {
    parameters.sinner = inner;
    parameters.dinner = width;
    parameters.ninner = s->nelements;
  }
  return parameters;
}

/* The model with random coefficients x. chem-SNAP's are equal under the swaps that leave a component the same only if
 * each is the same number: LAMMPS's definition of the forces needs that. */
static xp_plan *make_plan(const setting *s, const xp_snap_parameters *parameters, const double *radelem,
                          const double *wj, const xp_row_layout *layout, const double *x) {
  xp_error error = {0};
  xp_snap_model *model;
  xp_plan *plan;
  xp_assert_ok(xp_snap_model_new(&model, s->nelements, layout->block + !layout->constant, &error), &error);
  model->parameters = *parameters;
  for (int e = 0; e < s->nelements; ++e) {
    strcpy(model->elements[e].symbol, symbols[e]);
    model->elements[e].radelem = radelem[e];
    model->elements[e].wj = wj[e];
    for (int c = 0; c < layout->block; ++c)
      model->elements[e].coefficients[c + !layout->constant] = x[e * layout->block + c];
  }
  xp_potential potential = {.kind = XP_KIND_SNAP, .snap = model};
  xp_assert_ok(xp_plan_new(&plan, &potential, symbols, s->nelements, XP_PRECISION_DOUBLE, &error), &error);
  model->parameters.sinner = model->parameters.dinner = NULL; /* not owned */
  xp_snap_model_free(model);
  return plan;
}

static double *random_coefficients(const setting *s, const xp_row_layout *layout, xp_test_random *random) {
  double *x = calloc((size_t)layout->columns, sizeof *x);
  assert_non_null(x);
  for (int c = 0; c < layout->columns; ++c) x[c] = xp_test_uniform(random, -0.1, 0.1);
  for (int c = 0; c < layout->columns && s->chem; ++c) x[c] = 0.03;
  return x;
}

static double times(const double *row, const double *x, int columns) {
  double sum = 0.0;
  for (int c = 0; c < columns; ++c) sum += row[c] * x[c];
  return sum;
}

static void compare(const xp_structure *structure, const xp_structure *labelled, const xp_rows *rows, const double *x,
                    int columns) {
  static const int voigt[6][2] = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}};
  size_t stride = (size_t)columns + 1;
  double volume = xp_structure_volume(structure);
  xp_assert_close(structure->natoms * times(rows->energy, x, columns), labelled->energy, 1e-10);
  for (int i = 0; i < 3 * structure->natoms; ++i)
    xp_assert_close(times(rows->force + stride * (size_t)i, x, columns), labelled->forces[i / 3][i % 3], 1e-9);
  for (int v = 0; v < 6; ++v)
    xp_assert_close(times(rows->virial + stride * (size_t)v, x, columns) * volume / XP_ROWS_BAR,
                    labelled->virial[voigt[v][0]][voigt[v][1]], 1e-9);
}

static void check_targets(const xp_structure *structure, const int *species, const double *reference,
                          const xp_rows *rows, int columns) {
  double energy = structure->energy;
  size_t stride = (size_t)columns + 1;
  for (int i = 0; i < structure->natoms; ++i) energy -= reference[species[i]];
  xp_assert_close(rows->energy[columns], energy / structure->natoms, 1e-12);
  xp_assert_close(rows->force[stride * 4 + (size_t)columns], structure->forces[1][1], 0.0);
  xp_assert_close(rows->virial[stride * 3 + (size_t)columns],
                  XP_ROWS_BAR * structure->virial[0][1] / xp_structure_volume(structure), 1e-6);
}

static void check_setting(const setting *s, uint64_t seed) {
  xp_test_random random = {seed};
  xp_error error = {0};
  const double radelem[] = {0.5, 0.45}, wj[] = {1.0, 0.8}, reference[] = {-3.0, -2.0};
  xp_snap_parameters parameters = make_parameters(s);
  xp_snap_basis *basis;
  xp_snap_scratch *snap;
  xp_assert_ok(xp_snap_basis_new(&basis, &parameters, radelem, wj, s->nelements, &error), &error);
  xp_assert_ok(xp_snap_scratch_new(&snap, basis, &error), &error);
  xp_row_layout layout = xp_row_layout_new(s->nelements, xp_snap_basis_size(basis), s->quadratic, s->constant);
  double *x = random_coefficients(s, &layout, &random);
  xp_plan *plan = make_plan(s, &parameters, radelem, wj, &layout, x);
  xp_workspace *workspace;
  xp_assert_ok(xp_workspace_new(&workspace, plan, &error), &error);
  xp_row_scratch scratch = {0};
  for (int natoms = 5; natoms > 1; natoms -= 2) { /* the second reuses scratch that is too large */
    xp_structure *structure = xp_test_structure(&random, natoms, 4.5, 1.5, symbols, s->nelements), *labelled;
    xp_assert_ok(xp_evaluate_structure(plan, workspace, structure, &labelled, &error), &error);
    int *species = calloc((size_t)natoms, sizeof *species);
    for (int i = 0; i < natoms; ++i) species[i] = strcmp(labelled->symbols[i], "Ge") == 0;
    xp_neighbour_list *list;
    xp_assert_ok(xp_neighbour_list_new(&list, structure, species, xp_snap_basis_cutoff(basis), &error), &error);
    size_t stride = (size_t)layout.columns + 1;
    double *numbers = calloc(stride * (size_t)(7 + 3 * natoms), sizeof *numbers);
    xp_rows rows = {numbers, numbers + stride, numbers + stride * (size_t)(1 + 3 * natoms)};
    xp_assert_ok(xp_rows_make(&layout, basis, snap, &scratch, labelled, list, reference, &rows, &error), &error);
    compare(structure, labelled, &rows, x, layout.columns);
    check_targets(labelled, species, reference, &rows, layout.columns);
    free(numbers);
    free(species);
    xp_neighbour_list_free(list);
    xp_structure_free(structure);
    xp_structure_free(labelled);
  }
  xp_row_scratch_clear(&scratch);
  xp_workspace_free(workspace);
  xp_plan_free(plan);
  free(x);
  xp_snap_scratch_free(snap);
  xp_snap_basis_free(basis);
}

static void test_rows(void **state) {
  (void)state;
  for (size_t s = 0; s < sizeof settings / sizeof *settings; ++s) {
    print_message("%s\n", settings[s].name);
    check_setting(&settings[s], 100 + s);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
