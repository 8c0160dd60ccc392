/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lammps-make-active linear|full ACTIVE_SET POTENTIAL [FILE2] -- ELEMENT...: an active set for the test scripts. */
#include "active_maker.h"

#include "testing/testing.h"

int main(int argc, char **argv) {
  int separator = 3;
  while (separator < argc && strcmp(argv[separator], "--") != 0) ++separator;
  if (separator >= argc - 1 || separator == 3) {
    fprintf(stderr, "expected linear|full ACTIVE_SET POTENTIAL [FILE2] -- ELEMENT...\n");
    return 1;
  }
  const char *const *files = (const char *const *)argv + 3, *const *elements =
                                                                (const char *const *)argv + separator + 1;
  xp_grade_form form = strcmp(argv[1], "full") == 0 ? XP_GRADE_FULL : XP_GRADE_LINEAR;
  xp_potential *potential = NULL;
  xp_error error = {0};
  xp_status status = xp_potential_read(&potential, files, separator - 3, &error);
  if (status == XP_OK) status = active_maker_write(potential, form, elements, argc - separator - 1, argv[2], &error);
  if (status != XP_OK) fprintf(stderr, "error: %s\n", error.message);
  xp_potential_free(potential);
  return status != XP_OK;
}
