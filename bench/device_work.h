/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What evaluating one atom takes on a device, stage by stage, and the neighbours it is counted for. */
#ifndef XPOT_BENCH_DEVICE_WORK_H
#define XPOT_BENCH_DEVICE_WORK_H

#include "xpot/potential.h"

#ifdef __cplusplus
extern "C" {
#endif

#define XP_DEVICE_STAGES 20

/* LAMMPS's neighbour lists reach this far beyond the cutoff in the decks of bench/speed, Angstrom. */
#define XP_DEVICE_SKIN 1.0

/* Of an atom. An operation is an addition, a multiplication, a division or a root; a multiply-add is two. */
typedef struct xp_device_work {
  const char *stage; /* static */
  double operations; /* in the kernel's precision */
  double exact;      /* operations in double precision whatever the kernel's */
  double scratch;    /* bytes of the atom's own arrays, read and written */
  double requests;   /* bytes of tables and streams that threads get from the first-level cache */
  double l2;         /* bytes of tables, streams and other atoms that must come from the second-level cache */
  double dram;       /* bytes that must come from or go to memory */
  double atomics;    /* global atomic additions */
} xp_device_work;

typedef struct xp_device_cost {
  int nstages;
  xp_device_work stages[XP_DEVICE_STAGES];
} xp_device_cost;

/* A new stage. */
xp_device_work *xp_device_cost_stage(xp_device_cost *cost, const char *name);

/* Adds a share of the stages of another cost, which are the same ones. */
void xp_device_cost_add(xp_device_cost *cost, const xp_device_cost *other, double share);

/* All stages together. */
xp_device_work xp_device_cost_total(const xp_device_cost *cost);

/* Mean numbers of neighbours. */
typedef struct xp_device_neighbours {
  int nelements;
  double *share;      /* [nelements] of the atoms; owned, as all */
  double *within;     /* [nelements][nelements] neighbours within the cutoff of a centre's species, by species */
  double *tiled;      /* the same in whole tiles */
  double *candidates; /* [nelements] in LAMMPS's list of a centre of the species */
} xp_device_neighbours;

/* The same numbers for every centre; given: [nelements]. */
xp_status xp_device_neighbours_given(xp_device_neighbours *neighbours, const xp_plan *plan, const double *given,
                                     int tile, xp_error *error);

/* Counted in the first structure of a file. */
xp_status xp_device_neighbours_counted(xp_device_neighbours *neighbours, const xp_plan *plan, const char *path,
                                       int tile, xp_error *error);

/* Frees the members. */
void xp_device_neighbours_clear(xp_device_neighbours *neighbours);

#ifdef __cplusplus
}
#endif

#endif
