/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <math.h>

#include "space/number.h"
#include "space/space.h"

static const xp_place place = {.file = "input.json", .line = 7, .column = 3};
static const char *const bases[3] = {"SBessel", "ChebExpCos", "ChebPow"};

static int setup(void **state) {
  xp_error error = {0};
  return xp_space_new((xp_space **)state, &error) == XP_OK ? 0 : -1;
}

static int teardown(void **state) {
  xp_space_free(*state);
  return 0;
}

/* The space of reference points: real, integer, choice, real on a logarithm. */
static xp_space *filled(void **state) {
  xp_error error = {0};
  xp_space *space = *state;
  xp_assert_ok(xp_space_add_real(space, "rcut", 3.0, 6.0, false, place, &error), &error);
  xp_assert_ok(xp_space_add_integer(space, "n", 1.0, 4.0, false, place, &error), &error);
  xp_assert_ok(xp_space_add_choice(space, "radbase", bases, 3, place, &error), &error);
  xp_assert_ok(xp_space_add_real(space, "dcut", 1e-4, 1e-1, true, place, &error), &error);
  return space;
}

static void maps_units_to_values(void **state) {
  xp_space *space = filled(state);
  double values[4];
  xp_space_sample(space, (double[]){0.5, 0.6, 0.34, 2.0 / 3.0}, values);
  xp_assert_close(values[0], 4.5, 0.0);
  xp_assert_close(values[1], 3.0, 0.0);
  xp_assert_close(values[2], 1.0, 0.0);
  xp_assert_close(values[3], 1e-2, 1e-12);
  xp_space_sample(space, (double[]){0.0, 0.0, 0.0, 0.0}, values);
  xp_assert_close(values[0], 3.0, 0.0);
  xp_assert_close(values[1], 1.0, 0.0);
  xp_assert_close(values[3], 1e-4, 0.0);
  xp_space_sample(space, (double[]){1.0, 1.0, 1.0, 1.0}, values);
  xp_assert_close(values[0], 6.0, 0.0);
  xp_assert_close(values[1], 4.0, 0.0);
  xp_assert_close(values[2], 2.0, 0.0);
  xp_assert_close(values[3], 1e-1, 0.0);
}

static void encodes_values(void **state) {
  xp_space *space = filled(state);
  double coords[4];
  xp_space_encode(space, (double[]){4.5, 3.0, 1.0, 1e-2}, coords);
  xp_assert_close(coords[0], 0.5, 1e-15);
  xp_assert_close(coords[1], 2.0 / 3.0, 1e-15);
  xp_assert_close(coords[2], 1.0, 0.0);
  xp_assert_close(coords[3], 2.0 / 3.0, 1e-15);
}

/* A value that was decoded is a fixed point: encoding and decoding it again changes no bit. */
static void decoding_is_stable(void **state) {
  xp_space *space = filled(state);
  xp_error error = {0};
  xp_assert_ok(xp_space_add_integer(space, "functions", 10.0, 5000.0, true, place, &error), &error);
  xp_assert_ok(xp_space_add_real(space, "shift", -1e-3, 2e7, false, place, &error), &error);
  xp_test_random random = {5};
  for (int sample = 0; sample < 2000; ++sample) {
    double unit[6], values[6], coords[6];
    for (int d = 0; d < 6; ++d) unit[d] = xp_test_uniform(&random, 0.0, 1.0);
    xp_space_sample(space, unit, values);
    xp_space_encode(space, values, coords);
    for (int d = 0; d < 6; ++d) {
      const xp_range *range = xp_space_range(space, d);
      assert_true(xp_range_contains(range, values[d]));
      xp_assert_close(xp_range_decode(range, coords[d]), values[d], 0.0);
      if (range->kind == XP_RANGE_REAL) xp_assert_close(coords[d], unit[d], 1.01e-6);
    }
  }
}

/* Integers and choices: equal chances, also for the ends; a logarithmic integer has the chance of its interval. */
static void discrete_values_are_equally_likely(void **state) {
  xp_space *space = filled(state);
  xp_error error = {0};
  xp_assert_ok(xp_space_add_integer(space, "k", 1.0, 3.0, true, place, &error), &error);
  enum { SAMPLES = 12000 };
  int integers[5] = {0}, choices[3] = {0}, logs[4] = {0};
  for (int sample = 0; sample < SAMPLES; ++sample) {
    double u = (sample + 0.5) / SAMPLES, unit[5] = {u, u, u, u, u}, values[5];
    xp_space_sample(space, unit, values);
    ++integers[(int)values[1]];
    ++choices[(int)values[2]];
    ++logs[(int)values[4]];
  }
  for (int k = 1; k <= 4; ++k) assert_int_equal(integers[k], SAMPLES / 4);
  for (int k = 0; k < 3; ++k) assert_int_equal(choices[k], SAMPLES / 3);
  for (int k = 1; k <= 3; ++k) xp_assert_close(logs[k], SAMPLES * log((k + 0.5) / (k - 0.5)) / log(3.5 / 0.5), 1.0);
}

static void rounds_to_short_decimals(void **state) {
  xp_space *space = filled(state);
  char text[XP_NUMBER_SIZE];
  xp_number_format(xp_range_decode(xp_space_range(space, 0), 1.0 / 3.0), text);
  assert_string_equal(text, "4");
  xp_number_format(xp_range_decode(xp_space_range(space, 0), 0.123456789), text);
  assert_string_equal(text, "3.37037");
  xp_number_format(xp_range_decode(xp_space_range(space, 3), 0.123456789), text);
  assert_string_equal(text, "0.000234623");
}

static void zero_has_one_sign(void **state) {
  xp_space *space = *state;
  xp_error error = {0};
  xp_assert_ok(xp_space_add_integer(space, "n", -5.0, 5.0, false, place, &error), &error);
  xp_assert_ok(xp_space_add_real(space, "x", -5.0, 5.0, false, place, &error), &error);
  for (int d = 0; d < 2; ++d) assert_false(signbit(xp_range_decode(xp_space_range(space, d), 0.5 - 1e-9)));
}

static void numbers_read_back_exactly(void **state) {
  (void)state;
  xp_test_random random = {9};
  char text[XP_NUMBER_SIZE];
  for (int sample = 0; sample < 20000; ++sample) {
    double number = xp_test_uniform(&random, -1.0, 1.0) * pow(10.0, xp_test_integer(&random, 600) - 300);
    xp_number_format(number, text);
    xp_assert_close(strtod(text, NULL), number, 0.0);
  }
  xp_number_format(0.1, text);
  assert_string_equal(text, "0.1");
  xp_number_format(NAN, text);
  assert_string_equal(text, "null");
}

static void counts_its_points(void **state) {
  xp_space *space = *state;
  xp_error error = {0};
  xp_assert_ok(xp_space_add_integer(space, "n", -2.0, 4.0, false, place, &error), &error);
  xp_assert_ok(xp_space_add_choice(space, "radbase", bases, 3, place, &error), &error);
  xp_assert_close(xp_space_size(space), 21.0, 0.0);
  xp_assert_ok(xp_space_add_real(space, "rcut", 3.0, 6.0, false, place, &error), &error);
  assert_true(isinf(xp_space_size(space)));
  assert_int_equal(xp_space_find(space, "radbase"), 1);
  assert_int_equal(xp_space_find(space, "rcutfac"), -1);
}

static void writes_itself_as_text(void **state) {
  xp_error error = {0};
  char *text = NULL;
  xp_assert_ok(xp_space_text(filled(state), &text, &error), &error);
  assert_string_equal(text,
                      "[{\"name\":\"rcut\",\"kind\":\"real\",\"low\":3,\"high\":6,\"scale\":\"linear\"},"
                      "{\"name\":\"n\",\"kind\":\"integer\",\"low\":1,\"high\":4,\"scale\":\"linear\"},"
                      "{\"name\":\"radbase\",\"kind\":\"choice\",\"choices\":[\"SBessel\",\"ChebExpCos\",\"ChebPow\"]},"
                      "{\"name\":\"dcut\",\"kind\":\"real\",\"low\":0.0001,\"high\":0.1,\"scale\":\"log\"}]");
  free(text);
}

static void refuses_nonsense(void **state) {
  xp_space *space = filled(state);
  static const struct {
    const char *name;
    double low, high;
    bool logarithmic, integer;
    const char *sentence;
  } cases[] = {
      {"rcut", 1, 2, false, false, "input.json:7:3: the search range \"rcut\" is given twice"},
      {"", 1, 2, false, false, "expected a name"},
      {"a", 2, 1, false, false, "a: expected low below high, found low 2 and high 1"},
      {"a", 2, 2, false, false, "a: expected low below high"},
      {"a", NAN, 1, false, false, "a: expected finite ends"},
      {"a", 0, INFINITY, false, false, "a: expected finite ends"},
      {"a", -1e308, 1e308, false, false, "a: expected finite ends"},
      {"a", 0, 1, true, false, "a: expected ends above 0 for a logarithmic range, found low 0"},
      {"a", 0.5, 3, false, true, "a: expected whole numbers as ends of an integer range, found 0.5 and 3"},
      {"a", 0, 1e17, false, true, "a: expected whole numbers"},
      {"a", 0, 9, true, true, "a: expected ends above 0"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    xp_error error = {0};
    xp_status (*add)(xp_space *, const char *, double, double, bool, xp_place, xp_error *) =
        cases[i].integer ? xp_space_add_integer : xp_space_add_real;
    assert_int_equal(add(space, cases[i].name, cases[i].low, cases[i].high, cases[i].logarithmic, place, &error),
                     XP_ERROR_INPUT);
    xp_assert_message(&error, cases[i].sentence);
  }
  xp_error error = {0};
  assert_int_equal(xp_space_add_choice(space, "a", bases, 1, place, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "a: expected at least two choices, found 1");
  const char *const twice[3] = {"x", "y", "x"};
  assert_int_equal(xp_space_add_choice(space, "a", twice, 3, place, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "a: the choice \"x\" is given twice");
  assert_int_equal(xp_space_count(space), 4);
}

int main(void) {
#define WITH_SPACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
  const struct CMUnitTest tests[] = {
      WITH_SPACE(maps_units_to_values),     WITH_SPACE(encodes_values),
      WITH_SPACE(decoding_is_stable),       WITH_SPACE(discrete_values_are_equally_likely),
      WITH_SPACE(rounds_to_short_decimals), cmocka_unit_test(numbers_read_back_exactly),
      WITH_SPACE(counts_its_points),        WITH_SPACE(writes_itself_as_text),
      WITH_SPACE(refuses_nonsense),         WITH_SPACE(zero_has_one_sign),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
