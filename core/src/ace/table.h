/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Radial functions as quintic Hermite tables: value and two derivatives at the nodes, exact there, with the bins of every
 * smooth piece as wide as the wanted accuracy allows. Pieces that would need absurdly fine bins (steep core repulsion,
 * singular ends) and all distances below XP_ACE_TABLE_START are evaluated exactly instead.
 *
 * Memory: nodes[node][3][row]: F, h F', h^2 F'' for all functions of the pair side by side, row padded with zeros to
 * whole cache lines. The two nodes of a bin are adjacent, so that an interpolation is one sum over six rows. */
#ifndef XPOT_ACE_TABLE_H
#define XPOT_ACE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "ace/radial.h"

typedef struct xp_ace_segment {
  double begin, end; /* Angstrom */
  double width;      /* of a bin */
  int nbins;         /* 0: evaluate exactly */
  size_t node;       /* first node */
} xp_ace_segment;

typedef struct xp_ace_table {
  int row; /* doubles in a row, a multiple of XP_ACE_ROW */
  int nsegments;
  xp_ace_segment *segments; /* ascending, from 0 to the cutoff; owned */
  size_t nnodes;
  double *nodes; /* [nnodes][3][row], aligned to cache lines; owned */
} xp_ace_table;

/* Doubles of a cache line. */
enum { XP_ACE_ROW = 8 };

/* Below this distance there is no table, Angstrom. */
#define XP_ACE_TABLE_START 0.5

xp_status xp_ace_table_build(xp_ace_table *table, const xp_ace_radial *radial, xp_error *error);
void xp_ace_table_clear(xp_ace_table *table);

/* Weights of the six rows of a bin for value and derivative; t in 0..1 is the place in a bin of the given width. */
static inline void xp_ace_table_weights(double t, double width, double value[6], double derivative[6]) {
  double t2 = t * t, s = 1.0 - t, s2 = s * s;
  value[0] = s2 * s * (1.0 + 3.0 * t + 6.0 * t2);
  value[1] = t * s2 * s * (1.0 + 3.0 * t);
  value[2] = 0.5 * t2 * s2 * s;
  value[3] = t2 * t * (1.0 + 3.0 * s + 6.0 * s * s);
  value[4] = -s * t2 * t * (1.0 + 3.0 * s);
  value[5] = 0.5 * s2 * t2 * t;
  double inverse = 1.0 / width;
  derivative[0] = -30.0 * t2 * s2 * inverse;
  derivative[1] = s2 * (1.0 + 2.0 * t - 15.0 * t2) * inverse;
  derivative[2] = 0.5 * t * s2 * (2.0 - 5.0 * t) * inverse;
  derivative[3] = -derivative[0];
  derivative[4] = t2 * (1.0 + 2.0 * s - 15.0 * s2) * inverse;
  derivative[5] = -0.5 * s * t2 * (2.0 - 5.0 * s) * inverse;
}

/* The segment of a distance below the cutoff. */
static inline const xp_ace_segment *xp_ace_table_find(const xp_ace_table *table, double r) {
  int s = table->nsegments - 1;
  while (s > 0 && r < table->segments[s].begin) s--;
  return &table->segments[s];
}

#endif
