/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mixed precision against the numbers of stock LAMMPS: every frame of a conformance file by each variant of the CPU kernel.
 * Usage: conformance-mixed NAME POTENTIAL[,POTENTIAL] ELEMENT[,ELEMENT...]; prints how force errors are distributed over
 * the liquid frames and over all. */
#include "kernel/kernel.h"
#include "suite.h"
#include "testing/mixed_errors.h"

static xp_status evaluate(const suite *s, xp_mixed_errors *errors, xp_error *error) {
  xp_plan *plan = NULL;
  xp_workspace *workspace = NULL;
  xp_status status = xp_plan_new(&plan, s->potential, s->elements, s->nelements, XP_PRECISION_MIXED, error);
  if (status == XP_OK) status = xp_workspace_new(&workspace, plan, error);
  for (int f = 0; f < s->frames->nstructures && status == XP_OK; ++f) {
    xp_structure *labelled = NULL;
    status = xp_evaluate_structure(plan, workspace, s->frames->structures[f], &labelled, error);
    if (status == XP_OK) xp_mixed_errors_add(errors, s->frames->structures[f], labelled);
    xp_structure_free(labelled);
  }
  xp_workspace_free(workspace);
  xp_plan_free(plan);
  return status;
}

static bool check_level(const suite *s, int level) {
  xp_error error = {0};
  xp_mixed_errors errors = {0};
  xp_kernel_limit(level);
  if (xp_kernel_level() != level) return true; /* not on this processor */
  bool good = evaluate(s, &errors, &error) == XP_OK;
  printf("%s in mixed precision by kernel v%d: %s\n", s->name, level, good ? "" : error.message);
  good = good && xp_mixed_errors_report(&errors, s->name);
  xp_mixed_errors_clear(&errors);
  return good;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: conformance-mixed NAME POTENTIAL[,POTENTIAL] ELEMENT[,ELEMENT...]\n");
    return EXIT_FAILURE;
  }
  suite s = {.name = argv[1]};
  int result = suite_load(&s, argv[2], argv[3]);
  for (int level = XP_KERNEL_BASE; level <= XP_KERNEL_V4 && result == EXIT_SUCCESS; ++level)
    if (!check_level(&s, level)) result = EXIT_FAILURE;
  suite_clear(&s);
  return result;
}
