/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

static void a_sentence_and_its_status(void **state) {
  (void)state;
  xp_error error = {0};
  assert_int_equal(xp_error_set(&error, XP_ERROR_IO, "no %s in %d", "file", 7), XP_ERROR_IO);
  assert_int_equal(error.status, XP_ERROR_IO);
  assert_string_equal(error.message, "no file in 7");
  xp_error_clear(&error);
  assert_int_equal(error.status, XP_OK);
  assert_string_equal(error.message, "");
}

static void no_error_object_is_allowed(void **state) {
  (void)state;
  assert_int_equal(xp_error_set(NULL, XP_ERROR_RANGE, "x"), XP_ERROR_RANGE);
  assert_int_equal(xp_error_at(NULL, (xp_place){"f", 1, 1}, "x"), XP_ERROR_INPUT);
  assert_int_equal(xp_error_memory(NULL, "x"), XP_ERROR_MEMORY);
}

static void only_known_places_are_printed(void **state) {
  (void)state;
  xp_error error = {0};
  xp_error_at(&error, (xp_place){"a.yace", 12, 5}, "bad");
  assert_string_equal(error.message, "a.yace:12:5: bad");
  assert_int_equal(error.status, XP_ERROR_INPUT);
  xp_error_at(&error, (xp_place){"a.yace", 12, 0}, "bad");
  assert_string_equal(error.message, "a.yace:12: bad");
  xp_error_at(&error, (xp_place){"a.yace", 0, 5}, "bad");
  assert_string_equal(error.message, "a.yace: bad");
  xp_error_at(&error, (xp_place){NULL, 3, 5}, "bad");
  assert_string_equal(error.message, "bad");
}

static void long_sentences_end_in_dots(void **state) {
  (void)state;
  xp_error error = {0};
  char text[3 * XP_ERROR_SIZE];
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  xp_error_set(&error, XP_ERROR_INPUT, "%s", text);
  assert_int_equal(strlen(error.message), XP_ERROR_SIZE - 1);
  assert_string_equal(error.message + XP_ERROR_SIZE - 4, "...");
  text[XP_ERROR_SIZE - 1] = '\0'; /* the longest that fits */
  xp_error_set(&error, XP_ERROR_INPUT, "%s", text);
  assert_string_equal(error.message, text);
}

static void a_long_path_leaves_room_for_the_reason(void **state) {
  (void)state;
  xp_error error = {0};
  char path[2 * XP_ERROR_SIZE];
  memset(path, 'p', sizeof path - 1);
  path[sizeof path - 1] = '\0';
  xp_error_at(&error, (xp_place){path, 1234567, 89}, "the reason");
  xp_assert_message(&error, "1234567:89: the reason");
}

static void control_bytes_of_a_file_stay_out(void **state) {
  (void)state;
  xp_error error = {0};
  xp_error_set(&error, XP_ERROR_INPUT, "found '%s'", "a\nb\x01\tc\x7f");
  assert_string_equal(error.message, "found 'a?b??c?'");
}

static void an_error_may_quote_itself(void **state) {
  (void)state;
  xp_error error = {0};
  xp_error_set(&error, XP_ERROR_INPUT, "inner");
  xp_error_set(&error, XP_ERROR_NUMERIC, "outer: %s", error.message);
  assert_string_equal(error.message, "outer: inner");
}

static void memory_errors_name_the_purpose(void **state) {
  (void)state;
  xp_error error = {0};
  assert_int_equal(xp_error_memory(&error, "a neighbour list"), XP_ERROR_MEMORY);
  xp_assert_message(&error, "a neighbour list");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sentence_and_its_status),
      cmocka_unit_test(no_error_object_is_allowed),
      cmocka_unit_test(only_known_places_are_printed),
      cmocka_unit_test(long_sentences_end_in_dots),
      cmocka_unit_test(a_long_path_leaves_room_for_the_reason),
      cmocka_unit_test(control_bytes_of_a_file_stay_out),
      cmocka_unit_test(an_error_may_quote_itself),
      cmocka_unit_test(memory_errors_name_the_purpose),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
