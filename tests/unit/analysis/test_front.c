/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "past_testing.h"

#include "analysis/front.h"

#define TRIAL(number, loss, metric) \
  "{\"trial\":" number ",\"values\":{\"a\":0.5},\"loss\":" loss ",\"metrics\":{\"cost\":" metric "}}\n"
static const char journal[] =
    "{\"xpot_journal\":1,\"space\":[{\"name\":\"a\",\"kind\":\"real\",\"low\":0,\"high\":1,\"scale\":\"linear\"}]}"
    "\n" TRIAL("1", "3", "1") TRIAL("2", "2", "2") TRIAL("3", "1", "5") TRIAL("4", "2", "3") TRIAL("5", "2", "2")
        TRIAL("6", "0.5", "null")
            TRIAL("7", "4", "9") "{\"trial\":8,\"values\":{\"a\":0.5},\"failed\":\"why\",\"metrics\":{\"cost\":0}}\n";

static void finds_the_minima(void **state) {
  (void)state;
  xp_past *past = xp_test_past(journal);
  int numbers[8], count;
  xp_error error = {0};
  static const int expected[] = {3, 2, 1}; /* 5 is 2 again, 6 has no cost, 8 failed */
  xp_assert_ok(xp_front_find(past, "cost", numbers, &count, &error), &error);
  assert_int_equal(count, 3);
  assert_memory_equal(numbers, expected, sizeof expected);
  xp_past_free(past);
}

static void maximises(void **state) {
  (void)state;
  xp_past *past = xp_test_past(journal);
  int numbers[8], count;
  xp_error error = {0};
  static const int expected[] = {3, 7};
  xp_assert_ok(xp_front_find(past, "-cost", numbers, &count, &error), &error);
  assert_int_equal(count, 2);
  assert_memory_equal(numbers, expected, sizeof expected);
  xp_past_free(past);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(finds_the_minima), cmocka_unit_test(maximises)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
