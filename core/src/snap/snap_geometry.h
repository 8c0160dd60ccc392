/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a SNAP model that turns neighbours into Cayley-Klein parameters, and neighbours packed into lanes. */
#ifndef XPOT_SNAP_GEOMETRY_H
#define XPOT_SNAP_GEOMETRY_H

#include "xpot/neighbour.h"
#include "xpot/snap.h"

/* Parameters of every pair of species. */
typedef struct xp_snap_geometry {
  int nelements;
  double rfac0;
  double rmin0;
  bool switchflag;
  bool switchinnerflag;
  bool chemflag;
  bool wselfallflag;
  double *weight; /* [nelements] of the neighbour */
  double *cutoff; /* [nelements][nelements] Angstrom; the same for the next four */
  double *square; /* of the cutoff */
  double *scale;  /* 1 / (cutoff - rmin0) */
  double *inner;  /* middle of the inner switch */
  double *width;  /* its half width, 1 without inner switch */
} xp_snap_geometry;

xp_status xp_snap_geometry_new(xp_snap_geometry *geometry, const xp_snap_parameters *parameters, const double *radelem,
                               const double *wj, int nelements, xp_error *error);

/* Frees the members. */
void xp_snap_geometry_free(xp_snap_geometry *geometry);

/* Most lanes of any kernel. */
enum { XP_SNAP_LANES = 16 };

/* Quantities of a neighbour in a slot, one vector of lanes each. The first are packed, the next computed from them by the
 * geometry kernel, the last by the gradient kernel. */
enum xp_snap_field {
  XP_SNAP_X, /* displacement, Angstrom */
  XP_SNAP_Y,
  XP_SNAP_Z,
  XP_SNAP_WEIGHT, /* 0 in padding lanes */
  XP_SNAP_SCALE,  /* 1 / (Rcut - rmin0) */
  XP_SNAP_INNER,
  XP_SNAP_WIDTH,
  XP_SNAP_AR, /* Cayley-Klein parameters a and b; these and the factor in the precision of the kernel */
  XP_SNAP_AI,
  XP_SNAP_BR,
  XP_SNAP_BI,
  XP_SNAP_FACTOR,  /* weight times switching functions */
  XP_SNAP_INVERSE, /* 1 / r */
  XP_SNAP_SIN,     /* of theta0 */
  XP_SNAP_COS,
  XP_SNAP_VALUE, /* the factor in double precision */
  XP_SNAP_SLOPE, /* its derivative by r */
  XP_SNAP_GX,    /* d(energy of the centre)/d(displacement) */
  XP_SNAP_GY,
  XP_SNAP_GZ,
  XP_SNAP_FIELDS
};

/* Neighbours in lanes. Either each lane is a centre (evaluation) or all lanes are neighbours of one centre (derivatives).
 * Slots of one label follow each other; lanes that run out are padded with weight 0. */
typedef struct xp_snap_batch {
  int nlabels;
  int *end;  /* [nlabels] first slot behind those of a label, owned */
  int *fill; /* [nlabels][XP_SNAP_LANES] the slot that a lane fills next, owned */
  int nslots;
  int capacity;       /* slots */
  double *fields;     /* [nslots][XP_SNAP_FIELDS][width], aligned, owned */
  size_t *neighbours; /* [nslots][width] index into the neighbourhoods, XP_SNAP_PADDING when padding; owned */
} xp_snap_batch;

#define XP_SNAP_PADDING SIZE_MAX

xp_status xp_snap_batch_new(xp_snap_batch *batch, int nlabels, xp_error *error);

/* Frees the members. */
void xp_snap_batch_free(xp_snap_batch *batch);

/* Adds the numbers of neighbours of a centre that are inside their cutoff, by label, to counts. */
void xp_snap_geometry_count(const xp_snap_geometry *geometry, const xp_neighbourhoods *neighbourhoods, int atom,
                            int *counts);

/* Packs count <= width centres of one species, a lane each; counts [all centres][nlabels] as xp_snap_geometry_count. */
xp_status xp_snap_batch_centres(xp_snap_batch *batch, const xp_snap_geometry *geometry,
                                const xp_neighbourhoods *neighbourhoods, const int *atoms, const int *counts, int count,
                                int width, xp_error *error);

/* Packs the neighbours of one centre across the lanes. */
xp_status xp_snap_batch_neighbours(xp_snap_batch *batch, const xp_snap_geometry *geometry,
                                   const xp_neighbourhoods *neighbourhoods, int atom, int width, xp_error *error);

#endif
