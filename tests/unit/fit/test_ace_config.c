/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an input for ACE means: blocks and their precedence, lists, defaults, ranges, and the sentence for everything else. */
#include <math.h>

#include "config/ace_input.h"
#include "testing/temporary.h"
#include "testing/testing.h"
#include "xpot/file.h"

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

/* Not in alphabetical order. */
#define DATA "{\"elements\": [\"Te\", \"Sb\"], \"data\": {\"train\": \"t.xyz\"}"
#define START DATA ", \"potential\": {\"kind\": \"ace\"}"

/* Smallest distances of Te-Te, Te-Sb, Sb-Te, Sb-Sb. */
static const double shortest[] = {2.7, 2.6, 2.6, INFINITY};

static xp_ace_input resolve(const xp_config *config, const double *values) {
  xp_ace_input input;
  xp_error error = {0};
  xp_assert_ok(xp_ace_input_new(&input, config, values, shortest, &error), &error);
  return input;
}

static void test_defaults(void **state) {
  (void)state;
  xp_config *config = read_good(START "}");
  xp_ace_input input = resolve(config, NULL);
  assert_string_equal(input.elements[0], "Sb");
  assert_string_equal(input.elements[1], "Te");
  assert_int_equal(input.source[0], 1);
  xp_assert_close(input.delta_spline_bins, 0.001, 0.0);
  const xp_ace_embedding *embedding = &input.embeddings[1];
  assert_int_equal(embedding->npoti, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED);
  assert_int_equal(embedding->ndensity, 1);
  xp_assert_close(embedding->fs_parameters[1], 1.0, 0.0);
  xp_assert_close(embedding->rho_core_cutoff, 100000.0, 0.0);
  xp_assert_close(embedding->drho_core_cutoff, 250.0, 0.0);
  const xp_ace_bond *bond = &input.bonds[1];
  assert_int_equal(bond->radbase, XP_ACE_SBESSEL);
  assert_string_equal(bond->radbasename, "SBessel");
  assert_int_equal(bond->nradparameters, 1);
  xp_assert_close(bond->radparameters[0], 5.25, 0.0);
  xp_assert_close(bond->rcut, 5.0, 0.0);
  xp_assert_close(bond->dcut, 0.01, 0.0);
  assert_int_equal(bond->nradbasemax, 0);
  assert_int_equal(bond->nradmax, 0);
  assert_int_equal(bond->lmax, -1);
  xp_ace_input_clear(&input);
  xp_config_free(config);
}

/* The pair Sb-Sb does not occur: twice Sb's covalent radius, 1.39 Angstrom. */
static void test_repulsion(void **state) {
  (void)state;
  xp_config *config = read_good(START "}");
  xp_ace_input input = resolve(config, NULL);
  const double starts[] = {2.78, 2.6, 2.6, 2.7};
  for (int p = 0; p < 4; ++p) {
    xp_assert_close(input.bonds[p].rcut_in, starts[p], 1e-15);
    xp_assert_close(input.bonds[p].dcut_in, 0.1, 0.0);
    xp_assert_close(input.bonds[p].prehc, 1.0, 0.0);
    assert_int_equal(input.bonds[p].inner_cutoff_type, XP_ACE_INNER_ZBL);
  }
  xp_ace_input_clear(&input);
  xp_config_free(config);
  config =
      read_good(DATA ",\"potential\": {\"kind\": \"ace\", \"repulsion\": \"given\"}, \"bonds\": {\"Sb\": {\"r_in\": 2,"
                     "\"delta_in\": 0.2, \"core-repulsion\": [100, 3], \"inner_cutoff_type\": \"density\"}}}");
  xp_error error = {0};
  xp_assert_ok(xp_ace_input_new(&input, config, NULL, NULL, &error), &error);
  xp_assert_close(input.bonds[0].rcut_in, 2.0, 0.0);
  xp_assert_close(input.bonds[0].dcut_in, 0.2, 0.0);
  xp_assert_close(input.bonds[0].prehc, 100.0, 0.0);
  xp_assert_close(input.bonds[0].lambdahc, 3.0, 0.0);
  assert_int_equal(input.bonds[0].inner_cutoff_type, XP_ACE_INNER_DENSITY);
  assert_int_equal(input.bonds[3].inner_cutoff_type, XP_ACE_INNER_DISTANCE);
  xp_assert_close(input.bonds[3].prehc, 0.0, 0.0);
  xp_ace_input_clear(&input);
  xp_config_free(config);
}

static void test_precedence(void **state) {
  (void)state;
  xp_config *config = read_good(
      START ",\"bonds\": {\"SbTe\": {\"rcut\": 7}, \"UNARY\": {\"rcut\": 6, \"dcut\": 0.3}, \"ALL\": {\"rcut\": 4, "
            "\"dcut\": 0.2, \"radparameters\": [3, 4]}, \"BINARY\": {\"rcut\": 6.5, \"radbase\": \"ChebPow\"}, \"Te\": "
            "{\"dcut\": 0.4}}, \"embeddings\": {\"Te\": {\"ndensity\": 2}}}");
  xp_ace_input input = resolve(config, NULL); /* Sb Te */
  const double rcut[] = {6.0, 7.0, 7.0, 6.0}, dcut[] = {0.3, 0.2, 0.2, 0.4};
  for (int p = 0; p < 4; ++p) {
    xp_assert_close(input.bonds[p].rcut, rcut[p], 0.0);
    xp_assert_close(input.bonds[p].dcut, dcut[p], 0.0);
    xp_assert_close(input.bonds[p].radparameters[1], 4.0, 0.0);
    assert_int_equal(input.bonds[p].radbase, p == 1 || p == 2 ? XP_ACE_CHEB_POW : XP_ACE_SBESSEL);
  }
  assert_int_equal(input.embeddings[0].ndensity, 1);
  assert_int_equal(input.embeddings[1].ndensity, 2);
  xp_assert_close(input.embeddings[1].fs_parameters[3], 0.5, 0.0);
  xp_ace_input_clear(&input);
  xp_config_free(config);
}

/* Blocks of three elements: 3 of one, 6 of two, 3 of three; each keeps floor(N 3 / 12). */
static void test_functions(void **state) {
  (void)state;
  xp_config *config = read_good(
      "{\"elements\": [\"Te\", \"Sb\", \"Ge\"], \"data\": {\"train\": \"t\"}, \"potential\": {\"kind\": \"ace\", "
      "\"repulsion\": \"given\"}, \"functions\": {\"number_of_functions_per_element\": 101, \"ALL\": "
      "{\"nradmax_by_orders\": [8, 3], \"lmax_by_orders\": [0, 2]}, \"TERNARY\": {\"nradmax_by_orders\": [5, 2]},"
      "\"Sb Te\": {\"number_of_functions\": 7}, \"TeGeSb\": {\"lmax_by_orders\": [0, 1]}, \"Ge\": "
      "{\"nradmax_by_orders\": 9, \"lmax_by_orders\": 0}}}");
  xp_ace_input input;
  xp_error error = {0};
  xp_assert_ok(xp_ace_input_new(&input, config, NULL, NULL, &error), &error);
  assert_int_equal(input.nblocks, 12);
  assert_int_equal(input.blocks[0].nranks, 1); /* Ge */
  assert_int_equal(input.blocks[0].nradmax[0], 9);
  for (int b = 0; b < 12; ++b) {
    const xp_ace_block_request *block = &input.blocks[b];
    bool sb_te = block->centre == 1 && block->nspecies == 2 && block->species[1] == 2;
    assert_int_equal(block->nspecies, b < 3 ? 1 : b < 9 ? 2 : 3);
    assert_int_equal(block->most, sb_te ? 7 : 25);
    assert_int_equal(block->nradmax[0], b == 0 ? 9 : b < 9 ? 8 : 5);
    if (b > 0) assert_int_equal(block->lmax[1], b == 11 ? 1 : 2); /* the last has Te in the centre */
    for (int s = 1; s < block->nspecies; ++s) assert_true(block->species[s] > block->species[s - 1]);
  }
  xp_ace_input_clear(&input);
  xp_config_free(config);
}

static void test_dimensions(void **state) {
  (void)state;
  xp_config *config = read_good(
      START
      ",\"embeddings\": {\"ALL\": {\"ndensity\": {\"min\": 1, \"max\": 2}, \"fs_parameters\": [1, 1, 1, {\"min\": "
      "0.2, \"max\": 0.8}]}}, \"bonds\": {\"SbTe\": {\"rcut\": {\"min\": 5, \"max\": 7}}, \"UNARY\": "
      "{\"radparameters\": {\"min\": 1, \"max\": 9}, \"radbase\": {\"choices\": [\"SBessel\", \"ChebPow\"]}}},"
      "\"functions\": {\"number_of_functions_per_element\": {\"min\": 100, \"max\": 500}, \"BINARY\": "
      "{\"nradmax_by_orders\": [15, {\"min\": 2, \"max\": 6}, 4, 3, 2]}}, \"fit\": {\"kappa\": [{\"min\": 0.5, "
      "\"max\": 0.9}, 0.02], \"L2_coeffs\": {\"min\": 1e-9, \"max\": 1e-3, \"scale\": \"log\"}}}");
  static const char *const names[] = {"embeddings.ALL.ndensity",
                                      "embeddings.ALL.fs_parameters[3]",
                                      "bonds.SbTe.rcut",
                                      "bonds.UNARY.radparameters",
                                      "bonds.UNARY.radbase",
                                      "functions.number_of_functions_per_element",
                                      "functions.BINARY.nradmax_by_orders[1]",
                                      "fit.kappa[0]",
                                      "fit.L2_coeffs"};
  const double values[] = {2, 0.3, 6.5, 4.5, 1, 200, 5, 0.7, 1e-5};
  assert_int_equal(xp_space_count(config->space), 9);
  for (int d = 0; d < 9; ++d) assert_string_equal(xp_space_range(config->space, d)->name, names[d]);
  xp_ace_input input = resolve(config, values);
  xp_assert_close(input.embeddings[0].fs_parameters[3], 0.3, 0.0);
  xp_assert_close(input.bonds[2].rcut, 6.5, 0.0);
  xp_assert_close(input.bonds[0].rcut, 5.0, 0.0);
  xp_assert_close(input.bonds[3].radparameters[0], 4.5, 0.0);
  assert_string_equal(input.bonds[3].radbasename, "ChebPow");
  assert_int_equal(input.blocks[0].most, 100);
  assert_int_equal(input.blocks[0].nradmax[1], 6);
  assert_int_equal(input.blocks[3].nradmax[1], 5);
  xp_ace_fit_settings settings;
  xp_error error = {0};
  xp_assert_ok(xp_ace_fit_settings_of(&settings, config, values, &error), &error);
  xp_assert_close(settings.stages[0].kappa, 0.7, 0.0);
  xp_assert_close(settings.L2_coeffs, 1e-5, 0.0);
  xp_ace_input_clear(&input);
  xp_config_free(config);
}

static xp_ace_fit_settings settings_of(const char *fit) {
  char text[1024];
  snprintf(text, sizeof text, START ", \"fit\": {%s}}", fit);
  xp_config *config = read_good(text);
  xp_ace_fit_settings settings;
  xp_error error = {0};
  xp_assert_ok(xp_ace_fit_settings_of(&settings, config, NULL, &error), &error);
  xp_config_free(config);
  return settings;
}

static void test_settings(void **state) {
  (void)state;
  xp_ace_fit_settings s = settings_of("");
  assert_int_equal(s.nstages, 2);
  assert_false(s.kappa_auto);
  xp_assert_close(s.stages[0].kappa, 0.8, 0.0);
  xp_assert_close(s.stages[1].kappa, 0.02, 0.0);
  assert_int_equal(s.stages[0].iterations, 600);
  assert_int_equal(s.stages[1].iterations, 300);
  xp_assert_close(s.L1_coeffs, 0.0, 0.0);
  xp_assert_close(s.L2_coeffs, 1e-8, 0.0);
  xp_assert_close(s.w_rad[2], 1e-8, 0.0);
  assert_int_equal(s.solver, XP_ACE_SOLVER_LBFGS);
  assert_int_equal(s.linear, XP_ACE_LINEAR_QR);
  assert_int_equal(s.trainable, XP_ACE_TRAIN_ALL);
  assert_int_equal(s.ladder_functions, 0);
  assert_int_equal(s.checkpoint, 50);
  assert_null(s.initial_potential);
  s = settings_of("\"kappa\": 0.3");
  assert_int_equal(s.nstages, 1);
  assert_int_equal(s.stages[0].iterations, 600);
  s = settings_of("\"kappa\": [0.9, 0.5, 0.1], \"iterations\": 40");
  assert_int_equal(s.nstages, 3);
  assert_int_equal(s.stages[2].iterations, 40);
  s = settings_of("\"kappa\": \"auto\", \"iterations\": [10, 20]");
  assert_true(s.kappa_auto);
  assert_int_equal(s.nstages, 2);
  assert_int_equal(s.stages[1].iterations, 20);
  s = settings_of("\"ladder_step\": [0.2, 25], \"ladder_type\": \"body_order\", \"solver\": \"lm\"");
  assert_int_equal(s.ladder_functions, 25);
  xp_assert_close(s.ladder_fraction, 0.2, 0.0);
  assert_int_equal(s.ladder_type, XP_ACE_ORDER_BODY);
  assert_int_equal(s.solver, XP_ACE_SOLVER_LM);
}

typedef struct mistake {
  const char *text, *sentence;
} mistake;

static const mistake mistakes[] = {
    {START ",\n\"bonds\": {\n \"BINRY\": {}}}", ":3:2: bonds: the key \"BINRY\" is neither ALL to BINARY nor made of"},
    {START ",\"bonds\": {\"BINRY\": {}}}", "did you mean \"BINARY\"?"},
    {START ",\"bonds\": {\"TERNARY\": {}}}", "the key \"TERNARY\" is neither ALL to BINARY"},
    {START ",\"bonds\": {\"SbGe\": {}}}", "nor made of symbols in \"elements\""},
    {START ",\"bonds\": {\"\": {}}}", "the key \"\" is neither"},
    {START ",\"bonds\": {\"SbSb\": {}}}", "names Sb twice"},
    {START ",\"bonds\": {\"SbTe\": {}, \"Te Sb\": {}}}", "\"Te Sb\" means the same as \"SbTe\""},
    {START ",\"embeddings\": {\"SbTe\": {}}}", "names 2 elements, expected at most 1"},
    {START ",\"bonds\": {\"ALL\": 4}}", "ALL: expected an object, found a number"},
    {START ",\"bonds\": {\"ALL\": {\n\"rcutt\": 4}}}", ":2:1: unknown key \"rcutt\" in bonds; did you mean \"rcut\"?"},
    {START ",\"functions\": {\"number_of_function_per_element\": 4}}", "\"number_of_functions_per_element\"?"},
    {START ",\"bonds\": {\"ALL\": {\"radparameters\": []}}}", "expected a list of 1 to 16 values, found 0"},
    {START ",\"bonds\": {\"ALL\": {\"radparameters\": [1, \"a\"]}}}", "radparameters: expected a number"},
    {START ",\"bonds\": {\"Sb\": {\"r_in\": 2}}}", "bonds.Sb: r_in, delta_in"},
    {START ",\"fit\": {\"kappa\": [0.5, 1.5]}}", "kappa: expected a number from 0 to 1"},
    {START ",\"fit\": {\"kappa\": \"aut\"}}", "or \"auto\""},
    {START ",\n\"fit\": {\"initial_potential\": \"absent.yaml\"}}", ":2:9: "},
    {DATA ",\"potential\": {\"kind\": \"ace\",\n \"twojmax\": 4}}",
     ":2:2: twojmax acts only with potential.kind \"snap\" or \"qsnap\""},
    {DATA ",\n\"bonds\": {}}", ":2:1: bonds acts only with potential.kind \"ace\""},
    {DATA ",\"fit\": {\"kappa\": 0.1}}", "kappa acts only with"},
    {"{\"elements\": [\"A\", \"B\", \"C\", \"D\", \"E\", \"F\", \"G\", \"H\", \"I\"], \"data\": {\"train\": \"t\"}, "
     "\"potential\": {\"kind\": \"ace\"}}",
     "at most 8"}};

static void test_mistakes(void **state) {
  (void)state;
  for (size_t m = 0; m < sizeof mistakes / sizeof *mistakes; ++m) {
    xp_config *config = NULL;
    xp_error error = {0};
    if (read_text(&config, mistakes[m].text, &error) != XP_ERROR_INPUT) fail_msg("accepted: %s", mistakes[m].text);
    assert_null(config);
    xp_assert_message(&error, mistakes[m].sentence);
  }
}

/* What only the whole, or a point of a search, shows. */
static const mistake later_mistakes[] = {
    {START ",\"embeddings\": {\"Te\": {\"ndensity\": 3}}}", "3 densities of Te need fs_parameters, 6 numbers"},
    {START ",\"embeddings\": {\"ALL\": {\"fs_parameters\": [1, 1, 1, 1]}}}", "expected 2 fs_parameters"},
    {START ",\"embeddings\": {\"ALL\": {\"ndensity\": 2, \"fs_parameters\": [1, 1]}}}", "expected 4 fs_parameters"},
    {START ",\"bonds\": {\"ALL\": {\"dcut\": 6}}}", "dcut of Sb and Sb is 6, more than their rcut 5"},
    {START ",\"bonds\": {\"Sb\": {\"rcut\": 2.5}}}", "rcut of Sb and Sb is 2.5"},
    {START ",\"functions\": {\"SbTe\": {\"lmax_by_orders\": [0, 1]}}}", "block \"Sb Te\" has 5 numbers"},
    {START ",\"functions\": {\"ALL\": {\"lmax_by_orders\": [1, 1, 1, 1, 1]}}}", "must be 0, found 1"},
    {START ",\"fit\": {\"kappa\": [0.1, 0.2, 0.3], \"iterations\": [1, 2]}}", "iterations has 2 numbers and kappa 3"},
    {START ",\"fit\": {\"ladder_step\": 1.5}}", "found 1.5"},
    {START ",\"fit\": {\"ladder_step\": [0.1, 0.2]}}", "found 0.2 as another of its kind"}};

static void test_later_mistakes(void **state) {
  (void)state;
  for (size_t m = 0; m < sizeof later_mistakes / sizeof *later_mistakes; ++m) {
    xp_config *config = read_good(later_mistakes[m].text);
    xp_ace_input input;
    xp_ace_fit_settings settings;
    xp_error error = {0};
    xp_status status = xp_ace_input_new(&input, config, NULL, shortest, &error);
    if (status == XP_OK) {
      xp_ace_input_clear(&input);
      status = xp_ace_fit_settings_of(&settings, config, NULL, &error);
    }
    if (status != XP_ERROR_INPUT) fail_msg("accepted: %s", later_mistakes[m].text);
    xp_assert_message(&error, later_mistakes[m].sentence);
    xp_config_free(config);
  }
}

static char *print_fingerprint(const xp_config *config) {
  char *print = NULL;
  size_t size;
  xp_error error = {0};
  FILE *stream = open_memstream(&print, &size);
  xp_assert_ok(xp_config_print_fingerprint(config, stream, &error), &error);
  fclose(stream);
  return print;
}

static char *fingerprint(const char *text) {
  xp_config *config = read_good(text);
  char *print = print_fingerprint(config);
  xp_config_free(config);
  return print;
}

/* Only what the blocks come to counts, not where it is said. */
static void test_fingerprint(void **state) {
  (void)state;
  char *a = fingerprint(START ",\"bonds\": {\"ALL\": {\"rcut\": 6}, \"SbTe\": {\"rcut\": 7}}}");
  char *b = fingerprint(START ",\"bonds\": {\"BINARY\": {\"rcut\": 7.0}, \"UNARY\": {\"rcut\": 6}}}");
  char *c = fingerprint(START ",\"bonds\": {\"ALL\": {\"rcut\": 6}, \"SbTe\": {\"rcut\": 7.1}}}");
  assert_string_equal(a, b);
  assert_string_not_equal(a, c);
  assert_null(strstr(a, "twojmax"));
  free(a);
  free(b);
  free(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_defaults),  cmocka_unit_test(test_repulsion),      cmocka_unit_test(test_precedence),
      cmocka_unit_test(test_functions), cmocka_unit_test(test_dimensions),     cmocka_unit_test(test_settings),
      cmocka_unit_test(test_mistakes),  cmocka_unit_test(test_later_mistakes), cmocka_unit_test(test_fingerprint)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
