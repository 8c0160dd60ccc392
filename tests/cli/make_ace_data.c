/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACE models with known coefficients for the tests of the command line:
 *   xpot-cli-ace known INPUT OUT.yaml SEED          the shape that an input gives, random coefficients
 *   xpot-cli-ace label KNOWN.yaml OUT.xyz SEED N    free atoms and N random crystals labelled by it */
#include "testing/known_ace.h"
#include "xpot/file.h"

static void make_known(const char *input, const char *out, uint64_t seed, xp_error *error) {
  xp_ace_basis *basis = known_ace_make(input, seed, error);
  if (basis) xp_ace_basis_write(basis, out, error);
  xp_ace_basis_free(basis);
}

static void label(const char *known, const char *out, uint64_t seed, int count, xp_error *error) {
  xp_bytes bytes = {0};
  xp_ace_basis *basis = NULL;
  if (xp_bytes_read(&bytes, known, error) == XP_OK && xp_ace_basis_parse(&basis, &bytes, error) == XP_OK)
    known_ace_label(basis, out, seed, count, true, error);
  xp_ace_basis_free(basis);
  xp_bytes_free(&bytes);
}

int main(int argc, char **argv) {
  xp_error error = {0};
  const char *verb = argc > 1 ? argv[1] : "";
  if (argc == 5 && strcmp(verb, "known") == 0)
    make_known(argv[2], argv[3], strtoull(argv[4], NULL, 10), &error);
  else if (argc == 6 && strcmp(verb, "label") == 0)
    label(argv[2], argv[3], strtoull(argv[4], NULL, 10), atoi(argv[5]), &error);
  else
    return 2;
  if (error.status != XP_OK) fprintf(stderr, "%s\n", error.message);
  return error.status != XP_OK;
}
