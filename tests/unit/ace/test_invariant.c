/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The invariants of a product: how many there are (ace.md section 8.1), and finding a polynomial among them. */
#include <math.h>

#include "ace/invariant.h"
#include "coupled_functions.h"

enum { RANK_MAX = 6, TUPLES_MAX = 4096 };

/* Functions of a pattern of equal and different factors, with l up to the largest of pacemaker's table for the rank. */
typedef struct pattern_size {
  const char *classes; /* a digit a factor */
  int lmax, count;
} pattern_size;

static const pattern_size sizes[] = {
    {"00", 10, 11},    {"01", 10, 11},    {"000", 6, 30},     {"001", 6, 64},    {"011", 6, 64},     {"012", 6, 106},
    {"0000", 4, 51},   {"0001", 4, 126},  {"0011", 4, 195},   {"0012", 4, 320},  {"0123", 4, 585},   {"00000", 3, 45},
    {"00001", 3, 144}, {"00011", 3, 258}, {"00012", 3, 447},  {"00112", 3, 650}, {"00123", 3, 1182}, {"01234", 3, 2212},
    {"000000", 2, 22}, {"000001", 2, 53}, {"000011", 2, 108}, {"000111", 2, 123}};

static xp_ace_shape shape_of(const char *classes, const int *ls, int nleft) {
  xp_ace_shape shape;
  memset(&shape, 0, sizeof shape); /* shapes are compared as bytes */
  shape.rank = (int)strlen(classes);
  shape.nleft = nleft;
  for (int t = 0; t < shape.rank; ++t) {
    shape.ls[t] = (signed char)ls[t];
    shape.same[t] = (signed char)t;
    for (int s = t - 1; s >= 0; --s)
      if (classes[s] == classes[t] && ls[s] == ls[t]) shape.same[t] = (signed char)s;
  }
  return shape;
}

static const xp_ace_invariants *find(xp_ace_shapes *shapes, const xp_ace_shape *shape) {
  xp_error error = {0};
  const xp_ace_invariants *invariants = NULL;
  xp_assert_ok(xp_ace_shapes_find(shapes, shape, &invariants, &error), &error);
  return invariants;
}

/* Whether l never falls between factors of one class: every multiset of factors once. */
static bool ordered(const char *classes, const int *ls) {
  for (int t = 1; classes[t]; ++t)
    if (classes[t] == classes[t - 1] && ls[t] < ls[t - 1]) return false;
  return true;
}

static int sum_of(const int *ls, int rank) {
  int sum = 0;
  for (int t = 0; t < rank; ++t) sum += ls[t];
  return sum;
}

static int count_pattern(xp_ace_shapes *shapes, const pattern_size *size, int nleft) {
  int rank = (int)strlen(size->classes), ls[RANK_MAX] = {0}, count = 0;
  for (;;) {
    if (sum_of(ls, rank) % 2 == 0 && ordered(size->classes, ls)) {
      xp_ace_shape shape = shape_of(size->classes, ls, nleft);
      const xp_ace_invariants *invariants = find(shapes, &shape);
      assert_non_null(invariants);
      count += xp_ace_invariants_count(invariants);
    }
    int t = rank - 1;
    while (t >= 0 && ls[t] == size->lmax) ls[t--] = 0;
    if (t < 0) return count;
    ls[t]++;
  }
}

/* The number cannot depend on where the factors are split. */
static void test_sizes(void **state) {
  (void)state;
  for (size_t k = 0; k < sizeof sizes / sizeof *sizes; ++k) {
    int rank = (int)strlen(sizes[k].classes);
    for (int nleft = rank / 2; nleft <= (rank + 1) / 2; ++nleft) {
      xp_error error = {0};
      xp_ace_shapes *shapes = NULL;
      xp_assert_ok(xp_ace_shapes_new(&shapes, &error), &error);
      int count = count_pattern(shapes, &sizes[k], nleft);
      if (count != sizes[k].count)
        fail_msg("pattern %s has %d functions, expected %d", sizes[k].classes, count, sizes[k].count);
      xp_ace_shapes_free(shapes);
    }
  }
}

/* Tuples of the half basis of one coupling. */
typedef struct polynomial {
  int count, ms[TUPLES_MAX];
  double coefficients[TUPLES_MAX];
} polynomial;

static void fill(polynomial *q, int rank, const int *ls, const int *lint) {
  xp_coupling_tree tree = xp_coupling_tree_of(rank);
  int ms[XP_COUPLING_RANK_MAX];
  q->count = 0;
  for (int t = 0; t < rank; ++t) ms[t] = -ls[t];
  do {
    int multiplicity = xp_coupling_multiplicity(ms, rank);
    double g = multiplicity ? multiplicity * xp_coupling_coefficient(&tree, ls, lint, ms) : 0.0;
    if (g == 0.0) continue;
    assert_true((q->count + 1) * rank <= TUPLES_MAX);
    memcpy(q->ms + q->count * rank, ms, (size_t)rank * sizeof(int));
    q->coefficients[q->count++] = g;
  } while (xp_coupling_next(ls, rank, ms));
}

static bool solve(const xp_ace_invariants *invariants, const polynomial *q, double *weights) {
  xp_error error = {0};
  bool exact = false;
  xp_assert_ok(xp_ace_invariants_solve(invariants, q->ms, q->count, q->coefficients, 1, weights, &exact, &error),
               &error);
  return exact;
}

static const int ls4[] = {1, 2, 2, 1}, lint4[] = {3, 3};

static void with_example(void (*check)(const xp_ace_invariants *invariants, polynomial *q)) {
  xp_error error = {0};
  xp_ace_shapes *shapes = NULL;
  polynomial q;
  xp_assert_ok(xp_ace_shapes_new(&shapes, &error), &error);
  xp_ace_shape shape = shape_of("0123", ls4, 2);
  const xp_ace_invariants *invariants = find(shapes, &shape);
  assert_non_null(invariants);
  fill(&q, 4, ls4, lint4);
  check(invariants, &q);
  xp_ace_shapes_free(shapes);
}

/* (1 2)_3 (2 1)_3 has its own tree of left and right parts: one weight. The final coupling to zero has coefficients
 * (-1)^(L-M) / sqrt(2L+1), the dot product (-1)^M. */
static void check_weights(const xp_ace_invariants *invariants, polynomial *q) {
  double weights[64];
  assert_int_equal(xp_ace_invariants_count(invariants), 3);
  assert_true(solve(invariants, q, weights));
  for (int i = 0; i < 3; ++i)
    xp_assert_close(weights[i], xp_ace_invariants_path(invariants, i)->l == 3 ? -1.0 / sqrt(7.0) : 0.0, 1e-14);
}

static void check_changed(const xp_ace_invariants *invariants, polynomial *q) {
  double weights[64];
  for (int k = 0; k < q->count; ++k) {
    double kept = q->coefficients[k];
    q->coefficients[k] = kept + 1e-10;
    assert_false(solve(invariants, q, weights));
    q->coefficients[k] = kept + 1e-15;
    assert_true(solve(invariants, q, weights));
    q->coefficients[k] = kept;
  }
}

/* Tuples that are missing, or whose m do not add up to zero. */
static void check_not_invariant(const xp_ace_invariants *invariants, polynomial *q) {
  double weights[64];
  q->count--;
  assert_false(solve(invariants, q, weights));
  q->count++;
  assert_int_equal(q->ms[0] + q->ms[1] + q->ms[2] + q->ms[3], 0);
  q->ms[0] = q->ms[0] == 1 ? 0 : q->ms[0] + 1;
  assert_false(solve(invariants, q, weights));
}

/* Two sets of coefficients, the second of which alone is broken. */
static void check_sets(const xp_ace_invariants *invariants, polynomial *q) {
  xp_error error = {0};
  double two[2 * TUPLES_MAX], weights[128];
  bool exact = false;
  for (int k = 0; k < q->count; ++k) {
    two[2 * k] = q->coefficients[k];
    two[2 * k + 1] = -3.0 * q->coefficients[k];
  }
  xp_assert_ok(xp_ace_invariants_solve(invariants, q->ms, q->count, two, 2, weights, &exact, &error), &error);
  assert_true(exact);
  for (int i = 0; i < 3; ++i) xp_assert_close(weights[2 * i + 1], -3.0 * weights[2 * i], 1e-14);
  two[1] += 1e-6;
  xp_assert_ok(xp_ace_invariants_solve(invariants, q->ms, q->count, two, 2, weights, &exact, &error), &error);
  assert_false(exact);
}

static void test_weights(void **state) {
  (void)state;
  with_example(check_weights);
}

static void test_changed(void **state) {
  (void)state;
  with_example(check_changed);
}

static void test_not_invariant(void **state) {
  (void)state;
  with_example(check_not_invariant);
}

static void test_sets(void **state) {
  (void)state;
  with_example(check_sets);
}

/* An antisymmetric coupling of equal factors adds up to nothing, but for rounding: it is the combination of no invariant
 * with weight. */
static void test_vanishing(void **state) {
  (void)state;
  const int ls[] = {3, 3, 2, 2}, lint[] = {1, 1};
  xp_error error = {0};
  xp_ace_shapes *shapes = NULL;
  polynomial q;
  double weights[64];
  xp_assert_ok(xp_ace_shapes_new(&shapes, &error), &error);
  xp_ace_shape shape = shape_of("0012", ls, 2);
  const xp_ace_invariants *invariants = find(shapes, &shape);
  assert_non_null(invariants);
  fill(&q, 4, ls, lint);
  assert_true(q.count > 0);
  assert_true(solve(invariants, &q, weights));
  for (int i = 0; i < xp_ace_invariants_count(invariants); ++i) xp_assert_close(weights[i], 0.0, 1e-14);
  xp_ace_shapes_free(shapes);
}

/* Products that nobody has are not worked out. */
static void test_too_large(void **state) {
  (void)state;
  const int large[] = {10, 10, 10, 10}, odd[] = {1, 1, 1};
  xp_error error = {0};
  xp_ace_shapes *shapes = NULL;
  xp_assert_ok(xp_ace_shapes_new(&shapes, &error), &error);
  xp_ace_shape four = shape_of("0123", large, 2), three = shape_of("012", odd, 1);
  assert_null(find(shapes, &four));
  assert_null(find(shapes, &three));
  assert_null(find(shapes, &four)); /* nor the second time */
  xp_ace_shapes_free(shapes);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_sizes),    cmocka_unit_test(test_weights),
                                     cmocka_unit_test(test_changed),  cmocka_unit_test(test_not_invariant),
                                     cmocka_unit_test(test_sets),     cmocka_unit_test(test_vanishing),
                                     cmocka_unit_test(test_too_large)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
