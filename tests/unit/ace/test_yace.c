/* SPDX-License-Identifier: GPL-2.0-or-later */
/* .yace files: what is read, what is refused and how, and that written files read back the same. */
#include <math.h>

#include "same_model.h"
#include "testing/temporary.h"

static const char good[] =
    "# two elements\n"
    "elements: [Y, No]\n"
    "E0: [0, -1.5]\n"
    "deltaSplineBins: 0.001\n"
    "embeddings:\n"
    "  0: {ndensity: 2, FS_parameters: [1, 1, 1, 0.5], npoti: FinnisSinclairShiftedScaled, rho_core_cutoff: 100000, "
    "drho_core_cutoff: 250}\n"
    "  1: {ndensity: 1, FS_parameters: [1, 1e-05], npoti: FinnisSinclair, rho_core_cutoff: 5, drho_core_cutoff: 5}\n"
    "bonds:\n"
    "  [0, 0]: {nradmax: 1, lmax: 1, nradbasemax: 2, radbasename: SBessel, radparameters: [5.25], "
    "radcoefficients: [[[1, 0.1], [1, -0.2]]], prehc: 0, lambdahc: 0, rcut: 5, dcut: 0.01, rcut_in: 0, dcut_in: 0, "
    "inner_cutoff_type: distance}\n"
    "  ? [0, 1]\n"
    "  : {nradmax: 1, lmax: 1, nradbasemax: 2, radbasename: ChebPow, radparameters: [2], "
    "radcoefficients: [[[1, 0.1], [1, -0.2]]], prehc: 0, lambdahc: 0, rcut: 4.5, dcut: 0.01, "
    "inner_cutoff_type: distance}\n"
    "  [1, 0]:\n"
    "    nradmax: 1\n"
    "    lmax: 1\n"
    "    nradbasemax: 2\n"
    "    radbasename: \"ChebPow\"\n"
    "    radparameters: [2]\n"
    "    radcoefficients: [[[1, 0.1],\n"
    "      [1, -0.2]]]\n"
    "    prehc: -0\n"
    "    lambdahc: 0\n"
    "    rcut: 4.5\n"
    "    dcut: 0.01\n"
    "    inner_cutoff_type: distance\n"
    "  [1, 1]: {nradmax: 1, lmax: 1, nradbasemax: 2, radbasename: TEST_Nothing, radparameters: [], "
    "radcoefficients: [[[1, 0.1], [1, -0.2]]], prehc: 0, lambdahc: 0, rcut: 5, dcut: 0.01, rcut_in: 0, dcut_in: 0, "
    "inner_cutoff_type: distance}\n"
    "functions:\n"
    "  0:\n"
    "    - {mu0: 0, rank: 1, ndensity: 2, num_ms_combs: 1, mus: [0], ns: [2], ls: [0], ms_combs: [0], ctildes: [0.5, "
    "-1]}\n"
    "    - {mu0: 0, rank: 2, ndensity: 2, num_ms_combs: 2, mus: [0, 1], ns: [1, 1], ls: [1, 1], ms_combs: [0, 0, 1, "
    "-1], ctildes: [0.4, 0.2, -0.8, -0.4]}\n"
    "  1: []\n";

static const char acejl[] =
    "elements: [Si]\n"
    "E0: [0]\n"
    "deltaSplineBins: 0.001\n"
    "lmax: 1\n"
    "embeddings:\n"
    "  0: {ndensity: 1, FS_parameters: [1, 1], npoti: FinnisSinclair, rho_core_cutoff: 1e5, drho_core_cutoff: 250}\n"
    "bonds:\n"
    "  [0, 0]: {radbasename: ACE.jl.Basic, rcut: 5, xl: 0.1, xr: 0.9, pl: 2, pr: 2, r0: 2.4, p: 2, maxn: 2, "
    "recursion_coefficients: {A: [1, 1], B: [0, -0.5], C: [0, 0]}}\n"
    "functions:\n"
    "  0:\n"
    "    - {mu0: 0, rank: 1, ndensity: 1, num_ms_combs: 1, mus: [0], ns: [2], ls: [0], ms_combs: [0], ctildes: [0.5]}\n"
    "polypairpot: {rcut: 5, xl: 0.1, xr: 0.9, pl: 2, pr: 2, r0: 2.4, p: 2, maxn: 2, recursion_coefficients: {A: [1, "
    "1], "
    "B: [0, -0.5], C: [0, 0]}, coefficients: {[0, 0]: [1, -1]}}\n"
    "reppot: {coefficients: {[0, 0]: {ri: 1.5, e0: 0.1, A: 2, B: 1}}}\n";

static xp_status parse(xp_ace_model **model, const char *text, size_t size, xp_error *error) {
  xp_bytes bytes;
  xp_assert_ok(xp_bytes_copy(&bytes, "test.yace", text, size, error), error);
  xp_error_clear(error);
  xp_status status = xp_ace_parse_yace(model, &bytes, error);
  xp_bytes_free(&bytes);
  return status;
}

static xp_ace_model *parse_good(const char *text) {
  xp_error error = {0};
  xp_ace_model *model = NULL;
  xp_assert_ok(parse(&model, text, strlen(text), &error), &error);
  return model;
}

/* The text with the first appearance of one part replaced; caller frees. */
static char *edited(const char *text, const char *part, const char *by) {
  const char *at = strstr(text, part);
  assert_non_null(at);
  char *result = malloc(strlen(text) + strlen(by) + 1);
  assert_non_null(result);
  sprintf(result, "%.*s%s%s", (int)(at - text), text, by, at + strlen(part));
  return result;
}

static void test_content(void **state) {
  (void)state;
  xp_ace_model *model = parse_good(good);
  assert_int_equal(model->nelements, 2);
  assert_string_equal(model->elements[0], "Y");
  assert_string_equal(model->elements[1], "No");
  xp_assert_close(model->e0[1], -1.5, 0.0);
  xp_assert_close(model->embeddings[1].fs_parameters[1], 1e-5, 0.0);
  assert_int_equal(model->bonds[1].radbase, XP_ACE_CHEB_POW);
  assert_int_equal(model->bonds[3].radbase, XP_ACE_ZERO);
  xp_assert_close(model->bonds[1].rcut_in, 0.0, 0.0);
  xp_assert_close(model->bonds[2].radcoefficients[3], -0.2, 0.0);
  assert_int_equal(model->nfunctions[0], 2);
  assert_int_equal(model->nfunctions[1], 0);
  assert_int_equal(model->functions[0][1].ms_combs[3], -1);
  xp_assert_close(model->functions[0][1].ctildes[2], -0.8, 0.0);
  assert_int_equal(model->nwarnings, 0);
  xp_ace_model_free(model);
}

static void test_default_inner_type(void **state) {
  (void)state;
  char *text = strdup(good);
  for (int bond = 0; bond < 4; ++bond) {
    char *next = edited(text, bond == 2 ? "    inner_cutoff_type: distance\n" : ", inner_cutoff_type: distance", "");
    free(text);
    text = next;
  }
  xp_ace_model *model = parse_good(text);
  assert_int_equal(model->bonds[3].inner_cutoff_type, XP_ACE_INNER_DENSITY);
  xp_ace_model_free(model);
  free(text);
}

static void test_warning(void **state) {
  (void)state;
  char *text = edited(good, "ms_combs: [0, 0, 1, -1]", "ms_combs: [0, 0, 1, 0]");
  xp_ace_model *model = parse_good(text);
  assert_int_equal(model->nwarnings, 1);
  assert_non_null(strstr(model->warnings[0], "tuple 2 of ms_combs does not add up to 0"));
  xp_ace_model_free(model);
  free(text);
}

/* Every edit gives one sentence with this place and these words. */
static void check_refused(const char *text, const char *const edits[][3], size_t count) {
  for (size_t i = 0; i < count; ++i) {
    xp_error error = {0};
    xp_ace_model *model = NULL;
    char *bad = edited(text, edits[i][0], edits[i][1]);
    if (parse(&model, bad, strlen(bad), &error) != XP_ERROR_INPUT)
      fail_msg("accepted \"%s\" for \"%s\"", edits[i][1], edits[i][0]);
    assert_null(model);
    xp_assert_message(&error, edits[i][2]);
    assert_int_equal(strncmp(error.message, "test.yace:", 10), 0);
    free(bad);
  }
}

static void test_refused(void **state) {
  (void)state;
  static const char *const edits[][3] = {
      {"E0:", "e0:", "test.yace:3:1: ACE potential: unknown key \"e0\"; did you mean \"E0\"?"},
      {"E0: [0, -1.5]\n", "", "key \"E0\" is missing"},
      {"E0: [0, -1.5]\n", "E0: [0, -1.5]\nE0: [0, 0]\n", "test.yace:4:1: ACE potential: key \"E0\" appears twice"},
      {"E0: [0, -1.5]", "E0: [0]", "E0: expected 2 entries, found 1"},
      {"-1.5", "nan", "expected a finite number, found \"nan\""},
      {"-1.5", ".inf", "expected a finite number, found \".inf\""},
      {"-1.5", "1e400", "expected a finite number, found \"1e400\""},
      {"-1.5", "1.5x", "expected a finite number, found \"1.5x\""},
      {"-1.5", "[1]", "expected a single value, found a list"},
      {"[Y, No]", "[]", "elements: expected 1 to"},
      {"[Y, No]", "Y", "elements: expected a list"},
      {"[Y, No]", "[Y, Y]", "element Y is listed twice"},
      {"[Y, No]", "[Y, Silicon14]", "too long"},
      {"[Y, No]", "[Y, \"a b\"]", "not an element symbol"},
      {"deltaSplineBins: 0.001", "deltaSplineBins: 0", "deltaSplineBins is 0"},
      {"deltaSplineBins: 0.001", "deltaSplineBins: 1e-12", "deltaSplineBins is 1e-12"},
      {"deltaSplineBins: 0.001", "deltaSplineBins: 6", "below one bin"},
      {"rcut: 5", "rcut: 1e9", "rcut is 1e+09"},
      {"  0: {ndensity: 2,", "  2: {ndensity: 2,", "species is 2, expected 0 to 1"},
      {"  0: {ndensity: 2,", "  1: {ndensity: 2,", "embeddings: key 1 appears twice"},
      {"ndensity: 2", "ndensity: 2.0", "expected an integer, found \"2.0\""},
      {"ndensity: 2", "ndensity: 99999999999", "expected an integer"},
      {"ndensity: 2", "ndensity: -1", "ndensity is -1"},
      {"ndensity: 2", "ndensity: 3", "FS_parameters: expected 6 entries, found 4"},
      {"1, 0.5]", "1, 0]", "exponent of density 2 is 0"},
      {"npoti: FinnisSinclair,", "npoti: FinnisSinclairr,", "npoti: expected FinnisSinclair or"},
      {"  [0, 0]: {", "  [0, 5]: {", "species is 5"},
      {"  [0, 0]: {", "  [0, 1]: {", "bonds: key [0, 1] appears twice"},
      {"  [0, 0]: {", "  [0]: {", "expected a key [i, j]"},
      {"  [0, 0]: {", "  0: {", "expected a list, found a single value"},
      {"radbasename: SBessel", "radbasename: Sbessel", "radbasename: expected ChebExpCos"},
      {"radbasename: SBessel, ", "", "key \"radbasename\" is missing"},
      {"radbasename: SBessel", "radbasename: [SBessel]", "expected a single value"},
      {"nradmax: 1", "nradmax: 2", "radcoefficients: expected 2 entries (nradmax), found 1"},
      {"nradmax: 1", "nradmax: 1000000000", "nradmax is 1000000000, expected 0 to"},
      {"lmax: 1", "lmax: 2", "radcoefficients: expected 3 entries (lmax + 1), found 2"},
      {"nradbasemax: 2", "nradbasemax: 3", "radcoefficients: expected 3 entries (nradbasemax), found 2"},
      {"[1, 0.1]", "[1, x]", "expected a finite number, found \"x\""},
      {"radparameters: [2]", "radparameters: []", "radparameters is empty"},
      {"rcut: 5", "rcut: 0", "rcut is 0"},
      {"dcut: 0.01", "dcut: -1", "dcut is -1"},
      {"dcut_in: 0", "dcut_in: -1", "dcut_in is -1"},
      {"inner_cutoff_type: distance", "inner_cutoff_type: zbl", "all bonds must have the same inner_cutoff_type"},
      {"inner_cutoff_type: distance", "inner_cutoff_type: far", "expected density, distance or zbl, found \"far\""},
      {"radbasename: SBessel", "radbasename: ACE.jl.Basic", "unknown key \"nradmax\""},
      {"  1: []\n", "", "functions: key 1 is missing"},
      {"  1: []\n", "  1: 3\n", "functions: expected a list"},
      {"mu0: 0, rank: 1", "mu0: 1, rank: 1", "mu0 is 1, the function stands under species 0"},
      {"rank: 1", "rank: 2", "mus: expected 2 entries, found 1"},
      {"rank: 1", "rank: 0", "expected a rank from 1"},
      {"rank: 1", "rank: 100000", "expected a rank from 1"},
      {"num_ms_combs: 1", "num_ms_combs: 2000000000", "ms_combs: expected 2000000000 entries, found 1"},
      {"num_ms_combs: 1", "num_ms_combs: -1", "a number of tuples not below 0"},
      {"ndensity: 2, num_ms_combs: 1", "ndensity: 1, num_ms_combs: 1", "ctildes: expected 1 entries, found 2"},
      {"ndensity: 2, num_ms_combs: 1", "ndensity: -1, num_ms_combs: 1", "test.yace:28:35: function 1 of Y: expected"},
      {"mus: [0]", "mus: [2]", "mus has species 2, expected 0 to 1"},
      {"ns: [2]", "ns: [3]", "ns has 3, expected 1 to 2 (nradbasemax of bond [0, 0])"},
      {"ns: [2]", "ns: [0]", "ns has 0"},
      {"ls: [0]", "ls: [1]", "ls has 1, expected 0 to 0"},
      {"ns: [1, 1]", "ns: [1, 2]", "ns has 2, expected 1 to 1 (nradmax of bond [0, 1])"},
      {"ls: [1, 1]", "ls: [1, 2]", "ls has 2, expected 0 to 1"},
      {"0, 1, -1]", "0, 2, -2]", "ms_combs has m = 2 beside l = 1"},
      {"0, 1, -1]", "0, 1]", "ms_combs: expected 4 entries, found 3"},
      {"0.5, -1]}", "0.5, -inf]}", "expected a finite number"},
      {"elements:", "elements: &a", "anchors and aliases"},
      {"[Y, No]", "*a", "anchors and aliases"},
      {"  1: []\n", "  1: []\n---\nelements: []\n", "second YAML document"},
      {"  1: []\n", "  1: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]\n", "nested deeper"},
      {"E0: [0, -1.5]", "E0: [0, -1.5", "not valid YAML"}};
  check_refused(good, edits, sizeof edits / sizeof *edits);
}

static void test_refused_acejl(void **state) {
  (void)state;
  static const char *const edits[][3] = {
      {"lmax: 1\n", "", "need lmax at the top level"},
      {"lmax: 1\n", "lmax: 1000\n", "lmax is 1000"},
      {"maxn: 2", "maxn: 3", "A: expected 3 entries, found 2"},
      {"maxn: 2", "maxn: 0", "maxn is 0"},
      {"xl: 0.1, ", "", "key \"xl\" is missing"},
      {"C: [0, 0]}", "D: [0, 0]}", "unknown key \"D\""},
      {"pl: 2", "pl: -1", "pl is -1"},
      {"pr: 2", "pr: 1.5", "pr is 1.5"},
      {"coefficients: {[0, 0]: [1, -1]}", "coefficients: {}", "key [0, 0] is missing"},
      {"[1, -1]", "[1]", "expected 2 entries, found 1"},
      {"ri: 1.5", "ri: -1", "ri is -1"},
      {"polypairpot: {rcut: 5", "polypairpot: {rcut: 0", "polypairpot: rcut is 0"}};
  check_refused(acejl, edits, sizeof edits / sizeof *edits);
}

/* Cut off anywhere, a file is an error or (a comment or blank less) still whole; never more. */
static void test_truncated(void **state) {
  (void)state;
  const char *const texts[] = {good, acejl};
  for (int t = 0; t < 2; ++t)
    for (size_t size = 0; size < strlen(texts[t]); ++size) {
      xp_error error = {0};
      xp_ace_model *model = NULL;
      xp_status status = parse(&model, texts[t], size, &error);
      assert_true(status == XP_OK || (status == XP_ERROR_INPUT && error.message[0] && !model));
      assert_true(status == XP_ERROR_INPUT || size > strlen(texts[t]) / 2);
      xp_ace_model_free(model);
    }
}

/* Damaged bytes are an error or another valid file, never a crash. */
static void test_damaged(void **state) {
  (void)state;
  xp_test_random random = {7};
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

static void write_and_compare(const xp_ace_model *model) {
  char *path = xp_test_file_new("", 0);
  xp_error error = {0};
  xp_ace_model *again = NULL;
  xp_bytes bytes;
  xp_assert_ok(xp_ace_write_yace(model, path, &error), &error);
  xp_assert_ok(xp_bytes_read(&bytes, path, &error), &error);
  xp_test_file_remove(path);
  xp_assert_ok(xp_ace_parse_yace(&again, &bytes, &error), &error);
  ace_test_assert_same(model, again);
  xp_ace_model_free(again);
  xp_bytes_free(&bytes);
}

static void test_round_trip(void **state) {
  (void)state;
  const char *const texts[] = {good, acejl};
  for (int t = 0; t < 2; ++t) {
    xp_ace_model *model = parse_good(texts[t]);
    write_and_compare(model);
    xp_ace_model_free(model);
  }
  for (int radial = XP_ACE_CHEB_EXP_COS; radial <= XP_ACE_ZERO; ++radial) {
    ace_options options = {3, (xp_ace_radial_type)radial, XP_ACE_INNER_DENSITY, XP_ACE_FINNIS_SINCLAIR, 2, 77};
    xp_ace_model *model = ace_test_model(&options);
    write_and_compare(model);
    xp_ace_model_free(model);
  }
}

static void test_write_error(void **state) {
  (void)state;
  xp_ace_model *model = parse_good(good);
  xp_error error = {0};
  assert_int_equal(xp_ace_write_yace(model, "/nonexistent/folder/x.yace", &error), XP_ERROR_IO);
  xp_ace_model_free(model);
}

/* The numbers of functions and tuples of the published files. */
static void test_published(void **state) {
  (void)state;
  static const struct {
    const char *path;
    int nelements, functions, tuples;
  } files[] = {{"conformance/potentials/XPOT-Si.yace", 1, 2771, 18374},
               {"conformance/potentials/XPOT-Sb2Te3.yace", 2, 898, 2099}};
  for (int i = 0; i < 2; ++i) {
    char *path = xp_test_shared(files[i].path);
    if (!path) skip();
    xp_error error = {0};
    xp_bytes bytes;
    xp_ace_model *model = NULL;
    xp_assert_ok(xp_bytes_read(&bytes, path, &error), &error);
    xp_assert_ok(xp_ace_parse_yace(&model, &bytes, &error), &error);
    int tuples = 0;
    for (int f = 0; f < model->nfunctions[0]; ++f) tuples += model->functions[0][f].num_ms_combs;
    assert_int_equal(model->nelements, files[i].nelements);
    assert_int_equal(model->nfunctions[0], files[i].functions);
    assert_int_equal(tuples, files[i].tuples);
    write_and_compare(model);
    xp_ace_model_free(model);
    xp_bytes_free(&bytes);
    free(path);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_content),       cmocka_unit_test(test_default_inner_type),
                                     cmocka_unit_test(test_warning),       cmocka_unit_test(test_refused),
                                     cmocka_unit_test(test_refused_acejl), cmocka_unit_test(test_truncated),
                                     cmocka_unit_test(test_damaged),       cmocka_unit_test(test_round_trip),
                                     cmocka_unit_test(test_write_error),   cmocka_unit_test(test_published)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
