/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One batch of atoms on its way through the kernel: what evaluate.c gathers and the kernel fills. "Vector" means one
 * double for each of the kernel's lanes; a lane is an atom. */
#ifndef XPOT_ACE_BATCH_H
#define XPOT_ACE_BATCH_H

#include <stdbool.h>

#include "ace/plan_data.h"
#include "kernel/kernel.h"

/* Most lanes of any kernel. */
enum { XP_ACE_LANES_MAX = 8 };

typedef struct xp_ace_batch {
  const xp_ace_plan *plan;
  const xp_ace_centre *centre;
  bool gradients;      /* wanted */
  int *first;          /* [nelements + 1] neighbours of species j are first[j] .. first[j+1]-1 in every lane */
  double *unit;        /* vectors [neighbour][3] direction from the atom; (0, 0, 1) in padding */
  double *distance;    /* vectors [neighbour], Angstrom; 0 in padding, which then weighs nothing */
  double *inverse;     /* vectors [neighbour] 1 / distance; 0 in padding */
  double *radial;      /* vectors [neighbour][2][row of its species] values, derivatives */
  double *harmonics;   /* vectors [neighbour][(lmax+1)(lmax+2)/2][re, im] of the plan's lmax */
  double *gradient;    /* vectors [neighbour][3] result, eV/Angstrom */
  double *values;      /* vectors [slot][re, im] */
  double *adjoints;    /* vectors [slot][re, im] dE/dA, to be multiplied without conjugation */
  double *polynomials; /* vectors [2][(lmax+1)(lmax+2)/2] Q_lm and derivatives of one neighbour */
  double *by_m;        /* vectors [lmax+1][8] powers and sums of one neighbour */
  double *densities;   /* vectors [ndensity] */
  double *slopes;      /* vectors [ndensity] dE/drho */
  double *exact;       /* [lanes][6][row_max] rows of distances that have no table */
  xp_jet *jets;        /* [row_max + nscratch_max] */
  xp_ace_core_state core[XP_ACE_LANES_MAX];
  xp_ace_atom_energy result[XP_ACE_LANES_MAX];
} xp_ace_batch;

/* Fills result, and gradient when wanted. */
XP_KERNEL_DECLARE(void, xp_ace_kernel_run, (xp_ace_batch * batch));

/* Lanes of the kernel. */
XP_KERNEL_DECLARE(int, xp_ace_kernel_lanes, (void));

#endif
