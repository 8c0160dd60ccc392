/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What input files may say, and the sentence for everything else. */
#include "config/config.h"

#include <math.h>

#include "testing/temporary.h"
#include "testing/testing.h"
#include "xpot/file.h"

/* Every mistake is told with the path of its file. */
static xp_status read_text(xp_config **config, const char *text, size_t size, xp_error *error) {
  char *path = xp_test_file_new(text, size);
  xp_status status = xp_config_read(config, path, error);
  if (status != XP_OK) xp_assert_message(error, path);
  xp_test_file_remove(path);
  return status;
}

static xp_config *read_good(const char *text) {
  xp_config *config;
  xp_error error = {0};
  xp_assert_ok(read_text(&config, text, strlen(text), &error), &error);
  return config;
}

#define START "{\"elements\": [\"Si\", \"Ge\"], \"data\": {\"train\": \"t.xyz\"}"

static void test_defaults(void **state) {
  (void)state;
  xp_config *config = read_good(START "}");
  assert_int_equal(config->nelements, 2);
  assert_string_equal(config->elements[1], "Ge");
  assert_string_equal(config->train, "/tmp/t.xyz");
  assert_string_equal(config->output, "/tmp/tuned");
  assert_null(config->validate);
  assert_int_equal(config->kind.value, XP_FIT_QSNAP);
  xp_assert_close(config->rcutfac.value, 4.0, 0.0);
  xp_assert_close(config->radelem[1].value, 0.5, 0.0);
  xp_assert_close(config->groups[0].eweight.value, 100.0, 0.0);
  xp_assert_close(config->rcond.value, 1e-13, 0.0);
  assert_int_equal(xp_space_count(config->space), 0);
  xp_config_free(config);
}

static void test_space(void **state) {
  (void)state;
  xp_config *config = read_good(
      START
      ",\"potential\": {\"kind\": {\"choices\": [\"qsnap\", \"snap\"]}, \"twojmax\": {\"min\": 2, \"max\": 6},"
      "\"rcutfac\": {\"min\": 3, \"max\": 6}, \"wj\": {\"Ge\": {\"min\": 0.2, \"max\": 2}}, \"radelem\": {\"choices\": "
      "[0.4, 0.5]}, \"bzeroflag\": {\"choices\": [true, false]}},"
      "\"weights\": {\"default\": {\"eweight\": {\"min\": 1, \"max\": 1e4, \"scale\": \"log\"}}, \"A\": {\"fweight\": "
      "7},"
      "\"B\": {\"eweight\": {\"min\": 2, \"max\": 3}}}}");
  static const char *const names[] = {"potential.kind",          "potential.twojmax", "potential.rcutfac",
                                      "potential.wj.Ge",         "potential.radelem", "potential.bzeroflag",
                                      "weights.default.eweight", "weights.B.eweight"};
  const double values[] = {1, 4, 5.5, 0.7, 1, 0, 300, 2.5};
  assert_int_equal(xp_space_count(config->space), 8);
  for (int d = 0; d < 8; ++d) assert_string_equal(xp_space_range(config->space, d)->name, names[d]);
  assert_true(xp_space_range(config->space, 6)->logarithmic);
  xp_assert_close(xp_parameter_at(&config->kind, values), XP_FIT_SNAP, 0.0);
  xp_assert_close(xp_parameter_at(&config->twojmax, values), 4.0, 0.0);
  xp_assert_close(xp_parameter_at(&config->wj[0], values), 1.0, 0.0);
  xp_assert_close(xp_parameter_at(&config->wj[1], values), 0.7, 0.0);
  xp_assert_close(xp_parameter_at(&config->radelem[0], values), 0.5, 0.0);
  xp_assert_close(xp_parameter_at(&config->radelem[1], values), 0.5, 0.0);
  xp_assert_close(xp_parameter_at(&config->bzeroflag, values), 1.0, 0.0);
  int a = xp_config_group(config, "A"), b = xp_config_group(config, "B");
  assert_int_equal(xp_config_group(config, "unknown"), 0);
  xp_assert_close(xp_parameter_at(&config->groups[a].eweight, values), 300.0, 0.0);
  xp_assert_close(xp_parameter_at(&config->groups[a].fweight, values), 7.0, 0.0);
  xp_assert_close(xp_parameter_at(&config->groups[b].eweight, values), 2.5, 0.0);
  xp_assert_close(xp_parameter_at(&config->groups[b].fweight, values), 1.0, 0.0);
  xp_config_free(config);
}

typedef struct mistake {
  const char *text, *sentence;
} mistake;

static const mistake mistakes[] = {
    {"", ":1:1: expected JSON"},
    {"{\n \"elements\": [\"Si\"],\n", "expected JSON, found the end of the file"},
    {"{\"elements\": [\"Si\"] \"data\"}", "expected JSON"},
    {"{\"elements\": NaN}", "expected JSON"},
    {"[]", "expected an object, found a list"},
    {"{\"data\": {\"train\": \"t\"}}", "expected \"elements\""},
    {"{\"elements\": [], \"data\": {\"train\": \"t\"}}", "a list of element symbols"},
    {"{\"elements\": [\"Si\", \"Si\"], \"data\": {\"train\": \"t\"}}", "Si is listed twice"},
    {"{\"elements\": [\"S i\"], \"data\": {\"train\": \"t\"}}", "expected an element symbol, found S i"},
    {"{\"elements\": [\"#\"], \"data\": {\"train\": \"t\"}}", "expected an element symbol, found #"},
    {"{\"elements\": [5], \"data\": {\"train\": \"t\"}}", "expected an element symbol, found a number"},
    {"{\"elements\": [\"Si\"]}", "found no file to fit to"},
    {START ",\n  \"potental\": {}}", ":2:3: unknown key \"potental\"; did you mean \"potential\"?"},
    {START ",\n\"potential\": {\n    \"rcutfak\": 4}}",
     ":3:5: unknown key \"rcutfak\" in potential; did you mean \"rcutfac\"?"},
    {START ",\"zzzzzz\": 1}", "known are"},
    {START ",\"potential\": {\"rcutfac\": 4,\n \"rcutfac\": 5}}",
     ":2:2: the key \"rcutfac\" is here a second time (first in line 1)"},
    {START ",\"potential\": 4}", "potential: expected an object, found a number"},
    {START ",\"potential\": {\"rcutfac\": \"4\"}}", "rcutfac: expected a number above 0 to 100"},
    {START ",\"potential\": {\"rcutfac\": 1e400}}", "expected a finite number"},
    {START ",\"potential\": {\"rcutfac\": -1}}", "found -1"},
    {START ",\"potential\": {\"twojmax\": 4.5}}", "expected a whole number from 0 to 14"},
    {START ",\"potential\": {\"twojmax\": 15}}", "found 15"},
    {START ",\"potential\": {\"kind\": \"aec\"}}", "expected \"snap\" or \"qsnap\" or \"ace\""},
    {START ",\"potential\": {\"bzeroflag\": 1}}", "expected true or false"},
    {START ",\"potential\": {\"rcutfac\": {\"min\": 3}}}", "needs both \"min\" and \"max\""},
    {START ",\"potential\": {\"rcutfac\": {\"min\": 6, \"max\": 3}}}", "rcutfac"},
    {START ",\"potential\": {\"rcutfac\": {\"min\": 3, \"maks\": 6}}}", "did you mean \"max\"?"},
    {START ",\"potential\": {\"rcutfac\": {\"min\": 3, \"max\": 600}}}", "found 600"},
    {START ",\"potential\": {\"rcutfac\": {\"min\": 3, \"max\": 6, \"scale\": \"cubic\"}}}", "\"linear\" or \"log\""},
    {START ",\"potential\": {\"rmin0\": {\"min\": 0, \"max\": 6, \"scale\": \"log\"}}}", "rmin0"},
    {START ",\"potential\": {\"twojmax\": {\"choices\": [4]}}}", "twojmax"},
    {START ",\"potential\": {\"twojmax\": {\"choices\": [4, 4]}}}", "twojmax"},
    {START ",\"potential\": {\"twojmax\": {\"choices\": [4, \"a\"]}}}", "found \"a\""},
    {START ",\"potential\": {\"twojmax\": {\"choices\": [4, 6], \"min\": 3}}}",
     "beside \"choices\" only \"when\" and \"otherwise\" are allowed"},
    {START ",\"potential\": {\"kind\": {\"min\": 0, \"max\": 1}}}", "choices"},
    {START ",\"potential\": {\"wj\": {\"Sn\": 1}}}", "\"Sn\" is not in \"elements\""},
    {START ",\"potential\": {\"switchinnerflag\": true}}", "needs both sinner and dinner"},
    {START ",\"potential\": {\"sinner\": 1}}", "act only with"},
    {START ",\"potential\": {\"switchinnerflag\": true, \"sinner\": {\"Si\": 1}, \"dinner\": 1}}", "no value for Ge"},
    {START ",\"weights\": {\"A\": {\"eweigth\": 1}}}", "did you mean \"eweight\"?"},
    {START ",\"weights\": {\"A\": 4}}", "A: expected an object"},
    {START ",\"loss\": {\"alpha\": 1.5}}", "alpha: expected a number from 0 to 1, found 1.5"},
    {START ",\"loss\": {\"alpha\": {\"min\": 0, \"max\": 1}}}", "alpha: expected a number"},
    {START ",\"search\": {\"trials\": 0}}", "found 0"},
    {START ",\"output\": 5}", "output: expected text, found a number"},
    {START ",\"name\": \"a/b\"}", "without \"/\""},
    {START "} more", "expected JSON"},
};

static void test_mistakes(void **state) {
  (void)state;
  for (size_t m = 0; m < sizeof mistakes / sizeof *mistakes; ++m) {
    xp_config *config = NULL;
    xp_error error = {0};
    xp_status status = read_text(&config, mistakes[m].text, strlen(mistakes[m].text), &error);
    if (status != XP_ERROR_INPUT) fail_msg("accepted: %s", mistakes[m].text);
    assert_null(config);
    xp_assert_message(&error, mistakes[m].sentence);
  }
}

/* Cut anywhere, an input is refused in a sentence. */
static void test_truncation(void **state) {
  (void)state;
  const char text[] =
      START ",\"potential\": {\"wj\": {\"Ge\": {\"min\": 0.2, \"max\": 2}}}, \"loss\": {\"alpha\": 0.5}}";
  for (size_t size = 0; size + 1 < sizeof text; ++size) {
    xp_config *config = NULL;
    xp_error error = {0};
    assert_int_equal(read_text(&config, text, size, &error), XP_ERROR_INPUT);
    assert_null(config);
  }
}

/* A byte order mark does not count; brackets without end are refused, not followed. */
static void test_odd_files(void **state) {
  (void)state;
  enum { DEPTH = 100000 };
  xp_config *config = read_good("\xEF\xBB\xBF" START "}");
  assert_string_equal(config->elements[0], "Si");
  xp_config_free(config);
  char *deep = malloc(DEPTH);
  xp_error error = {0};
  assert_non_null(deep);
  memset(deep, '[', DEPTH);
  assert_int_equal(read_text(&config, deep, DEPTH, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "expected JSON");
  free(deep);
}

/* The same meaning in another order or notation has the same fingerprint; another meaning has not. */
static char *fingerprint(const char *text) {
  char *print = NULL;
  size_t size;
  FILE *stream = open_memstream(&print, &size);
  xp_config *config = read_good(text);
  xp_error error = {0};
  xp_assert_ok(xp_config_print_fingerprint(config, stream, &error), &error);
  fclose(stream);
  xp_config_free(config);
  return print;
}

static void test_fingerprint(void **state) {
  (void)state;
  char *a = fingerprint(START ",\"potential\": {\"rcutfac\": 4.5, \"twojmax\": 4}, \"search\": {\"trials\": 5}}");
  char *b = fingerprint(START ",\"search\": {\"trials\": 9}, \"potential\": {\"twojmax\": 4, \"rcutfac\": 4.50}}");
  char *c = fingerprint(START ",\"potential\": {\"rcutfac\": 4.6, \"twojmax\": 4}}");
  char *d =
      fingerprint(START ",\"potential\": {\"rcutfac\": 4.5, \"twojmax\": 4}, \"weights\": {\"A\": {\"fweight\": 2}}}");
  assert_string_equal(a, b);
  assert_string_not_equal(a, c);
  assert_string_not_equal(a, d);
  free(a);
  free(b);
  free(c);
  free(d);
}

/* The published schema is the one the table makes. */
static void test_schema(void **state) {
  (void)state;
  char *published = xp_test_source("docs/xpot-opt.schema.json"), *text = NULL;
  size_t size;
  xp_error error = {0};
  xp_bytes bytes = {0};
  FILE *stream = open_memstream(&text, &size);
  xp_option_print_schema(stream);
  fclose(stream);
  xp_assert_ok(xp_bytes_read(&bytes, published, &error), &error);
  if (strcmp(bytes.data, text) != 0) fail_msg("docs/xpot-opt.schema.json is old: write it with xpot-opt info --schema");
  cJSON *schema = cJSON_Parse(text);
  assert_non_null(schema);
  cJSON_Delete(schema);
  xp_bytes_free(&bytes);
  free(text);
  free(published);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_defaults),    cmocka_unit_test(test_space),
                                     cmocka_unit_test(test_mistakes),    cmocka_unit_test(test_truncation),
                                     cmocka_unit_test(test_fingerprint), cmocka_unit_test(test_schema),
                                     cmocka_unit_test(test_odd_files)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
