/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "harness.h"

#include <math.h>

#define ENERGY_TOLERANCE 1e-8
#define FORCE_TOLERANCE 1e-6

static const char *variable(const char *name) {
  const char *value = getenv(name);
  if (!value) fail_msg("%s is not set: run this test with ctest", name);
  return value;
}

const char *harness_style(void) {
  return variable("XPOT_TEST_STYLE");
}

const char *harness_pair_style(void) {
  static char line[256];
  snprintf(line, sizeof line, "%s %s", harness_style(), variable("XPOT_TEST_KEYWORDS"));
  return line;
}

int harness_threads(void) {
  return atoi(variable("XPOT_TEST_THREADS"));
}

int harness_ranks(void) {
  return atoi(variable("XPOT_TEST_RANKS"));
}

const char *harness_suffix(bool on) {
  if (harness_threads() == 0) return ""; /* "suffix on" without a suffix ends LAMMPS at its next "clear" */
  return on ? "; suffix on" : "suffix off; ";
}

xp_engine *harness_engine(void) {
  const char *plugin = variable("XPOT_TEST_PLUGIN");
  xp_engine_options options = {.kokkos_threads = harness_threads(), .plugins = &plugin, .nplugins = 1};
  xp_engine *engine = NULL;
  xp_error error = {0};
  xp_assert_ok(xp_engine_new(&engine, &options, &error), &error);
  return engine;
}

char *harness_lammps(const char *path) {
  const char *folder = variable("LAMMPS_SOURCE_DIR");
  size_t size = strlen(folder) + strlen(path) + 2;
  char *full = malloc(size);
  assert_non_null(full);
  snprintf(full, size, "%s/%s", folder, path);
  return full;
}

xp_structure *harness_label(xp_engine *engine, const xp_structure *structure, const xp_symbol *elements, int nelements,
                            const char *commands) {
  xp_error error = {0};
  xp_structure *labelled = NULL;
  xp_assert_ok(xp_engine_start(engine, structure, elements, nelements, commands, &error), &error);
  xp_assert_ok(xp_engine_run(engine, 0, &error), &error);
  xp_assert_ok(xp_engine_label(engine, &labelled, &error), &error);
  return labelled;
}

static void compare_number(double found, double expected, double tolerance, const char *name, const char *what,
                           int atom) {
  if (fabs(found - expected) <= tolerance) return;
  fail_msg("%s: %s of atom %d is %.17g, expected %.17g within %g", name, what, atom + 1, found, expected, tolerance);
}

static double scaled(double value) {
  return FORCE_TOLERANCE * fmax(1.0, fabs(value));
}

void harness_compare(const xp_structure *found, const xp_structure *expected, const char *name) {
  int n = expected->natoms;
  assert_int_equal(found->natoms, n);
  compare_number(found->energy / n, expected->energy / n, ENERGY_TOLERANCE, name, "energy", -1);
  for (int i = 0; i < n; ++i) {
    const double *f = expected->forces[i];
    double size = sqrt(f[0] * f[0] + f[1] * f[1] + f[2] * f[2]);
    for (int d = 0; d < 3; ++d) compare_number(found->forces[i][d], f[d], scaled(size), name, "force", i);
    if (expected->local_energy)
      compare_number(found->local_energy[i], expected->local_energy[i], ENERGY_TOLERANCE, name, "energy", i);
  }
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b)
      compare_number(found->virial[a][b], expected->virial[a][b], scaled(expected->virial[a][b]), name, "virial", -1);
}

int harness_finish(int failed) {
  xp_engine_finish();
  return failed;
}
