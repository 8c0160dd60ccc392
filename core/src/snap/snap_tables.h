/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Index lists of SNAP (snap.md sections 5, 6, 9, 10 of the theory notes) as flat streams for the kernels.
 *
 * Matrices are kept in the polynomial normalisation V, U^j[mb][ma] = n_j[mb][ma] V^j[mb][ma] with
 * n_j[mb][ma] = sqrt(ma! (j-ma)! / (mb! (j-mb)!)): the recursion of V and the generators that differentiate it have integer
 * coefficients or none. All n are folded into the streams' coefficients, and so are the weights of the half-sum (2 where
 * 2mb < j or ma < mb in the middle row, 1 at its end). Only entries with such a weight are outputs; of each level they are
 * the first ones, so a level's block of outputs is a prefix of its matrix. */
#ifndef XPOT_SNAP_TABLES_H
#define XPOT_SNAP_TABLES_H

#include <stdint.h>

#include "snap/snap_moments.h"
#include "xpot/snap.h"

/* Outputs that share products: levels j that one pair of levels (j1, j2) couples to with the same projections. */
typedef struct xp_snap_segment {
  uint32_t first; /* products first .. end - 1 */
  uint32_t end;
  uint32_t coefficient; /* [end - first][noutputs] begin here */
  uint32_t output;      /* outputs output .. output + noutputs - 1 */
  int noutputs;         /* 1 .. XP_SNAP_SHARED */
} xp_snap_segment;

/* Most outputs of a segment: their sums stay in registers. */
enum { XP_SNAP_SHARED = 6 };

/* Most n of a strip, and slots whose factors are kept at once. */
enum { XP_SNAP_MOMENTS = XP_SNAP_TWOJMAX_LIMIT / 2 + 1, XP_SNAP_BLOCK = 8 };

/* Number of a neighbour's factors. */
#define XP_SNAP_FACTORS(twojmax) (4 * ((twojmax) + 1) + (twojmax) / 2 + 1)

/* What places of factors in a stream are multiplied with; those of the largest matrices fit in 16 bits. */
enum { XP_SNAP_PLACE = 16 };

/* Sums of products: each output of a segment is the sum over its products of coefficient * left[pairs[t][0]] *
 * right[pairs[t][1]], complex without conjugation, and goes to its target. */
typedef struct xp_snap_stream {
  int nsegments;
  xp_snap_segment *segments;
  int noutputs;
  uint32_t *target;     /* [noutputs] */
  uint32_t *block;      /* [noutputs] the block an output belongs to; 0 in folded streams */
  uint16_t (*pairs)[2]; /* XP_SNAP_PLACE times the entries of the factors */
  size_t ncoefficients;
  void *coefficient; /* double, or float after xp_snap_stream_round */
} xp_snap_stream;

/* A matrix Z^j_{j1 j2} of one pair of labels: entries z .. z + n - 1 of the Z list. */
typedef struct xp_snap_block {
  int j1, j2, j;
  int z;
  int n;
} xp_snap_block;

/* Component B of labels (e1, e2, e3): the half-sum of conj(V) with the Z block. Offsets count complex numbers. */
typedef struct xp_snap_component {
  int z;
  int u; /* of level j of label e3 */
  int n;
  double zero; /* its value without neighbours, removed by bzeroflag */
  bool equal;  /* e1 = e2 = e3 */
  int label;   /* e3 */
} xp_snap_component;

/* A term of the adjoint: dE/dconj(V) at target += factor * dE/dB[component] * Z block. */
typedef struct xp_snap_slot {
  int component;
  int partner; /* the component that a swap of equal j makes identical; component itself for most */
  int z;
  int target;
  int n;
  int j;     /* level of the target */
  int label; /* of the target */
  double factor;
} xp_snap_slot;

/* Slots first .. end - 1: all of one Z block and target. */
typedef struct xp_snap_link {
  int z;
  int first;
  int end;
} xp_snap_link;

/* A level of the adjoint of one label: entries target .. target + n - 1 are sums over links first .. end - 1. */
typedef struct xp_snap_target {
  int target;
  int n;
  int first;
  int end;
} xp_snap_target;

typedef struct xp_snap_tables {
  int twojmax;
  int nlabels; /* 1, or the number of elements for chem-SNAP */
  int ublock[XP_SNAP_TWOJMAX_LIMIT + 2];
  int nsum[XP_SNAP_TWOJMAX_LIMIT + 1]; /* outputs of a level */
  int nu;                              /* entries of all levels, one label */
  int ntriples;                        /* K */
  int (*triples)[3];
  int ncomponents; /* K' */
  xp_snap_component *components;
  int nblocks; /* of one pair of labels */
  xp_snap_block *blocks;
  int nz; /* entries of the Z list of one pair of labels; pair (e1, e2) begins at (e1 nlabels + e2) nz */
  int nslots;
  xp_snap_slot *slots;
  int nlinks;
  xp_snap_link *links;
  int ntargets;
  xp_snap_target *targets;
  xp_snap_stream same;  /* equal labels: a pair and its mirror image for j1 = j2 are one term */
  xp_snap_stream mixed; /* different labels; empty without chemflag */
  xp_snap_moments moments;
  size_t scratch; /* vectors of lanes that the kernels of density, gradient and derivative need */
} xp_snap_tables;

/* parameters must be valid (xp_snap_parameters_check). */
xp_status xp_snap_tables_new(xp_snap_tables **tables, const xp_snap_parameters *parameters, int nelements,
                             xp_error *error);

/* NULL is allowed. */
void xp_snap_tables_free(xp_snap_tables *tables);

/* Triples (j1, j2, j) of the bispectrum in the order of coefficients; *triples is allocated, K as xp_snap_nbispectrum. */
xp_status xp_snap_triples_new(int (**triples)[3], int twojmax, xp_error *error);

/* The stream that gives the adjoint of a linear model without chemflag in one go: a segment has all products of its
 * projections, targets are u offsets, coefficients beta[K] are folded in. */
xp_status xp_snap_stream_fold(xp_snap_stream *folded, const xp_snap_tables *tables, const double *beta,
                              xp_error *error);

/* count doubles to as many floats in the same place. */
void xp_snap_round(void *coefficients, size_t count);

/* All coefficients to float, for kernels of mixed precision. */
void xp_snap_tables_round(xp_snap_tables *tables);
void xp_snap_stream_round(xp_snap_stream *stream);

/* Frees the members and empties the struct. */
void xp_snap_stream_free(xp_snap_stream *stream);

#endif
