/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "suite.h"

/* Splits a comma-separated list in place; returns how many parts there are. */
static int split(char *list, const char **parts, int limit) {
  int count = 0;
  for (char *part = strtok(list, ","); part && count < limit; part = strtok(NULL, ",")) parts[count++] = part;
  return count;
}

int suite_load(suite *s, char *potentials, char *elements) {
  const char *files[XP_POTENTIAL_FILES];
  char *paths[XP_POTENTIAL_FILES + 1] = {NULL}, relative[256];
  int nfiles = split(potentials, files, XP_POTENTIAL_FILES), result = EXIT_SUCCESS;
  s->nelements = split(elements, s->elements, MAX_ELEMENTS);
  snprintf(relative, sizeof relative, "conformance/%s.xyz", s->name);
  if (!(paths[nfiles] = xp_test_shared(relative))) result = EXIT_SKIP;
  for (int f = 0; f < nfiles && result == EXIT_SUCCESS; ++f) {
    snprintf(relative, sizeof relative, "conformance/potentials/%s", files[f]);
    if (!(paths[f] = xp_test_shared(relative))) result = EXIT_SKIP;
  }
  xp_error error = {0};
  if (result == EXIT_SUCCESS &&
      (xp_extxyz_read(&s->frames, paths[nfiles], NULL, &error) != XP_OK ||
       xp_potential_read(&s->potential, (const char *const *)paths, nfiles, &error) != XP_OK ||
       xp_plan_new(&s->plan, s->potential, s->elements, s->nelements, XP_PRECISION_DOUBLE, &error) != XP_OK)) {
    printf("%s: %s\n", s->name, error.message);
    result = EXIT_FAILURE;
  }
  for (int p = 0; p <= nfiles; ++p) free(paths[p]);
  return result;
}

void suite_clear(suite *s) {
  xp_plan_free(s->plan);
  xp_potential_free(s->potential);
  xp_dataset_free(s->frames);
}
