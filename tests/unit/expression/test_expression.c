/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <locale.h>
#include <math.h>

#include "expression/expression.h"

static const xp_place place = {.file = "input.json", .line = 7, .column = 3};
static const char *const names[] = {"bonds.ALL.rcut", "bonds.ALL.dcut", "weights.AIMD-NVT.eweight", "fit.kappa[0]",
                                    "x1"};
enum { NNAMES = sizeof names / sizeof *names };
static const double values[NNAMES] = {5.0, 0.5, 100.0, 0.25, -3.0};

static double value_of(const char *text) {
  xp_error error = {0};
  xp_expression *expression;
  xp_assert_ok(xp_expression_new(&expression, text, names, NNAMES, place, &error), &error);
  double value = xp_expression_value(expression, values);
  xp_expression_free(expression);
  return value;
}

static void refused(const char *text, const char *sentence) {
  xp_error error = {0};
  xp_expression *expression;
  assert_int_equal(xp_expression_new(&expression, text, names, NNAMES, place, &error), XP_ERROR_INPUT);
  assert_null(expression);
  xp_assert_message(&error, "input.json:7:3: expression \"");
  xp_assert_message(&error, sentence);
}

static void evaluates_names_and_numbers(void **state) {
  (void)state;
  xp_assert_close(value_of("bonds.ALL.rcut - 2*bonds.ALL.dcut"), 4.0, 1e-15);
  xp_assert_close(value_of("{weights.AIMD-NVT.eweight}/1e2"), 1.0, 1e-15);
  xp_assert_close(value_of("fit.kappa[0] + {fit.kappa[0]}"), 0.5, 1e-15);
  xp_assert_close(value_of("x1^2 + .5"), 9.5, 1e-15);
  xp_assert_close(value_of("-x1*2.5e-1"), 0.75, 1e-15);
  xp_assert_close(value_of("max(1, x1, bonds.ALL.rcut) + log(exp(2)) + cos(_pi)"), 6.0, 1e-14);
  xp_assert_close(value_of("x1 < 0 ? 7 : 8"), 7.0, 0.0);
}

static void compares(void **state) {
  (void)state;
  xp_assert_close(value_of("bonds.ALL.dcut < 0.2 * bonds.ALL.rcut"), 1.0, 0.0);
  xp_assert_close(value_of("bonds.ALL.dcut >= 0.2 * bonds.ALL.rcut"), 0.0, 0.0);
  xp_assert_close(value_of("x1 == -3 && x1 != 4 || x1 <= -10"), 1.0, 0.0);
}

static void undefined_is_nan(void **state) {
  (void)state;
  assert_true(isnan(value_of("sqrt(x1)")));
  assert_true(isnan(value_of("1/(x1 + 3)")));
}

static void values_change(void **state) {
  (void)state;
  xp_error error = {0};
  xp_expression *expression;
  xp_assert_ok(xp_expression_new(&expression, "x1*2", names, NNAMES, place, &error), &error);
  xp_assert_close(xp_expression_value(expression, (double[NNAMES]){0, 0, 0, 0, 4}), 8.0, 0.0);
  xp_assert_close(xp_expression_value(expression, (double[NNAMES]){0, 0, 0, 0, -1}), -2.0, 0.0);
  assert_true(xp_expression_uses(expression, 4));
  assert_false(xp_expression_uses(expression, 0));
  xp_expression_free(expression);
}

static void says_what_is_wrong(void **state) {
  (void)state;
  refused("bonds.ALL.rcut + bonds.ALL.dcutt",
          "unknown name \"bonds.ALL.dcutt\" at character 18; did you mean \"bonds.ALL.dcut\"?");
  refused("{weights.NVT", "the brace has no end at character 1");
  refused("sqr(2)", "unknown function \"sqr\" at character 1; did you mean \"sqrt\"?");
  refused("x1 = 3", "expected a comparison (==), found = at character 4");
  refused("x1 < \"a\"", "there is a character that no expression has, at character 6");
  refused("bonds.ALL.rcut * (x1 + 2", "it is not complete at character 25");
  refused("bonds.ALL.rcut * ) + 2", "it cannot go on with \") + 2\" at character 18");
  refused("bonds.ALL.rcut bonds.ALL.dcut", "it cannot go on with \"bonds.ALL.dcut\" at character 16");
  refused("bonds.ALL.rcut, x1", "expected one value, found 2");
  refused("", "it is not complete at character 1");
  refused("atan2(x1)", "it cannot go on with \")\" at character 9");
  refused("1.2.3", "it cannot go on with \".3\" at character 4");
}

static void numbers_have_points_in_any_locale(void **state) {
  (void)state;
  if (!setlocale(LC_ALL, "de_DE.UTF-8")) skip();
  xp_assert_close(value_of("max(1.5, 0.25)"), 1.5, 0.0);
  setlocale(LC_ALL, "C");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(evaluates_names_and_numbers),
      cmocka_unit_test(compares),
      cmocka_unit_test(undefined_is_nan),
      cmocka_unit_test(values_change),
      cmocka_unit_test(says_what_is_wrong),
      cmocka_unit_test(numbers_have_points_in_any_locale),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
