/* SPDX-License-Identifier: GPL-2.0-or-later */
/* L-BFGS with and without a change of variables. */
#include "solve/descent.h"

#include <math.h>

#include "dense.h"

enum { N = 20 };

/* What the callbacks know. */
typedef struct record {
  const xp_dense *quadratic;     /* |A x - b|^2 / 2 */
  int calls, fail_at, forbid_at; /* evaluations: an error, a loss that is not finite */
  int stop_at, break_at;         /* iterations: stop, an error */
  int iterations;
  double last_loss;
  bool rises;
} record;

static xp_status rosenbrock(void *user, const double *x, double *gradient, double *value, xp_error *error) {
  record *r = user;
  if (++r->calls == r->fail_at) return xp_error_set(error, XP_ERROR_RANGE, "evaluation %d fails", r->calls);
  *value = 0.0;
  memset(gradient, 0, N * sizeof *gradient);
  for (int i = 0; i + 1 < N; ++i) {
    double a = x[i + 1] - x[i] * x[i], b = 1.0 - x[i];
    *value += 100.0 * a * a + b * b;
    gradient[i] -= 400.0 * a * x[i] + 2.0 * b;
    gradient[i + 1] += 200.0 * a;
  }
  if (r->calls == r->forbid_at) *value = NAN;
  return XP_OK;
}

static xp_status quadratic(void *user, const double *x, double *gradient, double *value, xp_error *error) {
  (void)error;
  record *r = user;
  const xp_dense *q = r->quadratic;
  ++r->calls;
  *value = 0.0;
  memset(gradient, 0, (size_t)q->n * sizeof *gradient);
  for (int i = 0; i < q->m; ++i) {
    const double *row = xp_dense_row(q, i);
    double residual = -row[q->n];
    for (int c = 0; c < q->n; ++c) residual += row[c] * x[c];
    *value += 0.5 * residual * residual;
    for (int c = 0; c < q->n; ++c) gradient[c] += row[c] * residual;
  }
  return XP_OK;
}

static xp_status watch(void *user, const xp_descent_state *state, bool *stop, xp_error *error) {
  record *r = user;
  assert_int_equal(state->iteration, ++r->iterations);
  assert_int_equal(state->evaluations, r->calls);
  assert_true(state->step > 0.0 && state->gradient_norm >= 0.0);
  r->rises |= r->iterations > 1 && state->loss > r->last_loss;
  r->last_loss = state->loss;
  *stop = r->iterations == r->stop_at;
  if (r->iterations == r->break_at)
    return xp_error_set(error, XP_ERROR_IO, "iteration %d cannot be written", r->iterations);
  return XP_OK;
}

static void start_rosenbrock(double *x) {
  for (int i = 0; i < N; ++i) x[i] = i % 2 ? 1.0 : -1.2;
}

static xp_status minimise_rosenbrock(record *r, double *x, xp_descent_summary *summary, xp_error *error) {
  xp_descent_problem problem = {.n = N, .value_and_gradient = rosenbrock, .progress = watch, .user = r};
  xp_descent_options options = xp_descent_defaults();
  start_rosenbrock(x);
  return xp_descent_minimise(summary, x, &problem, &options, error);
}

static void test_rosenbrock(void **state) {
  (void)state;
  double x[N], again[N];
  record r = {0}, second = {0};
  xp_descent_summary summary;
  xp_error error = {0};
  xp_assert_ok(minimise_rosenbrock(&r, x, &summary, &error), &error);
  assert_int_equal(summary.end, XP_DESCENT_GRADIENT);
  for (int i = 0; i < N; ++i) xp_assert_close(x[i], 1.0, 1e-7);
  assert_false(r.rises);
  assert_int_equal(summary.iterations, r.iterations);
  assert_int_equal(summary.evaluations, r.calls);
  xp_assert_ok(minimise_rosenbrock(&second, again, &summary, &error), &error);
  assert_memory_equal(x, again, sizeof x);
}

static void test_loss_not_finite(void **state) {
  (void)state;
  for (int call = 2; call < 12; ++call) {
    double x[N];
    record r = {.forbid_at = call};
    xp_descent_summary summary;
    xp_error error = {0};
    xp_assert_ok(minimise_rosenbrock(&r, x, &summary, &error), &error);
    assert_int_equal(summary.end, XP_DESCENT_GRADIENT);
    assert_false(r.rises);
  }
  double x[N], start[N];
  record r = {.forbid_at = 1};
  xp_descent_summary summary;
  xp_error error = {0};
  assert_int_equal(minimise_rosenbrock(&r, x, &summary, &error), XP_ERROR_NUMERIC);
  xp_assert_message(&error, "not finite at the point where");
  assert_int_equal(r.calls, 1);
  start_rosenbrock(start);
  assert_memory_equal(x, start, sizeof x);
}

/* An error ends everything at once, and leaves the last accepted point. */
static void test_errors(void **state) {
  (void)state;
  for (int call = 1; call < 30; ++call) {
    double x[N], gradient[N], loss;
    record r = {.fail_at = call}, other = {0};
    xp_descent_summary summary;
    xp_error error = {0};
    assert_int_equal(minimise_rosenbrock(&r, x, &summary, &error), XP_ERROR_RANGE);
    xp_assert_message(&error, "fails");
    assert_int_equal(r.calls, call);
    xp_assert_ok(rosenbrock(&other, x, gradient, &loss, &error), &error);
    if (call > 1) xp_assert_close(loss, summary.loss, 0.0);
  }
  double x[N];
  record r = {.break_at = 3};
  xp_descent_summary summary;
  xp_error error = {0};
  assert_int_equal(minimise_rosenbrock(&r, x, &summary, &error), XP_ERROR_IO);
  xp_assert_message(&error, "iteration 3 cannot be written");
  assert_int_equal(r.iterations, 3);
}

static void test_stop(void **state) {
  (void)state;
  double x[N];
  record r = {.stop_at = 5};
  xp_descent_summary summary;
  xp_error error = {0};
  xp_assert_ok(minimise_rosenbrock(&r, x, &summary, &error), &error);
  assert_int_equal(summary.end, XP_DESCENT_STOPPED);
  assert_int_equal(summary.iterations, 5);
  assert_int_equal(summary.evaluations, r.calls);
}

static void test_limits(void **state) {
  (void)state;
  double x[N];
  record r = {0};
  xp_descent_summary summary;
  xp_error error = {0};
  xp_descent_problem problem = {.n = N, .value_and_gradient = rosenbrock, .user = &r};
  xp_descent_options options = xp_descent_defaults();
  options.max_iterations = 7;
  start_rosenbrock(x);
  xp_assert_ok(xp_descent_minimise(&summary, x, &problem, &options, &error), &error);
  assert_int_equal(summary.end, XP_DESCENT_ITERATIONS);
  assert_int_equal(summary.iterations, 7);
  options = xp_descent_defaults();
  options.loss_tolerance = 0.5;
  options.loss_window = 3;
  start_rosenbrock(x);
  xp_assert_ok(xp_descent_minimise(&summary, x, &problem, &options, &error), &error);
  assert_int_equal(summary.end, XP_DESCENT_LOSS);
  assert_true(summary.iterations >= 3 && summary.gradient_norm > options.gradient_tolerance);
  for (int i = 0; i < N; ++i) x[i] = 1.0;
  xp_assert_ok(xp_descent_minimise(&summary, x, &problem, &options, &error), &error);
  assert_int_equal(summary.end, XP_DESCENT_GRADIENT);
  assert_true(summary.iterations == 0 && summary.evaluations == 1);
}

/* A gradient of the wrong sign: nothing along it is better. */
static xp_status misleading(void *user, const double *x, double *gradient, double *value, xp_error *error) {
  (void)user;
  (void)error;
  *value = x[0] * x[0];
  gradient[0] = -2.0 * x[0];
  return XP_OK;
}

static void test_line_search_failure(void **state) {
  (void)state;
  double x = 3.0;
  xp_descent_summary summary;
  xp_error error = {0};
  xp_descent_problem problem = {.n = 1, .value_and_gradient = misleading};
  xp_descent_options options = xp_descent_defaults();
  xp_assert_ok(xp_descent_minimise(&summary, &x, &problem, &options, &error), &error);
  assert_int_equal(summary.end, XP_DESCENT_LINE_SEARCH);
  assert_true(x == 3.0 && summary.loss == 9.0);
}

enum { OTHERS = 3, BLOCK = 40 };

/* The first columns are on their own, with a curvature that `scales` undoes. The others have singular values from 1 to 1e-5,
 * mixed by a reflection: condition 1e10 of the Hessian. */
static xp_dense ill_conditioned(void) {
  xp_dense q = xp_dense_new(OTHERS + BLOCK, OTHERS + BLOCK);
  xp_test_random random = {77};
  double v[BLOCK], square = 0.0;
  for (int i = 0; i < BLOCK; ++i) {
    v[i] = xp_test_uniform(&random, -1.0, 1.0);
    square += v[i] * v[i];
  }
  for (int i = 0; i < BLOCK; ++i)
    for (int c = 0; c < BLOCK; ++c)
      xp_dense_row(&q, OTHERS + i)[OTHERS + c] =
          pow(10.0, -5.0 * i / (BLOCK - 1)) * ((i == c) - 2.0 * v[i] * v[c] / square);
  for (int i = 0; i < OTHERS; ++i) xp_dense_row(&q, i)[i] = pow(10.0, i - 1);
  for (int i = 0; i < q.m; ++i) xp_dense_row(&q, i)[q.n] = xp_test_uniform(&random, -1.0, 1.0);
  return q;
}

/* Iterations until the gradient is small. */
static int count_iterations(const xp_dense *q, const xp_preconditioner *preconditioner, double *x) {
  record r = {.quadratic = q};
  xp_descent_summary summary;
  xp_error error = {0};
  xp_descent_problem problem = {
      .n = q->n, .value_and_gradient = quadratic, .progress = watch, .user = &r, .preconditioner = preconditioner};
  xp_descent_options options = xp_descent_defaults();
  options.gradient_tolerance = 1e-7;
  memset(x, 0, (size_t)q->n * sizeof *x);
  xp_assert_ok(xp_descent_minimise(&summary, x, &problem, &options, &error), &error);
  return summary.iterations;
}

static void test_whitening(void **state) {
  (void)state;
  double x[OTHERS + BLOCK], scales[OTHERS + BLOCK];
  xp_dense q = ill_conditioned();
  xp_factor factor = xp_dense_factor(&q);
  xp_whitening whitening;
  xp_error error = {0};
  for (int i = 0; i < q.n; ++i) scales[i] = i < OTHERS ? pow(10.0, 1 - i) : NAN;
  xp_assert_ok(xp_factor_triangulate(&factor, &error), &error);
  xp_assert_ok(xp_whitening_make(&whitening, factor.r + OTHERS * (q.n + 2), q.n + 1, BLOCK, 0.0, NULL, &error), &error);
  xp_whitened_block block = {.n = q.n, .first = OTHERS, .whitening = &whitening, .scales = scales};
  xp_preconditioner preconditioner = xp_whitened_block_preconditioner(&block);
  assert_in_range(count_iterations(&q, &preconditioner, x), 1, 9);
  xp_assert_close(xp_dense_residual(&q, x), 0.0, 1e-12);
  assert_true(count_iterations(&q, NULL, x) > 60);
  xp_whitening_clear(&whitening);
  xp_factor_clear(&factor);
  xp_dense_free(&q);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rosenbrock), cmocka_unit_test(test_loss_not_finite),
      cmocka_unit_test(test_errors),     cmocka_unit_test(test_stop),
      cmocka_unit_test(test_limits),     cmocka_unit_test(test_line_search_failure),
      cmocka_unit_test(test_whitening),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
