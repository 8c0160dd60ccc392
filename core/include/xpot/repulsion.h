/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a potential does about atoms that are closer than its training data. */
#ifndef XPOT_REPULSION_H
#define XPOT_REPULSION_H

#include "xpot/potential.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The core repulsion of an ordered pair of species. */
typedef struct xp_repulsion {
  const char *form; /* "ZBL", "exponential"; NULL: none. Static */
  double outer;     /* acts below, Angstrom */
  double inner;     /* acts alone below, Angstrom; 0: never, or added to the potential */
  double nearest;   /* neighbours closer than this cannot be evaluated, Angstrom */
} xp_repulsion;

xp_repulsion xp_plan_repulsion(const xp_plan *plan, int i, int j);

/* True when the plan adds ZBL to what its kernel computes: kernels of devices do not. */
bool xp_plan_adds_zbl(const xp_plan *plan);

/* Gives a potential the repulsion of Ziegler, Biersack and Littmark (The Stopping and Range of Ions in Matter, 1985), for
 * plans compiled from it afterwards. ACE: its energy fades out and ZBL in while the nearest neighbour of an atom comes from
 * OUTER to INNER Angstrom; bonds that have a ZBL of their own keep it. SNAP: ZBL is added, as LAMMPS's 'pair_style zbl INNER
 * OUTER' is by 'hybrid/overlay'. XP_ERROR_INPUT: the potential repels by other means, or a symbol is no element. */
xp_status xp_potential_add_zbl(xp_potential *potential, double inner, double outer, xp_error *error);

#ifdef __cplusplus
}
#endif
#endif
