/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs of survival with a program in LAMMPS's place: what it is given, and how its ends are read. */
#include <math.h>
#include <sys/stat.h>

#include "objective/objective.h"
#include "objective/survival_deck.h"
#include "objective/survival_log.h"
#include "objective_testing.h"

/* Says it is ready; then what the shell does with the deck in $deck and the number of the run in $run. */
static void write_lammps(const char *dynamics) {
  xp_error error = {0};
  char text[2048];
  const char *path = xp_testing_path("lmp.sh");
  int size = snprintf(text, sizeof text,
                      "#!/bin/sh\n"
                      "while [ $# -gt 1 ]; do shift; done\n"
                      "deck=$1 here=${0%%/*}\n"
                      "grep -q '^pair_style xpotace' \"$deck\" || exit 1\n"
                      "echo XPOT ready\n"
                      "grep -q '^read_data' \"$deck\" || exit 0\n"
                      "run=$(cat \"$here/count\" 2>/dev/null || echo 0)\n"
                      "echo $((run + 1)) >\"$here/count\"\n"
                      "%s\n",
                      dynamics);
  assert_true(size < (int)sizeof text);
  xp_assert_ok(xp_file_write(path, text, (size_t)size, &error), &error);
  assert_int_equal(chmod(path, 0700), 0);
  remove(xp_testing_path("count"));
}

static int set_up(void **state) {
  (void)state;
  xp_testing_write_data(30);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  xp_testing_remove();
  return 0;
}

static xp_config *make_config(void) {
  char rest[1024];
  snprintf(rest, sizeof rest,
           "\"survival\": {\"runs\": 4, \"steps\": 50, \"temperature\": 700, \"atoms\": 20, \"lammps\": \"%s\"}",
           xp_testing_path("lmp.sh"));
  return xp_testing_config("\"holdout\": 0.25", rest);
}

static xp_trial run(void) {
  xp_error error = {0};
  xp_trial trial = {0};
  xp_objective *objective;
  xp_config *config = make_config();
  xp_task task = {.number = 2, .fidelity = 1.0, .folder = xp_testing_folder()};
  xp_assert_ok(xp_objective_new(&objective, config, 1, NULL, &error), &error);
  xp_assert_ok(xp_objective_run(objective, &task, &trial, &error), &error);
  xp_objective_free(objective);
  xp_config_free(config);
  return trial;
}

static void expect_share(const char *dynamics, double share) {
  write_lammps(dynamics);
  xp_trial trial = run();
  if (trial.status == XP_TRIAL_FAILED) fail_msg("%s", trial.reason);
  const xp_metric *last = &trial.metrics[trial.nmetrics - 1];
  assert_string_equal(last->name, "survival");
  xp_assert_close(last->value, share, 1e-15);
  xp_trial_clear(&trial);
}

static void test_shares(void **state) {
  (void)state;
  expect_share("echo XPOT end 50 690.5 -70.2", 1.0);
  expect_share("[ $run != 2 ] || exit 1; echo XPOT end 50 690.5 -70.2", 0.75);    /* LAMMPS stopped */
  expect_share("[ $run -lt 2 ] && echo XPOT end 50 690.5 -70.2", 0.5);            /* died without a word */
  expect_share("[ $run != 0 ] || nan=nan; echo XPOT end 50 690 ${nan:-1}", 0.75); /* energy is not a number */
  expect_share("echo XPOT end 50 nan 1", 0.0);
  expect_share("echo XPOT end 50 2101 1", 0.0); /* above three times the temperature */
  expect_share("echo XPOT end 49 690 1", 0.0);  /* too early */
  expect_share("kill -9 $$", 0.0);
}

/* LAMMPS that refuses the potential or deck is not a death. */
static void test_not_ready(void **state) {
  (void)state;
  write_lammps("exit 1");
  xp_error error = {0};
  const char *path = xp_testing_path("lmp.sh");
  static const char text[] = "#!/bin/sh\nwhile [ $# -gt 1 ]; do shift; done\n"
                             "grep -q '^read_data' $1 || { echo XPOT ready; exit 0; }\n"
                             "echo reading; echo ERROR: no such potential; exit 1\n";
  xp_assert_ok(xp_file_write(path, text, strlen(text), &error), &error);
  assert_int_equal(chmod(path, 0700), 0);
  xp_trial trial = run();
  assert_int_equal(trial.status, XP_TRIAL_FAILED);
  assert_non_null(strstr(trial.reason, "before the first step with exit status 1: ERROR: no such potential"));
  xp_trial_clear(&trial);
}

/* What is dropped of an output may have been the line of a survivor. */
static void test_too_much_output(void **state) {
  (void)state;
  write_lammps("seq 20000; echo XPOT end 50 690.5 -70.2");
  xp_trial trial = run();
  assert_int_equal(trial.status, XP_TRIAL_FAILED);
  assert_non_null(strstr(trial.reason, "characters of output of LAMMPS, found more; make survival.lammps say less"));
  xp_trial_clear(&trial);
}

static void expect_refusal(xp_config *config, const char *message) {
  xp_error error = {0};
  xp_objective *objective;
  assert_int_equal(xp_objective_new(&objective, config, 1, NULL, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, message);
  xp_config_free(config);
}

static void test_missing_lammps(void **state) {
  (void)state;
  expect_refusal(xp_testing_config("\"folds\": 3", "\"survival\": {\"runs\": 1, \"lammps\": \"xpot-no-such-lmp\"}"),
                 "\"xpot-no-such-lmp\" ended with exit status 127");
  expect_refusal(xp_testing_config("\"folds\": 3",
                                   "\"survival\": {\"runs\": 1, \"lammps\": \"echo ERROR: no style xpotace; true\"}"),
                 "ended with exit status 0: ERROR: no style xpotace");
}

/* Without runs nobody asks for LAMMPS. */
static void test_off(void **state) {
  (void)state;
  xp_error error = {0};
  xp_objective *objective;
  xp_config *config = xp_testing_config("\"folds\": 3", "\"survival\": {\"lammps\": \"xpot-no-such-lmp\"}");
  xp_assert_ok(xp_objective_new(&objective, config, 1, NULL, &error), &error);
  xp_objective_free(objective);
  xp_config_free(config);
}

static char *read_text(const char *name) {
  xp_error error = {0};
  xp_bytes bytes;
  xp_assert_ok(xp_bytes_read(&bytes, xp_testing_path(name), &error), &error);
  free(bytes.name);
  return bytes.data;
}

static const xp_symbol elements[] = {"Si", "Ge"};
static const xp_survival_settings settings = {.plugin = "/a b/plugin.so",
                                              .elements = elements,
                                              .nelements = 2,
                                              .temperature = 700,
                                              .timestep = 0.001,
                                              .explode = 3,
                                              .steps = 50,
                                              .every = 5};

/* A cell that leans is turned into LAMMPS's frame; every atom has its type. */
static void test_cell(void **state) {
  (void)state;
  xp_error error = {0};
  xp_structure *cell;
  xp_assert_ok(xp_structure_new(&cell, 2, &error), &error);
  memcpy(cell->cell, (double[3][3]){{0, 5, 0}, {6, 1, 0}, {0, 0, 7}}, sizeof cell->cell);
  strcpy(cell->symbols[0], "Ge");
  strcpy(cell->symbols[1], "Si");
  cell->positions[1][0] = 3.0;
  for (int v = 0; v < 3; ++v) cell->periodic[v] = true;
  xp_assert_ok(xp_survival_write_cell(xp_testing_path("cell.data"), &settings, cell, &error), &error);
  char *text = read_text("cell.data");
  assert_non_null(strstr(text, "2 atoms\n2 atom types\n0 5 xlo xhi\n0 6 ylo yhi\n0 7 zlo zhi\n1 0 0 xy xz yz\n"));
  assert_non_null(strstr(text, "\n1 28.085\n2 72.63\n"));
  assert_non_null(strstr(text, "\n1 2 0 0 0\n2 1 0 3 0\n"));
  free(text);
  xp_structure_free(cell);
}

static void test_deck(void **state) {
  (void)state;
  xp_error error = {0};
  xp_structure cell = {.periodic = {true, true, true}};
  char coefficients[64];
  xp_assert_ok(xp_survival_print_coefficients(coefficients, sizeof coefficients,
                                              (const char *const[]){"a b.snapcoeff", "p.snapparam"}, 2, &settings,
                                              &error),
               &error);
  xp_survival_deck deck = {"cell.data", coefficients, &cell, 17};
  xp_assert_ok(xp_survival_write_deck(xp_testing_path("in.deck"), &settings, &deck, &error), &error);
  char *text = read_text("in.deck");
  static const char *const lines[] = {"plugin load \"/a b/plugin.so\"\n",
                                      "boundary p p p\n",
                                      "read_data \"cell.data\"\n",
                                      "pair_coeff * * \"a b.snapcoeff\" \"p.snapparam\" Si Ge\n",
                                      "velocity all create 700 17 ",
                                      "halt 10 v_hot > 2100 error hard\n",
                                      "thermo 5\n",
                                      "\nrun 50\n"};
  for (size_t l = 0; l < sizeof lines / sizeof *lines; ++l)
    if (!strstr(text, lines[l])) fail_msg("no line %s in %s", lines[l], text);
  free(text);
  assert_int_equal(xp_survival_print_coefficients(coefficients, 8, (const char *const[]){"long"}, 1, &settings, &error),
                   XP_ERROR_IO);
}

static void expect_fate(const char *output, int exit_status, xp_survival_end end, double step, const char *reason) {
  xp_survival_fate fate;
  xp_survival_read(&fate, output, exit_status, &settings);
  assert_int_equal(fate.end, end);
  assert_string_equal(fate.reason, reason);
  xp_assert_close(fate.step, step, 1e-15);
}

#define THERMO "XPOT ready\n   Step   Temp   PotEng\n   0   700   -4.1   \n   5   720.5   -4.0\n"

static void test_fates(void **state) {
  (void)state;
  expect_fate(THERMO "XPOT end 50 690 -4.0\n", 0, XP_SURVIVAL_SURVIVED, 50, "");
  expect_fate(THERMO "XPOT end 50 2101 -4.0\n", 0, XP_SURVIVAL_DIED, 50,
              "the last temperature is 2101 K, above 3 times that of the thermostat");
  expect_fate(THERMO "XPOT end 50 690 nan\n", 0, XP_SURVIVAL_DIED, 50,
              "the last energy or temperature is not a finite number");
  expect_fate(THERMO "ERROR on proc 0: Lost atoms: original 8 current 7 (src/thermo.cpp:490)\nLast input line: run\n",
              1, XP_SURVIVAL_DIED, 5, "Lost atoms: original 8 current 7");
  expect_fate(THERMO "ERROR: Fix halt condition for fix-id stop met on step 40 with value 1 (src/fix_halt.cpp:300)\n",
              1, XP_SURVIVAL_DIED, 40, "hotter than 2100 K, 3 times the temperature of the thermostat");
  expect_fate(THERMO "   10   nan   -4\n", 139, XP_SURVIVAL_DIED, 5, "LAMMPS was ended by signal 11");
  expect_fate(THERMO, 0, XP_SURVIVAL_DIED, 5, "LAMMPS ended before the last step with exit status 0");
  expect_fate("ERROR: no file\n", 1, XP_SURVIVAL_UNREADY, 0,
              "LAMMPS ended before the first step with exit status 1: ERROR: no file");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_shares),
                                     cmocka_unit_test(test_not_ready),
                                     cmocka_unit_test(test_missing_lammps),
                                     cmocka_unit_test(test_off),
                                     cmocka_unit_test(test_too_much_output),
                                     cmocka_unit_test(test_cell),
                                     cmocka_unit_test(test_deck),
                                     cmocka_unit_test(test_fates)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
