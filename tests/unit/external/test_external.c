/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Templates, numbers out of files, commands and their limits; HJSON and ranges of XPOT. */
#include "external/process.h"
#include "external/reading.h"
#include "external/template.h"
#include "testing/temporary.h"
#include "testing/testing.h"
#include "xpot_input/hjson.h"
#include "xpot_input/skopt.h"

static const char *const names[] = {"a", "long.name"}, *const values[] = {"1.5", "T"};
static const xp_template_names two = {names, 2};

static void expect_filled(const char *text, const char *expected) {
  char *filled;
  xp_error error = {0};
  assert_int_equal(xp_template_fill(&filled, text, &two, values, &error), XP_OK);
  assert_string_equal(filled, expected);
  free(filled);
}

static void test_templates(void **state) {
  (void)state;
  expect_filled("x={{a}}, {{ long.name }}.", "x=1.5, T.");
  expect_filled("{a} } }} { {{{{a}}", "{a} } }} { {{a}}");
  expect_filled("{{{a}} {{long.name}}}", "{1.5 T}");
  expect_filled("{{a}}{{a}}", "1.51.5");
  expect_filled("", "");
}

static void expect_place(const char *text, const char *message) {
  xp_error error = {0};
  xp_place start = {"file", 1, 1};
  assert_int_equal(xp_template_write(text, strlen(text), start, &two, NULL, NULL, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, message);
}

static void test_template_errors(void **state) {
  (void)state;
  expect_place("one\ntwo {{b}}", "file:2:5: {{b}} is no parameter");
  expect_place("{{a} }", "file:1:1: expected {{NAME}}");
  expect_place("x {{a\n}}", "file:1:3: expected {{NAME}}");
}

static double read_from(const char *text, xp_metric_source source, xp_status expected) {
  double number = 0.0;
  xp_error error = {0};
  char *folder = xp_test_folder_new("/tmp");
  assert_int_equal(xp_file_write(xp_test_in_folder(folder, "f"), text, strlen(text), &error), XP_OK);
  source.name = "m";
  source.file = "f";
  assert_int_equal(xp_reading_number(&source, folder, &number, &error), expected);
  xp_test_folder_remove(folder);
  return number;
}

static void test_readings(void **state) {
  (void)state;
  const char *log = "rmse 1\nrmse 2e-1 eV\nlast\n", *json = "{\"a\": [1, {\"b/c\": 4, \"~\": 5}]}";
  const char *csv = "name,e, f\none,1,\"2\"\ntwo,3,4\n", *blanks = "# name e\none 1\ntwo 3\n";
  assert_float_equal(read_from(log, (xp_metric_source){.pattern = "rmse +([-0-9.e]+)"}, XP_OK), 0.2, 0.0);
  assert_float_equal(read_from("7", (xp_metric_source){.pattern = "[0-9]"}, XP_OK), 7.0, 0.0);
  read_from(log, (xp_metric_source){.pattern = "none ([0-9])"}, XP_ERROR_INPUT);
  read_from("rmse inf", (xp_metric_source){.pattern = "rmse (.*)"}, XP_ERROR_INPUT);
  assert_float_equal(read_from(json, (xp_metric_source){.pointer = "/a/0"}, XP_OK), 1.0, 0.0);
  assert_float_equal(read_from(json, (xp_metric_source){.pointer = "/a/1/b~1c"}, XP_OK), 4.0, 0.0);
  assert_float_equal(read_from(json, (xp_metric_source){.pointer = "/a/1/~0"}, XP_OK), 5.0, 0.0);
  read_from(json, (xp_metric_source){.pointer = "/a/2"}, XP_ERROR_INPUT);
  read_from("{", (xp_metric_source){.pointer = "/a"}, XP_ERROR_INPUT);
  assert_float_equal(read_from(csv, (xp_metric_source){.column = "f"}, XP_OK), 4.0, 0.0);
  assert_float_equal(read_from(csv, (xp_metric_source){.column = "f", .where = "name=one"}, XP_OK), 2.0, 0.0);
  assert_float_equal(read_from(blanks, (xp_metric_source){.column = "e", .where = "name=one"}, XP_OK), 1.0, 0.0);
  read_from(csv, (xp_metric_source){.column = "g"}, XP_ERROR_INPUT);
  read_from(csv, (xp_metric_source){.column = "f", .where = "name=three"}, XP_ERROR_INPUT);
}

static xp_process_end run(const char *command, double seconds) {
  xp_process_end end;
  xp_error error = {0};
  char *folder = xp_test_folder_new("/tmp");
  assert_int_equal(xp_process_run(command, folder, "c", seconds, &end, &error), XP_OK);
  xp_test_folder_remove_known(folder, (const char *const[]){"c.out", "c.err", NULL});
  return end;
}

static void test_processes(void **state) {
  (void)state;
  assert_int_equal(run("exit 0", 0.0).status, 0);
  assert_int_equal(run("exit 7", 10.0).status, 7);
  assert_int_equal(run("kill -9 $$", 0.0).signal, 9);
  assert_true(run("sleep 100", 0.05).late);
  assert_int_equal(run("setsid sleep 100 & exit 3", 0.0).status, 3);
}

static cJSON *read_hjson(const char *text, xp_status expected) {
  cJSON *root = NULL;
  xp_bytes bytes = {0};
  xp_error error = {0};
  assert_int_equal(xp_bytes_copy(&bytes, "x.hjson", text, strlen(text), &error), XP_OK);
  assert_int_equal(xp_hjson_parse(&root, &bytes, &error), expected);
  xp_bytes_free(&bytes);
  return root;
}

static void expect_hjson(const char *text, const char *expected) {
  cJSON *root = read_hjson(text, XP_OK);
  char *printed = cJSON_PrintUnformatted(root);
  assert_string_equal(printed, expected);
  free(printed);
  cJSON_Delete(root);
}

static void test_hjson(void **state) {
  (void)state;
  expect_hjson("{a: 1, b: [1, 2,\n 3 # c\n], // d\n c: /* e */ text, with comma\n}",
               "{\"a\":1,\"b\":[1,2,3],\"c\":\"text, with comma\"}");
  expect_hjson("a: true\nb: trueish\nc: -1e3\nd: 1 2\ne: null",
               "{\"a\":true,\"b\":\"trueish\",\"c\":-1000,\"d\":\"1 2\",\"e\":null}");
  expect_hjson("{\"k e\": 'it \"is\"', a: 1, a: 2}", "{\"k e\":\"it \\\"is\\\"\",\"a\":2}");
  expect_hjson("{a: '''\none\ntwo'''}", "{\"a\":\"one\\ntwo\"}");
  expect_hjson("[\n]", "[]");
  const char *const bad[] = {"{", "{a", "{a:", "{a: [1", "{a: \"b}", "{} x", "{a: '''b", "{: 1}", "[[[", "{a: /* b"};
  for (size_t b = 0; b < sizeof bad / sizeof *bad; ++b) assert_null(read_hjson(bad[b], XP_ERROR_INPUT));
}

static void test_ranges(void **state) {
  (void)state;
  const struct {
    const char *text, *expected;
  } good[] = {{"skopt.space.Real(3,6)", "{\"min\":3,\"max\":6}"},
              {" skopt.space.Real( 0.1 , 1e1 , prior='log-uniform' ) ", "{\"min\":0.1,\"max\":10,\"scale\":\"log\"}"},
              {"skopt.space.Integer(1,4)", "{\"min\":1,\"max\":4,\"whole\":true}"},
              {"skopt.space.Categorical(['a', \"b\"])", "{\"choices\":[\"a\",\"b\"]}"},
              {"skopt.space.Categorical([4, 6])", "{\"choices\":[4,6]}"}};
  const char *const bad[] = {"skopt.space.Real(3)",          "skopt.space.Real(3,6", "skopt.space.Other(1,2)",
                             "skopt.space.Real(3,6) + 1",    "import skopt",         "skopt.space.Real(f(), 2)",
                             "skopt.space.Categorical(['a)", "skopt.space.",         "skopt.space.Real(1,2,base=3)"};
  cJSON *range;
  xp_error error = {0};
  for (size_t g = 0; g < sizeof good / sizeof *good; ++g) {
    assert_int_equal(xp_skopt_parse(&range, good[g].text, "p", &error), XP_OK);
    char *printed = cJSON_PrintUnformatted(range);
    assert_string_equal(printed, good[g].expected);
    free(printed);
    cJSON_Delete(range);
  }
  for (size_t b = 0; b < sizeof bad / sizeof *bad; ++b)
    assert_int_equal(xp_skopt_parse(&range, bad[b], "p", &error), XP_ERROR_INPUT);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_templates), cmocka_unit_test(test_template_errors),
                                     cmocka_unit_test(test_readings),  cmocka_unit_test(test_processes),
                                     cmocka_unit_test(test_hjson),     cmocka_unit_test(test_ranges)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
