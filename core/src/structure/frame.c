/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xpot/frame.h"

#include <math.h>
#include <string.h>

/* Room beyond the outermost atoms in open directions, Angstrom: atoms may move there in molecular dynamics. */
#define MARGIN 50.0

static double dot(const double a[3], const double b[3]) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(const double a[3], const double b[3], double out[3]) {
  for (int d = 0; d < 3; ++d) out[d] = a[(d + 1) % 3] * b[(d + 2) % 3] - a[(d + 2) % 3] * b[(d + 1) % 3];
}

/* Takes off what lies along the unit vectors already there; returns the length left. */
static double reduce(double vector[3], const double (*units)[3], int nunits) {
  for (int u = 0; u < nunits; ++u) {
    double along = dot(vector, units[u]);
    for (int d = 0; d < 3; ++d) vector[d] -= along * units[u][d];
  }
  return sqrt(dot(vector, vector));
}

static void scale(double vector[3], double factor) {
  for (int d = 0; d < 3; ++d) vector[d] *= factor;
}

/* Orthonormal vectors of the periodic directions, in order. */
static int periodic_units(const xp_structure *structure, double units[3][3]) {
  int count = 0;
  for (int v = 0; v < 3; ++v) {
    if (!structure->periodic[v]) continue;
    memcpy(units[count], structure->cell[v], sizeof units[count]);
    double length = reduce(units[count], (const double(*)[3])units, count);
    scale(units[count++], 1.0 / length);
  }
  return count;
}

/* The direction of Cartesian axes that is farthest from the units. */
static void add_orthogonal(double units[3][3], int count) {
  if (count == 2) {
    cross(units[0], units[1], units[2]);
    return;
  }
  double best = -1.0;
  for (int axis = 0; axis < 3; ++axis) {
    double trial[3] = {axis == 0, axis == 1, axis == 2};
    double length = reduce(trial, (const double(*)[3])units, count);
    if (length <= best) continue;
    best = length;
    scale(trial, 1.0 / length);
    memcpy(units[count], trial, sizeof trial);
  }
}

static void extent(const xp_structure *structure, const double unit[3], double *low, double *high) {
  *low = INFINITY;
  *high = -INFINITY;
  for (int atom = 0; atom < structure->natoms; ++atom) {
    double along = dot(structure->positions[atom], unit);
    *low = fmin(*low, along);
    *high = fmax(*high, along);
  }
}

/* The cell with open directions replaced by edges at right angles, and where those edges begin. */
static void closed_cell(const xp_structure *structure, double cell[3][3], double begin[3]) {
  double units[3][3];
  int count = periodic_units(structure, units);
  for (int v = 0; v < 3; ++v) {
    begin[v] = 0.0;
    memcpy(cell[v], structure->cell[v], sizeof cell[v]);
    if (structure->periodic[v]) continue;
    add_orthogonal(units, count);
    double low, high;
    extent(structure, units[count], &low, &high);
    begin[v] = low - MARGIN;
    memcpy(cell[v], units[count++], sizeof cell[v]);
    scale(cell[v], high - low + 2.0 * MARGIN);
  }
}

void xp_frame_set(xp_frame *frame, const xp_structure *structure) {
  double cell[3][3], begin[3];
  closed_cell(structure, cell, begin);
  for (int v = 0; v < 3; ++v) {
    memcpy(frame->axes[v], cell[v], sizeof frame->axes[v]);
    frame->length[v] = reduce(frame->axes[v], (const double(*)[3])frame->axes, v);
    scale(frame->axes[v], 1.0 / frame->length[v]);
    frame->origin[v] = begin[v];
  }
  frame->xy = dot(cell[1], frame->axes[0]);
  frame->xz = dot(cell[2], frame->axes[0]);
  frame->yz = dot(cell[2], frame->axes[1]);
}

void xp_frame_turn(const xp_frame *frame, const double from[3], double to[3]) {
  for (int k = 0; k < 3; ++k) to[k] = dot(from, frame->axes[k]);
}

void xp_frame_turn_back(const xp_frame *frame, const double from[3], double to[3]) {
  for (int d = 0; d < 3; ++d) {
    to[d] = 0.0;
    for (int k = 0; k < 3; ++k) to[d] += from[k] * frame->axes[k][d];
  }
}

void xp_frame_turn_tensor_back(const xp_frame *frame, const double from[6], double to[3][3]) {
  static const int place[3][3] = {{0, 3, 4}, {3, 1, 5}, {4, 5, 2}};
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) {
      to[a][b] = 0.0;
      for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) to[a][b] += frame->axes[i][a] * from[place[i][j]] * frame->axes[j][b];
    }
}
