/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors against the reference and against the energies they make, their derivatives against differences. */
#include <math.h>

#include "cases.h"
#include "kernel/kernel.h"
#include "reference/snap_reference.h"

static const double TOLERANCE = 1e-11;

/* Descriptors of a model's geometry and their results for a scene. */
typedef struct description {
  xp_snap_basis *basis;
  xp_snap_scratch *scratch;
  size_t size; /* K' */
  double *b;   /* [natoms][K'] */
  double *db;  /* [nneighbours][3][K'] */
} description;

static description description_new(const xp_snap_model *model, const snap_scene *scene) {
  xp_error error = {0};
  description d = {0};
  double radelem[8], wj[8];
  for (int i = 0; i < model->nelements; ++i) {
    radelem[i] = model->elements[i].radelem;
    wj[i] = model->elements[i].wj;
  }
  xp_assert_ok(xp_snap_basis_new(&d.basis, &model->parameters, radelem, wj, model->nelements, &error), &error);
  xp_assert_ok(xp_snap_scratch_new(&d.scratch, d.basis, &error), &error);
  d.size = (size_t)xp_snap_basis_size(d.basis);
  d.b = calloc((size_t)scene->view.natoms * d.size, sizeof(double));
  d.db = calloc(scene->nneighbours * 3 * d.size + 1, sizeof(double));
  assert_non_null(d.b);
  assert_non_null(d.db);
  return d;
}

static void describe(description *d, const snap_scene *scene) {
  xp_error error = {0};
  xp_assert_ok(xp_snap_describe(d->basis, d->scratch, &scene->view, d->b, d->db, &error), &error);
}

static void description_free(description *d) {
  xp_snap_basis_free(d->basis);
  xp_snap_scratch_free(d->scratch);
  free(d->b);
  free(d->db);
}

/* Energy of a centre from its descriptors, and the factor of each derivative. */
static double energy_of(const xp_snap_model *model, const double *coefficients, const double *b, size_t n,
                        double *factor) {
  double energy = coefficients[0];
  const double *alpha = coefficients + 1 + n;
  for (size_t k = 0; k < n; ++k) {
    energy += coefficients[1 + k] * b[k];
    factor[k] = coefficients[1 + k];
  }
  for (size_t k = 0; k < n && model->parameters.quadraticflag; ++k)
    for (size_t l = k; l < n; ++l, ++alpha) {
      double half = k == l ? 0.5 : 1.0;
      energy += half * *alpha * b[k] * b[l];
      factor[k] += half * *alpha * b[l];
      factor[l] += half * *alpha * b[k];
    }
  return energy;
}

/* Descriptors times coefficients are the energies and gradients of xp_snap_evaluate. */
static void check_sums(const xp_snap_model *model, const snap_scene *scene, const description *d) {
  snap_run run = snap_run_new(model, model->nelements, scene);
  double *factor = calloc(d->size, sizeof(double));
  assert_non_null(factor);
  snap_run_evaluate(&run, &scene->view);
  for (int i = 0; i < scene->view.natoms; ++i) {
    const double *coefficients = model->elements[scene->view.species[i]].coefficients;
    double energy = energy_of(model, coefficients, d->b + (size_t)i * d->size, d->size, factor);
    xp_assert_close(energy, run.energy[i], TOLERANCE * fmax(1.0, fabs(energy)));
    for (size_t k = scene->view.first[i]; k < scene->view.first[i + 1]; ++k)
      for (int x = 0; x < 3; ++x) {
        double sum = 0.0;
        for (size_t c = 0; c < d->size; ++c) sum += factor[c] * d->db[(3 * k + (size_t)x) * d->size + c];
        xp_assert_close(run.gradient[k][x], sum, TOLERANCE * fmax(10.0, fabs(sum)));
      }
  }
  free(factor);
  snap_run_free(&run);
}

static void check_bispectrum(const xp_snap_model *model, const snap_scene *scene, const description *d) {
  xp_error error = {0};
  size_t count = (size_t)scene->view.natoms * d->size;
  double *expected = calloc(count, sizeof(double));
  assert_non_null(expected);
  xp_assert_ok(xp_reference_snap_bispectrum(model, snap_symbols, model->nelements, &scene->view, expected, &error),
               &error);
  for (size_t k = 0; k < count; ++k) xp_assert_close(d->b[k], expected[k], TOLERANCE * fmax(1.0, fabs(expected[k])));
  free(expected);
}

static void check_case(const snap_case *which, uint64_t seed) {
  xp_test_random random = {seed};
  xp_snap_model *model = snap_case_model(which, &random);
  int natoms = which->twojmax > 8 ? 3 : 10;
  snap_scene scene = snap_scene_random(&random, natoms, 0.0, 1.3, which->nelements, snap_model_cutoff(model) + 0.2);
  description d = description_new(model, &scene);
  describe(&d, &scene);
  check_bispectrum(model, &scene, &d);
  check_sums(model, &scene, &d);
  description_free(&d);
  snap_scene_free(&scene);
  xp_snap_model_free(model);
}

static void sums_are_energies_and_gradients(void **state) {
  (void)state;
  int highest = xp_kernel_level();
  static const int levels[] = {XP_KERNEL_BASE, XP_KERNEL_V2, XP_KERNEL_V3, XP_KERNEL_V4};
  for (int l = 0; l < 4 && levels[l] <= highest; ++l) {
    xp_kernel_limit(levels[l]);
    for (int c = 0; c < snap_ncases; ++c) {
      print_message("level %d, %s\n", levels[l], snap_cases[c].name);
      check_case(&snap_cases[c], 70 + (uint64_t)c);
    }
  }
  xp_kernel_limit(XP_KERNEL_V4);
}

/* Five-point differences of every descriptor by every displacement, for a few features. */
static void derivatives_are_differences(void **state) {
  (void)state;
  static const double STEP = 1e-3, offsets[4] = {-2.0, -1.0, 1.0, 2.0}, weights[4] = {1.0, -8.0, 8.0, -1.0};
  static const snap_case cases[] = {{.twojmax = 7, .nelements = 1},
                                    {.twojmax = 3, .nelements = 2, .chem = true},
                                    {.twojmax = 4, .nelements = 2, .bnorm = true, .inner = true, .rfac0 = 0.7}};
  for (int c = 0; c < 3; ++c) {
    xp_test_random random = {170 + (uint64_t)c};
    xp_snap_model *model = snap_case_model(&cases[c], &random);
    snap_scene scene = snap_scene_random(&random, 4, 0.0, 1.5, cases[c].nelements, snap_model_cutoff(model) - 0.2);
    description d = description_new(model, &scene), moved = description_new(model, &scene);
    double *sum = calloc(d.size, sizeof(double));
    assert_non_null(sum);
    describe(&d, &scene);
    for (int atom = 0; atom < scene.view.natoms; ++atom)
      for (size_t k = scene.view.first[atom]; k < scene.view.first[atom + 1]; ++k)
        for (int x = 0; x < 3; ++x) {
          double *displacement = &scene.list->displacements[k][x], kept = *displacement;
          memset(sum, 0, d.size * sizeof(double));
          for (int o = 0; o < 4; ++o) {
            *displacement = kept + offsets[o] * STEP;
            describe(&moved, &scene);
            for (size_t b = 0; b < d.size; ++b)
              sum[b] += weights[o] * moved.b[(size_t)atom * d.size + b] / (12.0 * STEP);
          }
          *displacement = kept;
          for (size_t b = 0; b < d.size; ++b) {
            double value = d.db[(3 * k + (size_t)x) * d.size + b];
            xp_assert_close(value, sum[b], 1e-7 * fmax(10.0, fabs(value)));
          }
        }
    free(sum);
    description_free(&d);
    description_free(&moved);
    snap_scene_free(&scene);
    xp_snap_model_free(model);
  }
}

/* Neighbours out of reach have zero rows, also when the arrays held something else; without derivatives nothing but the
 * descriptors is written; no atoms is no work. */
static void nothing_in_reach(void **state) {
  (void)state;
  xp_error error = {0};
  xp_test_random random = {8};
  const snap_case which = {.twojmax = 4, .nelements = 1};
  xp_snap_model *model = snap_case_model(&which, &random);
  const double displacements[][3] = {{9.0, 0.0, 0.0}, {SNAP_RCUTFAC, 0.0, 0.0}};
  const size_t first[] = {0, 0, 2};
  const int zeros[2] = {0};
  snap_scene scene = {.view = {2, zeros, first, zeros, displacements}, .nneighbours = 2};
  description d = description_new(model, &scene);
  memset(d.db, 0x55, 6 * d.size * sizeof(double));
  describe(&d, &scene);
  for (size_t k = 0; k < 6 * d.size; ++k) assert_true(d.db[k] == 0.0);
  for (size_t k = 0; k < 2 * d.size; ++k) xp_assert_close(d.b[k], 0.0, 1e-13);
  xp_assert_ok(xp_snap_describe(d.basis, d.scratch, &scene.view, d.b, NULL, &error), &error);
  const xp_neighbourhoods none = {0, NULL, first, NULL, NULL};
  xp_assert_ok(xp_snap_describe(d.basis, d.scratch, &none, NULL, NULL, &error), &error);
  description_free(&d);
  xp_snap_model_free(model);
}

static void wrong_geometry_is_refused(void **state) {
  (void)state;
  xp_error error = {0};
  xp_snap_basis *basis = NULL;
  xp_snap_parameters p;
  double radelem[] = {0.5, 0.5}, wj[] = {1.0, NAN};
  xp_snap_parameters_default(&p);
  p.rcutfac = 4.0;
  p.twojmax = 15;
  assert_int_equal(xp_snap_basis_new(&basis, &p, radelem, wj, 1, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "twojmax is 15");
  p.twojmax = 4;
  assert_int_equal(xp_snap_basis_new(&basis, &p, radelem, wj, 2, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "element 2");
  assert_int_equal(xp_snap_basis_new(&basis, &p, radelem, wj, 0, &error), XP_ERROR_INPUT);
  p.chemflag = true;
  assert_int_equal(xp_snap_basis_new(&basis, &p, NULL, NULL, 5000, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "too many components");
  p.chemflag = false;
  p.rmin0 = 4.0;
  assert_int_equal(xp_snap_basis_new(&basis, &p, radelem, wj, 1, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "above rmin0");
  assert_null(basis);
  xp_snap_basis_free(NULL);
  xp_snap_scratch_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sums_are_energies_and_gradients),
      cmocka_unit_test(derivatives_are_differences),
      cmocka_unit_test(nothing_in_reach),
      cmocka_unit_test(wrong_geometry_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
