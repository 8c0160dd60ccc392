/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A batch of atoms of one species on its way through the fitting kernels. "Vector" means one number for each lane, a lane
 * being an atom (in rows: a direction). All in double precision. */
#ifndef XPOT_TRAINING_BATCH_H
#define XPOT_TRAINING_BATCH_H

#include "kernel/kernel.h"
#include "training/training.h"

/* Most lanes of any kernel. */
enum { XP_TRAINING_LANES_MAX = 8 };

typedef struct xp_training_batch {
  const xp_ace_fit *fit;
  const xp_training_centre *centre;
  const double *parameters;
  bool leaves_only;          /* forward passes make no densities */
  int *first;                /* [nelements + 1] neighbours of species j are first[j] .. first[j+1]-1 in every lane */
  double *unit;              /* vectors [neighbour][3]; (0, 0, 1) in padding */
  double *inverse;           /* vectors [neighbour] 1 / distance; 0 in padding */
  double *basis;             /* vectors [neighbour][basis stride] g_k; 0 in padding */
  double *slopes;            /* vectors [neighbour][basis stride] g'_k; 0 in padding */
  double *velocity;          /* vectors [neighbour][3] velocity relative to the atom */
  double *harmonics;         /* vectors [neighbour][harmonics stride] */
  double *turning;           /* vectors [neighbour][harmonics stride] their change along the velocity */
  double *approach;          /* vectors [neighbour][basis stride] g'_k times the velocity along the bond */
  double *sums;              /* vectors [neighbour][2][harmonics stride] adjoints contracted with g_k and g'_k */
  double *gradient;          /* vectors [neighbour][3] result */
  double *primitives;        /* vectors [nprimitives] a_klm */
  double *motions;           /* vectors [nprimitives] their change along the velocities */
  double *contracted;        /* vectors [nprimitives] adjoints by a_klm */
  double *values;            /* vectors [nslots] base and coupled nodes */
  double *tangents;          /* vectors [nslots] their change */
  double *adjoints;          /* vectors [nslots] by values, through forces: by tangents */
  double *second;            /* vectors [nslots] adjoints by values of everything else */
  double *z;                 /* vectors [2][nz] */
  double *leaves;            /* vectors [nleaves], then room for functions of rank 1 */
  double *leaf_tangents;     /* vectors [nleaves] */
  double *densities;         /* vectors [ndensity] */
  double *density_tangents;  /* vectors [ndensity] */
  double *phi;               /* vectors [ndensity] weights of density tangents: fc w F' */
  double *alpha;             /* vectors [ndensity] weights of densities */
  double *polynomials;       /* vectors [2][(lmax+1)(lmax+2)/2] of one neighbour */
  double *powers;            /* vectors [lmax+1][2] of one neighbour */
  double *coefficients;      /* [nleaves][ndensity] of the leaves, with their constants */
  double *function_gradient; /* vectors [nfunctions][ndensity] sums so far, of the species */
  double *radial_gradient;   /* vectors [nradial] sums so far */
  double *moved;             /* vectors [lanes][base slots] changes of the base in the directions of a group */
} xp_training_batch;

/* Lengths of a neighbour's rows in vectors; odd, so that rows do not meet in the same sets of the caches. */
static inline size_t xp_training_basis_stride(const xp_ace_fit *fit) {
  return (size_t)fit->nbase_max | 1;
}
static inline size_t xp_training_harmonics_stride(const xp_ace_fit *fit) {
  return (size_t)((fit->lmax + 1) * (fit->lmax + 1)) | 1;
}

XP_KERNEL_DECLARE_DOUBLE(int, xp_training_lanes, (void));

/* From neighbours to densities; with motion also their change along the velocities. */
XP_KERNEL_DECLARE_DOUBLE(void, xp_training_forward, (xp_training_batch * batch, bool motion));

/* From phi to the gradients of all neighbours. */
XP_KERNEL_DECLARE_DOUBLE(void, xp_training_gradients, (xp_training_batch * batch));

/* From phi and alpha to the gradients by parameters, after a forward with motion. */
XP_KERNEL_DECLARE_DOUBLE(void, xp_training_parameters, (xp_training_batch * batch, bool radial));

/* Changes of leaves and densities, leaf_tangents and density_tangents, of the atom in one lane when one neighbour moves;
 * after a forward. A lane of the result is a direction: lane d of group g is direction W g + d, three a neighbour. The
 * changes of the base in all directions of a group and all lanes are made by moves. changes [lanes][nleaves]: those of the
 * basis functions of each direction, in the order of leaves. */
XP_KERNEL_DECLARE_DOUBLE(void, xp_training_moves, (xp_training_batch * batch, int group, double *moves));
XP_KERNEL_DECLARE_DOUBLE(void, xp_training_follow,
                         (xp_training_batch * batch, int lane, const double *moves, double *changes));

/* to[p][f] += factor (phi[p] changes[f] + beta[p] values[f]) for several rows `to`, each [ndensity][count]. */
enum { XP_TRAINING_TARGETS_MAX = 5 };
typedef struct xp_training_row {
  int count, ndensity;
  const double *changes, *values; /* [count] */
  const double *phi, *beta;       /* [ndensity] */
  int ntargets;
  double *targets[XP_TRAINING_TARGETS_MAX];
  double factors[XP_TRAINING_TARGETS_MAX];
} xp_training_row;
XP_KERNEL_DECLARE_DOUBLE(void, xp_training_add_row, (const xp_training_row *row));

#endif
