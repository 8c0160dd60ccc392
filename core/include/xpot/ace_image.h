/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A compiled ACE potential as flat arrays, for engines that cannot follow pointers into libxpot, such as kernels on devices.
 *
 * Records hold places ("in numbers": of the first double in numbers; "in indices": of the first int in indices) and ranges
 * (first ... end - 1) of other records. All of it can be copied to another memory as it is. Shapes are row-major.
 *
 * An atom is evaluated in slots, the real components of its vectors: first the base A_nl, 2l+1 components each (x_0, then
 * sqrt2 Re x_m, sqrt2 Im x_m), then level by level what two earlier vectors couple to. Adjoints are given as lists of what a
 * component receives, so that every slot is written by one worker and no addition is atomic; long lists are cut, so that many
 * workers are busy. Sources: ace.md sections 2 to 5; Drautz, Phys. Rev. B 99, 014104 (2019). */
#ifndef XPOT_ACE_IMAGE_H
#define XPOT_ACE_IMAGE_H

#include <stddef.h>

#include "xpot/ace.h"
#include "xpot/potential.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bins of equal width of the radial functions of a pair. A node has three rows: F, h F', h^2 F''. */
typedef struct xp_ace_image_segment {
  double begin;   /* Angstrom */
  double inverse; /* 1 / h, 1/Angstrom */
  int nbins;
  int quintic; /* 1: quintic Hermite interpolation; 0: cubic, which leaves the third row alone */
  int nodes;   /* in numbers: [nbins + 1][3][row] */
} xp_ace_image_segment;

/* An ordered pair of species. Table columns: the radial basis g_k, k < nbase, then the core repulsion. */
typedef struct xp_ace_image_pair {
  double cutoff;           /* Angstrom */
  double minimum;          /* Angstrom; a neighbour that is closer is an error */
  double rcut_in, dcut_in; /* Angstrom, zbl: the bond with the smallest r - (rcut_in - dcut_in) counts */
  int row;                 /* doubles in a row of a node */
  int nbase, ncolumns;
  int lmax;                       /* -1: no R_nl */
  int first_segment, end_segment; /* ascending from 0 to the cutoff */
  int components; /* in indices: [ncomponents][3] (slot, column, harmonic l^2 + i), where the pair adds */
  int ncomponents;
  int harmonics; /* in indices: [(lmax+1)^2][4] (slot of the first n, slots to the next n, column, n's; none: 0 of them) */
  int matrix;    /* in numbers: [ncolumns][nbase], R_nl from g_k */
  int density; /* in numbers: [ndensity][nbase], rank-1 functions */
} xp_ace_image_pair;

/* Bilinear maps of vectors x and y, whose components are the outputs:
 *   out_r = sum over the terms of row r of w x_i y_j.
 * Most are real Clebsch-Gordan couplings of two tensors to several l; those of functions that are not invariant are products
 * of complex numbers. */
typedef struct xp_ace_image_type {
  int noutputs;
  int nterms;
  int first;   /* in indices: [noutputs + 1] first term of each row */
  int terms;   /* in indices: [nterms] i + j * XP_ACE_IMAGE_TERM, which is larger than both */
  int weights; /* in numbers: [nterms] */
} xp_ace_image_type;

enum { XP_ACE_IMAGE_TERM = 256 };

typedef struct xp_ace_image_coupling {
  int type;
  int left, right; /* slots of x_0 and y_0 */
  int out;         /* slot of the first output */
} xp_ace_image_coupling;

/* The base (level 0, without outputs), or the vectors that depend on lower levels only. Their adjoints are what nodes gave, then
 * all that gathers give, then all sums. */
typedef struct xp_ace_image_level {
  int outputs; /* in indices: [noutputs][2] (coupling, output), sorted by type and output */
  int noutputs;
  int first_gather, end_gather;
  int first_sum, end_sum;
} xp_ace_image_level;

/* Components first ... first + n - 1 of a vector: what some of the leaves give to their adjoints that the vector is in. */
typedef struct xp_ace_image_node {
  int n, first;
  int slot;   /* of the first one; its adjoint begins with this, or it is a part of a sum */
  int leaves; /* in indices: [nleaves][3] (slot of the other vector, leaf, sign), see rows */
  int nleaves;
} xp_ace_image_node;

enum { XP_ACE_IMAGE_NODE = 7 }; /* largest n of a node */

/* What terms of couplings give to the adjoint of a component: sum of weight * adjoint * value. */
typedef struct xp_ace_image_gather {
  int slot;
  int add;   /* 1: to what is there; 0: the slot is a part of a sum */
  int terms; /* in indices: [nterms][2] slots of adjoint and value */
  int nterms;
  int weights; /* in numbers: [nterms] */
} xp_ace_image_gather;

/* An adjoint to which parts are added. */
typedef struct xp_ace_image_sum {
  int slot;
  int parts; /* in indices: [nparts] slots */
  int nparts;
} xp_ace_image_sum;

/* Some leaves that have one vector in common: density_p += c_p (own_0 other_0 + sign sum over i > 0 of own_i other_i). */
typedef struct xp_ace_image_row {
  int n, slot;
  int sign;       /* 1, -1 or 0 */
  int first, end; /* leaves */
} xp_ace_image_row;

/* Everything of one central species. Leaf and coupling numbers count from the species' first. */
typedef struct xp_ace_image_centre {
  xp_ace_embedding_type npoti;
  xp_ace_inner_type inner;
  double rho_core_cutoff, drho_core_cutoff, e0;
  int ndensity;
  int parameters;  /* in numbers: [ndensity][2] w_p, m_p */
  int nbase_slots; /* slots of the base */
  int nslots;
  int nadjoints; /* slots of adjoints: parts of sums follow */
  int first_node, end_node;
  int first_level, end_level; /* from the base on */
  int first_row, end_row;
  int first_coupling;
  int leaf;        /* in indices: [nleaves] slot of the other tensor */
  int coefficient; /* in numbers: [nleaves][ndensity] */
  int nleaves;
} xp_ace_image_centre;

typedef struct xp_ace_image {
  int nelements;
  int lmax;
  double nearest_limit; /* zbl: bonds farther than this from their inner cutoff do not count, Angstrom */
  int recursion;        /* in numbers: [(lmax+1)(lmax+2)/2][2] a_lm, b_lm of the polynomials Q_lm; m > 0 carry sqrt2 */
  xp_ace_image_centre *centres; /* [nelements] */
  xp_ace_image_pair *pairs;     /* [nelements][nelements]: centre, neighbour */
  int nsegments, ntypes, ncouplings, nlevels, nnodes, ngathers, nsums, nrows;
  xp_ace_image_segment *segments;
  xp_ace_image_type *types;
  xp_ace_image_coupling *couplings;
  xp_ace_image_level *levels;
  xp_ace_image_node *nodes;
  xp_ace_image_gather *gathers;
  xp_ace_image_sum *sums;
  xp_ace_image_row *rows;
  int nnumbers, nindices;
  double *numbers;
  int *indices;
} xp_ace_image;

/* The image of a plan, whose coefficients are in the plan's precision; XP_ERROR_INPUT unless it is of kind ACE. The caller
 * frees it; it does not need the plan any more. */
xp_status xp_ace_image_new(xp_ace_image **image, const xp_plan *plan, xp_error *error);

/* NULL is allowed. */
void xp_ace_image_free(xp_ace_image *image);

#ifdef __cplusplus
}
#endif

#endif
