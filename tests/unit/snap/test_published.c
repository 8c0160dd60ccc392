/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Published potentials and numbers: all files that LAMMPS ships, its results for small structures, FitSNAP's descriptor
 * rows. Each test is skipped where its data are absent. */
#include <glob.h>
#include <math.h>

#include "cases.h"
#include "reference/snap_reference.h"
#include "xpot/extxyz.h"

/* PATTERN matches below folder; caller frees with globfree. */
static glob_t find(const char *folder, const char *pattern) {
  glob_t found;
  char full[1024];
  snprintf(full, sizeof full, "%s/%s", folder, pattern);
  if (glob(full, 0, NULL, &found) != 0) memset(&found, 0, sizeof found);
  return found;
}

static xp_snap_model *read_model(const char *coefficients) {
  xp_error error = {0};
  xp_bytes files[2];
  char parameters[1024];
  xp_snap_model *model = NULL;
  snprintf(parameters, sizeof parameters, "%.*ssnapparam", (int)(strlen(coefficients) - strlen("snapcoeff")),
           coefficients);
  xp_assert_ok(xp_bytes_read(&files[0], coefficients, &error), &error);
  xp_assert_ok(xp_bytes_read(&files[1], parameters, &error), &error);
  xp_assert_ok(xp_snap_parse(&model, &files[0], &files[1], &error), &error);
  xp_bytes_free(&files[0]);
  xp_bytes_free(&files[1]);
  return model;
}

/* RMS of the differences between the forces of mixed and double precision, eV/Angstrom. */
static const double MIXED_FORCE = 1e-5;

/* Largest difference of an atom's energy, relative to the largest energy or 1 eV. */
static const double MIXED_ENERGY = 3e-6;

/* A random structure of the model's elements at an ordinary density; its forces may be far larger than a liquid's. */
static void check_mixed(const xp_snap_model *model, const char *const *elements) {
  xp_test_random random = {17};
  double cutoff = snap_model_cutoff(model);
  xp_structure *structure =
      xp_test_structure(&random, 32, 0.55 * cutoff * cbrt(32.0), 0.45 * cutoff, elements, model->nelements);
  snap_deviation d = snap_mixed_deviation(model, structure);
  print_message("RMS force %g, mixed precision differs by %g eV/Angstrom\n", d.force_scale, d.force);
  assert_true(d.force < MIXED_FORCE * fmax(1.0, d.force_scale));
  xp_structure_free(structure);
}

static void potentials_shipped_with_lammps(void **state) {
  (void)state;
  const char *folder = getenv("XPOT_LAMMPS_POTENTIALS");
  if (!folder || !*folder) {
    print_message("skipped: XPOT_LAMMPS_POTENTIALS does not name LAMMPS's folder of potentials\n");
    skip();
  }
  glob_t files = find(folder, "*.snapcoeff");
  assert_true(files.gl_pathc > 0);
  for (size_t f = 0; f < files.gl_pathc; ++f) {
    xp_error error = {0};
    xp_snap_plan *plan = NULL;
    const char *elements[8];
    xp_snap_model *model = read_model(files.gl_pathv[f]);
    for (int i = 0; i < model->nelements; ++i) elements[i] = model->elements[i].symbol;
    xp_assert_ok(xp_snap_plan_new(&plan, model, elements, model->nelements, XP_PRECISION_DOUBLE, &error), &error);
    xp_snap_plan_free(plan);
    print_message("%s: ", strrchr(files.gl_pathv[f], '/') + 1);
    check_mixed(model, elements);
    xp_snap_model_free(model);
  }
  globfree(&files);
}

/* Species of a structure as indices into the model's elements. */
static int *species_of(const xp_structure *structure, const xp_snap_model *model) {
  int *species = calloc((size_t)structure->natoms, sizeof *species);
  assert_non_null(species);
  for (int i = 0; i < structure->natoms; ++i)
    while (strcmp(structure->symbols[i], model->elements[species[i]].symbol) != 0)
      assert_true(++species[i] < model->nelements);
  return species;
}

/* Forces and virial from a centre's gradients. */
static void assemble(const xp_neighbour_list *list, const double (*gradient)[3], double (*forces)[3],
                     double virial[3][3]) {
  for (int i = 0; i < list->natoms; ++i)
    for (size_t k = list->first[i]; k < list->first[i + 1]; ++k)
      for (int d = 0; d < 3; ++d) {
        forces[i][d] += gradient[k][d];
        forces[list->index[k]][d] -= gradient[k][d];
        for (int e = 0; e < 3; ++e) virial[d][e] -= list->displacements[k][d] * gradient[k][e];
      }
}

static void compare_results(const xp_structure *structure, const xp_neighbour_list *list, const double *energy,
                            const double (*gradient)[3]) {
  static const double ENERGY = 1e-8, FORCE = 1e-6; /* eV an atom, eV/Angstrom */
  double total = 0.0, virial[3][3] = {{0}};
  double(*forces)[3] = calloc((size_t)structure->natoms, sizeof *forces);
  assert_non_null(forces);
  assemble(list, gradient, forces, virial);
  for (int i = 0; i < structure->natoms; ++i) {
    total += energy[i];
    xp_assert_close(energy[i], structure->local_energy[i], ENERGY);
    for (int d = 0; d < 3; ++d)
      xp_assert_close(forces[i][d], structure->forces[i][d], FORCE * fmax(1.0, fabs(structure->forces[i][d])));
  }
  xp_assert_close(total, structure->energy, ENERGY * structure->natoms);
  for (int d = 0; d < 3; ++d)
    for (int e = 0; e < 3; ++e)
      xp_assert_close(virial[d][e], structure->virial[d][e], FORCE * fmax(1.0, fabs(structure->virial[d][e])));
  free(forces);
}

static void compare_structure(const xp_snap_model *model, const xp_structure *structure) {
  xp_error error = {0};
  const char *elements[8];
  xp_neighbour_list *list = NULL;
  xp_snap_plan *plan = NULL;
  xp_snap_workspace *workspace = NULL;
  int *species = species_of(structure, model);
  for (int i = 0; i < model->nelements; ++i) elements[i] = model->elements[i].symbol;
  xp_assert_ok(xp_neighbour_list_new(&list, structure, species, snap_model_cutoff(model), &error), &error);
  xp_neighbourhoods view = xp_neighbour_list_view(list);
  double *energy = calloc((size_t)structure->natoms, sizeof *energy);
  double(*gradient)[3] = calloc(list->first[list->natoms] + 1, sizeof *gradient);
  assert_non_null(energy);
  assert_non_null(gradient);
  xp_evaluation out = {.energy = energy, .gradient = gradient};
  xp_assert_ok(xp_reference_snap(model, elements, model->nelements, &view, &out, &error), &error);
  compare_results(structure, list, energy, (const double(*)[3])gradient);
  xp_assert_ok(xp_snap_plan_new(&plan, model, elements, model->nelements, XP_PRECISION_DOUBLE, &error), &error);
  xp_assert_ok(xp_snap_workspace_new(&workspace, plan, &error), &error);
  xp_assert_ok(xp_snap_evaluate(plan, workspace, &view, &out, &error), &error);
  compare_results(structure, list, energy, (const double(*)[3])gradient);
  xp_snap_workspace_free(workspace);
  xp_snap_plan_free(plan);
  xp_neighbour_list_free(list);
  free(species);
  free(energy);
  free(gradient);
}

static void lammps_says_the_same(void **state) {
  (void)state;
  char *folder = xp_test_shared("conformance");
  if (!folder) skip();
  glob_t files = find(folder, "snap-*.xyz");
  assert_true(files.gl_pathc > 0);
  for (size_t f = 0; f < files.gl_pathc; ++f) {
    xp_error error = {0};
    xp_dataset *set = NULL;
    char coefficients[1024];
    const char *name = strrchr(files.gl_pathv[f], '/') + strlen("/snap-");
    snprintf(coefficients, sizeof coefficients, "%s/potentials/%.*s.snapcoeff", folder,
             (int)(strlen(name) - strlen(".xyz")), name);
    print_message("%s\n", name);
    xp_snap_model *model = read_model(coefficients);
    xp_assert_ok(xp_extxyz_read(&set, files.gl_pathv[f], NULL, &error), &error);
    for (int s = 0; s < set->nstructures; ++s) {
      compare_structure(model, set->structures[s]);
      snap_deviation d = snap_mixed_deviation(model, set->structures[s]);
      assert_true(d.force < MIXED_FORCE);
      assert_true(d.energy < MIXED_ENERGY * fmax(1.0, d.energy_scale));
    }
    xp_dataset_free(set);
    xp_snap_model_free(model);
  }
  globfree(&files);
  free(folder);
}

/* FitSNAP's rows for tantalum: constant, 30 components, target. */
enum { COMPONENTS = 30, COLUMNS = COMPONENTS + 2, NPY_HEADER = 128 };

/* eV/Angstrom^3 in bar, FitSNAP's value. */
static const double BAR = 1.6021765e6;

/* Order of the stress rows. */
static const int voigt[6][2] = {{0, 0}, {1, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}};

/* Positions in the extended-XYZ file are rounded to 1e-8 Angstrom, which derivatives amplify. */
static const double VALUE_TOLERANCE = 1e-7, DERIVATIVE_TOLERANCE = 5e-6;

/* unit: size of the numbers of order one in this row. */
static void check_row(const double *row, const double *expected, double tolerance, double unit) {
  for (int k = 0; k < COMPONENTS; ++k)
    xp_assert_close(row[k], expected[1 + k], tolerance * fmax(unit, fabs(expected[1 + k])));
}

/* The rows of one structure: energy, forces [natoms][3], stress [6], each COLUMNS wide. */
static void check_rows(const xp_snap_basis *basis, xp_snap_scratch *scratch, const xp_structure *structure,
                       const double *energy, const double *forces, const double *stress) {
  xp_error error = {0};
  size_t natoms = (size_t)structure->natoms;
  int *species = calloc(natoms, sizeof *species);
  xp_neighbour_list *list = NULL;
  assert_non_null(species);
  xp_assert_ok(xp_neighbour_list_new(&list, structure, species, xp_snap_basis_cutoff(basis), &error), &error);
  xp_neighbourhoods view = xp_neighbour_list_view(list);
  double *b = calloc(natoms * COMPONENTS, sizeof *b), *row = calloc(natoms * 3 * COMPONENTS, sizeof *row);
  double(*db)[3][COMPONENTS] = calloc(list->first[natoms] + 1, sizeof *db);
  double mean[COMPONENTS] = {0}, virial[6][COMPONENTS] = {{0}};
  assert_true(b && row && db);
  xp_assert_ok(xp_snap_describe(basis, scratch, &view, b, db[0][0], &error), &error);
  for (size_t i = 0; i < natoms; ++i)
    for (int k = 0; k < COMPONENTS; ++k) mean[k] += b[i * COMPONENTS + (size_t)k] / (double)natoms;
  check_row(mean, energy, VALUE_TOLERANCE, 1.0);
  double factor = BAR / xp_structure_volume(structure);
  for (size_t i = 0; i < natoms; ++i)
    for (size_t n = list->first[i]; n < list->first[i + 1]; ++n)
      for (int k = 0; k < COMPONENTS; ++k) {
        for (int d = 0; d < 3; ++d) {
          row[(3 * i + (size_t)d) * COMPONENTS + (size_t)k] += db[n][d][k];
          row[(3 * (size_t)list->index[n] + (size_t)d) * COMPONENTS + (size_t)k] -= db[n][d][k];
        }
        for (int v = 0; v < 6; ++v)
          virial[v][k] -= factor * list->displacements[n][voigt[v][0]] * db[n][voigt[v][1]][k];
      }
  for (size_t r = 0; r < 3 * natoms; ++r)
    check_row(row + r * COMPONENTS, forces + r * COLUMNS, DERIVATIVE_TOLERANCE, 1.0);
  for (int v = 0; v < 6; ++v) check_row(virial[v], stress + v * COLUMNS, DERIVATIVE_TOLERANCE, factor * (double)natoms);
  xp_neighbour_list_free(list);
  free(species);
  free(b);
  free(row);
  free(db);
}

static void fitsnap_rows_for_tantalum(void **state) {
  (void)state;
  xp_error error = {0};
  char *rows_path = xp_test_shared("data/ta/fitsnap_ref/rows.npy"), *set_path = xp_test_shared("data/ta/all.xyz");
  if (!rows_path || !set_path) {
    free(rows_path);
    free(set_path);
    skip();
  }
  xp_dataset *set = NULL;
  xp_bytes bytes;
  xp_snap_basis *basis = NULL;
  xp_snap_scratch *scratch = NULL;
  xp_snap_parameters p;
  xp_snap_parameters_default(&p);
  p.rcutfac = 4.67637;
  p.twojmax = 6;
  p.bzeroflag = false;
  xp_assert_ok(xp_snap_basis_new(&basis, &p, (double[]){0.5}, (double[]){1.0}, 1, &error), &error);
  xp_assert_ok(xp_snap_scratch_new(&scratch, basis, &error), &error);
  xp_assert_ok(xp_extxyz_read(&set, set_path, NULL, &error), &error);
  xp_assert_ok(xp_bytes_read(&bytes, rows_path, &error), &error);
  size_t natoms = 0, nstructures = (size_t)set->nstructures;
  for (size_t s = 0; s < nstructures; ++s) natoms += (size_t)set->structures[s]->natoms;
  size_t nrows = 7 * nstructures + 3 * natoms;
  assert_int_equal(bytes.size, NPY_HEADER + nrows * COLUMNS * sizeof(double));
  double *rows = malloc(nrows * COLUMNS * sizeof(double));
  assert_non_null(rows);
  memcpy(rows, bytes.data + NPY_HEADER, nrows * COLUMNS * sizeof(double));
  const double *energy = rows, *forces = rows + nstructures * COLUMNS, *stress = forces + 3 * natoms * COLUMNS;
  for (size_t s = 0; s < nstructures; ++s) {
    check_rows(basis, scratch, set->structures[s], energy, forces, stress);
    energy += COLUMNS;
    forces += (size_t)set->structures[s]->natoms * 3 * COLUMNS;
    stress += 6 * COLUMNS;
  }
  free(rows);
  free(rows_path);
  free(set_path);
  xp_bytes_free(&bytes);
  xp_dataset_free(set);
  xp_snap_scratch_free(scratch);
  xp_snap_basis_free(basis);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(potentials_shipped_with_lammps),
      cmocka_unit_test(lammps_says_the_same),
      cmocka_unit_test(fitsnap_rows_for_tantalum),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
