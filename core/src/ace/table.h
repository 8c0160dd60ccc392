/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of the radial basis of one pair. The contracted functions R_nl are made from them where they are needed: a table
 * of all R_nl is several times as large and misses the caches.
 *
 * What is tabulated: pair_style pace interpolates its radial functions with cubics in bins of the file's deltaSplineBins
 * (ace.md section 3.6), so those cubics, not the exact functions, are what the file means to everybody who uses it. Where
 * they agree with the exact functions as well as here (nearly everywhere), a quintic Hermite table of the exact functions
 * with bins ten times as wide takes their place, which fits into caches. Bins with a kink or a step, and pieces where the
 * file's bins are too coarse for its functions, keep the cubics. ACE.jl functions have no bins and are met exactly.
 *
 * Memory: nodes[node][3][row]: F, h F', h^2 F'' for all functions of the pair side by side, row padded with zeros to
 * whole cache lines. The two nodes of a bin are adjacent, so that interpolation of either kind is a sum over six rows. */
#ifndef XPOT_ACE_TABLE_H
#define XPOT_ACE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "ace/radial.h"

typedef enum xp_ace_segment_kind {
  XP_ACE_SEGMENT_QUINTIC,
  XP_ACE_SEGMENT_CUBIC,    /* the file's bins */
  XP_ACE_SEGMENT_COMPUTED, /* the file's bins, their nodes computed when needed: inside the core, where nobody hurries */
  XP_ACE_SEGMENT_EXACT
} xp_ace_segment_kind;

typedef struct xp_ace_segment {
  xp_ace_segment_kind kind;
  double begin, end; /* Angstrom */
  double width;      /* of a bin */
  double inverse;    /* 1 / width */
  int nbins;
  size_t node; /* first node, of quintic and cubic segments */
} xp_ace_segment;

typedef struct xp_ace_table {
  int row;           /* doubles in a row: the basis, the core, zeros up to a multiple of XP_ACE_ROW */
  double file_width; /* bin of the file, 0: none */
  int nsegments;
  xp_ace_segment *segments; /* ascending, from 0 to the cutoff; owned */
  size_t nnodes;
  double *nodes; /* [nnodes][3][row], aligned to cache lines; owned */
} xp_ace_table;

/* Doubles of a cache line. */
enum { XP_ACE_ROW = 8 };

/* file_width: the file's bin or 0. The table is as accurate as said for the basis, the core and the ncontracted
 * combinations matrix[ncontracted][nbase] of the basis. */
xp_status xp_ace_table_build(xp_ace_table *table, const xp_ace_radial *radial, const double *matrix, int ncontracted,
                             double file_width, xp_error *error);
void xp_ace_table_clear(xp_ace_table *table);

/* Writes nodes [nbins + 1][3][row] of bins from begin on, as a segment of them would hold: the file's bins where cubic, else exact
 * values of the smooth piece that holds in the middle. */
xp_status xp_ace_table_nodes(const xp_ace_table *table, const xp_ace_radial *radial, double begin, double width,
                             int nbins, bool cubic, double *nodes, xp_error *error);

/* The segment of a distance; most neighbours are in the outer ones. */
static inline const xp_ace_segment *xp_ace_table_segment(const xp_ace_table *table, double r) {
  int s = table->nsegments - 1;
  while (s > 0 && r < table->segments[s].begin) s--;
  return &table->segments[s];
}

/* Where the rows of a distance are and their weights. */
typedef struct xp_ace_lookup {
  const double *rows; /* [6][row] */
  double value[6], derivative[6];
} xp_ace_lookup;

/* Looks r up, 0 < r < cutoff. own[6][row] and jets[row + nscratch] serve the kinds without stored nodes. */
void xp_ace_table_look_up(const xp_ace_table *table, const xp_ace_radial *radial, double r, double *own, xp_jet *jets,
                          xp_ace_lookup *look);

#endif
