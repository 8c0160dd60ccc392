/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole fits: a known model is found again from its own labels by every solver; ladders, patience, frozen radial functions. */
#include <math.h>
#include <unistd.h>

#include "ace/fitter.h"
#include "data/predict.h"
#include "testing/known_ace.h"
#include "testing/temporary.h"
#include "xpot/file.h"
#include "xpot/potential.h"

static char *folder;

/* A file in the folder. */
static const char *in_folder(const char *name) {
  return xp_test_in_folder(folder, name);
}

static int set_up(void **state) {
  (void)state;
  folder = xp_test_folder_new("/tmp");
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  static const char *const names[] = {
      "input.json", "train.xyz", "validate.xyz", "known.yaml", "potential.curve.csv", "potential.checkpoint", NULL};
  xp_test_folder_remove_known(folder, names);
  return 0;
}

#define ONE_DENSITY "\"ndensity\": 1, \"fs_parameters\": [1, 1]"
#define TWO_DENSITIES "\"ndensity\": 2, \"fs_parameters\": [1, 1, 1, 0.5]"
#define NO_PENALTY "\"L2_coeffs\": 0, \"w0_rad\": 0, \"w1_rad\": 0, \"w2_rad\": 0"

enum { TRAIN = 24, VALIDATE = 6, ELEMENTS_MOST = 2 };

/* The input of all tests; elements: one or two. */
static void write_input(int elements, const char *embedding, const char *fit) {
  FILE *stream = fopen(in_folder("input.json"), "w");
  assert_non_null(stream);
  fprintf(stream,
          "{\"elements\": %s, \"data\": {\"train\": \"train.xyz\", \"validate\": \"validate.xyz\"},\n"
          "\"potential\": {\"kind\": \"ace\", \"repulsion\": \"given\"}, \"embeddings\": {\"ALL\": {%s}},\n"
          "\"bonds\": {\"ALL\": {\"radbase\": \"SBessel\", \"rcut\": 4.5}},\n"
          "\"functions\": {\"number_of_functions_per_element\": 18,\n"
          "  \"ALL\": {\"nradmax_by_orders\": [4, 2, 2], \"lmax_by_orders\": [0, 2, 1]}},\n"
          "\"fit\": {%s}}\n",
          elements == 1 ? "[\"Si\"]" : "[\"Si\", \"Ge\"]", embedding, fit);
  assert_int_equal(fclose(stream), 0);
}

/* One fit and what it is made of. */
typedef struct study {
  xp_config *config;
  xp_data *train, *validate;
  xp_ace_fitter *fitter;
  xp_ace_result result;
} study;

/* Labels of a model with the shape of the input in the folder. */
static void label(const char *name, uint64_t model, uint64_t seed, int count, bool free_atoms) {
  xp_error error = {0};
  xp_ace_basis *known = known_ace_make(in_folder("input.json"), model, &error);
  assert_non_null(known);
  xp_assert_ok(known_ace_label(known, in_folder(name), seed, count, free_atoms, &error), &error);
  xp_assert_ok(xp_ace_basis_write(known, in_folder("known.yaml"), &error), &error);
  xp_ace_basis_free(known);
}

static void label_all(int elements, const char *embedding, bool free_atoms) {
  write_input(elements, embedding, "\"kappa\": 0.5");
  label("train.xyz", 1, 2, TRAIN, free_atoms);
  label("validate.xyz", 1, 3, VALIDATE, false);
}

static xp_status run(study *s, xp_error *error) {
  *s = (study){0};
  xp_assert_ok(xp_config_read(&s->config, in_folder("input.json"), error), error);
  xp_assert_ok(xp_data_read(&s->train, in_folder("train.xyz"), NULL, error), error);
  xp_assert_ok(xp_data_read(&s->validate, in_folder("validate.xyz"), NULL, error), error);
  xp_ace_fitter_request request = {s->config, s->train, s->validate, 1, NULL};
  xp_assert_ok(xp_ace_fitter_new(&s->fitter, &request, error), error);
  return xp_ace_fitter_run(s->fitter, NULL, NULL, folder, &s->result, error);
}

static study fit(int elements, const char *embedding, const char *settings) {
  study s;
  xp_error error = {0};
  write_input(elements, embedding, settings);
  xp_assert_ok(run(&s, &error), &error);
  xp_assert_ok(xp_ace_fitter_finish(s.fitter, folder, &error), &error);
  assert_int_equal(access(in_folder("potential.checkpoint"), F_OK), -1);
  return s;
}

static void clear(study *s) {
  xp_ace_basis_free(s->result.basis);
  xp_ace_fitter_free(s->fitter);
  xp_data_free(s->train);
  xp_data_free(s->validate);
  xp_config_free(s->config);
}

/* Errors of the potential itself: eV an atom, eV/Angstrom. */
static void measure(const study *s, const xp_data *data, double *energy, double *force) {
  xp_error error = {0};
  xp_potential potential = {.kind = XP_KIND_ACE};
  xp_plan *plan = NULL;
  const char *symbols[ELEMENTS_MOST];
  double energies = 0.0, forces = 0.0;
  xp_structure **predicted = calloc((size_t)data->set->nstructures, sizeof *predicted);
  assert_non_null(predicted);
  for (int i = 0; i < s->result.basis->nelements; ++i) symbols[i] = s->result.basis->elements[i];
  xp_assert_ok(xp_ace_basis_convert(s->result.basis, &potential.ace, &error), &error);
  xp_assert_ok(xp_plan_new(&plan, &potential, symbols, s->result.basis->nelements, XP_PRECISION_DOUBLE, &error),
               &error);
  xp_assert_ok(xp_predict(plan, data, 1, NULL, predicted, &error), &error);
  for (int i = 0; i < data->set->nstructures; ++i) {
    const xp_structure *reference = data->set->structures[i];
    energies += pow((predicted[i]->energy - reference->energy) / reference->natoms, 2);
    for (int a = 0; a < reference->natoms; ++a)
      for (int d = 0; d < 3; ++d) forces += pow(predicted[i]->forces[a][d] - reference->forces[a][d], 2);
  }
  *energy = sqrt(energies / data->set->nstructures);
  *force = sqrt(forces / (3.0 * data->natoms));
  xp_predict_clear(predicted, data->set->nstructures);
  free(predicted);
  xp_plan_free(plan);
  xp_ace_model_free(potential.ace);
}

/* Both errors below the bounds, on data that were not fitted to, too; and what the result says of them is so. */
static void expect_found(const study *s, double energy_most, double force_most, const char *what) {
  double energy, force;
  measure(s, s->validate, &energy, &force);
  if (!(energy <= energy_most && force <= force_most))
    fail_msg("%s: validation errors %g eV an atom, %g eV/A, expected %g and %g at most", what, energy, force,
             energy_most, force_most);
  measure(s, s->train, &energy, &force);
  if (!(energy <= energy_most && force <= force_most))
    fail_msg("%s: training errors %g eV an atom, %g eV/A", what, energy, force);
  xp_assert_close(s->result.train.energy_rmse, energy, 1e-8 + 1e-6 * energy);
  xp_assert_close(s->result.train.force_rmse, force, 1e-8 + 1e-6 * force);
}

static void test_linear(void **state) {
  (void)state;
  static const char *const methods[] = {"qr", "cholesky", "evidence", "ard"};
  for (int elements = 1; elements <= 2; ++elements) {
    label_all(elements, ONE_DENSITY, elements == 2);
    for (int m = 0; m < 4; ++m) {
      char settings[256];
      snprintf(settings, sizeof settings, "\"solver\": \"linear\", \"linear\": \"%s\", \"kappa\": 0.5, " NO_PENALTY,
               methods[m]);
      study s = fit(elements, ONE_DENSITY, settings);
      expect_found(&s, 1e-5, 1e-4, methods[m]);
      for (int e = 0; e < elements; ++e) xp_assert_close(s.result.basis->e0[e], -2.5 - e, elements == 2 ? 1e-12 : 1e-3);
      clear(&s);
    }
  }
}

/* Root mean square of the components of the forces that are fitted to. */
static double force_spread(const xp_data *data) {
  double sum = 0.0;
  for (int s = 0; s < data->set->nstructures; ++s)
    for (int a = 0; a < data->set->structures[s]->natoms; ++a)
      for (int d = 0; d < 3; ++d) sum += pow(data->set->structures[s]->forces[a][d], 2);
  return sqrt(sum / (3.0 * data->natoms));
}

/* A model with two densities has more than one minimum; a good one is near. */
static void expect_near(const study *s, const char *what) {
  double energy, force, spread = force_spread(s->train);
  measure(s, s->train, &energy, &force);
  if (!(force <= 0.03 * spread && energy <= 0.03 * spread))
    fail_msg("%s: errors %g eV an atom, %g eV/A, of forces of %g", what, energy, force, spread);
}

/* A linear model is at the bottom at once; two densities take iterations. */
static void test_lm(void **state) {
  (void)state;
  const char *settings = "\"solver\": \"lm\", \"kappa\": 0.5, \"iterations\": 80, " NO_PENALTY;
  label_all(1, ONE_DENSITY, true);
  study s = fit(1, ONE_DENSITY, settings);
  expect_found(&s, 1e-6, 1e-5, "lm, one density");
  assert_true(s.result.iterations < 5);
  clear(&s);
  label_all(1, TWO_DENSITIES, true);
  s = fit(1, TWO_DENSITIES, settings);
  expect_near(&s, "lm, two densities");
  assert_true(s.result.iterations > 1);
  clear(&s);
}

static void test_lbfgs(void **state) {
  (void)state;
  const char *settings = "\"kappa\": [0.8, 0.1], \"iterations\": 150, " NO_PENALTY;
  label_all(1, ONE_DENSITY, false);
  study s = fit(1, ONE_DENSITY, settings);
  expect_found(&s, 1e-6, 1e-5, "lbfgs, one density");
  clear(&s);
  label_all(2, TWO_DENSITIES, true);
  s = fit(2, TWO_DENSITIES, settings);
  expect_near(&s, "lbfgs, two densities");
  clear(&s);
}

/* Changes known.yaml by some percent. */
static void disturb_known(void) {
  xp_error error = {0};
  xp_bytes bytes = {0};
  xp_ace_basis *basis = NULL;
  xp_test_random random = {5};
  xp_assert_ok(xp_bytes_read(&bytes, in_folder("known.yaml"), &error), &error);
  xp_assert_ok(xp_ace_basis_parse(&basis, &bytes, &error), &error);
  for (int i = 0; i < basis->nelements; ++i)
    for (int f = 0; f < basis->nfunctions[i]; ++f)
      for (int p = 0; p < basis->embeddings[i].ndensity; ++p)
        basis->functions[i][f].coefficients[p] *= 1.0 + xp_test_uniform(&random, -0.03, 0.03);
  xp_assert_ok(xp_ace_basis_write(basis, in_folder("known.yaml"), &error), &error);
  xp_ace_basis_free(basis);
  xp_bytes_free(&bytes);
}

/* From near it, a model with two densities is found again. */
static void test_two_densities(void **state) {
  (void)state;
  static const char *const solvers[] = {"\"solver\": \"lm\"", "\"trainable\": \"functions\"", "\"trainable\": \"all\""};
  for (int v = 0; v < 3; ++v) {
    char settings[256];
    label_all(1, TWO_DENSITIES, true);
    disturb_known();
    snprintf(settings, sizeof settings,
             "%s, \"kappa\": 0.5, \"iterations\": 300, \"initial_potential\": \"known.yaml\", " NO_PENALTY, solvers[v]);
    study s = fit(1, TWO_DENSITIES, settings);
    expect_found(&s, 1e-8, 1e-7, solvers[v]);
    clear(&s);
  }
}

/* Largest distance of radial coefficients from where they begin, c[n][l][k] = delta_nk. */
static double radial_change(const xp_ace_basis *basis) {
  double most = 0.0;
  for (int b = 0; b < basis->nelements * basis->nelements; ++b) {
    const xp_ace_bond *bond = &basis->bonds[b];
    const double *c = bond->radcoefficients;
    for (int n = 0; n < bond->nradmax; ++n)
      for (int l = 0; l <= bond->lmax; ++l)
        for (int k = 0; k < bond->nradbasemax; ++k, ++c) most = fmax(most, fabs(*c - (n == k)));
  }
  return most;
}

static void test_trainable(void **state) {
  (void)state;
  label_all(2, TWO_DENSITIES, true);
  study s = fit(2, TWO_DENSITIES, "\"kappa\": 0.5, \"iterations\": 15, \"trainable\": \"functions\"");
  assert_true(radial_change(s.result.basis) == 0.0);
  clear(&s);
  s = fit(2, TWO_DENSITIES, "\"kappa\": 0.5, \"iterations\": 15");
  assert_true(radial_change(s.result.basis) > 1e-6);
  clear(&s);
}

/* One line of the learning curve. */
typedef struct point {
  int step, functions, stage, iteration;
  double loss, validate; /* validate: NaN where not evaluated */
} point;

enum { POINTS_MOST = 2000 };

static int read_curve(point *points) {
  char line[1024];
  int count = 0;
  FILE *stream = fopen(in_folder("potential.curve.csv"), "r");
  assert_non_null(stream);
  assert_non_null(fgets(line, sizeof line, stream));
  for (; fgets(line, sizeof line, stream) && count < POINTS_MOST; ++count) {
    char *fields[32], *rest = line;
    int nfields = 0;
    for (char *field; (field = strsep(&rest, ",")) && nfields < 32;) fields[nfields++] = field;
    assert_int_equal(nfields, 16);
    points[count] = (point){atoi(fields[0]), atoi(fields[1]), atoi(fields[2]),
                            atoi(fields[4]), atof(fields[5]), fields[13][0] ? atof(fields[13]) : NAN};
  }
  fclose(stream);
  assert_true(count > 0);
  return count;
}

static void test_ladder(void **state) {
  (void)state;
  point points[POINTS_MOST];
  label_all(1, TWO_DENSITIES, true);
  study s = fit(1, TWO_DENSITIES, "\"kappa\": 0.5, \"iterations\": 20, \"ladder_step\": [5, 0.4], " NO_PENALTY);
  int count = read_curve(points), steps = 1;
  double first_end = NAN;
  for (int p = 1; p < count; ++p) {
    if (points[p].step == points[p - 1].step) continue;
    ++steps;
    if (isnan(first_end)) first_end = points[p - 1].loss;
    assert_int_equal(points[p].iteration, 0);
    assert_true(points[p].functions > points[p - 1].functions);
    /* new functions begin with coefficients 0 */
    xp_assert_close(points[p].loss, points[p - 1].loss, 1e-6 * points[p - 1].loss + 1e-14);
  }
  assert_int_equal(steps, 4); /* 5, 10, 15, 18 functions */
  assert_int_equal(points[0].functions, 5);
  assert_int_equal(points[count - 1].functions, 18);
  assert_int_equal(s.result.basis->nfunctions[0], 18);
  assert_true(points[count - 1].loss < 0.5 * first_end);
  xp_assert_close(s.result.train.total, points[count - 1].loss, 1e-9);
  clear(&s);
}

/* What an initial potential has beyond the first step of a ladder is there in the later ones. */
static void test_ladder_from_potential(void **state) {
  (void)state;
  point points[POINTS_MOST];
  label_all(1, TWO_DENSITIES, true);
  study s = fit(1, TWO_DENSITIES,
                "\"kappa\": 0.5, \"iterations\": 1, \"ladder_step\": 9, \"solver\": \"lm\", \"initial_potential\": "
                "\"known.yaml\"");
  int count = read_curve(points), second = 0;
  while (second < count && points[second].step == 1) ++second;
  assert_true(second > 0 && second < count);
  assert_true(fabs(points[second].loss - points[second - 1].loss) > 1e-3 * points[second - 1].loss);
  clear(&s);
}

/* The potential of the labels is at the bottom, with all it has. */
static void test_initial(void **state) {
  (void)state;
  point points[POINTS_MOST];
  label_all(2, TWO_DENSITIES, true);
  study s =
      fit(2, TWO_DENSITIES, "\"kappa\": 0.5, \"iterations\": 3, \"initial_potential\": \"known.yaml\", " NO_PENALTY);
  expect_found(&s, 1e-7, 1e-6, "initial potential");
  read_curve(points);
  assert_true(points[0].loss < 1e-12);
  clear(&s);
}

/* Validated on another model's labels, a fit gets worse soon; it goes back to its best. */
static void test_patience(void **state) {
  (void)state;
  point points[POINTS_MOST];
  enum { ITERATIONS = 400, PATIENCE = 20 };
  label_all(1, TWO_DENSITIES, true);
  label("validate.xyz", 77, 3, VALIDATE, false);
  study s = fit(1, TWO_DENSITIES, "\"kappa\": 0.5, \"iterations\": 400, \"patience\": 20, " NO_PENALTY);
  int count = read_curve(points), best = 0;
  for (int p = 0; p < count; ++p)
    if (points[p].validate < points[best].validate) best = p;
  assert_true(points[count - 1].iteration < ITERATIONS);
  assert_true(points[count - 1].iteration - points[best].iteration <= PATIENCE);
  assert_true(points[count - 1].validate > points[best].validate);
  double energy, force;
  measure(&s, s.train, &energy, &force);
  xp_assert_close(s.result.train.energy_rmse, energy, 1e-6 * energy);
  xp_assert_close(s.result.train.force_rmse, force, 1e-6 * force);
  xp_assert_close(s.result.train.total, points[best].loss, 1e-8 * points[best].loss);
  clear(&s);
}

static void expect_refusal(const char *embedding, const char *settings, const char *sentence) {
  study s;
  xp_error error = {0};
  write_input(1, embedding, settings);
  assert_int_equal(run(&s, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, sentence);
  clear(&s);
}

static void test_refusals(void **state) {
  (void)state;
  label_all(1, ONE_DENSITY, true);
  expect_refusal(TWO_DENSITIES, "\"solver\": \"linear\"", "one density with exponent 1, Si has 2");
  expect_refusal("\"ndensity\": 1, \"fs_parameters\": [1, 0.5]", "\"solver\": \"linear\"", "exponent 0.5");
  expect_refusal(ONE_DENSITY, "\"solver\": \"linear\", \"L1_coeffs\": 0.1", "need solver \"lbfgs\"");
  expect_refusal(ONE_DENSITY, "\"initial_potential\": \"train.xyz\"", "train.xyz");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_linear),
                                     cmocka_unit_test(test_lm),
                                     cmocka_unit_test(test_lbfgs),
                                     cmocka_unit_test(test_two_densities),
                                     cmocka_unit_test(test_trainable),
                                     cmocka_unit_test(test_ladder),
                                     cmocka_unit_test(test_ladder_from_potential),
                                     cmocka_unit_test(test_initial),
                                     cmocka_unit_test(test_patience),
                                     cmocka_unit_test(test_refusals)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
