/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/replicate.h"

#include <math.h>
#include <string.h>

static double length(const double v[3]) {
  return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

static void choose(const xp_structure *structure, int atoms, int times[3]) {
  times[0] = times[1] = times[2] = 1;
  while ((double)structure->natoms * times[0] * times[1] * times[2] < atoms) {
    int shortest = -1;
    for (int v = 0; v < 3; ++v)
      if (structure->periodic[v] &&
          (shortest < 0 || times[v] * length(structure->cell[v]) < times[shortest] * length(structure->cell[shortest])))
        shortest = v;
    if (shortest < 0) return;
    ++times[shortest];
  }
}

/* One image of all atoms. */
static void copy_atoms(xp_structure *cell, const xp_structure *structure, int first, const int shift[3]) {
  for (int atom = 0; atom < structure->natoms; ++atom) {
    memcpy(cell->symbols[first + atom], structure->symbols[atom], XP_SYMBOL_SIZE);
    for (int d = 0; d < 3; ++d) {
      cell->positions[first + atom][d] = structure->positions[atom][d];
      for (int v = 0; v < 3; ++v) cell->positions[first + atom][d] += shift[v] * structure->cell[v][d];
    }
  }
}

xp_status xp_replicate(xp_structure **cell, const xp_structure *structure, int atoms, int times[3], xp_error *error) {
  int n[3], first = 0;
  choose(structure, atoms, n);
  xp_status status = xp_structure_new(cell, structure->natoms * n[0] * n[1] * n[2], error);
  if (status != XP_OK) return status;
  for (int i = 0; i < n[0]; ++i)
    for (int j = 0; j < n[1]; ++j)
      for (int k = 0; k < n[2]; ++k, first += structure->natoms)
        copy_atoms(*cell, structure, first, (const int[3]){i, j, k});
  for (int v = 0; v < 3; ++v) {
    (*cell)->periodic[v] = structure->periodic[v];
    for (int d = 0; d < 3; ++d) (*cell)->cell[v][d] = n[v] * structure->cell[v][d];
  }
  if (times) memcpy(times, n, sizeof n);
  return XP_OK;
}
