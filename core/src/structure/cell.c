/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "structure/cell.h"

#include <math.h>
#include <string.h>

/* Volume over product of lengths below which vectors count as linearly dependent: rounding of the input's digits. */
static const double FLATNESS_LIMIT = 1e-10;

/* Every step shortens a vector by a finite factor; a lattice of sane vectors needs about ten. */
enum { REDUCTION_STEPS = 1000 };

static double dot(const double a[3], const double b[3]) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(double result[3], const double a[3], const double b[3]) {
  for (int d = 0; d < 3; ++d) result[d] = a[(d + 1) % 3] * b[(d + 2) % 3] - a[(d + 2) % 3] * b[(d + 1) % 3];
}

double xp_cell_determinant(const double vectors[3][3]) {
  double normal[3];
  cross(normal, vectors[1], vectors[2]);
  return dot(vectors[0], normal);
}

static void normalise(double vector[3]) {
  double length = sqrt(dot(vector, vector));
  for (int d = 0; d < 3; ++d) vector[d] /= length;
}

/* A unit vector orthogonal to a. */
static void orthogonal(double result[3], const double a[3]) {
  int smallest = 0;
  for (int d = 1; d < 3; ++d)
    if (fabs(a[d]) < fabs(a[smallest])) smallest = d;
  double axis[3] = {0.0, 0.0, 0.0};
  axis[smallest] = 1.0;
  cross(result, a, axis);
  normalise(result);
}

/* Unit vectors for the open directions, orthogonal to the periodic ones and to each other. */
static void complete(xp_cell *cell) {
  static const double axes[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  int count = cell->periodic[0] + cell->periodic[1] + cell->periodic[2];
  if (count == 0) memcpy(cell->basis, axes, sizeof axes);
  if (count == 1) {
    int p = cell->periodic[0] ? 0 : cell->periodic[1] ? 1 : 2, q = (p + 1) % 3, r = (p + 2) % 3;
    orthogonal(cell->basis[q], cell->basis[p]);
    cross(cell->basis[r], cell->basis[p], cell->basis[q]);
    normalise(cell->basis[r]);
  }
  if (count == 2) {
    int open = !cell->periodic[0] ? 0 : !cell->periodic[1] ? 1 : 2;
    cross(cell->basis[open], cell->basis[(open + 1) % 3], cell->basis[(open + 2) % 3]);
    normalise(cell->basis[open]);
  }
}

/* Takes whole multiples of each periodic vector off the others; true when something changed. */
static bool reduce_pairs(xp_cell *cell) {
  bool changed = false;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) {
      if (i == j || !cell->periodic[i] || !cell->periodic[j]) continue;
      double square = dot(cell->basis[j], cell->basis[j]);
      double n = square > 0.0 ? nearbyint(dot(cell->basis[i], cell->basis[j]) / square) : 0.0;
      /* A tie (exactly half) may flip for ever: only a real shortening counts. */
      double shorter[3];
      for (int d = 0; d < 3; ++d) shorter[d] = cell->basis[i][d] - n * cell->basis[j][d];
      if (n == 0.0 || dot(shorter, shorter) >= dot(cell->basis[i], cell->basis[i]) * (1.0 - 1e-12)) continue;
      memcpy(cell->basis[i], shorter, sizeof shorter);
      changed = true;
    }
  return changed;
}

/* Pairwise reduced vectors may still add up to a short one (three vectors nearly in a plane at 120 degrees): puts the
 * shortest signed sum in place of the longest vector. */
static bool reduce_sum(xp_cell *cell) {
  if (!cell->periodic[0] || !cell->periodic[1] || !cell->periodic[2]) return false;
  int longest = 0;
  for (int i = 1; i < 3; ++i)
    if (dot(cell->basis[i], cell->basis[i]) > dot(cell->basis[longest], cell->basis[longest])) longest = i;
  double best = dot(cell->basis[longest], cell->basis[longest]) * (1.0 - 1e-12);
  double *target = cell->basis[longest], *u = cell->basis[(longest + 1) % 3], *v = cell->basis[(longest + 2) % 3];
  double found[3];
  bool changed = false;
  for (int signs = 0; signs < 4; ++signs) {
    double sum[3];
    for (int d = 0; d < 3; ++d) sum[d] = target[d] + (signs & 1 ? u[d] : -u[d]) + (signs & 2 ? v[d] : -v[d]);
    if (dot(sum, sum) >= best) continue;
    best = dot(sum, sum);
    memcpy(found, sum, sizeof found);
    changed = true;
  }
  if (changed) memcpy(target, found, sizeof found);
  return changed;
}

static void reduce(xp_cell *cell) {
  for (int step = 0; step < REDUCTION_STEPS; ++step)
    if (!reduce_pairs(cell) && !reduce_sum(cell)) return;
}

/* Inverse and heights from the basis. */
static void invert(xp_cell *cell) {
  double determinant = xp_cell_determinant(cell->basis);
  for (int k = 0; k < 3; ++k) {
    double normal[3];
    cross(normal, cell->basis[(k + 1) % 3], cell->basis[(k + 2) % 3]);
    for (int d = 0; d < 3; ++d) cell->inverse[d][k] = normal[d] / determinant;
    cell->height[k] = fabs(determinant) / sqrt(dot(normal, normal));
  }
}

static xp_status check_vectors(const xp_structure *structure, xp_error *error) {
  for (int v = 0; v < 3; ++v) {
    if (!structure->periodic[v]) continue;
    const double *vector = structure->cell[v];
    for (int d = 0; d < 3; ++d)
      if (!(fabs(vector[d]) <= XP_MAXIMUM_COORDINATE))
        return xp_structure_refuse(structure, error,
                                   "cell vector %c has the component %g, expected a length below %g "
                                   "Angstrom; correct Lattice",
                                   "abc"[v], vector[d], XP_MAXIMUM_COORDINATE);
    if (!(dot(vector, vector) > 0.0))
      return xp_structure_refuse(structure, error,
                                 "cell vector %c is zero although the structure is periodic along it; "
                                 "correct Lattice or pbc",
                                 "abc"[v]);
  }
  return XP_OK;
}

static xp_status check_volume(const xp_cell *cell, const xp_structure *structure, xp_error *error) {
  double product = 1.0;
  for (int v = 0; v < 3; ++v)
    if (cell->periodic[v]) product *= sqrt(dot(cell->basis[v], cell->basis[v]));
  if (fabs(xp_cell_determinant(cell->basis)) > FLATNESS_LIMIT * product) return XP_OK;
  return xp_structure_refuse(structure, error,
                             "the cell vectors of the periodic directions do not span a volume (two are "
                             "parallel or three lie in a plane); correct Lattice or pbc");
}

static xp_status check_images(const xp_cell *cell, const xp_structure *structure, xp_error *error) {
  for (int v = 0; v < 3; ++v) {
    double length = sqrt(dot(cell->basis[v], cell->basis[v]));
    if (cell->periodic[v] && length < XP_MINIMUM_DISTANCE)
      return xp_structure_refuse(structure, error,
                                 "the cell repeats after %g Angstrom, so that every atom lies on its own "
                                 "image; expected at least %g Angstrom; correct Lattice",
                                 length, XP_MINIMUM_DISTANCE);
  }
  return XP_OK;
}

xp_status xp_cell_set(xp_cell *cell, const xp_structure *structure, xp_error *error) {
  xp_status status = check_vectors(structure, error);
  if (status != XP_OK) return status;
  memcpy(cell->periodic, structure->periodic, sizeof cell->periodic);
  memcpy(cell->basis, structure->cell, sizeof cell->basis);
  complete(cell);
  status = check_volume(cell, structure, error);
  if (status != XP_OK) return status;
  reduce(cell);
  status = check_images(cell, structure, error);
  if (status != XP_OK) return status;
  invert(cell);
  return XP_OK;
}
