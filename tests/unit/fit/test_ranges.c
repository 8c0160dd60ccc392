/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranges of every kind in input files, their conditions, constraints and points to start from. */
#include "config/config.h"

#include <math.h>

#include "testing/temporary.h"
#include "testing/testing.h"

#define START "{\"elements\": [\"Si\", \"Ge\"], \"data\": {\"train\": \"t.xyz\"}"
#define KINDS ",\"potential\": {\"kind\": {\"choices\": [\"qsnap\", \"ace\"]}, \"rcutfac\": {\"min\": 3, \"max\": 6}}"
#define BONDS                                                                                                    \
  ",\"bonds\": {\"ALL\": {\"radbase\": \"tune\", \"radparameters\": [{\"tune\": true, \"when\": "                \
  "{\"bonds.ALL.radbase\": [\"ChebExpCos\", \"ChebPow\"]}, \"otherwise\": 2.5}], \"rcut\": \"tune\", \"dcut\": " \
  "{\"min\": 0.01, \"max\": 3}}}"

/* Every mistake is told with the path of its file. */
static xp_status read_text(xp_config **config, const char *text, xp_error *error) {
  char *path = xp_test_file_new(text, strlen(text));
  xp_status status = xp_config_read(config, path, error);
  if (status != XP_OK) xp_assert_message(error, path);
  xp_test_file_remove(path);
  return status;
}

static xp_config *read_good(const char *text) {
  xp_config *config;
  xp_error error = {0};
  xp_assert_ok(read_text(&config, text, &error), &error);
  return config;
}

static void default_ranges(void **state) {
  (void)state;
  xp_config *config =
      read_good(START ",\"potential\": {\"rcutfac\": \"tune\", \"wj\": {\"Ge\": \"tune\"}}, \"weights\": "
                      "{\"A\": {\"eweight\": \"tune\"}}}");
  assert_int_equal(xp_space_count(config->space), 3);
  xp_assert_close(xp_space_range(config->space, 0)->low, 2.5, 0.0);
  xp_assert_close(xp_space_range(config->space, 0)->high, 8.0, 0.0);
  xp_assert_close(xp_space_range(config->space, 1)->high, 2.0, 0.0);
  assert_true(xp_space_range(config->space, 2)->logarithmic);
  assert_string_equal(xp_space_range(config->space, 1)->name, "potential.wj.Ge");
  xp_config_free(config);
}

/* Every default range is one that its option allows. */
static void default_ranges_are_possible(void **state) {
  (void)state;
  int found = 0;
  for (int i = 0; i < xp_noptions; ++i) {
    const xp_option *o = &xp_options[i];
    if (!xp_option_tune(o)) continue;
    assert_true(o->traits & XP_OPTION_TUNABLE);
    char text[512];
    const char *block = strcmp(o->section, "weights") == 0 ? "default" : "ALL";
    bool keyed = o->traits & XP_OPTION_KEYED;
    snprintf(text, sizeof text,
             "{\"elements\": [\"Si\"], \"data\": {\"train\": \"t\"}%s, \"%s\": {%s%s%s\"%s\": \"tune\"}%s}",
             o->traits & XP_OPTION_ACE && strcmp(o->section, "potential") ? ", \"potential\": {\"kind\": \"ace\"}" : "",
             o->section, keyed ? "\"" : "", keyed ? block : "", keyed ? "\": {" : "", o->name, keyed ? "}" : "");
    xp_config *config = read_good(text);
    assert_int_equal(xp_space_count(config->space), 1);
    xp_config_free(config);
    ++found;
  }
  assert_true(found >= 12);
}

static void ordered_values(void **state) {
  (void)state;
  xp_config *config = read_good(START ",\"potential\": {\"twojmax\": {\"ordered\": [2, 6, 14]}}}");
  assert_int_equal(xp_space_range(config->space, 0)->kind, XP_RANGE_ORDERED);
  xp_assert_close(xp_parameter_at(&config->twojmax, (double[]){2}), 14.0, 0.0);
  xp_config_free(config);
}

/* What is not active is what "otherwise" says; keys of one kind are active for that kind only. */
static void conditions(void **state) {
  (void)state;
  xp_config *config = read_good(START KINDS BONDS "}");
  xp_bond_options bond = xp_config_bond(config, 0, 1);
  const xp_parameter *parameter = &bond.radparameters.values[0];
  assert_int_equal(xp_space_count(config->space), 6);
  int d = xp_space_find(config->space, "bonds.ALL.radparameters[0]"),
      base = xp_space_find(config->space, "bonds.ALL.radbase");
  double values[6] = {1, 4, 0, 5, 6, 1};
  values[d] = 7;
  values[base] = 0;
  xp_assert_close(xp_parameter_at(parameter, values), 2.5, 0.0);
  values[base] = 1;
  xp_assert_close(xp_parameter_at(parameter, values), 7.0, 0.0);
  assert_false(xp_space_active(config->space, values, xp_space_find(config->space, "potential.rcutfac")));
  values[0] = 0; /* qsnap: the bonds are not read */
  xp_assert_close(xp_parameter_at(parameter, values), 2.5, 0.0);
  xp_assert_close(xp_parameter_at(&bond.dcut, values), 0.01, 0.0);
  assert_true(xp_space_active(config->space, values, xp_space_find(config->space, "potential.rcutfac")));
  xp_config_free(config);
}

/* A kind that the input names is not named twice. */
static void conditions_on_kinds_are_one(void **state) {
  (void)state;
  xp_config *config = read_good(
      START KINDS
      ",\"bonds\": {\"ALL\": {\"rcut\": {\"tune\": true, \"when\": {\"potential.kind\": [\"qsnap\", \"ace\"]}}}}}");
  const xp_range *range = xp_space_range(config->space, 2);
  assert_int_equal(range->nconditions, 1);
  assert_int_equal(range->conditions[0].nvalues, 1);
  assert_string_equal(range->conditions[0].texts[0], "ace");
  xp_config_free(config);
}

static void conditions_change_the_fingerprint(void **state) {
  (void)state;
  static const char *const texts[] = {"2", "3"};
  char *prints[2] = {NULL, NULL};
  for (int i = 0; i < 2; ++i) {
    char text[512];
    snprintf(
        text, sizeof text,
        START
        ",\"potential\": {\"bzeroflag\": {\"choices\": [true, false]}, \"twojmax\": {\"min\": 4, \"max\": 8, \"when\": "
        "{\"potential.bzeroflag\": true}, \"otherwise\": %s}}}",
        texts[i]);
    size_t size;
    xp_error error = {0};
    FILE *stream = open_memstream(&prints[i], &size);
    xp_config *config = read_good(text);
    xp_assert_ok(xp_config_print_fingerprint(config, stream, &error), &error);
    fclose(stream);
    xp_config_free(config);
  }
  assert_string_not_equal(prints[0], prints[1]);
  free(prints[0]);
  free(prints[1]);
}

static void constraints_and_starts(void **state) {
  (void)state;
  xp_config *config =
      read_good(START KINDS BONDS ",\"constraints\": [\"bonds.ALL.dcut < 0.2 * bonds.ALL.rcut\"], \"starts\": ["
                                  "{\"potential.kind\": \"ace\", \"bonds.ALL.dcut\": 0.5},"
                                  "{\"potential.rcutfac\": 5.25}]}");
  int n = xp_space_count(config->space), rcutfac = xp_space_find(config->space, "potential.rcutfac");
  const double *first = config->starts, *second = config->starts + n;
  assert_int_equal(config->nstarts, 2);
  xp_assert_close(first[0], 1.0, 0.0);
  xp_assert_close(first[rcutfac], 4.5, 0.0);
  xp_assert_close(first[xp_space_find(config->space, "bonds.ALL.dcut")], 0.5, 0.0);
  xp_assert_close(first[xp_space_find(config->space, "bonds.ALL.rcut")], 6.5, 0.0);
  xp_assert_close(second[rcutfac], 5.25, 0.0);
  assert_true(xp_space_feasible(config->space, first));
  xp_config_free(config);
}

/* What decides a fit can be a range. */
static void options_of_fits_are_tunable(void **state) {
  (void)state;
  for (int i = 0; i < xp_noptions; ++i) {
    const xp_option *o = &xp_options[i];
    bool model = strcmp(o->section, "potential") == 0 || strcmp(o->section, "embeddings") == 0 ||
                 strcmp(o->section, "bonds") == 0 || strcmp(o->section, "functions") == 0 ||
                 strcmp(o->section, "weights") == 0 || strcmp(o->section, "fit") == 0;
    if (!model || !(o->traits & XP_OPTION_RESULT) || strcmp(o->name, "checkpoint") == 0) continue;
    if (!(o->traits & XP_OPTION_TUNABLE)) fail_msg("%s.%s cannot be a range", o->section, o->name);
  }
}

static const struct {
  const char *text, *sentence;
} mistakes[] = {
    {",\"potential\": {\"twojmax\": \"tune\"}}", "twojmax has no default range for \"tune\""},
    {",\"potential\": {\"rcutfac\": {\"tune\": false}}}", "tune: expected true"},
    {",\"loss\": {\"alpha\": \"tune\"}}", "alpha: expected a number from 0 to 1, found \"tune\""},
    {",\"potential\": {\"rcutfac\": {\"tune\": true, \"min\": 3}}}", "beside \"tune\" only \"when\" and \"otherwise\""},
    {",\"potential\": {\"twojmax\": {\"ordered\": 4}}}", "ordered: expected a list, found a number"},
    {",\"potential\": {\"twojmax\": {\"ordered\": [4, 6], \"choices\": [2, 4]}}}",
     "unknown key \"ordered\" in a range"},
    {",\"potential\": {\"rcutfac\": {\"min\": 3, \"max\": 6, \"wen\": {}}}}", "did you mean \"when\"?"},
    {",\"potential\": {\"rcutfac\": {\"min\": 3, \"max\": 6, \"when\": {}}}}", "when: expected an object"},
    {",\"potential\": {\"rcutfac\": {\"min\": 3, \"max\": 6, \"when\": \"ace\"}}}", "when: expected an object"},
    {",\"potential\": {\"rcutfac\": {\"min\": 3, \"max\": 6, \"when\": {\"potential.rfac0\": 1}}}}",
     "when: \"potential.rfac0\" is not the name of a range"},
    {",\"potential\": {\"rcutfac\": {\"min\": 3, \"max\": 6, \"when\": {\"potential.rcutfac\": null}}}}", "found null"},
    {",\"potential\": {\"twojmax\": {\"min\": 3, \"max\": 6, \"when\": {\"potential.twojmax\": 4}}}}", "on itself"},
    {",\"potential\": {\"bzeroflag\": {\"choices\": [true, false]}, \"twojmax\": {\"min\": 3, \"max\": 6, \"when\": "
     "{\"potential.bzeroflag\": []}}}}",
     "expected at least one value of \"potential.bzeroflag\""},
    {",\"potential\": {\"bzeroflag\": {\"choices\": [true, false]}, \"twojmax\": {\"min\": 3, \"max\": 6, \"when\": "
     "{\"potential.bzeroflag\": 1}}}}",
     "\"potential.bzeroflag\" never is 1; known are true, false"},
    {",\"potential\": {\"bzeroflag\": {\"choices\": [true, false]}, \"twojmax\": {\"min\": 3, \"max\": 6, \"when\": "
     "{\"potential.bzeroflag\": true}, \"otherwise\": 2.5}}}",
     "twojmax: expected a whole number"},
    {",\"potential\": {\"rcutfac\": {\"min\": 3, \"max\": 6, \"otherwise\": 4}}}",
     "\"otherwise\" acts only beside \"when\""},
    {",\"weights\": {\"A\": {\"eweight\": {\"tune\": true, \"when\": {\"potential.kind\": \"ace\"}}}}}",
     "eweight: expected \"otherwise\" beside \"when\""},
    {KINDS ",\"bonds\": {\"ALL\": {\"rcut\": {\"tune\": true, \"when\": {\"potential.kind\": \"qsnap\"}}}}}",
     "\"bonds.ALL.rcut\" acts only where \"potential.kind\" is ace"},
    {KINDS ",\"constraints\": \"a < b\"}", "constraints: expected a list of expressions, found text"},
    {KINDS ",\"constraints\": [1]}", "constraints: expected an expression, \"a < 2 * b\", found a number"},
    {KINDS ",\"constraints\": [\"potential.rcutfacc < 5\"]}", "did you mean \"potential.rcutfac\"?"},
    {KINDS ",\"constraints\": [\"potential.rcutfac <\"]}", "it is not complete at character 20"},
    {KINDS ",\"constraints\": [\"potential.kind == 1\"]}", "a choice of words (\"qsnap\")"},
    {",\"potential\": {\"rcutfac\": \"tune\"}, \"constraints\": [\"potential.rcutfac < 2\"]}", "none of 100000 points"},
    {",\"constraints\": [\"1 < 2\"]}", "expected the names of ranges in it"},
    {KINDS ",\"starts\": {}}", "starts: expected a list of objects, found an object"},
    {KINDS ",\"starts\": [4]}", "starts: expected an object"},
    {KINDS ",\"starts\": [{\"potential.rcut\": 4}]}", "\"potential.rcut\" is not the name of a range; did you mean"},
    {KINDS ",\"starts\": [{\"potential.rcutfac\": 7}]}",
     "expected a value of the range \"potential.rcutfac\", found 7"},
    {KINDS ",\"starts\": [{\"potential.kind\": \"snap\"}]}",
     "expected a value of the range \"potential.kind\", found snap"},
    {KINDS ",\"starts\": [{\"potential.kind\": [0]}]}", "found a list"},
    {KINDS ",\"starts\": [{\"potential.kind\": \"ace\", \"potential.rcutfac\": 4}]}",
     "\"potential.rcutfac\" is not active"},
    {KINDS ",\"starts\": [{\"potential.rcutfac\": 4}, {\"potential.rcutfac\": 4.0}]}", "is point 1 once more"},
    {KINDS ",\"constraints\": [\"potential.rcutfac < 4\"], \"starts\": [{}]}", "does not fulfil the constraints"},
};

static void refuses_mistakes(void **state) {
  (void)state;
  for (size_t m = 0; m < sizeof mistakes / sizeof *mistakes; ++m) {
    char text[1024];
    xp_config *config = NULL;
    xp_error error = {0};
    snprintf(text, sizeof text, START "%s", mistakes[m].text);
    if (read_text(&config, text, &error) != XP_ERROR_INPUT) fail_msg("accepted: %s", text);
    xp_assert_message(&error, mistakes[m].sentence);
    xp_assert_message(&error, ":1:");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(default_ranges),
      cmocka_unit_test(default_ranges_are_possible),
      cmocka_unit_test(ordered_values),
      cmocka_unit_test(conditions),
      cmocka_unit_test(conditions_on_kinds_are_one),
      cmocka_unit_test(conditions_change_the_fingerprint),
      cmocka_unit_test(constraints_and_starts),
      cmocka_unit_test(options_of_fits_are_tunable),
      cmocka_unit_test(refuses_mistakes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
