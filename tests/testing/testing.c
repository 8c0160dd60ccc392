/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <math.h>
#include <unistd.h>

void xp_check_close(double a, double b, double tolerance, const char *what, const char *file, int line) {
  if (!(fabs(a - b) <= tolerance)) {
    print_error("%s is %.17g, expected %.17g within %g (difference %g)\n", what, a, b, tolerance, a - b);
    _fail(file, line);
  }
}

void xp_check_message(const xp_error *error, const char *text, const char *file, int line) {
  if (!strstr(error->message, text)) {
    print_error("expected a sentence with \"%s\", found \"%s\"\n", text, error->message);
    _fail(file, line);
  }
}

static uint64_t next(xp_test_random *random) {
  uint64_t z = (random->state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

double xp_test_uniform(xp_test_random *random, double low, double high) {
  return low + (high - low) * (double)(next(random) >> 11) * 0x1p-53;
}

int xp_test_integer(xp_test_random *random, int below) {
  return (int)(next(random) % (uint64_t)below);
}

static char *joined(const char *variable, const char *fallback, const char *path) {
  const char *folder = getenv(variable);
  if (!folder) folder = fallback;
  size_t size = strlen(folder) + strlen(path) + 2;
  char *full = malloc(size);
  assert_non_null(full);
  snprintf(full, size, "%s/%s", folder, path);
  return full;
}

char *xp_test_source(const char *path) {
  return joined("XPOT_SOURCE_DIR", ".", path);
}

char *xp_test_shared(const char *path) {
  char *full = joined("XPOT_SHARED_DIR", "../shared", path);
  if (access(full, R_OK) == 0) return full;
  print_message("skipped: %s is not on this machine (reference data of the developers)\n", path);
  free(full);
  return NULL;
}

/* Distance to the nearest atom already placed, over the images next to the cell. */
static double nearest(const xp_structure *structure, int placed, const double position[3]) {
  double best = INFINITY;
  int reach = structure->periodic[0] ? 1 : 0;
  for (int atom = 0; atom < placed; ++atom)
    for (int image = 0; image < 27; ++image) {
      int shift[3] = {image % 3 - 1, image / 3 % 3 - 1, image / 9 - 1};
      if (!reach && (shift[0] || shift[1] || shift[2])) continue;
      double square = 0.0;
      for (int d = 0; d < 3; ++d) {
        double x = structure->positions[atom][d] - position[d];
        for (int v = 0; v < 3; ++v) x += shift[v] * structure->cell[v][d];
        square += x * x;
      }
      best = fmin(best, sqrt(square));
    }
  return best;
}

xp_structure *xp_test_structure(xp_test_random *random, int natoms, double cell, double smallest_distance,
                                const char *const *symbols, int nsymbols) {
  xp_error error = {0};
  xp_structure *structure = NULL;
  xp_assert_ok(xp_structure_new(&structure, natoms, &error), &error);
  double edge = cell > 0.0 ? cell : smallest_distance * 1.4 * cbrt((double)natoms);
  if (cell > 0.0)
    for (int v = 0; v < 3; ++v) {
      structure->periodic[v] = true;
      for (int d = 0; d < 3; ++d) structure->cell[v][d] = (v == d) ? cell : xp_test_uniform(random, -0.3, 0.3) * cell;
    }
  for (int atom = 0; atom < natoms; ++atom) {
    snprintf(structure->symbols[atom], XP_SYMBOL_SIZE, "%s", symbols[xp_test_integer(random, nsymbols)]);
    double *position = structure->positions[atom];
    for (int attempt = 0;; ++attempt) {
      if (attempt > 10000) fail_msg("no room for atom %d of %d in an edge of %g", atom, natoms, edge);
      for (int d = 0; d < 3; ++d) position[d] = xp_test_uniform(random, 0.0, edge);
      if (nearest(structure, atom, position) >= smallest_distance) break;
    }
  }
  return structure;
}
