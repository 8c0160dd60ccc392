/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Gauss-Newton factor against the products of a dense Jacobian. */
#include <math.h>

#include "ace_fit_testing.h"
#include "fit/factor.h"
#include "xpot/neighbour.h"

enum { STRUCTURES = 9, VIRIALS = 6 };

static const training_options TWO = {2, XP_ACE_SBESSEL, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 2,
                                     51};

/* J'J [n][n] and J'r [n] of the weighted residuals. */
typedef struct dense {
  int n, rows;
  double *square, *product, residual;
} dense;

static void add_row(dense *d, const double *row, double weight, double residual, const bool *active) {
  if (weight == 0.0) return;
  for (int i = 0; i < d->n; ++i) {
    double mine = active && !active[i] ? 0.0 : row[i];
    for (int j = 0; j < d->n; ++j) d->square[i * d->n + j] += weight * mine * (active && !active[j] ? 0.0 : row[j]);
    d->product[i] += weight * mine * residual;
  }
  d->residual += weight * residual * residual;
  d->rows++;
}

/* h'(x) / (2 x) of Huber's function. */
static double slope(double x, double threshold) {
  return threshold > 0.0 && x > threshold ? threshold / x : 1.0;
}

static xp_ace_fit_structure *prepare(const fit_case *c, const xp_structure *structure) {
  xp_error error = {0};
  xp_ace_fit_structure *prepared = NULL;
  xp_neighbour_list *list = NULL;
  int species[16];
  for (int a = 0; a < structure->natoms; ++a)
    for (int e = 0; e < c->options.nelements; ++e)
      if (strcmp(structure->symbols[a], c->basis->elements[e]) == 0) species[a] = e;
  xp_assert_ok(xp_neighbour_list_new(&list, structure, species, xp_ace_fit_cutoff(c->fit), &error), &error);
  xp_assert_ok(xp_ace_fit_structure_new(&prepared, c->fit, list, &error), &error);
  xp_neighbour_list_free(list);
  return prepared;
}

/* Rows of one structure; p: its prediction. */
static void add_structure(dense *d, const fit_case *c, const xp_ace_terms *t, const bool *active, int s,
                          const xp_structure *p, const xp_ace_fit_rows *rows) {
  static const int components[VIRIALS][2] = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}};
  const xp_structure *r = c->data.set->structures[s];
  double atoms = r->natoms;
  if (r->has_energy) {
    double e = (p->energy - r->energy) / atoms;
    double weight = (1.0 - t->kappa) * c->weights.energy[s] * slope(fabs(e), t->huber_energy) / (atoms * atoms);
    add_row(d, rows->energy, weight, p->energy - r->energy, active);
  }
  for (int a = 0; a < r->natoms && r->forces; ++a) {
    double error[3];
    for (int k = 0; k < 3; ++k) error[k] = p->forces[a][k] - r->forces[a][k];
    double weight = t->kappa * c->weights.force[c->weights.first[s] + a] *
                    slope(hypot(hypot(error[0], error[1]), error[2]), t->huber_force);
    for (int k = 0; k < 3; ++k) add_row(d, rows->forces + (3 * a + k) * d->n, weight, error[k], active);
  }
  for (int v = 0; v < VIRIALS && r->has_virial; ++v) {
    int a = components[v][0], b = components[v][1];
    add_row(d, rows->virial + v * d->n, t->virial * c->weights.virial[s] / (atoms * atoms),
            p->virial[a][b] - r->virial[a][b], active);
  }
}

static dense make_dense(const fit_case *c, const xp_ace_terms *t, const bool *active) {
  size_t n = (size_t)(c->layout.ntotal - c->layout.nradial);
  dense d = {.n = (int)n, .square = calloc(n * n, sizeof(double)), .product = calloc(n, sizeof(double))};
  double *room = malloc((1 + 3 * 16 + VIRIALS) * n * sizeof *room);
  xp_error error = {0};
  xp_ace_fit_scratch *scratch = NULL;
  assert_true(d.square && d.product && room);
  xp_assert_ok(xp_ace_fit_scratch_new(&scratch, c->fit, &error), &error);
  xp_structure **predicted = fit_predictions(c);
  for (int s = 0; s < c->nstructures; ++s) {
    xp_ace_fit_structure *prepared = prepare(c, c->data.set->structures[s]);
    xp_ace_fit_rows rows = {room, room + n, room + n + 3 * (size_t)predicted[s]->natoms * n};
    xp_assert_ok(xp_ace_fit_make_rows(c->fit, scratch, prepared, c->parameters, &rows, &error), &error);
    add_structure(&d, c, t, active, s, predicted[s], &rows);
    xp_ace_fit_structure_free(prepared);
  }
  fit_predictions_free(c, predicted);
  xp_ace_fit_scratch_free(scratch);
  free(room);
  for (int i = 0; i < c->layout.nfunctions; ++i) { /* sqrt(L2) c is a residual, too */
    if (active && !active[i]) continue;
    double x = c->parameters[c->layout.nradial + i];
    d.square[i * d.n + i] += t->L2;
    d.product[i] += t->L2 * x;
    d.residual += t->L2 * x * x;
  }
  return d;
}

static void clear(dense *d) {
  free(d->square);
  free(d->product);
}

/* All tests run with both. */
static xp_ace_factor_method method;

static xp_factor make_factor(const fit_case *c, const xp_ace_terms *terms, const bool *active, long *rows) {
  xp_error error = {0};
  xp_factor factor = {0};
  xp_ace_factor_request request = {terms, c->parameters, active, method, NULL};
  xp_assert_ok(xp_ace_problem_factor(c->problem, &request, &factor, rows, &error), &error);
  assert_int_equal(factor.columns, c->layout.ntotal - c->layout.nradial + 1);
  return factor;
}

/* (R'R)[i][j] of the factor with its target column. */
static double product(const xp_factor *f, int i, int j) {
  double sum = 0.0;
  for (int k = 0; k <= i && k <= j; ++k) sum += f->r[i * f->columns + k] * f->r[j * f->columns + k];
  return sum;
}

static void compare(const xp_factor *factor, const dense *d, const char *what) {
  double largest = 0.0, scale = 0.0;
  for (int i = 0; i < d->n; ++i) {
    largest = fmax(largest, fabs(d->square[i * d->n + i]));
    scale = fmax(scale, fabs(d->product[i]));
  }
  assert_true(largest > 0.0 && scale > 0.0);
  for (int i = 0; i < d->n; ++i) {
    for (int j = 0; j <= i; ++j)
      if (!(fabs(product(factor, i, j) - d->square[i * d->n + j]) <= 1e-11 * largest))
        fail_msg("%s: (R'R)[%d][%d] is %.15g, expected %.15g", what, i, j, product(factor, i, j),
                 d->square[i * d->n + j]);
    /* the target is minus the residuals */
    if (!(fabs(product(factor, i, d->n) + d->product[i]) <= 1e-8 * scale))
      fail_msg("%s: (R'z)[%d] is %.15g, expected %.15g", what, i, product(factor, i, d->n), -d->product[i]);
  }
  xp_assert_close(product(factor, d->n, d->n), d->residual, 1e-8 * d->residual);
}

static void check(const fit_case *c, const xp_ace_terms *terms, const bool *active, const char *what) {
  long rows;
  xp_factor factor = make_factor(c, terms, active, &rows);
  dense d = make_dense(c, terms, active);
  compare(&factor, &d, what);
  assert_int_equal(rows, d.rows);
  clear(&d);
  xp_factor_clear(&factor);
}

static void test_terms(void **state) {
  (void)state;
  fit_case c;
  fit_case_open(&c, &TWO, STRUCTURES, 1);
  xp_ace_terms all = fit_all_terms(&c);
  const xp_ace_terms energies = {.kappa = 0.0}, forces = {.kappa = 1.0}, virials = {.kappa = 0.2, .virial = 1.5},
                     ridge = {.kappa = 0.5, .L2 = 0.3};
  check(&c, &energies, NULL, "energies");
  check(&c, &forces, NULL, "forces");
  check(&c, &virials, NULL, "virials");
  check(&c, &ridge, NULL, "L2");
  check(&c, &all, NULL, "all terms");
  fit_case_close(&c);
}

/* Structures without weight are no rows. */
static void test_no_weight(void **state) {
  (void)state;
  fit_case c;
  fit_case_open(&c, &TWO, STRUCTURES, 1);
  for (int s = 0; s < STRUCTURES; s += 2) {
    c.weights.energy[s] = c.weights.virial[s] = 0.0;
    for (long a = c.weights.first[s]; a < c.weights.first[s + 1]; ++a) c.weights.force[a] = 0.0;
  }
  const xp_ace_terms terms = {.kappa = 0.5, .virial = 1.0};
  check(&c, &terms, NULL, "no weight");
  fit_case_close(&c);
}

static void test_inactive(void **state) {
  (void)state;
  fit_case c;
  fit_case_open(&c, &TWO, STRUCTURES, 1);
  int n = c.layout.ntotal - c.layout.nradial;
  bool *active = calloc((size_t)n, sizeof *active);
  long rows;
  assert_non_null(active);
  for (int i = 0; i < n; ++i) active[i] = i % 3 != 1;
  xp_ace_terms terms = fit_all_terms(&c);
  check(&c, &terms, active, "inactive columns");
  xp_factor factor = make_factor(&c, &terms, active, &rows);
  for (int i = 1; i < n; i += 3)
    for (int k = 0; k <= i; ++k) assert_true(factor.r[i * factor.columns + k] == 0.0);
  xp_factor_clear(&factor);
  free(active);
  fit_case_close(&c);
}

static void test_threads(void **state) {
  (void)state;
  enum { MANY = 70 };
  fit_case c;
  long rows;
  fit_case_open(&c, &TWO, MANY, 1);
  xp_ace_terms terms = fit_all_terms(&c);
  xp_factor first = make_factor(&c, &terms, NULL, &rows);
  for (int threads = 2; threads <= 3; ++threads) {
    fit_case_renew(&c, threads);
    xp_factor again = make_factor(&c, &terms, NULL, &rows);
    for (int i = 0; i < first.columns; ++i)
      assert_memory_equal(again.r + i * first.columns, first.r + i * first.columns, (size_t)(i + 1) * sizeof *first.r);
    xp_factor_clear(&again);
  }
  dense d = make_dense(&c, &terms, NULL);
  compare(&first, &d, "many structures");
  clear(&d);
  xp_factor_clear(&first);
  fit_case_close(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_terms), cmocka_unit_test(test_no_weight),
                                     cmocka_unit_test(test_inactive), cmocka_unit_test(test_threads)};
  int failed = 0;
  for (method = XP_ACE_FACTOR_QR; method <= XP_ACE_FACTOR_NORMAL; ++method)
    failed += cmocka_run_group_tests(tests, NULL, NULL);
  return failed;
}
