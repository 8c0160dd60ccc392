/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The older text format .ace, for one and for two elements. */
#include "ace_testing.h"

/* Two elements; crad runs over k, then n, then l, for the pairs 00 01 10 11. */
static const char good[] = "# DATE: 2021-04-08 UNITS: metal\n"
                           "\n"
                           "nelements=2\n"
                           "elements: Al Ni\n"
                           "\n"
                           "lmax=1\n"
                           "\n"
                           "embedding-function: FinnisSinclairShiftedScaled\n"
                           "4 FS parameters:  1.000000 1.000000 1.000000 0.500000\n"
                           "core energy-cutoff parameters: 100000.0 250.0\n"
                           "5.0 4.0\n"
                           "E0: 0.5 -0.25\n"
                           "\n"
                           "radbasename=ChebExpCos\n"
                           "nradbase=2\n"
                           "nradmax=1\n"
                           "cutoffmax=6.0\n"
                           "deltaSplineBins=0.001\n"
                           "core repulsion parameters: 1 2\n3 4\n5 6\n7 8\n"
                           "radparameter= 3.1 3.2 3.3 3.4\n"
                           "cutoff= 6.0 5.5 5.5 5\n"
                           "dcut= 0.01 0.02 0.03 0.04\n"
                           "crad= 1 2 3 4\n"
                           " 5 6 7 8 9 10 11 12 13 14 15 16\n"
                           "\n"
                           "rankmax=2\n"
                           "ndensitymax=2\n"
                           "\n"
                           "num_c_tilde_max=5\n"
                           "num_ms_combinations_max=2\n"
                           "total_basis_size_rank1: 1 1 \n"
                           "ctilde_basis_func: rank=1 ndens=2 mu0=0 mu=( 1 )\n"
                           "n=( 2 )\n"
                           "l=( 0 )\n"
                           "num_ms=1\n"
                           "< 0 >:  1.5 -0.5\n"
                           "ctilde_basis_func: rank=1 ndens=2 mu0=1 mu=( 0 )\n"
                           "n=( 1 )\n"
                           "l=( 0 )\n"
                           "num_ms=1\n"
                           "< 0 >:  2.5 3.5\n"
                           "total_basis_size: 1 0 \n"
                           "ctilde_basis_func: rank=2 ndens=2 mu0=0 mu=( 0  1 )\n"
                           "n=( 1  1 )\n"
                           "l=( 1  1 )\n"
                           "num_ms=2\n"
                           "< 0  0 >:  0.1 0.2\n"
                           "< 1  -1 >:  0.3 0.4\n";

static xp_status parse(xp_ace_model **model, const char *text, size_t size, xp_error *error) {
  xp_bytes bytes;
  xp_assert_ok(xp_bytes_copy(&bytes, "test.ace", text, size, error), error);
  xp_error_clear(error);
  xp_status status = xp_ace_parse_ace(model, &bytes, error);
  xp_bytes_free(&bytes);
  return status;
}

static void test_content(void **state) {
  (void)state;
  xp_error error = {0};
  xp_ace_model *model = NULL;
  xp_assert_ok(parse(&model, good, strlen(good), &error), &error);
  assert_string_equal(model->elements[1], "Ni");
  xp_assert_close(model->e0[1], -0.25, 0.0);
  xp_assert_close(model->embeddings[1].rho_core_cutoff, 5.0, 0.0);
  xp_assert_close(model->embeddings[1].fs_parameters[3], 0.5, 0.0);
  const xp_ace_bond *bond = xp_ace_model_bond(model, 1, 0);
  assert_int_equal(bond->radbase, XP_ACE_CHEB_EXP_COS);
  assert_int_equal(bond->inner_cutoff_type, XP_ACE_INNER_DENSITY);
  xp_assert_close(bond->prehc, 5.0, 0.0);
  xp_assert_close(bond->lambdahc, 6.0, 0.0);
  xp_assert_close(bond->radparameters[0], 3.3, 0.0);
  xp_assert_close(bond->rcut, 5.5, 0.0);
  xp_assert_close(bond->dcut, 0.03, 0.0);
  const double expected[] = {9, 11, 10, 12}; /* [l][k] */
  for (int c = 0; c < 4; ++c) xp_assert_close(bond->radcoefficients[c], expected[c], 0.0);
  assert_int_equal(model->nfunctions[0], 2);
  assert_int_equal(model->nfunctions[1], 1);
  assert_int_equal(model->functions[0][1].ms_combs[3], -1);
  xp_assert_close(model->functions[0][1].ctildes[3], 0.4, 0.0);
  xp_ace_model_free(model);
}

static void test_evaluates(void **state) {
  (void)state;
  const char *const elements[] = {"Ni", "Al"};
  xp_error error = {0};
  xp_ace_model *model = NULL;
  xp_test_random random = {3};
  xp_assert_ok(parse(&model, good, strlen(good), &error), &error);
  ace_engine engine;
  ace_engine_open(&engine, model, elements, 2);
  xp_structure *structure = xp_test_structure(&random, 10, 0.0, 2.2, elements, 2);
  ace_engine_compare(&engine, structure, "two elements of a text file");
  xp_structure_free(structure);
  ace_engine_close(&engine);
  xp_ace_model_free(model);
}

static char *edited(const char *part, const char *by) {
  const char *at = strstr(good, part);
  assert_non_null(at);
  char *result = malloc(sizeof good + strlen(by));
  assert_non_null(result);
  sprintf(result, "%.*s%s%s", (int)(at - good), good, by, at + strlen(part));
  return result;
}

/* Two functions whose tuples do not add up to 0, each with its own line. */
static void test_warnings(void **state) {
  (void)state;
  char *once = edited("1  -1 >", "1  0 >");
  char *again = strstr(once, "ctilde_basis_func: rank=2");
  char *twice = malloc(2 * strlen(once) + 1);
  assert_non_null(twice);
  sprintf(twice, "%s%s", once, again);
  strstr(twice, "total_basis_size: 1 0")[strlen("total_basis_size: ")] = '2';
  xp_error error = {0};
  xp_ace_model *model = NULL;
  xp_assert_ok(parse(&model, twice, strlen(twice), &error), &error);
  assert_int_equal(model->nwarnings, 2);
  assert_int_equal(strncmp(model->warnings[0], "test.ace:46: tuple 2", 20), 0);
  assert_int_equal(strncmp(model->warnings[1], "test.ace:52: tuple 2", 20), 0);
  xp_ace_model_free(model);
  free(twice);
  free(once);
}

static void test_refused(void **state) {
  (void)state;
  static const char *const edits[][3] = {
      {"nelements=2", "nelements=0", "test.ace:3:11: expected an integer from 1 to"},
      {"nelements=2", "nelement=2", "test.ace:3:1: expected nelements=, found \"nelement=2\""},
      {"elements: Al Ni", "elements: Al Al", "element Al is listed twice"},
      {"Ni", "Aluminium", "expected an element symbol"},
      {"lmax=1", "lmax=-1", "for lmax"},
      {"lmax=1", "lmax=1.5", "test.ace:6:6: expected an integer from 0 to 64 for lmax, found \"1.5\""},
      {"embedding-function: FinnisSinclairShiftedScaled\n", "", "embedding-function: before exponents other than 1"},
      {"FinnisSinclairShiftedScaled", "Linear", "expected FinnisSinclair or"},
      {"250.0", "1e999", "expected a finite number for drho_core_cutoff, found \"1e999\""},
      {"ChebExpCos", "Bessel", "for radbasename, found \"Bessel\""},
      {"nradbase=2", "nradbase=2000", "as many numbers as nradbase"},
      {"nradbase=2", "nradbase=3", "expected a finite number for crad"},
      {"deltaSplineBins=0.001", "deltaSplineBins=-1", "deltaSplineBins is -1"},
      {"crad= 1 2", "crad= 1 nan", "expected a finite number for crad, found \"nan\""},
      {"total_basis_size_rank1: 1 1", "total_basis_size_rank1: 2000000000 1", "for total_basis_size_rank1:"},
      {"total_basis_size_rank1: 1 1", "total_basis_size_rank1: 2 1", "for mu0, found \"1\""},
      {"rank=1 ndens=2 mu0=0", "rank=2 ndens=2 mu0=0", "for rank, found \"2\""},
      {"mu=( 1 )", "mu=( 2 )", "for mu, found \"2\""},
      {"n=( 2 )", "n=( 3 )", "ns has 3, expected 1 to 2"},
      {"l=( 1  1 )", "l=( 1  2 )", "ls has 2"},
      {"num_ms=2", "num_ms=3", "expected <, found the end of the file"},
      {"num_ms=2", "num_ms=1", "expected the end of the file, found \"<\""},
      {"num_ms=2", "num_ms=1000000000", "for num_ms"},
      {"ndens=2 mu0=0 mu=( 0", "ndens=1 mu0=0 mu=( 0", "expected <"},
      {"1  -1 >", "2  -2 >", "m = 2 beside l = 1"}};
  for (size_t i = 0; i < sizeof edits / sizeof *edits; ++i) {
    xp_error error = {0};
    xp_ace_model *model = NULL;
    char *bad = edited(edits[i][0], edits[i][1]);
    if (parse(&model, bad, strlen(bad), &error) != XP_ERROR_INPUT)
      fail_msg("accepted \"%s\" for \"%s\"", edits[i][1], edits[i][0]);
    assert_null(model);
    xp_assert_message(&error, edits[i][2]);
    free(bad);
  }
}

static void test_truncated(void **state) {
  (void)state;
  for (size_t size = 0; size < strlen(good); ++size) {
    xp_error error = {0};
    xp_ace_model *model = NULL;
    xp_status status = parse(&model, good, size, &error);
    /* digits may be missing from the very last number without a trace */
    assert_true(status == XP_ERROR_INPUT ? error.message[0] && !model : size + 5 > strlen(good));
    xp_ace_model_free(model);
  }
}

static void test_damaged(void **state) {
  (void)state;
  xp_test_random random = {11};
  char text[sizeof good];
  for (int trial = 0; trial < 3000; ++trial) {
    xp_error error = {0};
    xp_ace_model *model = NULL;
    memcpy(text, good, sizeof good);
    for (int k = xp_test_integer(&random, 4); k >= 0; --k)
      text[xp_test_integer(&random, (int)sizeof good - 1)] = (char)xp_test_integer(&random, 256);
    xp_status status = parse(&model, text, sizeof good - 1, &error);
    assert_true((status == XP_OK) == (model != NULL));
    xp_ace_model_free(model);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_content),   cmocka_unit_test(test_evaluates),
                                     cmocka_unit_test(test_warnings),  cmocka_unit_test(test_refused),
                                     cmocka_unit_test(test_truncated), cmocka_unit_test(test_damaged)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
