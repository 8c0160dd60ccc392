/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extrapolation grades of the pair style beside those of the core for the same atoms. */
#include "active_maker.h"
#include "harness.h"

#include <math.h>
#include <unistd.h>

#include "xpot/extxyz.h"
#include "xpot/potential.h"

#define TOLERANCE 1e-9 /* relative: LAMMPS turns the cell */
#define CUTOFF 6.0     /* Angstrom, as far as any of the potentials sees */
enum { MOST_ATOMS = 24, MOST_FILES = 2, TEXT = 4096 };

/* A potential with an active set of its own. */
typedef struct model {
  const char *elements[2];
  xp_grade_form form;
  const char *files[MOST_FILES]; /* below the source tree, or of LAMMPS's potentials */
  bool of_lammps;
  double smallest; /* distance of test atoms */
  xp_potential *potential;
  xp_grade *grade;
  xp_grade_scratch *scratch;
  char coeff[TEXT]; /* the files, for pair_coeff */
  char active_set[256];
} model;

static model models[] = {
    {{"C", "Si"}, XP_GRADE_LINEAR, {"tests/fuzz/seeds/tiny.yaml"}, false, 1.9, .active_set = "linear"},
    {{"C", "Si"}, XP_GRADE_FULL, {"tests/fuzz/seeds/tiny.yaml"}, false, 1.9, .active_set = "full"},
    {{"W", "Be"},
     XP_GRADE_LINEAR,
     {"potentials/WBe_Wood_PRB2019.snapcoeff", "potentials/WBe_Wood_PRB2019.snapparam"},
     true,
     2.0,
     .active_set = "snap"}};
enum { NMODELS = sizeof models / sizeof *models };

static xp_engine *engine;

static const char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Good for two calls more. */
static const char *text(const char *format, ...) {
  static char buffers[3][2 * TEXT];
  static int next;
  char *buffer = buffers[next = (next + 1) % 3];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(buffer, sizeof buffers[0], format, arguments);
  va_end(arguments);
  assert_true(length >= 0 && length < (int)sizeof buffers[0]);
  return buffer;
}

/* A file of this run alone; its ranks share a parent. */
static const char *run_file(const char *name) {
  return text("gamma-%s-%s-%d-%s-%d", name, strchr(harness_style(), '/') ? "kk" : "plain", harness_threads(),
              getenv("OMP_NUM_THREADS"), (int)getppid());
}

static void prepare(model *m) {
  xp_error error = {0};
  char *paths[MOST_FILES] = {0};
  int nfiles = 0;
  for (; nfiles < MOST_FILES && m->files[nfiles]; ++nfiles) {
    paths[nfiles] = m->of_lammps ? harness_lammps(m->files[nfiles]) : xp_test_source(m->files[nfiles]);
    snprintf(m->coeff + strlen(m->coeff), sizeof m->coeff - strlen(m->coeff), "%s ", paths[nfiles]);
  }
  xp_assert_ok(xp_potential_read(&m->potential, (const char *const *)paths, nfiles, &error), &error);
  snprintf(m->active_set, sizeof m->active_set, "%s", run_file(text("%s", m->active_set)));
  /* Each rank its own: none may read what another still writes. */
  snprintf(m->active_set + strlen(m->active_set), 16, "-%d.asi", xp_engine_rank(engine));
  xp_assert_ok(active_maker_write(m->potential, m->form, m->elements, 2, m->active_set, &error), &error);
  xp_bytes bytes = {0};
  xp_active_set *set = NULL;
  xp_assert_ok(xp_bytes_read(&bytes, m->active_set, &error), &error);
  xp_assert_ok(xp_active_set_parse(&set, &bytes, &error), &error);
  xp_assert_ok(xp_grade_new(&m->grade, m->potential, set, m->elements, 2, &error), &error);
  xp_assert_ok(xp_grade_scratch_new(&m->scratch, m->grade, &error), &error);
  assert_int_equal(xp_grade_form_of(m->grade), m->form);
  snprintf(m->coeff + strlen(m->coeff), sizeof m->coeff - strlen(m->coeff), "%s", m->active_set);
  xp_active_set_free(set);
  xp_bytes_free(&bytes);
  for (int f = 0; f < nfiles; ++f) free(paths[f]);
}

static int prepare_all(void **state) {
  (void)state;
  for (int m = 0; m < NMODELS; ++m) prepare(&models[m]);
  return 0;
}

static int forget_all(void **state) {
  (void)state;
  for (int m = 0; m < NMODELS; ++m) {
    remove(models[m].active_set);
    xp_grade_scratch_free(models[m].scratch);
    xp_grade_free(models[m].grade);
    xp_potential_free(models[m].potential);
  }
  return 0;
}

/* Grades by the core of n atoms. */
static void grade(const model *m, const xp_structure *s, const int *species, double *gamma) {
  xp_error error = {0};
  xp_neighbour_list *list = NULL;
  xp_assert_ok(xp_neighbour_list_new(&list, s, species, CUTOFF, &error), &error);
  xp_neighbourhoods view = xp_neighbour_list_view(list);
  xp_assert_ok(xp_grade_evaluate(m->grade, m->scratch, &view, gamma, &error), &error);
  xp_neighbour_list_free(list);
}

static int find_species(const model *m, const char *symbol) {
  return strcmp(symbol, m->elements[0]) == 0 ? 0 : strcmp(symbol, m->elements[1]) == 0 ? 1 : -1;
}

static double first_grade(const model *m, const xp_structure *s) {
  int *species = calloc((size_t)s->natoms, sizeof *species);
  double *gamma = calloc((size_t)s->natoms, sizeof *gamma);
  assert_true(species && gamma);
  for (int i = 0; i < s->natoms; ++i) species[i] = find_species(m, s->symbols[i]);
  grade(m, s, species, gamma);
  double first = gamma[0];
  free(species);
  free(gamma);
  return first;
}

/* Grades by the core of atoms that see those of kinds (bits of elements) alone; atoms of other kinds keep what they have. */
static void add_expected(const model *m, const xp_structure *s, unsigned kinds, double *gamma) {
  xp_error error = {0};
  xp_structure *seen = NULL;
  int species[MOST_ATOMS], place[MOST_ATOMS], n = 0;
  xp_assert_ok(xp_structure_copy(&seen, s, &error), &error);
  for (int i = 0; i < s->natoms; ++i) {
    int e = find_species(m, s->symbols[i]);
    if (e < 0 || !(kinds >> e & 1)) continue;
    memcpy(seen->positions[n], s->positions[i], sizeof seen->positions[n]);
    species[n] = e;
    place[n++] = i;
  }
  seen->natoms = n;
  double found[MOST_ATOMS];
  grade(m, seen, species, found);
  for (int k = 0; k < n; ++k) gamma[place[k]] = found[k];
  xp_structure_free(seen);
}

static xp_structure *random_structure(const model *m, int natoms, double cell, const char *third) {
  xp_test_random random = {.state = 4711};
  const char *symbols[] = {m->elements[0], m->elements[1], third};
  return xp_test_structure(&random, natoms, cell, m->smallest, symbols, third ? 3 : 2);
}

static void start(const model *m, const xp_structure *s, const char *commands, const char *more) {
  xp_error error = {0};
  xp_symbol elements[3] = {"", "", "Ar"};
  for (int e = 0; e < 2; ++e) snprintf(elements[e], sizeof elements[e], "%s", m->elements[e]);
  bool third = false;
  for (int i = 0; i < s->natoms; ++i) third = third || strcmp(s->symbols[i], "Ar") == 0;
  xp_assert_ok(xp_engine_start(engine, s, elements, third ? 3 : 2, commands, &error), &error);
  xp_assert_ok(xp_engine_command(engine, more, &error), &error);
  xp_assert_ok(xp_engine_run(engine, 0, &error), &error);
}

static const char *plain_commands(const model *m, const char *keywords) {
  return text("pair_style %s %s; pair_coeff * * %s %s %s", harness_pair_style(), keywords, m->coeff, m->elements[0],
              m->elements[1]);
}

/* Makes gamma and above, numbers of compute pair, part of thermo output, and a place for them in atoms. */
#define NUMBERS                                                                                                    \
  "compute most all pair %s; variable gamma equal c_most[1]; variable above equal c_most[2]; thermo_style custom " \
  "step "                                                                                                          \
  "pe v_gamma v_above; fix place all property/atom d_number"

/* A variable of thermo output: LAMMPS's library gives those of atoms alone. */
static double number(const char *name) {
  xp_error error = {0};
  double found[MOST_ATOMS];
  xp_assert_ok(xp_engine_command(engine, text("set group all d_number $(v_%s:%%.17g)", name), &error), &error);
  xp_assert_ok(xp_engine_gather(engine, "d_number", 1, found, &error), &error);
  return found[0];
}

/* What fix pair gets and what compute pair adds up to. */
static const char *watchers(void) {
  return text("fix gamma all pair 1 %s gamma 1; " NUMBERS, harness_style(), harness_style());
}

static void compare(const double *found, const double *expected, int n, const char *what) {
  double most = 0.0, above = 0.0;
  for (int i = 0; i < n; ++i) {
    if (!(fabs(found[i] - expected[i]) <= TOLERANCE * fmax(1.0, expected[i])))
      fail_msg("%s: gamma of atom %d is %.17g, expected %.17g", what, i + 1, found[i], expected[i]);
    most = fmax(most, expected[i]);
    above += expected[i] > 1.0;
  }
  assert_true(most > 0.0);
  xp_assert_close(number("gamma"), most, TOLERANCE * fmax(1.0, most));
  xp_assert_close(number("above"), above, 0.0);
}

static void expect_grades(const double *expected, int n, const char *what) {
  xp_error error = {0};
  double found[MOST_ATOMS];
  xp_assert_ok(xp_engine_gather(engine, "f_gamma", 1, found, &error), &error);
  compare(found, expected, n, what);
}

static void as_the_core(void **state) {
  (void)state;
  for (int k = 0; k < NMODELS; ++k) {
    const model *m = &models[k];
    xp_structure *s = random_structure(m, 20, 7.5, NULL);
    double expected[MOST_ATOMS] = {0};
    add_expected(m, s, 3, expected);
    start(m, s, plain_commands(m, ""), watchers());
    expect_grades(expected, s->natoms, m->active_set);
    start(m, s, plain_commands(m, "precision mixed"), watchers());
    expect_grades(expected, s->natoms, "precision mixed");
    xp_structure_free(s);
  }
}

static void excluded_pairs(void **state) {
  (void)state;
  const model *m = &models[0];
  xp_structure *s = random_structure(m, 20, 7.5, NULL);
  double expected[MOST_ATOMS] = {0};
  add_expected(m, s, 1, expected);
  add_expected(m, s, 2, expected);
  start(m, s, plain_commands(m, ""), text("neigh_modify exclude type 1 2; %s", watchers()));
  expect_grades(expected, s->natoms, "exclusions");
  xp_structure_free(s);
}

static void hybrid(void **state) {
  (void)state;
  const model *m = &models[1];
  const char *style = harness_style(), *first = m->elements[0], *second = m->elements[1];
  xp_structure *s = random_structure(m, 20, 7.5, "Ar");
  double expected[MOST_ATOMS] = {0};
  add_expected(m, s, 3, expected);
  start(m, s,
        text("pair_style hybrid %s lj/cut 5.0; pair_coeff * * %s %s %s %s NULL; pair_coeff 1*3 3 lj/cut 0.01 2.2",
             harness_pair_style(), style, m->coeff, first, second),
        watchers());
  expect_grades(expected, s->natoms, "hybrid");
  xp_structure_free(s);
  s = random_structure(m, 20, 7.5, NULL);
  memset(expected, 0, sizeof expected);
  add_expected(m, s, 3, expected);
  start(m, s,
        text("pair_style hybrid/overlay %s gamma every 1 lj/cut 5.0; pair_coeff * * %s %s %s %s; pair_coeff * * lj/cut "
             "0.01 2.2",
             harness_pair_style(), style, m->coeff, first, second),
        watchers());
  expect_grades(expected, s->natoms, "overlay");
  start(
      m, s,
      text("pair_style hybrid/scaled 0.5 %s 0.5 lj/cut 5.0; pair_coeff * * %s %s %s %s; pair_coeff * * lj/cut 0.01 2.2",
           harness_pair_style(), style, m->coeff, first, second),
      watchers());
  expect_grades(expected, s->natoms, "scaled");
  xp_structure_free(s);
}

/* Steps that are no multiple of N keep the grades of the last one that is. */
static void every(void **state) {
  (void)state;
  const model *m = &models[0];
  xp_structure *s = random_structure(m, 20, 7.5, NULL);
  xp_error error = {0};
  double gamma[4] = {0};
  start(m, s, plain_commands(m, "gamma every 2"),
        text(NUMBERS "; thermo 1; fix move all nve; timestep 1e-4", harness_style()));
  for (int step = 0; step < 4; ++step) {
    gamma[step] = number("gamma");
    xp_assert_ok(xp_engine_command(engine, "run 1 pre no post no", &error), &error);
  }
  assert_true(gamma[0] > 0.0 && gamma[1] == gamma[0] && gamma[2] != gamma[1] && gamma[3] == gamma[2]);
  xp_structure_free(s);
}

static double note(const xp_structure *s, const char *key) {
  for (int k = 0; k < s->nnotes; ++k)
    if (strcmp(s->notes[k].key, key) == 0) return atof(s->notes[k].value);
  fail_msg("a frame has no '%s'", key);
  return 0.0;
}

/* The first atom of a frame sees what it saw in the run, in cells smaller than the cutoff, too. */
static void frames(void **state) {
  (void)state;
  for (int k = 0; k < NMODELS; ++k) {
    const model *m = &models[k];
    xp_structure *s = random_structure(m, 20, 7.5, NULL);
    xp_error error = {0};
    xp_dataset *set = NULL;
    char file[256];
    snprintf(file, sizeof file, "%s", run_file("frames.xyz"));
    start(m, s, plain_commands(m, text("gamma every 1 threshold 0.01 dump %s", file)), watchers());
    xp_assert_ok(xp_extxyz_read(&set, file, NULL, &error), &error);
    assert_true(set->nstructures > 0);
    xp_assert_close(note(set->structures[0], "gamma"), number("gamma"), TOLERANCE * number("gamma"));
    for (int f = 0; f < set->nstructures; ++f) {
      xp_structure *frame = set->structures[f];
      assert_false(frame->periodic[0] || frame->periodic[1] || frame->periodic[2]);
      assert_string_equal(frame->config_type, "extrapolation");
      double gamma = first_grade(m, frame), expected = note(frame, "gamma");
      xp_assert_close(gamma, expected, TOLERANCE * fmax(1.0, expected));
    }
    xp_dataset_free(set);
    xp_structure_free(s);
    xp_assert_ok(xp_engine_command(engine, "clear", &error), &error); /* all ranks have read */
    if (xp_engine_rank(engine) == 0) remove(file);
  }
}

static void restart(void **state) {
  (void)state;
  const model *m = &models[2];
  xp_structure *s = random_structure(m, 20, 7.5, NULL);
  xp_error error = {0};
  double expected[MOST_ATOMS] = {0};
  char file[256];
  snprintf(file, sizeof file, "%s", run_file("restart"));
  add_expected(m, s, 3, expected);
  start(m, s, plain_commands(m, "precision mixed gamma every 3 threshold 1 warn"), watchers());
  xp_assert_ok(xp_engine_command(engine, text("write_restart %s; clear; read_restart %s", file, file), &error), &error);
  xp_assert_ok(xp_engine_command(engine, text(NUMBERS "; run 0", harness_style()), &error), &error);
  double most = 0.0;
  for (int i = 0; i < s->natoms; ++i) most = fmax(most, expected[i]);
  xp_assert_close(number("gamma"), most, TOLERANCE * most);
  if (xp_engine_rank(engine) == 0) remove(file);
  xp_structure_free(s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_the_core), cmocka_unit_test(excluded_pairs), cmocka_unit_test(hybrid),
      cmocka_unit_test(every),       cmocka_unit_test(frames),         cmocka_unit_test(restart),
  };
  engine = harness_engine();
  int failed = cmocka_run_group_tests_name("extrapolation grades in LAMMPS", tests, prepare_all, forget_all);
  xp_engine_free(engine);
  return harness_finish(failed);
}
