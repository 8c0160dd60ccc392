/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model of a known function: its variance shares and its partial dependence are known, too. */
#include "past_testing.h"

#include <math.h>

#include "analysis/dependence.h"
#include "analysis/importance.h"
#include "analysis/sequence.h"

enum { POINTS = 160, NDIMS = 4 };
enum { REAL, LOG, WHOLE, CHOICE };

/* In u = real - 1/2, v = logarithmic coordinate - 1/2 and w = -2, ..., 2: 3u + 4v + 6uv + w/2, nothing of the choice.
 * Variances 9/12, 16/12, 36/144 and 2/4. */
static const double VARIANCE = 9.0 / 12 + 16.0 / 12 + 36.0 / 144 + 0.5;

static double known(const double *values) {
  double u = values[REAL] - 0.5, v = log10(values[LOG]) / 2.0 - 0.5, w = values[WHOLE] - 3.0;
  return 3.0 * u + 4.0 * v + 6.0 * u * v + 0.5 * w;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The search compresses losses above the median m: m + s log1p((loss - m) / s) with s = m - best. Losses are made so that
 * it sees the known function. */
static void expand(double *losses) {
  double sorted[POINTS];
  memcpy(sorted, losses, sizeof sorted);
  qsort(sorted, POINTS, sizeof *sorted, ascending);
  double median = sorted[POINTS / 2], scale = median - sorted[0];
  for (int i = 0; i < POINTS; ++i)
    if (losses[i] > median) losses[i] = median + scale * expm1((losses[i] - median) / scale);
}

static const char header[] =
    "{\"xpot_journal\":1,\"space\":[{\"name\":\"real\",\"kind\":\"real\",\"low\":0,\"high\":1,\"scale\":\"linear\"},"
    "{\"name\":\"log\",\"kind\":\"real\",\"low\":1,\"high\":100,\"scale\":\"log\"},"
    "{\"name\":\"whole\",\"kind\":\"integer\",\"low\":1,\"high\":5,\"scale\":\"linear\"},"
    "{\"name\":\"choice\",\"kind\":\"choice\",\"choices\":[\"x\",\"y\"]}]}\n";

static int setup(void **state) {
  double values[POINTS][NDIMS], losses[POINTS], unit[NDIMS];
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  for (int i = 0; i < POINTS; ++i) {
    xp_sequence_point(i, NDIMS, unit);
    values[i][REAL] = unit[0];
    values[i][LOG] = pow(100.0, unit[1]);
    values[i][WHOLE] = 1.0 + floor(5.0 * unit[2]);
    values[i][CHOICE] = unit[3] > 0.5;
    losses[i] = known(values[i]);
  }
  expand(losses);
  fputs(header, stream);
  for (int i = 0; i < POINTS; ++i)
    fprintf(stream,
            "{\"trial\":%d,\"values\":{\"real\":%.17g,\"log\":%.17g,\"whole\":%g,\"choice\":\"%s\"},\"loss\":%.17g,"
            "\"metrics\":{}}\n",
            i + 1, values[i][REAL], values[i][LOG], values[i][WHOLE], values[i][CHOICE] > 0.0 ? "y" : "x", losses[i]);
  fclose(stream);
  *state = xp_test_past(text);
  free(text);
  return 0;
}

static int teardown(void **state) {
  xp_past_free(*state);
  return 0;
}

static void finds_known_shares(void **state) {
  xp_error error = {0};
  xp_surrogate *surrogate = NULL;
  xp_importance found[NDIMS];
  int order[NDIMS];
  static const int expected_order[NDIMS] = {LOG, REAL, WHOLE, CHOICE};
  const double tolerance = 0.015;
  xp_assert_ok(xp_surrogate_new(&surrogate, *state, &error), &error);
  xp_assert_ok(xp_importance_find(surrogate, found, &error), &error);
  xp_assert_close(found[REAL].first, 9.0 / 12 / VARIANCE, tolerance);
  xp_assert_close(found[LOG].first, 16.0 / 12 / VARIANCE, tolerance);
  xp_assert_close(found[WHOLE].first, 0.5 / VARIANCE, tolerance);
  xp_assert_close(found[CHOICE].first, 0.0, tolerance);
  xp_assert_close(found[REAL].total, (9.0 / 12 + 0.25) / VARIANCE, tolerance);
  xp_assert_close(found[LOG].total, (16.0 / 12 + 0.25) / VARIANCE, tolerance);
  xp_assert_close(found[WHOLE].total, 0.5 / VARIANCE, tolerance);
  xp_assert_close(found[CHOICE].total, 0.0, tolerance);
  xp_importance_rank(found, NDIMS, order);
  assert_memory_equal(order, expected_order, sizeof order);
  xp_surrogate_free(surrogate);
}

/* One sum after the other over all points, as the definition has it. */
static double direct(const xp_surrogate *surrogate, int a, double a_coord, int b, double b_coord) {
  const xp_space *space = xp_surrogate_space(surrogate);
  double sum = 0.0, unit[NDIMS], values[NDIMS], coords[NDIMS], squares[POINTS];
  for (int p = 0; p < XP_DEPENDENCE_POINTS; ++p) {
    xp_sequence_point(p, NDIMS, unit);
    xp_space_sample(space, unit, values);
    xp_space_encode(space, values, coords);
    coords[a] = a_coord;
    if (b >= 0) coords[b] = b_coord;
    memset(squares, 0, sizeof squares);
    for (int d = 0; d < NDIMS; ++d) xp_surrogate_add(surrogate, d, coords[d], squares);
    sum += xp_surrogate_mean(surrogate, squares);
  }
  return xp_surrogate_loss(surrogate, sum / XP_DEPENDENCE_POINTS);
}

static void averages_as_defined(void **state) {
  xp_error error = {0};
  xp_surrogate *surrogate = NULL;
  xp_grid a, b;
  xp_assert_ok(xp_surrogate_new(&surrogate, *state, &error), &error);
  xp_assert_ok(xp_grid_new(&a, xp_surrogate_space(surrogate), LOG, &error), &error);
  xp_assert_ok(xp_grid_new(&b, xp_surrogate_space(surrogate), WHOLE, &error), &error);
  assert_int_equal(a.count, XP_GRID_POINTS);
  assert_int_equal(b.count, 5);
  double *curve = calloc((size_t)a.count, sizeof *curve);
  double *map = calloc((size_t)a.count * (size_t)b.count, sizeof *map);
  xp_assert_ok(xp_dependence_find(surrogate, &a, NULL, curve, &error), &error);
  xp_assert_ok(xp_dependence_find(surrogate, &a, &b, map, &error), &error);
  for (int i = 0; i < a.count; i += 7) {
    xp_assert_close(curve[i], direct(surrogate, LOG, a.coords[i], -1, 0.0), 1e-9);
    for (int j = 0; j < b.count; ++j)
      xp_assert_close(map[i * b.count + j], direct(surrogate, LOG, a.coords[i], WHOLE, b.coords[j]), 1e-9);
  }
  free(curve);
  free(map);
  xp_grid_clear(&a);
  xp_grid_clear(&b);
  xp_surrogate_free(surrogate);
}

/* Below the median nothing is compressed: there the curve is the average of the known function, 4v. */
static void follows_the_function(void **state) {
  xp_error error = {0};
  xp_surrogate *surrogate = NULL;
  xp_grid grid;
  double losses[XP_GRID_POINTS];
  xp_assert_ok(xp_surrogate_new(&surrogate, *state, &error), &error);
  xp_assert_ok(xp_grid_new(&grid, xp_surrogate_space(surrogate), LOG, &error), &error);
  xp_assert_ok(xp_dependence_find(surrogate, &grid, NULL, losses, &error), &error);
  for (int i = 0; i < XP_GRID_POINTS / 2 - 4; ++i)
    xp_assert_close(losses[i], 4.0 * (log10(grid.values[i]) / 2.0 - 0.5), 0.1);
  xp_grid_clear(&grid);
  xp_surrogate_free(surrogate);
}

static void needs_successes(void **state) {
  (void)state;
  xp_error error = {0};
  xp_surrogate *surrogate = NULL;
  xp_past *past = xp_test_past(header);
  assert_int_equal(xp_surrogate_new(&surrogate, past, &error), XP_ERROR_RANGE);
  xp_assert_message(&error, "found 0");
  xp_past_free(past);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(finds_known_shares),
      cmocka_unit_test(averages_as_defined),
      cmocka_unit_test(follows_the_function),
      cmocka_unit_test(needs_successes),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
