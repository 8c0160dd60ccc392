/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The B basis of the atomic cluster expansion: rotationally invariant functions with one coefficient a density each, what
 * is fitted and what pacemaker's .yaml files hold. A .yace file lists the same functions expanded into plain products
 * (xpot/ace.h); the expansion cannot be undone in general.
 * Bochkarev et al., Phys. Rev. Mater. 6, 013804 (2022); couplings and conventions: docs/formats.md. */
#ifndef XPOT_ACE_BASIS_H
#define XPOT_ACE_BASIS_H

#include <stdbool.h>

#include "xpot/ace.h"
#include "xpot/error.h"
#include "xpot/file.h"
#include "xpot/structure.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Largest rank (factors of a product) of a B function. */
#define XP_ACE_BASIS_RANK_MAX 8

/* One B function of a central species. Its arrays are one block of memory, which begins with coefficients. Factors stand
 * in the order in which lint couples them: neighbours first, then the two oldest results, the odd one out last, to total
 * angular momentum 0. */
typedef struct xp_ace_bfunction {
  int rank;
  int *mus;             /* [rank] neighbour species */
  int *ns;              /* [rank] radial index, 1-based: of g for rank 1, of R_nl otherwise */
  int *ls;              /* [rank] */
  int *lint;            /* [rank - 2] intermediate momenta L; empty for ranks 1 and 2 */
  double *coefficients; /* [ndensity of the central species], eV-free */
} xp_ace_bfunction;

typedef struct xp_ace_basis {
  int nelements;
  xp_symbol *elements;          /* [nelements] alphabetical, as .yaml files imply; owned */
  double *e0;                   /* [nelements] energy of a free atom, eV: E0 of .yace, metadata of .yaml; owned */
  double delta_spline_bins;     /* Angstrom */
  xp_ace_embedding *embeddings; /* [nelements], owned */
  xp_ace_bond *bonds;           /* [nelements][nelements] centre slowest; A-B and B-A are equal; owned */
  int *nfunctions;              /* [nelements], owned */
  xp_ace_bfunction **functions; /* [nelements][nfunctions], owned */
  xp_note *metadata;            /* [nmetadata] of a .yaml file, kept for writing back; owned */
  int nmetadata;
} xp_ace_basis;

/* A basis of nelements elements without functions; everything else is zero and to be set by the caller. */
xp_status xp_ace_basis_new(xp_ace_basis **basis, int nelements, xp_error *error);

/* Deep copy. */
xp_status xp_ace_basis_copy(xp_ace_basis **copy, const xp_ace_basis *basis, xp_error *error);

/* NULL is allowed. */
void xp_ace_basis_free(xp_ace_basis *basis);

/* Room for a function's arrays, all zero; rank is set. */
xp_status xp_ace_bfunction_allocate(xp_ace_bfunction *function, int rank, int ndensity, xp_error *error);
void xp_ace_bfunction_clear(xp_ace_bfunction *function);

/* Whether the content of a file is a B basis, whatever its name. */
bool xp_ace_basis_detect(const xp_bytes *bytes);

/* Parses pacemaker's .yaml. Errors name line and column. e0 comes from the metadata key reference_energy where that is an
 * object of element energies, and is 0 otherwise. Functions are sorted as xp_ace_basis_select does. */
xp_status xp_ace_basis_parse(xp_ace_basis **basis, const xp_bytes *bytes, xp_error *error);

/* Writes pacemaker's .yaml, numbers with 17 significant digits. */
xp_status xp_ace_basis_write(const xp_ace_basis *basis, const char *path, xp_error *error);

/* Expands into plain products: what a .yace file holds, same layout and order as pacemaker's. */
xp_status xp_ace_basis_convert(const xp_ace_basis *basis, xp_ace_model **model, xp_error *error);

/* Order in which the functions of a block are added when a basis grows. */
typedef enum xp_ace_order {
  XP_ACE_ORDER_POWER, /* by rank + sum of n + sum of l, stable */
  XP_ACE_ORDER_BODY   /* by rank, ns, ls, lint, elements */
} xp_ace_order;

/* Functions of one species block: central species and a set of species, all of which must occur (centre included). */
typedef struct xp_ace_block_request {
  int centre;         /* species */
  int nspecies;       /* of the set, centre included */
  const int *species; /* [nspecies] ascending */
  int nranks;
  const int *nradmax; /* [nranks] nradmax_by_orders */
  const int *lmax;    /* [nranks] lmax_by_orders; index 0 is rank 1 and must be 0 */
  long most;          /* functions kept of all, by power order; negative: all */
  long grown;         /* of those, how many in the order of growth; negative: all */
  xp_ace_order order; /* of growth */
} xp_ace_block_request;

/* Fills the functions of a basis (none yet) with all independent functions of the blocks, coefficients 0, sorted
 * by rank, mus, ns, ls, lint (pacemaker's order, which leaves those that differ in lint only undecided), then sets the sizes of the bonds: a size (nradbasemax, nradmax, lmax) that is 0 (lmax: negative) becomes the
 * smallest that holds all functions of both directions, nradbasemax at least nradmax; radial coefficients become
 * c[n][l][k] = delta_nk. A size that is given must hold the functions. */
xp_status xp_ace_basis_select(xp_ace_basis *basis, const xp_ace_block_request *blocks, int nblocks, xp_error *error);

/* How many functions a block has in all (most and grown are ignored). */
xp_status xp_ace_basis_count(const xp_ace_block_request *block, long *count, xp_error *error);

/* Takes over what an earlier, usually smaller basis of the same elements has in common: coefficients of equal functions,
 * radial coefficients c[n][l][k] that both have, e0. Returns the number of functions taken over in *adopted. Functions of
 * both are sorted, as selection and parsing leave them. */
xp_status xp_ace_basis_adopt(xp_ace_basis *basis, const xp_ace_basis *earlier, int *adopted, xp_error *error);

#ifdef __cplusplus
}
#endif
#endif
