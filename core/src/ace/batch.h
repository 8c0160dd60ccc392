/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One batch of atoms on its way through the kernel: what evaluate.c gathers and the kernel fills. "Vector" means one
 * number for each of the kernel's lanes; a lane is an atom. Arrays of void are of the plan's precision. */
#ifndef XPOT_ACE_BATCH_H
#define XPOT_ACE_BATCH_H

#include <stdbool.h>

#include "ace/plan_data.h"
#include "kernel/kernel.h"

/* Most lanes of any kernel. */
enum { XP_ACE_LANES_MAX = 16 };

typedef struct xp_ace_batch {
  const xp_ace_plan *plan;
  const xp_ace_centre *centre;
  bool gradients;    /* wanted */
  int *first;        /* [nelements + 1] neighbours of species j are first[j] .. first[j+1]-1 in every lane */
  void *unit;        /* vectors [neighbour][3] direction from the atom; (0, 0, 1) in padding */
  double *distance;  /* vectors [neighbour], Angstrom; 0 in padding, which then weighs nothing */
  void *inverse;     /* vectors [neighbour] 1 / distance; 0 in padding */
  void *radial;      /* vectors [neighbour][xp_ace_radial_stride] R_nl */
  void *slope;       /* vectors [neighbour][xp_ace_slope_stride] g'_k, then the derivative of the core */
  void *harmonics;   /* vectors [neighbour][xp_ace_harmonics_stride] real harmonics, l^2 + component */
  void *gradient;    /* vectors [neighbour][3] result, eV/Angstrom */
  void *values;      /* vectors [slot of coupled] */
  void *adjoints;    /* vectors [slot of coupled] dE/dvalue */
  void *leaves;      /* vectors [leaves_max] dot products of one row, or their adjoints */
  void *z;           /* vectors [2][nz_max] products of one coupling and their adjoints */
  void *products;    /* vectors [2][slot of product][re, im] values, then adjoints */
  void *contracted;  /* vectors [component][nbase] adjoints contracted with the matrix of one pair */
  void *basis;       /* vectors [XP_ACE_TOGETHER_MAX][nbase_max + XP_ACE_ROW] g_k of a few neighbours */
  void *polynomials; /* vectors [2][(lmax+1)(lmax+2)/2] Q_lm and derivatives of one neighbour */
  void *powers;      /* vectors [lmax+1][re, im] of one neighbour */
  void *projected;   /* vectors [2][(lmax+1)^2][XP_ACE_TOGETHER_MAX] sums of a few neighbours */
  double *sums;      /* vectors [row_max] sums of g_k and the core over the neighbours of one species */
  double *densities; /* vectors [ndensity] */
  double *slopes;    /* vectors [ndensity] dE/drho */
  double *exact;     /* [lanes][6][row_max] rows of distances that have no table */
  xp_jet *jets;      /* [row_max + nscratch_max] */
  xp_ace_core_state core[XP_ACE_LANES_MAX];
  xp_ace_atom_energy result[XP_ACE_LANES_MAX];
} xp_ace_batch;

/* Neighbours that share the loads of coefficients and adjoints. */
enum { XP_ACE_TOGETHER_MAX = 4 };

/* Lengths of a neighbour's rows in vectors. They are odd: with an even number of cache lines between rows few sets of the
 * first-level cache would hold all of them. */
static inline size_t xp_ace_radial_stride(const xp_ace_plan *plan) {
  return (size_t)(plan->ncolumns_max + XP_ACE_TILE - 1) / XP_ACE_TILE * XP_ACE_TILE + 1;
}
static inline size_t xp_ace_slope_stride(const xp_ace_plan *plan) {
  return (size_t)(plan->nbase_max + 1) | 1;
}
static inline size_t xp_ace_harmonics_stride(const xp_ace_plan *plan) {
  return (size_t)((plan->lmax + 1) * (plan->lmax + 1)) | 1;
}

/* Fills result, and gradient when wanted. */
XP_KERNEL_DECLARE(void, xp_ace_kernel_run, (xp_ace_batch * batch));

/* Lanes of the kernel. */
XP_KERNEL_DECLARE(int, xp_ace_kernel_lanes, (void));

#endif
