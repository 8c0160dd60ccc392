/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scratch memory of one thread, and how atoms of a structure become a batch. */
#ifndef XPOT_TRAINING_SCRATCH_H
#define XPOT_TRAINING_SCRATCH_H

#include "training/batch.h"

enum { XP_TRAINING_NO_ATOM = -1 };

struct xp_ace_fit_scratch {
  xp_training_batch batch;
  int lanes;
  int capacity;                            /* neighbours of the batch */
  int atoms[XP_TRAINING_LANES_MAX];        /* XP_TRAINING_NO_ATOM: lane not used */
  const xp_training_centre *loaded;        /* whose coefficients are in the batch */
  double *own;                             /* [lanes][6][row_max] rows of distances that have no table */
  double distances[XP_TRAINING_LANES_MAX]; /* of the neighbours in a row of the batch; 0: padding */
  xp_jet *jets;
  double *moves;        /* vectors [lanes][base slots] */
  double *row_values;   /* [lanes][nfunctions_max] basis functions of every atom */
  double *row_changes;  /* [nfunctions_max] changes of one atom's in one direction */
  double *leaf_changes; /* [lanes][nleaves_max] */
  double *row_room;     /* [nfunctions_max][ndensity_max] */
};

/* Relative velocities: of the atoms, and of a strain; both may be NULL for none. */
typedef struct xp_training_motion {
  const double (*loss)[3];   /* [natoms] d loss / d force: minus the velocity */
  const double (*virial)[3]; /* d loss / d virial */
} xp_training_motion;

/* Atoms from position `begin` of the structure's order that make one batch: of one species. */
int xp_training_batch_size(const xp_ace_fit_structure *structure, int begin, int lanes);

/* Fills the batch with count atoms; motion may be NULL. */
xp_status xp_training_gather(xp_ace_fit_scratch *scratch, const xp_ace_fit_structure *structure, int begin, int count,
                             const xp_training_motion *motion, xp_error *error);

/* Room for so many neighbours of the batch. */
xp_status xp_training_reserve(xp_ace_fit_scratch *scratch, int nneighbours, xp_error *error);

/* Takes the coefficients of a species from the parameters. */
void xp_training_load(xp_ace_fit_scratch *scratch, const xp_training_centre *centre, const double *parameters);

/* Neighbour of a lane's atom that is in a row of the batch: index in the structure, -1 when the row is padding there. */
long xp_training_source(const xp_ace_fit_scratch *scratch, const xp_ace_fit_structure *structure, int lane, int species,
                        int row);

/* Values of all basis functions of the atom in a lane, after a forward pass, in the kernels' own order: those of the
 * leaves, then those of rank 1. */
void xp_training_values(const xp_ace_fit_scratch *scratch, int lane, double *values);

/* Where each function of a species is in the kernels' own order. */
typedef struct xp_training_order {
  int *value;       /* [nfunctions]; owned */
  double *constant; /* [nfunctions] factor of that value; owned */
} xp_training_order;
xp_status xp_training_order_new(xp_training_order *order, const xp_training_centre *centre, xp_error *error);
void xp_training_order_clear(xp_training_order *order);

/* Values of all basis functions of the atoms in the first natoms lanes, after a forward pass, to a row each in the order of
 * the basis. */
XP_KERNEL_DECLARE_DOUBLE(void, xp_training_functions,
                         (xp_training_batch * batch, const xp_training_order *order, int natoms, double *const *rows));

/* Radial functions of a row of the batch: of one neighbour in each lane. */
typedef struct xp_training_radial_row {
  const xp_training_pair *pair;
  const double *distances; /* [lanes]; 0: padding, which gets zeros */
  double *own;             /* [lanes][6][row_max] rows of distances that have no table */
  size_t own_stride;       /* from lane to lane of own */
  xp_jet *jets;
  double *basis;  /* vectors [nbase] g_k */
  double *slopes; /* vectors [nbase] g'_k; NULL: not wanted */
} xp_training_radial_row;
XP_KERNEL_DECLARE_DOUBLE(void, xp_training_interpolate, (const xp_training_radial_row *row));

/* Directions and g_k, without slopes, of a batch whose unit vectors are displacements still; those of padding are zero. */
XP_KERNEL_DECLARE_DOUBLE(void, xp_training_place, (xp_ace_fit_scratch * scratch));

#endif
