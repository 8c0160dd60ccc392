/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions a potential of pacemaker has: all products of a shape that are rotationally invariant and linearly
 * independent, in the order in which pacemaker keeps them when their number is limited. */
#ifndef XPOT_BENCH_ACE_BASIS_H
#define XPOT_BENCH_ACE_BASIS_H

#include "testing/ace_coupling.h"
#include "xpot/error.h"

enum { XP_BASIS_RANK_MAX = XP_COUPLING_RANK_MAX - 1 };

/* nradmax_by_orders and lmax_by_orders of pacemaker's input; index 0 is rank 1. */
typedef struct xp_basis_shape {
  int nranks;
  int nradmax[XP_BASIS_RANK_MAX], lmax[XP_BASIS_RANK_MAX];
} xp_basis_shape;

/* A species block: functions of the central species in which exactly the species of the set occur, centre included. */
typedef struct xp_basis_block {
  int centre, nspecies;
  const int *species; /* ascending */
} xp_basis_block;

/* Functions that differ only in their couplings. */
typedef struct xp_basis_group {
  int rank, power; /* power: rank + sum of ns + sum of ls */
  int mus[XP_BASIS_RANK_MAX], ns[XP_BASIS_RANK_MAX], ls[XP_BASIS_RANK_MAX];
  int nfunctions, ntuples;
  const int *ms;              /* [ntuples][rank] factors sorted by (mu, n, l, m) */
  const double *coefficients; /* [nfunctions][ntuples] */
} xp_basis_group;

typedef xp_status xp_basis_visitor(void *context, const xp_basis_group *group, xp_error *error);

/* Shows the first most functions of a block, in groups; adds their number to *shown. */
xp_status xp_basis_visit(const xp_basis_block *block, const xp_basis_shape *shape, int most, xp_basis_visitor *visitor,
                         void *context, int *shown, xp_error *error);

#endif
