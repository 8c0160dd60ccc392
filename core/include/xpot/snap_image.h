/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A compiled SNAP potential as flat arrays, for engines that cannot follow pointers into libxpot, such as kernels on devices.
 *
 * Records hold places ("in numbers": of the first double in numbers; "in indices": of the first int in indices) and ranges
 * (first ... end - 1) of other records. All of it can be copied to another memory as it is. Shapes are row-major.
 *
 * An atom is evaluated in arrays of each label (chem-SNAP: each neighbouring species, else one):
 *   moments    [nmoments] real sums over neighbours of weight, a part of a^k, a part of b^l and a Chebyshev polynomial
 *              T_n(|a|^2 - |b|^2), where a and b are Cayley-Klein parameters;
 *   U          [nu] complex, level after level of (j + 1)^2, from the moments; normalised so that no roots are left;
 *   Y          [nentries] complex, dE/dconj(U) of the entries of U with 2 mb <= j, from products of two U.
 * Linear models have Y as sums of products with their coefficients in them. Quadratic ones have products Z, components B
 * from U and Z, dE/dB, and Y from these and Z. All lists also exist transposed, so that every number is written by one worker
 * and no addition is atomic. Lists that neighbouring workers run through at the same time are interleaved: entry t of such a
 * list is XP_SNAP_IMAGE_STRIDE t places after its first. Definitions: Thompson et al., J. Comput. Phys. 285, 316 (2015); Wood and Thompson, J. Chem.
 * Phys. 148, 241721 (2018); Cusentino et al., J. Phys. Chem. A 124, 5456 (2020). */
#ifndef XPOT_SNAP_IMAGE_H
#define XPOT_SNAP_IMAGE_H

#include <stdbool.h>

#include "xpot/potential.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Most outputs of a segment; what the place of a right factor is multiplied with; places between entries of a list. */
enum { XP_SNAP_IMAGE_OUTPUTS = 6, XP_SNAP_IMAGE_RIGHT = 65536, XP_SNAP_IMAGE_STRIDE = 8 };

/* An ordered pair of species. Neighbours with 1e-20 < r^2 < cutoff^2 count. */
typedef struct xp_snap_image_pair {
  double cutoff; /* Angstrom */
  double scale;  /* 1 / (cutoff - rmin0), 1/Angstrom */
  double weight; /* of the neighbour */
  double inner;  /* middle of the inner switch, Angstrom */
  double width;  /* its half width, Angstrom */
} xp_snap_image_pair;

/* The moments with powers a^k and b^l and T_0 ... T_(count - 1). */
typedef struct xp_snap_image_power {
  int k, l;
  int count;
  int moments[4]; /* with T_0, of Re a^k Re b^l, Re Im, Im Re, Im Im; -1: vanishes. That of T_n is 2 n further */
} xp_snap_image_power;

/* An entry of U with 2 mb <= j that counts in half-sums, in the order of Y. */
typedef struct xp_snap_image_entry {
  int u;         /* its place in U */
  int mirror;    /* place of sign conj(U), or -1 when that is the entry itself */
  int sign;      /* 1 or -1 */
  bool diagonal; /* the centre itself adds 1 */
  int j, index;  /* the level, and the number of the entry in it */
} xp_snap_image_entry;

/* A row of a sparse matrix: the sum over t < count of weight_t times a component. */
typedef struct xp_snap_image_row {
  int row;
  int count;
  int terms;   /* in indices: components; interleaved */
  int weights; /* in numbers; interleaved */
} xp_snap_image_row;

/* Sums of products: output k is the sum over t of coefficient[t][k] U[left + l_t] U[right + r_t], complex without
 * conjugation. Segments of a centre are sorted by noutputs and nproducts, largest first. */
typedef struct xp_snap_image_segment {
  int noutputs; /* 1 ... XP_SNAP_IMAGE_OUTPUTS */
  int nproducts;
  int left, right;  /* first entries of the labels */
  int factors;      /* in indices: l_t + XP_SNAP_IMAGE_RIGHT r_t; interleaved */
  int coefficients; /* in numbers: entry t noutputs + k; interleaved */
  int outputs;      /* in indices: [noutputs] places in the list of sums */
} xp_snap_image_segment;

/* Linear: a number of Y that is the sum of itself and further parts. */
typedef struct xp_snap_image_rest {
  int output; /* in the list of sums; so are the parts, which follow each other */
  int first;
  int count;
} xp_snap_image_rest;

/* Quadratic: B_k is the half-sum, whose weights are in Z, of conj(U[u + i]) Z[z + i] over i < n. */
typedef struct xp_snap_image_component {
  int u, z, n;
} xp_snap_image_component;

/* Quadratic: a product Z that level j of a label's Y has, with the factor sum of terms first ... end - 1, each a number times
 * dE/dB of a component. Entry i of the level gets that of Z[z + i]. */
typedef struct xp_snap_image_link {
  int z;
  int first, end;
} xp_snap_image_link;

/* Quadratic: level j of a label. */
typedef struct xp_snap_image_level {
  int first, end; /* links */
} xp_snap_image_level;

/* Everything of one central species. The last three are of quadratic models only. */
typedef struct xp_snap_image_centre {
  double constant; /* energy without the sums: eV; bzeroflag is in it for linear models */
  int label;       /* of the centre; its U has the self term, with wselfallflag every U */
  int first_segment, end_segment;
  int first_rest, end_rest;
  int beta;  /* in numbers: [ncomponents] */
  int alpha; /* in numbers: [ncomponents][ncomponents], symmetric */
  int zero;  /* in numbers: [ncomponents] what bzeroflag takes off B */
} xp_snap_image_centre;

/* Energy of an atom, from the half-sums H over all labels and entries of conj(Y) U and B less zero:
 *   linear: constant + H / 3;   quadratic: constant + sum over k of B_k (beta_k + dE/dB_k) / 2,  dE/dB = beta + alpha B.
 * The list of sums is Y of all labels followed by the parts of rests for linear models, and Z for quadratic ones. */
typedef struct xp_snap_image {
  int nelements, nlabels, twojmax;
  bool quadratic, chem; /* chem: the label of a neighbour is its species; else 0 */
  bool switchflag, switchinnerflag, wselfallflag;
  double rfac0, rmin0;           /* theta0 = rfac0 pi (r - rmin0) scale */
  int nu;                        /* complex numbers of U, one label */
  int nmoments;                  /* one label */
  int nsums;                     /* complex numbers of the list of sums */
  xp_snap_image_pair *pairs;     /* [nelements][nelements]: centre, neighbour */
  xp_snap_image_centre *centres; /* [nelements] */
  int npowers, nentries, nsegments, nrests;
  xp_snap_image_power *powers; /* most moments first */
  xp_snap_image_entry *entries;
  xp_snap_image_segment *segments;
  xp_snap_image_rest *rests;
  /* Part p (0: real, 1: imaginary) of entry e, row 2 e + p, from moments; and back: the adjoints of moments from parts of Y,
   * 2 e + p. Longest rows first. */
  xp_snap_image_row *expansion; /* [2 nentries] */
  xp_snap_image_row *gathering; /* [nmoments] */
  /* Quadratic models. */
  int ncomponents, nlinks;
  xp_snap_image_component *components;
  xp_snap_image_link *links;
  xp_snap_image_level *levels; /* [nlabels][twojmax + 1] */
  int link_components;         /* in indices: of the terms of links */
  int link_factors;            /* in numbers: of the terms of links */
  int nnumbers, nindices;
  double *numbers;
  int *indices;
} xp_snap_image;

/* The image of a plan, whose coefficients are in the plan's precision; XP_ERROR_INPUT unless it is of kind SNAP. The caller
 * frees it; it does not need the plan any more. */
xp_status xp_snap_image_new(xp_snap_image **image, const xp_plan *plan, xp_error *error);

/* NULL is allowed. */
void xp_snap_image_free(xp_snap_image *image);

#ifdef __cplusplus
}
#endif

#endif
