/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two file formats: what is read, and one clear sentence for everything else. */
#include "cases.h"
#include "snap/snap_format.h"

/* Two elements, twojmax 2: 6 coefficients each. */
static const char good_coefficients[] = "# UNITS: metal\n"
                                        "\n"
                                        "2 6 # elements, coefficients\n"
                                        "'Ge' 0.5 1\n"
                                        " 1.5 #  B[0]\n"
                                        "-2e-3\n"
                                        "\t3\r\n"
                                        "+.25\n"
                                        "1E2\n"
                                        "0\n"
                                        "Te 0.6 -0.25 # trailing comment\n"
                                        "1\n2\n3\n4\n5\n6\n"
                                        "# End of potential\n"
                                        "anything\n";
static const char good_parameters[] = "# required\n"
                                      "rcutfac 4.67637\n"
                                      "   twojmax   2   # comment\n"
                                      "\n"
                                      "rfac0 0.9\n"
                                      "rmin0 '0.0'\n"
                                      "switchflag 1\nbzeroflag 0\nquadraticflag 0\nchemflag 0\nbnormflag 0\n"
                                      "wselfallflag 0\nswitchinnerflag 1\nsinner 1.3 1.4\ndinner 0.1 0.2\n"
                                      "chunksize 100\nparallelthresh 200\n";

static xp_status parse(xp_snap_model **model, const char *coefficients, const char *parameters, xp_error *error) {
  xp_bytes files[2] = {{0}};
  xp_assert_ok(xp_bytes_copy(&files[0], "A.snapcoeff", coefficients, strlen(coefficients), error), error);
  xp_assert_ok(xp_bytes_copy(&files[1], "A.snapparam", parameters, strlen(parameters), error), error);
  xp_error_clear(error);
  xp_status status = xp_snap_parse(model, &files[0], &files[1], error);
  xp_bytes_free(&files[0]);
  xp_bytes_free(&files[1]);
  return status;
}

static void check_good(const xp_snap_model *model) {
  const xp_snap_parameters *p = &model->parameters;
  assert_int_equal(model->nelements, 2);
  assert_int_equal(model->ncoeff, 6);
  assert_string_equal(model->elements[0].symbol, "Ge");
  assert_true(model->elements[0].coefficients[0] == 1.5 && model->elements[0].coefficients[1] == -2e-3);
  assert_true(model->elements[0].coefficients[3] == 0.25 && model->elements[0].coefficients[4] == 100.0);
  assert_string_equal(model->elements[1].symbol, "Te");
  assert_true(model->elements[1].radelem == 0.6 && model->elements[1].wj == -0.25);
  assert_true(model->elements[1].coefficients[5] == 6.0);
  assert_true(p->rcutfac == 4.67637 && p->twojmax == 2 && p->rfac0 == 0.9 && p->rmin0 == 0.0);
  assert_true(p->switchflag && !p->bzeroflag && !p->quadraticflag && !p->chemflag && !p->bnormflag);
  assert_true(!p->wselfallflag && p->switchinnerflag && p->ninner == 2);
  assert_true(p->sinner[0] == 1.3 && p->sinner[1] == 1.4 && p->dinner[0] == 0.1 && p->dinner[1] == 0.2);
  assert_int_equal(p->chunksize, 100);
  assert_int_equal(p->parallelthresh, 200);
}

static void everything_is_read(void **state) {
  (void)state;
  xp_error error = {0};
  xp_snap_model *model = NULL;
  xp_assert_ok(parse(&model, good_coefficients, good_parameters, &error), &error);
  check_good(model);
  assert_int_equal(model->nwarnings, 0);
  xp_snap_model_free(model);
  xp_assert_ok(parse(&model, good_parameters, good_coefficients, &error), &error); /* swapped */
  check_good(model);
  xp_snap_model_free(model);
}

static void defaults_are_those_of_lammps(void **state) {
  (void)state;
  xp_error error = {0};
  xp_snap_model *model = NULL;
  xp_assert_ok(parse(&model, "1 6\nGe 0.5 1\n1\n2\n3\n4\n5\n6", "rcutfac 4\ntwojmax 2", &error), &error);
  const xp_snap_parameters *p = &model->parameters;
  assert_true(p->rfac0 == 0.99363 && p->rmin0 == 0.0 && p->switchflag && p->bzeroflag);
  assert_true(!p->quadraticflag && !p->chemflag && !p->bnormflag && !p->wselfallflag && !p->switchinnerflag);
  assert_null(p->sinner);
  assert_int_equal(p->chunksize, 32768);
  assert_int_equal(p->parallelthresh, 8192);
  xp_snap_model_free(model);
}

/* A pair of files and words of the sentence they must lead to. NULL: the good file. */
typedef struct misuse {
  const char *coefficients;
  const char *parameters;
  const char *sentence;
} misuse;

#define BLOCK "Ge 0.5 1\n1\n2\n3\n4\n5\n6\n"
#define NEEDED "rcutfac 4\ntwojmax 2\n"

static const misuse misuses[] = {
    /* Header. */
    {"", NULL, "A.snapcoeff:1: expected the number of elements and of coefficients, found no data"},
    {"# only a comment\n\n", NULL, "found no data"},
    {"1\n" BLOCK, NULL, "A.snapcoeff:1:1: expected two integers"},
    {"\n1 6 7\n" BLOCK, NULL, "A.snapcoeff:2:1: expected two integers"},
    {"1 x\n" BLOCK, NULL, "A.snapcoeff:1:3: number of coefficients: expected an integer, found \"x\""},
    {"1.0 6\n" BLOCK, NULL, "A.snapcoeff:1:1: number of elements: expected an integer"},
    {"0 6\n" BLOCK, NULL, "at least one element"},
    {"1 -6\n" BLOCK, NULL, "at least one element"},
    {"1 99999999999\n" BLOCK, NULL, "beyond the range of an integer"},
    {"1 2000000000\n" BLOCK, NULL, "truncated"},
    {"2000000000 2000000000\n" BLOCK, NULL, "truncated"},
    /* Blocks. */
    {"1 6\nGe 0.5 1\n1\n2\n3\n4\n5\n", NULL, "the file ends before coefficient 6 of 6 of Ge"},
    {"1 6\nGe 0.5\n1\n2\n3\n4\n5\n6\n", NULL, "A.snapcoeff:2:1: expected name, radius and weight of element 1"},
    {"1 6\nGe 0.5 1 1\n1\n2\n3\n4\n5\n6\n", NULL, "found 4 words"},
    {"1 6\nGe half 1\n1\n2\n3\n4\n5\n6\n", NULL, "A.snapcoeff:2:4: radius: expected a number, found \"half\""},
    {"1 6\nGe 0.5 w\n1\n2\n3\n4\n5\n6\n", NULL, "A.snapcoeff:2:8: weight: expected a number"},
    {"1 6\nGe 0 1\n1\n2\n3\n4\n5\n6\n", NEEDED, "the radius of Ge is 0"},
    {"1 6\nGermanium 0.5 1\n1\n2\n3\n4\n5\n6\n", NULL, "longer than 7 characters"},
    {"1 6\nGe 0.5 1\n1\n2\n\n4\n5\n6\n7\n", NULL,
     "A.snapcoeff:5: expected coefficient 3 of 6 of Ge, found an empty line"},
    {"1 6\nGe 0.5 1\n1\n2\n# x\n4\n5\n6\n7\n", NULL, "found an empty line or a comment"},
    {"1 6\nGe 0.5 1\n1\n2 3\n3\n4\n5\n6\n", NULL, "A.snapcoeff:4:1: expected coefficient 2 of 6 of Ge, found 2 words"},
    {"1 6\nGe 0.5 1\n1\nnan\n3\n4\n5\n6\n", NULL,
     "A.snapcoeff:4:1: coefficient 2 of 6 of Ge: expected a number, found \"nan\""},
    {"1 6\nGe 0.5 1\n1\n-inf\n3\n4\n5\n6\n", NULL, "found \"-inf\""},
    {"1 6\nGe 0.5 1\n1\n0x10\n3\n4\n5\n6\n", NULL, "found \"0x10\""},
    {"1 6\nGe 0.5 1\n1\n1e400\n3\n4\n5\n6\n", NULL, "1e400 is beyond the range of double precision"},
    {"1 6\nGe 0.5 1\n1\n1.0.0\n3\n4\n5\n6\n", NULL, "expected a number"},
    {"2 6\n" BLOCK BLOCK, NULL, "A.snapcoeff:9:1: a second block of coefficients for Ge"},
    {"2 6\n" BLOCK, NULL, "truncated"},
    /* Parameters. */
    {NULL, "", "A.snapparam:1: the file ends without the keyword rcutfac"},
    {NULL, "rcutfac 4\n", "A.snapparam:1: the file ends without the keyword twojmax"},
    {NULL, NEEDED "rfaco 1\n", "A.snapparam:3:1: unknown keyword \"rfaco\": did you mean rfac0?"},
    {NULL, NEEDED "quadratic 1\n", "did you mean quadraticflag?"},
    {NULL, NEEDED "averyveryveryveryveryveryverylongkeyword 1\n", "unknown keyword"},
    {NULL, NEEDED "diagonalstyle 3\n", "A.snapparam:3:1: diagonalstyle was removed from SNAP in 2019: delete the line"},
    {NULL, NEEDED "rcutfac 5\n", "A.snapparam:3:1: rcutfac is given a second time (first in line 1)"},
    {NULL, "rcutfac\ntwojmax 2\n", "A.snapparam:1:1: rcutfac: expected a value"},
    {NULL, "rcutfac 4 5\ntwojmax 2\n", "A.snapparam:1:11: rcutfac: expected one value, found 2"},
    {NULL, "rcutfac four\ntwojmax 2\n", "A.snapparam:1:9: rcutfac: expected a number, found \"four\""},
    {NULL, "rcutfac nan\ntwojmax 2\n", "rcutfac: expected a number"},
    {NULL, "rcutfac 1e400\ntwojmax 2\n", "beyond the range of double precision"},
    {NULL, "rcutfac -1\ntwojmax 2\n", "A.snapparam:1: rcutfac is -1, expected a number above 0"},
    {NULL, "rcutfac 4\ntwojmax 2.5\n", "A.snapparam:2:9: twojmax: expected an integer, found \"2.5\""},
    {NULL, "rcutfac 4\ntwojmax 15\n", "twojmax is 15, expected 0 to 14"},
    {NULL, "rcutfac 4\ntwojmax -1\n", "twojmax is -1"},
    {NULL, NEEDED "rfac0 0\n", "rfac0 is 0"},
    {NULL, NEEDED "rmin0 -0.1\n", "rmin0 is -0.1"},
    {NULL, NEEDED "rmin0 4\n", "not above rmin0 = 4"},
    {NULL, NEEDED "switchflag 2\n", "A.snapparam:3:12: switchflag: expected 0 or 1, found 2"},
    {NULL, NEEDED "bzeroflag yes\n", "bzeroflag: expected an integer, found \"yes\""},
    {NULL, NEEDED "chunksize 0\n", "chunksize is 0"},
    {NULL, NEEDED "sinner 1 2\ndinner 1 2\n", "switchinnerflag is 0"},
    {NULL, NEEDED "switchinnerflag 1\n", "needs both sinner and dinner"},
    {NULL, NEEDED "switchinnerflag 1\nsinner 1 2\n", "needs both sinner and dinner"},
    {NULL, NEEDED "switchinnerflag 1\nsinner 1 2\ndinner 1\n", "A.snapparam:5:1: dinner has 1 values"},
    {NULL, NEEDED "switchinnerflag 1\nsinner 1 x\ndinner 1 1\n", "A.snapparam:4:10: sinner: expected a number"},
    {NULL, NEEDED "switchinnerflag 1\nsinner 1 2\ndinner 1 0\n", "dinner above 0"},
    /* Both. */
    {NULL, "rcutfac 4\ntwojmax 4\n", "A.snapcoeff:3:1: 6 coefficients an element, but twojmax 4"},
    {NULL, NEEDED "quadraticflag 1\n", "needs 21"},
    {NULL, NEEDED "chemflag 1\n", "needs 41"},
};

static void misuse_is_explained(void **state) {
  (void)state;
  for (size_t m = 0; m < sizeof misuses / sizeof *misuses; ++m) {
    xp_error error = {0};
    xp_snap_model *model = NULL;
    const char *coefficients = misuses[m].coefficients ? misuses[m].coefficients : good_coefficients;
    const char *parameters = misuses[m].parameters ? misuses[m].parameters : good_parameters;
    assert_int_equal(parse(&model, coefficients, parameters, &error), XP_ERROR_INPUT);
    assert_null(model);
    xp_assert_message(&error, misuses[m].sentence);
  }
}

/* Every file cut anywhere before its last number is an error; nothing is read behind the end (sanitizer builds see it). */
static void truncated_files(void **state) {
  (void)state;
  char cut[sizeof good_coefficients];
  size_t needed = (size_t)(strstr(good_coefficients, "6\n# End") - good_coefficients);
  for (size_t size = 0; size < needed; ++size) {
    xp_error error = {0};
    xp_snap_model *model = NULL;
    memcpy(cut, good_coefficients, size);
    cut[size] = '\0';
    assert_int_equal(parse(&model, cut, good_parameters, &error), XP_ERROR_INPUT);
    assert_true(error.message[0] != '\0');
  }
}

static void binary_files(void **state) {
  (void)state;
  xp_test_random random = {99};
  for (int trial = 0; trial < 200; ++trial) {
    xp_error error = {0};
    xp_snap_model *model = NULL;
    char noise[64];
    for (size_t i = 0; i < sizeof noise; ++i) noise[i] = (char)xp_test_integer(&random, 256);
    xp_bytes coefficients = {.name = "A", .data = noise, .size = sizeof noise - 1};
    noise[sizeof noise - 1] = '\0';
    assert_int_equal(xp_snap_parse(&model, &coefficients, &coefficients, &error), XP_ERROR_INPUT);
  }
}

static xp_bytes borrowed(const char *text) {
  return (xp_bytes){.name = "A", .data = (char *)text, .size = strlen(text)};
}

static void kinds_are_told_apart(void **state) {
  (void)state;
  xp_bytes coefficients = borrowed(good_coefficients), parameters = borrowed(good_parameters);
  xp_bytes empty = borrowed("\n# x\n"), yace = borrowed("elements: [Ge]\nE0: [0]\n"),
           old = borrowed("diagonalstyle 3\n");
  assert_true(xp_snap_looks_like_coefficients(&coefficients));
  assert_false(xp_snap_looks_like_coefficients(&parameters));
  assert_false(xp_snap_looks_like_coefficients(&empty));
  assert_false(xp_snap_looks_like_coefficients(&yace));
  assert_true(xp_snap_looks_like_parameters(&parameters));
  assert_true(xp_snap_looks_like_parameters(&old));
  assert_false(xp_snap_looks_like_parameters(&coefficients));
  assert_false(xp_snap_looks_like_parameters(&empty));
  assert_false(xp_snap_looks_like_parameters(&yace));
}

static void check_warning(const char *coefficients, const char *parameters, const char *text) {
  xp_error error = {0};
  xp_snap_model *model = NULL;
  xp_assert_ok(parse(&model, coefficients, parameters, &error), &error);
  assert_int_equal(model->nwarnings, 1);
  if (!strstr(model->warnings[0], text)) fail_msg("expected \"%s\", found \"%s\"", text, model->warnings[0]);
  xp_snap_model_free(model);
}

static void warnings_are_kept(void **state) {
  (void)state;
  const char *one = "1 6\n" BLOCK;
  check_warning(one, NEEDED "rfac0 1.25\n", "rfac0 is 1.25");
  check_warning(one, NEEDED "rmin0 0.5\n", "rmin0 is 0.5");
  check_warning(one, NEEDED "switchflag 0\n", "switchflag is 0");
  check_warning(one, NEEDED "bnormflag 1\n", "bnormflag is 1 and chemflag 0");
}

/* chem-SNAP with twojmax 1: components 000 and 101 for eight labels; (e1, 0, e3) of 101 are equal under e1 <-> e3. */
static void asymmetric_chem_coefficients_are_noticed(void **state) {
  (void)state;
  static const char parameters[] = "rcutfac 4\ntwojmax 1\nchemflag 1\nbnormflag 1\n";
  static const char block[] = " 0.5 1\n0\n1\n2\n3\n4\n3\n5\n6\n7\n3\n4\n6\n7\n6\n7\n8\n9\n";
  char symmetric[256], asymmetric[256];
  snprintf(symmetric, sizeof symmetric, "2 17\nIn%sP%s", block, block);
  snprintf(asymmetric, sizeof asymmetric, "2 17\nIn%sP%s", block, block);
  strstr(asymmetric, "4\n3\n5")[0] = '8';
  xp_error error = {0};
  xp_snap_model *model = NULL;
  xp_assert_ok(parse(&model, symmetric, parameters, &error), &error);
  assert_int_equal(model->nwarnings, 0);
  xp_snap_model_free(model);
  check_warning(asymmetric, parameters, "the chem-SNAP coefficients of In differ by up to 4");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(everything_is_read),  cmocka_unit_test(defaults_are_those_of_lammps),
      cmocka_unit_test(misuse_is_explained), cmocka_unit_test(truncated_files),
      cmocka_unit_test(binary_files),        cmocka_unit_test(kinds_are_told_apart),
      cmocka_unit_test(warnings_are_kept),   cmocka_unit_test(asymmetric_chem_coefficients_are_noticed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
